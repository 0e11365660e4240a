"""What the appendix by arrondissement and by intercommunalité says."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Area:
    """One arrondissement, or one intercommunalité; only its communes of the département are counted."""

    name: str
    communes: str
    population: str
    near: str
    far: str
    beyond: str
    places: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Areas:
    """All of one kind; none where the département is small enough to be read whole."""

    title: str
    lead: str
    kind: str  # what one of them is called
    rows: tuple[Area, ...]
    trust: str
