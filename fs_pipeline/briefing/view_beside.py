"""What stands beside a département's key figures, already placed on its line and written in French."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of a dot plot."""

    code: str  # other, nation, region, previous or own: its shape
    at: float  # 0..1, from the low bound to the high one


@dataclass(frozen=True, slots=True)
class Beside:
    """One key figure beside the others: a dot plot, and the same in words."""

    label: str  # of the key figure
    own: str
    region: str
    nation: str
    previous: str
    others: str
    low: str  # the bounds of the plot
    high: str
    marks: tuple[Mark, ...]  # in the order in which they are drawn, the département's last
    line: str  # what stands beside the plot
    alt: str  # all that the plot shows
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all of them have in common, said once."""

    lead: str
    legend: tuple[tuple[str, str], ...]  # code of a mark, what it is; of those that are drawn
    rows: tuple[Beside, ...]
    previous_head: str  # head of the column of the last campaign
    evidence: Evidence = NOTHING
