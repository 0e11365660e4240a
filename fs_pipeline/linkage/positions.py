"""Where the survey and the list put one place: the metres between two points that are each known to be the place's own.

A point found at a hamlet, or on the town hall of a commune (what a geocoder gives that did not find the address), says
where the commune is and not the place: it is compared with nothing. What moves has no point.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.linkage.golden import VALUE_COLUMNS
from fs_pipeline.linkage.reconcile import LABEL
from fs_pipeline.national.links import SURVEY
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.territory.model import Territory

FIELD, OWN = "position", "own"
PRECISE = frozenset({OWN, "housenumber", "street"})
_WHY = "ne sert qu’à comparer les positions"


@cache
def limits() -> Mapping[str, float]:
    """Metres by the name of a limit (``position_limits.csv``, where each says why)."""
    return {row["limit_name"]: float(row["metres"]) for row in read_csv("position_limits.csv")}


def position_values(records: pd.DataFrame, place: npt.NDArray[np.int64], territory: Territory) -> pd.DataFrame:
    """The points that the two sides give of one place, where both are precise.

    Parameters
    ----------
    records
        As ``records.gather_records`` gives.
    place
        Number of each record's place; -1 is none.

    Returns
    -------
    DataFrame
        ``VALUE_COLUMNS``, field ``position``, value ``latitude, longitude`` in degrees; ``metres`` to the nearest point
        of the other side, ``precision`` (``PRECISE``). ``compared`` is one text for both sides where they are not apart.
    """
    told = records.assign(place=place)[_precise(records, territory) & (place >= 0)]
    sides = told[told["source"] == SURVEY], told[told["source"] == LABEL]
    pairs = sides[0].reset_index().merge(sides[1].reset_index(), on="place", suffixes=("_survey", "_list"))
    if pairs.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in VALUE_COLUMNS})
    points = (pairs[f"{name}_{side}"].to_numpy(dtype=float) for side in ("survey", "list") for name in _POINT)
    pairs["metres"] = np.round(great_circle_m(*points))
    nearest = pairs.sort_values("metres", kind="stable").drop_duplicates("place")
    apart = (nearest["metres"] > limits()["apart"]).to_numpy()
    found: list[pd.DataFrame] = []
    for side in ("survey", "list"):
        rows = told.loc[nearest[f"index_{side}"]]
        text = [f"{lat:.5f}, {lon:.5f}" for lat, lon in zip(rows["latitude"], rows["longitude"], strict=True)]
        named = rows[["place", "source", "source_id", "source_date"]].assign(
            field=FIELD, value=text, wins=False, why=_WHY
        )
        named["precision"], named["metres"] = rows["point_precision"].fillna(OWN), nearest["metres"].to_numpy()
        named["compared"] = text if side == "survey" or not found else np.where(apart, text, found[0]["value"])
        found.append(named)
    return pd.concat(found, ignore_index=True)[list(VALUE_COLUMNS)]


_POINT = ("longitude", "latitude")


def _precise(records: pd.DataFrame, territory: Territory) -> npt.NDArray[np.bool_]:
    """Whether a record's point is its own: given, or found at its address, and not its town hall's."""
    halls = territory.communes.set_index("insee")[list(_POINT)].reindex(records["insee"])
    own = [records[name].to_numpy(dtype=float) for name in _POINT]
    metres = great_circle_m(*own, *(halls[name].to_numpy(dtype=float) for name in _POINT))
    still = ~((records["itinerant"] == True) | (records["kind"] == "itinerant")).to_numpy()  # noqa: E712
    known = np.isfinite(own[0]) & np.isfinite(own[1])
    precise = records["point_precision"].fillna(OWN).isin(PRECISE).to_numpy()
    return np.asarray(known & still & precise & ~(metres <= limits()["town_hall"]), dtype=bool)
