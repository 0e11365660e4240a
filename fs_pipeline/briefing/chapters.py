"""One function a chapter, in the order of their files' names."""

from __future__ import annotations

from fs_pipeline.briefing.chapter_areas import arrondissements, epcis
from fs_pipeline.briefing.chapter_by_place import by_place
from fs_pipeline.briefing.chapter_charter import charter
from fs_pipeline.briefing.chapter_differences import differences
from fs_pipeline.briefing.chapter_gaps import gaps
from fs_pipeline.briefing.chapter_hours import hours
from fs_pipeline.briefing.chapter_levers import levers
from fs_pipeline.briefing.chapter_map import map_text
from fs_pipeline.briefing.chapter_matrix import matrix
from fs_pipeline.briefing.chapter_meeting import meeting
from fs_pipeline.briefing.chapter_moves import moves
from fs_pipeline.briefing.chapter_outreach import outreach
from fs_pipeline.briefing.chapter_session import session
from fs_pipeline.briefing.chapter_trust import trust

__all__ = [
    "arrondissements",
    "by_place",
    "charter",
    "differences",
    "epcis",
    "gaps",
    "hours",
    "levers",
    "map_text",
    "matrix",
    "meeting",
    "moves",
    "outreach",
    "session",
    "trust",
]
