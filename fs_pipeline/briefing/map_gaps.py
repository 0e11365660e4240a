"""The areas too far from any France services, as the web maps outline and list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.slot import SlotTables, records

_NAMED = 3  # communes of an area


@dataclass(frozen=True, slots=True)
class ListedGap:
    """An area as the page lists it."""

    gap_id: str
    names: str
    words: str
    communes: tuple[int, ...]  # their numbers in the page


def areas_too_far(tables: SlotTables) -> pd.DataFrame:
    """Rows of ``gap_areas`` for the near threshold of the France services, by rank; none where readers are not told."""
    areas = tables.gap_areas
    ours = areas["service"].eq(FRANCE_SERVICES.kind) & areas["demarche_id"].eq("")
    return areas[ours & areas["threshold"].eq(tables.thresholds.near)].sort_values("rank", kind="stable")


def codes_of(insees: str) -> list[str]:
    """The communes of an area."""
    return insees.replace(",", " ").split()


def listed_gaps(tables: SlotTables, insees: Sequence[str]) -> list[ListedGap]:
    """The areas, the gravest first; `insees` are the communes in the order of the page."""
    at = {insee: n for n, insee in enumerate(insees)}
    names = dict(zip(tables.communes["insee"], tables.communes["name"], strict=True))
    found = []
    for row in records(areas_too_far(tables), "gap_id", "insees", "population", "minutes_mean"):
        codes = codes_of(row["insees"])
        named = [french.name(str(names[code])) for code in codes if code in names]
        more = len(named) - _NAMED
        said = ", ".join(named[:_NAMED]) + (
            f" et {french.count(more, 'autre commune', 'autres communes')}" if more > 0 else ""
        )
        people = "habitants non comptés" if row["population"] is None else french.count(row["population"], "habitant")
        minutes = french.minutes(row["minutes_mean"], tables.thresholds)
        words = (
            f"{people} trop loin, {minutes} en moyenne" if row["minutes_mean"] is not None else f"{people} trop loin"
        )
        found.append(ListedGap(row["gap_id"], said, words, tuple(at[code] for code in codes if code in at)))
    return found
