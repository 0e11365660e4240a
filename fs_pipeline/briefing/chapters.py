"""Pages 2 to 6, one function each: map, démarches, gaps, differences, meeting."""

from __future__ import annotations

from fs_pipeline.briefing.chapter_differences import differences
from fs_pipeline.briefing.chapter_gaps import gaps
from fs_pipeline.briefing.chapter_map import map_text
from fs_pipeline.briefing.chapter_matrix import matrix
from fs_pipeline.briefing.chapter_meeting import meeting

__all__ = ["differences", "gaps", "map_text", "matrix", "meeting"]
