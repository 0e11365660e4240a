"""Tables as files that anyone opens: how a CSV is written, and what keeps a spreadsheet from running it.

What a table holds, and who may read it, is said elsewhere.
"""
