"""One module a national source: its published shapes become canonical places.

Fetching belongs to http/.
"""
