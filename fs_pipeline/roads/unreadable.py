"""What is said of a road file that cannot be used."""

from __future__ import annotations


class UnreadableRoads(ValueError):
    """A road file that cannot be used; its text is French and fits one line."""
