"""What the appendix by intercommunalité says."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Epci:
    """One intercommunalité; only its communes of the département are counted."""

    name: str
    communes: str
    population: str
    near: str
    far: str
    beyond: str
    places: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Epcis:
    """All of them; none where the département is small enough to be read whole."""

    title: str
    lead: str
    rows: tuple[Epci, ...]
    trust: str
