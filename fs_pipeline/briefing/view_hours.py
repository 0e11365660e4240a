"""What the view model says of the week."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one weekday: the share in per cent, what may be added to it, and its tone (0 is nobody)."""

    share: str
    more: str
    tone: int


@dataclass(frozen=True, slots=True)
class HourWeek:
    """A kind of week, one row a weekday."""

    name: str
    days: tuple[tuple[str, tuple[HourCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody near finds an open door."""

    title: str
    lead: str
    hours: tuple[str, ...]
    weeks: tuple[HourWeek, ...]
    tones: tuple[str, ...]
    notes: tuple[str, ...]
    empty: str | None
    trust: str
    evidence: Evidence = NOTHING  # of the lead
    trust_evidence: Evidence = NOTHING
