"""What the chapter of the charter and of commitments says."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment and where it stands."""

    code: str  # of its sign
    state: str
    what: str
    who: str
    due: str
    proof: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the charter."""

    title: str
    draft: str  # « projet d’article », until somebody has validated it
    indicator: str
    value: str
    trust: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Charter:
    """Both; `left_out` says why there is nothing of them."""

    title: str
    lead: str
    promises: tuple[Promise, ...]
    promises_empty: str | None
    promises_trust: str
    items: tuple[Item, ...]
    items_trust: str
    left_out: str | None
    evidence: Evidence = NOTHING
