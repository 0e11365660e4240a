"""Minutes that lead to a point which these readers are not given: from several of them it could be found again.

A dozen points of demand and the minutes from each to one place give that place to the metre, for the rule that estimates
minutes is published. So they stay inside, and what repeats them (ADR 0033).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT
from fs_pipeline.editions.places import RESERVED

# Rows of what is said of commune and point, with the column that another table repeats them by.
_LEADING = {"access_minutes": "point_id", "int_commune_minutes": "insee"}
_REPEATING = {"coverage": "point_id", "gaps": "insee"}
KEPT_INSIDE = "réservé\u00a0: le lieu le plus proche n’est pas publié"
_LABELLED = (FRANCE_SERVICES.kind, ITINERANT.kind)
_ADDRESSES = ("address", "address_extra")
_NOTHING = pd.DataFrame()
Tables = Mapping[str, pd.DataFrame]


def without_hidden_minutes(said: Tables, let_out: Tables) -> dict[str, pd.DataFrame]:
    """`let_out`, where no minutes lead to a place whose street or point these readers are not given.

    Parameters
    ----------
    said
        The tables of a slot as the prefecture reads them.
    let_out
        The same, row for row where they hold minutes, as every other rule lets them out.

    Returns
    -------
    dict
        ``access_minutes`` and ``int_commune_minutes`` lose every column of minutes where the nearest place is withheld, or
        where a survey alone may know it because it stands outside the slot, and say so; ``coverage`` and ``gaps`` lose those
        that repeat them. A house of the national list, whose address anyone may look up, keeps the minutes to it.
    """
    kept = dict(let_out)
    hidden = _hidden_places(said, let_out)
    own = frozenset(_column(said, "places", "place_id"))
    for name, where in _LEADING.items():
        if "minutes" not in kept.get(name, _NOTHING):
            continue
        lost = _lost(said[name], hidden, own)
        repeated = {*zip(said[name].loc[lost, where], said[name].loc[lost, "minutes"], strict=True)}
        kept[name] = _emptied(kept[name], lost)
        for other, by in _REPEATING.items():
            if by == where and "minutes" in kept.get(other, _NOTHING):
                keys = zip(kept[other][by], kept[other]["minutes"], strict=True)
                again = pd.Series([key in repeated for key in keys], kept[other].index, dtype=bool)
                kept[other] = _emptied(kept[other], again)
    return kept


def _column(tables: Tables, name: str, column: str) -> pd.Series:
    frame = tables.get(name, _NOTHING)
    return frame[column] if column in frame else pd.Series(dtype=object)


def _hidden_places(said: Tables, let_out: Tables) -> frozenset[str]:
    """The place_id of those whose address or point is said and not shown, or which are withheld whole."""
    places = said.get("places", _NOTHING)
    if places.empty:
        return frozenset()
    shown = let_out["places"].reindex(places.index)
    there = places["place_id"].isin(_column(let_out, "places", "place_id"))
    lost = ~there
    for name in (*_ADDRESSES, "latitude"):
        if name in places:
            is_shown = shown[name].notna() if name in shown else pd.Series(False, index=places.index)
            lost |= places[name].notna() & ~is_shown
    listed = places["in_france_services"].eq(True) if "in_france_services" in places else False
    return frozenset(places.loc[lost & ~(there & listed), "place_id"])


def _lost(rows: pd.DataFrame, hidden: frozenset[str], own: frozenset[str]) -> pd.Series:
    outside = rows["place_id"].notna() & ~rows["place_id"].isin(own) & ~rows["service"].isin(_LABELLED)
    return (rows["place_id"].isin(hidden | {RESERVED}) | outside) & rows["minutes"].notna()


def _emptied(rows: pd.DataFrame, which: pd.Series) -> pd.DataFrame:
    """Rows without minutes, and with the reason, where `which` says so."""
    if not which.any():
        return rows
    emptied = {name: rows[name].where(~which) for name in map(str, rows.columns) if name.startswith("minutes")}
    if "reason" in rows:
        emptied["reason"] = rows["reason"].astype(object).where(~which, KEPT_INSIDE)
    return rows.assign(**emptied)
