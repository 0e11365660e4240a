"""The public edition where the public looks: a dataset of data.gouv.fr a département, created once and kept up to date.

``wanted.py`` reads what a publication says of itself, ``plan.py`` compares it with what stands on the site, ``platform.py``
speaks to the site, ``sending.py`` does what is planned and keeps receipts.
"""
