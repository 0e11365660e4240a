"""Bytes become sheets of cells, or a sentence that says why not. What the cells mean is not asked here."""
