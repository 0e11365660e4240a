"""What changed in a département's places between two campaigns, on the ids that places keep.

A place opens or closes only as far as one list seen in both campaigns says so: a survey handed in for the first time
opens nothing. Démarches are compared only where both campaigns state some for the place: unknown is not none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.linkage.agreement import agree
from fs_pipeline.linkage.preparation import standing_alone
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.values.half_hours import read_week_bits

COLUMNS = ("since", "place_id", "name", "insee", "commune", "service_type", "change", "before", "after", "metres",
           "hours", "demarche_id", "message")  # fmt: skip
_MOVED_M = 150.0  # what two geocoders may differ by
_BEYOND_A_COMMUNE_M = 30_000.0
_HOURS = 1.0  # a week; less is a rounding
_WORDS = {
    "opened": "Ouvert depuis la campagne {since}.",
    "closed": "Fermé depuis la campagne {since}, ou retiré des listes.",
    "renamed": "S’appelait « {before} ».",
}
_NO_HELP = frozenset({"none"})


@dataclass(frozen=True, slots=True)
class CampaignPlaces:
    """One département in one campaign: rows of ``places`` and ``place_members``, and of démarches with place_id."""

    campaign: str
    places: pd.DataFrame
    members: pd.DataFrame
    demarches: pd.DataFrame  # place_id, demarche_id, level


def compare_campaigns(before: CampaignPlaces, now: CampaignPlaces, aliases: pd.DataFrame) -> pd.DataFrame:
    """One row a change, ``COLUMNS``, ordered by place.

    Parameters
    ----------
    aliases
        Rows of ``place_aliases``: a place merged into another since then is that other.
    """
    merged = aliases[aliases["why"] == "merge"]
    survivor = dict(zip(merged["alias"], merged["place_id"], strict=True))
    shared = set(before.members["source"]) & set(now.members["source"])
    old = _by_id(before, shared, survivor)
    new = _by_id(now, shared, {})
    known = {_alive(place_id, survivor) for place_id in before.places["place_id"]}
    standing = set(now.places["place_id"])
    rows: list[dict[str, object]] = [_row(new[key], "opened") for key in sorted(new.keys() - known)]
    rows += [_row(old[key], "closed") for key in sorted(old.keys() - standing)]
    for key in sorted(new.keys() & old.keys()):
        rows += [_row(new[key], **change) for change in _differences(old[key], new[key])]
    offered = _offered(before.demarches, survivor), _offered(now.demarches, {})
    for key in sorted(offered[0].keys() & offered[1].keys() & new.keys()):
        for change, gone in (("demarche_lost", (0, 1)), ("demarche_gained", (1, 0))):
            for demarche in sorted(offered[gone[0]][key] - offered[gone[1]][key]):
                rows.append(_row(new[key], change, demarche_id=demarche))
    found = pd.DataFrame(rows, columns=list(COLUMNS)).assign(since=before.campaign)
    found["message"] = [_message(row) for row in found.to_dict("records")]
    return found.sort_values(["place_id", "change", "demarche_id"], kind="stable").reset_index(drop=True)


def _by_id(campaign: CampaignPlaces, shared: set[str], survivor: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Places that a list seen in both campaigns knows, under the id that they have now.

    What is a place only because it houses another neither opens nor closes with it.
    """
    listed = set(campaign.members.loc[campaign.members["source"].isin(shared), "place_id"])
    places = campaign.places
    itself = places["in_survey"].astype(bool) | places["in_france_services"].astype(bool)
    rows = places[places["place_id"].isin(listed) & (itself | places["service_type"].isin(standing_alone()))]
    found: dict[str, dict[str, Any]] = {}
    for row in rows.to_dict("records"):
        place_id = _alive(str(row["place_id"]), survivor)
        if place_id == row["place_id"] or place_id not in found:
            found[place_id] = {str(name): value for name, value in row.items()} | {"place_id": place_id}
    return found


def _alive(place_id: str, survivor: Mapping[str, str]) -> str:
    for _ in range(len(survivor) + 1):
        if place_id not in survivor:
            break
        place_id = survivor[place_id]
    return place_id


def _row(place: Mapping[str, Any], change: str, **more: object) -> dict[str, object]:
    return {name: place[name] for name in ("place_id", "name", "insee", "commune", "service_type")} | {
        "change": change,
        **more,
    }


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Moves, names and hours of one place."""
    metres = _metres(old, new)
    if metres is not None and metres > _BEYOND_A_COMMUNE_M and old["insee"] == new["insee"]:
        metres = None  # one of the two points is wrong
    if _known(old, new, "address") and not agree("address", old["address"], new["address"]):
        elsewhere = metres > _MOVED_M if metres is not None else old["insee"] != new["insee"]
        if elsewhere:
            said = [", ".join(str(row[name]) for name in ("address", "commune") if row[name]) for row in (old, new)]
            yield {"change": "moved", "before": said[0], "after": said[1], "metres": metres}
    if _known(old, new, "name") and not agree("name", old["name"], new["name"]):
        yield {"change": "renamed", "before": old["name"], "after": new["name"]}
    if _known(old, new, "opening_hours"):
        weeks = [read_week_bits(row["opening_hours"]) for row in (old, new)]
        if weeks[0] is not None and weeks[1] is not None:
            gained = (weeks[1].bit_count() - weeks[0].bit_count()) / 2.0
            if abs(gained) >= _HOURS:
                change = "hours_gained" if gained > 0 else "hours_lost"
                sides = {"before": old["opening_hours"], "after": new["opening_hours"]}
                yield {"change": change, "hours": abs(gained), **sides}


def _known(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    return isinstance(old[name], str) and isinstance(new[name], str)


def _metres(old: Mapping[str, Any], new: Mapping[str, Any]) -> float | None:
    """Great-circle distance between two points, to the metre; None where one is not known."""
    cells = [row[name] for row in (old, new) for name in ("longitude", "latitude")]
    if any(pd.isna(cell) for cell in cells):
        return None
    return float(np.round(great_circle_m(*(np.array([cell], dtype=float) for cell in cells))[0]))


def _offered(demarches: pd.DataFrame, survivor: Mapping[str, str]) -> dict[str, set[str]]:
    """The démarches that each place is stated to help with; a place of which nothing is stated is not in it."""
    found: dict[str, set[str]] = {}
    stated = demarches[demarches["demarche_id"].notna() & demarches["level"].notna()]
    for place_id, demarche, level in zip(stated["place_id"], stated["demarche_id"], stated["level"], strict=True):
        own = found.setdefault(_alive(place_id, survivor), set())
        if level not in _NO_HELP:
            own.add(demarche)
    return found


def _message(row: Mapping[Any, Any]) -> str:
    change = str(row["change"])
    if change == "moved":
        far = "" if pd.isna(row["metres"]) else f" de {_written(row['metres'])}\u00a0m"
        return f"A déménagé{far}\u202f: {row['before']} → {row['after']}."
    if change in {"hours_lost", "hours_gained"}:
        word = "de moins" if change == "hours_lost" else "de plus"
        return f"{_written(row['hours'])}\u00a0h {word} par semaine."
    if change in {"demarche_lost", "demarche_gained"}:
        word = "n’y est plus accompagnée" if change == "demarche_lost" else "y est désormais accompagnée"
        return f"La démarche {row['demarche_id']} {word}."
    return _WORDS[change].format(**row)


def _written(number: float) -> str:
    return french.number(number, 0 if float(number).is_integer() else 1)
