"""One thing said under a word of its own, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Line:
    """What is said, and of what."""

    key: str
    label: str
    said: str
    evidence: Evidence = NOTHING
