"""What the table of démarches by place says."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class PlaceHead:
    """A place as the head of its column."""

    place_id: str
    name: str
    goes_out: bool  # a bus, or a place that opens in several communes


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """What is known of one démarche in one place: the code of its sign, and its word."""

    code: str
    word: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One démarche, place by place."""

    demarche_id: str
    group: str  # name of the operator
    operator: str  # the same, only on the first row of its group
    demarche: str
    cells: tuple[PlaceCell, ...]  # in the order of ByPlace.heads
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """How many cells carry a verdict, and what is to be done of it."""

    code: str
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class ByPlace:
    """The démarches of the page before, place by place; no row where the survey says nothing of any place."""

    title: str
    lead: str
    legend: tuple[PlaceCell, ...]
    heads: tuple[PlaceHead, ...]
    rows: tuple[PlaceRow, ...]
    notes: tuple[PlaceNote, ...]
    trust: str
