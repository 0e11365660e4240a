"""What became of a département's places since the last campaign."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a place."""

    kind: str
    place: str
    commune: str
    what: str
    worse: bool  # whether somebody has less than before
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Moves:
    """All of them, those that change most for people first."""

    title: str
    lead: str
    rows: tuple[Move, ...]
    more: str | None
    left_out: str | None  # why there is nothing to compare, or to show to these readers
    evidence: Evidence = NOTHING
