"""One script a row of the performance table: a peer beside us on the same input, both printed, and the ratio."""
