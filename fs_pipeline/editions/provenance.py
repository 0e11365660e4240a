"""Whose word each value of a place is, and which of them a source's licence lets out (``national/links.py``).

A place is withheld whole where no source that may be published knows it; otherwise each field is judged by who won it:
what a forbidden source alone says is replaced by what another says, or left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fs_pipeline.national.links import source_links

_WHERE = ("address", "address_extra", "postcode")
_POINT = ("latitude", "longitude")
_Cell = str | float | bool | None


def publishable_sources() -> frozenset[str]:
    """Sources whose rows the public may receive; one that has no link may not."""
    return frozenset(link.source for link in source_links().values() if link.public)


def operators_lists() -> frozenset[str]:
    """Lists in which an operator names its own counters."""
    return frozenset(link.source for link in source_links().values() if link.lists_its_own)


def withheld_places(members: pd.DataFrame) -> frozenset[str]:
    """The place_id of the places that no publishable source knows."""
    if members.empty:
        return frozenset()
    open_to_all = members["source"].isin(publishable_sources())
    return frozenset(members["place_id"]) - frozenset(members.loc[open_to_all, "place_id"])


def without_forbidden_values(places: pd.DataFrame, values: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The same places with, of those that a forbidden source is a member of, only what another source says.

    Parameters
    ----------
    places
        Golden places.
    values
        ``place_values``: what every member proposes of each field.
    members
        ``place_members``.
    """
    if places.empty or members.empty:
        return places
    allowed = publishable_sources()
    mixed = set(members.loc[~members["source"].isin(allowed), "place_id"]) & set(places["place_id"])
    if not mixed:
        return places
    said = _said(values[values["place_id"].isin(mixed) & values["source"].isin(allowed)] if len(values) else values)
    rows = [
        _of_others(row, said.get(str(row["place_id"]), {})) if row["place_id"] in mixed else row
        for row in _rows(places)
    ]
    frame = pd.DataFrame(rows, columns=list(places.columns), index=places.index).astype(object)
    return frame.where(frame.notna(), None).astype({name: "float64" for name in _POINT if name in frame})


def _said(values: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """place_id to field to what publishable sources say of it, the winner first, then the latest."""
    found: dict[str, dict[str, list[str]]] = {}
    if values.empty:
        return found
    order = values.assign(date=values["source_date"].fillna("")).sort_values(
        ["wins", "date", "source", "source_id"], ascending=[False, False, True, True]
    )
    for place_id, field, value in zip(order["place_id"], order["field"], order["value"], strict=True):
        found.setdefault(place_id, {}).setdefault(field, []).append(value)
    return found


def _rows(places: pd.DataFrame) -> list[dict[str, _Cell]]:
    return [{str(name): value for name, value in row.items()} for row in places.to_dict("records")]


def _of_others(row: Mapping[str, _Cell], said: Mapping[str, list[str]]) -> dict[str, _Cell]:
    """A place as publishable sources know it: a value that they share stands, else the first that they say, else none."""
    kept = dict(row)
    for field, value in row.items():
        if field in {"place_id", "in_survey", "in_france_services", "host_place_id", "campaign", "departement"}:
            continue
        known = said.get(field, [])
        if _shown(value) not in known:
            kept[field] = _typed(known[0], value) if known else None
    for block in (_WHERE, _POINT):
        if any(field in row and kept[field] != row[field] for field in block if pd.notna(row.get(field))):
            kept |= dict.fromkeys(field for field in block if field in row)  # an address or a point is one source's
    return kept


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(text: str, like: _Cell) -> _Cell:
    if isinstance(like, bool):
        return text == "true"
    return float(text) if isinstance(like, float) else text
