"""The workbooks that people receive: the one given back with its problems, and the one to fill in."""
