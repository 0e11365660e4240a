"""The grains of a run: campaign, and slot = campaign x departement, campaign outermost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dagster as dg

CAMPAIGNS = dg.DynamicPartitionsDefinition(name="campaign")
FOR_CAMPAIGN = "fs_pipeline/campaign"  # tag of a run of the reference: the campaign that will take it, or took it


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One département in one campaign: what a deposit is for and what a run writes."""

    campaign: str
    departement: str

    @property
    def key(self) -> str:
        """The slot as Dagster's multi-partition key spells it."""
        return f"{self.campaign}|{self.departement}"

    @classmethod
    def from_key(cls, key: str) -> Slot:
        """Read back `key`."""
        campaign, _, departement = key.partition("|")
        return cls(campaign, departement)


def slot_partitions(departements: Sequence[str]) -> dg.MultiPartitionsDefinition:
    """Slots of the given départements. Dimension names sort campaign first, which makes ranges campaign-major."""
    return dg.MultiPartitionsDefinition(
        {"campaign": CAMPAIGNS, "departement": dg.StaticPartitionsDefinition(list(departements))}
    )


def contiguous_ranges(all_departements: Sequence[str], wanted: Iterable[str]) -> list[tuple[str, str]]:
    """Group `wanted` départements into (first, last) ranges of neighbours in `all_departements`: one run each."""
    positions = sorted({all_departements.index(code) for code in wanted})
    ranges: list[list[int]] = []
    for position in positions:
        if ranges and position == ranges[-1][-1] + 1:
            ranges[-1].append(position)
        else:
            ranges.append([position])
    return [(all_departements[group[0]], all_departements[group[-1]]) for group in ranges]
