"""Minutes to the nearest place, by road or estimated, and what they cover.

Drawing belongs to cartography/.
"""
