"""Layers, static maps and the web map.

Figures come from the marts.
"""
