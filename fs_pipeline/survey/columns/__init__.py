"""Where the tables of a workbook are, and which column of each holds which field. Values are read in ``tables/``."""
