"""Minutes to the nearest place, by road or estimated, and what they cover.

The roads themselves are ``roads/``; drawing belongs to cartography/.
"""
