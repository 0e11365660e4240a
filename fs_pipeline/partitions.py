"""The grains of a run: campaign, and slot = campaign x departement, campaign outermost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg

CAMPAIGNS = dg.DynamicPartitionsDefinition(name="campaign")
PARTITION = "dagster/partition"
RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
# Of what is done in a slot: each part reads, of other départements, what those before it made.
PLACES, ACCESS, PUBLICATION = PARTS = ("places", "access", "publication")
GOES_ON = "fs_pipeline/goes_on"  # tag of a run of a later part of some slots: the run whose turn it works on
TOGETHER = 10  # départements a run, at most: what one process does before another run may take its turn
IN_CHUNKS = dg.BackfillPolicy.multi_run(TOGETHER)
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


def range_tags(first: Slot, last: Slot) -> dict[str, str]:
    """The tags of a run of all slots from one to another, as Dagster reads them."""
    return {RANGE_START: first.key, RANGE_END: last.key}


def slots_of_tags(tags: Mapping[str, str], all_departements: Sequence[str]) -> list[Slot]:
    """The slots that a run with these tags works on; of a range over several campaigns, those of the first and the last."""
    if PARTITION in tags:
        return [Slot.from_key(tags[PARTITION])]
    if RANGE_START not in tags or RANGE_END not in tags:
        return []
    first, last = Slot.from_key(tags[RANGE_START]), Slot.from_key(tags[RANGE_END])
    codes = list(all_departements)
    inside = codes[codes.index(first.departement) : codes.index(last.departement) + 1]
    return [Slot(campaign, code) for campaign in sorted({first.campaign, last.campaign}) for code in inside]
