"""Where handed-in files are read: a process of their own, bounded, without network, that sees its file and nothing else.

What the cells mean is ``survey/``'s work, done there; what comes back is data, never code. No Dagster, no storage here.
"""
