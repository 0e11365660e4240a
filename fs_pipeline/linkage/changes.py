"""What changed in a département's places between two campaigns, on the ids that places keep.

A place opens or closes only as far as one list seen in both campaigns says so: a survey handed in for the first time
opens nothing. Démarches are compared only where both campaigns state some for the place: unknown is not none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.linkage.agreement import agree
from fs_pipeline.linkage.preparation import standing_alone
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.values.half_hours import read_week_bits

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


@dataclass(frozen=True, slots=True)
class _Place:
    """What of a row of ``places`` is compared or told."""

    place_id: str
    name: str | None
    insee: str | None
    commune: str | None
    service_type: str | None
    address: str | None
    opening_hours: str | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of a place, as ``place_changes`` has it."""

    since: str
    place_id: str
    name: str | None
    insee: str | None
    commune: str | None
    service_type: str | None
    change: str
    before: str | None
    after: str | None
    metres: float | None
    hours: float | None
    demarche_id: str | None
    message: str


COLUMNS = tuple(column.name for column in fields(_Change))


@dataclass(frozen=True, slots=True)
class _What:
    """A change before it is known whose."""

    change: str
    before: str | None = None
    after: str | None = None
    metres: float | None = None
    hours: float | None = None
    demarche_id: str | None = None


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
    found = [(new[key], _What("opened")) for key in sorted(new.keys() - known)]
    found += [(old[key], _What("closed")) for key in sorted(old.keys() - standing)]
    for key in sorted(new.keys() & old.keys()):
        found += [(new[key], what) for what in _differences(old[key], new[key])]
    offered = _offered(before.demarches, survivor), _offered(now.demarches, {})
    for key in sorted(offered[0].keys() & offered[1].keys() & new.keys()):
        for change, gone in (("demarche_lost", (0, 1)), ("demarche_gained", (1, 0))):
            for demarche in sorted(offered[gone[0]][key] - offered[gone[1]][key]):
                found.append((new[key], _What(change, demarche_id=demarche)))
    rows = [astuple(_change(before.campaign, place, what)) for place, what in found]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(["place_id", "change", "demarche_id"], kind="stable").reset_index(drop=True)


def _by_id(campaign: CampaignPlaces, shared: set[str], survivor: Mapping[str, str]) -> dict[str, _Place]:
    """Places that a list seen in both campaigns knows, under the id that they have now.

    What is a place only because it houses another neither opens nor closes with it.
    """
    listed = set(campaign.members.loc[campaign.members["source"].isin(shared), "place_id"])
    places = campaign.places
    itself = places["in_survey"].astype(bool) | places["in_france_services"].astype(bool)
    rows = places[places["place_id"].isin(listed) & (itself | places["service_type"].isin(standing_alone()))]
    found: dict[str, _Place] = {}
    rows = rows[[column.name for column in fields(_Place)]].astype(object)
    for values in rows.where(rows.notna(), None).itertuples(index=False, name=None):
        place = _Place(*values)
        place_id = _alive(place.place_id, survivor)
        if place_id == place.place_id or place_id not in found:
            found[place_id] = replace(place, place_id=place_id)
    return found


def _alive(place_id: str, survivor: Mapping[str, str]) -> str:
    for _ in range(len(survivor) + 1):
        if place_id not in survivor:
            break
        place_id = survivor[place_id]
    return place_id


def _change(since: str, place: _Place, what: _What) -> _Change:
    return _Change(
        since=since,
        place_id=place.place_id,
        name=place.name,
        insee=place.insee,
        commune=place.commune,
        service_type=place.service_type,
        change=what.change,
        before=what.before,
        after=what.after,
        metres=what.metres,
        hours=what.hours,
        demarche_id=what.demarche_id,
        message=_message(since, what),
    )


def _differences(old: _Place, new: _Place) -> Iterator[_What]:
    """Moves, names and hours of one place."""
    metres = _metres(old, new)
    if metres is not None and metres > _BEYOND_A_COMMUNE_M and old.insee == new.insee:
        metres = None  # one of the two points is wrong
    if old.address and new.address and not agree("address", old.address, new.address):
        elsewhere = metres > _MOVED_M if metres is not None else old.insee != new.insee
        if elsewhere:
            said = [", ".join(part for part in (place.address, place.commune) if part) for place in (old, new)]
            yield _What("moved", said[0], said[1], metres=metres)
    if old.name and new.name and not agree("name", old.name, new.name):
        yield _What("renamed", old.name, new.name)
    if old.opening_hours and new.opening_hours:
        weeks = [read_week_bits(hours) for hours in (old.opening_hours, new.opening_hours)]
        if weeks[0] is not None and weeks[1] is not None:
            gained = (weeks[1].bit_count() - weeks[0].bit_count()) / 2.0
            if abs(gained) >= _HOURS:
                change = "hours_gained" if gained > 0 else "hours_lost"
                yield _What(change, old.opening_hours, new.opening_hours, hours=abs(gained))


def _metres(old: _Place, new: _Place) -> float | None:
    """Great-circle distance between two points, to the metre; None where one is not known."""
    cells = [cell for place in (old, new) for cell in (place.longitude, place.latitude) if cell is not None]
    if len(cells) < 4:
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


def _message(since: str, what: _What) -> str:
    if what.change == "moved":
        far = "" if what.metres is None else f" de {_written(what.metres)}\u00a0m"
        return f"A déménagé{far}\u202f: {what.before} → {what.after}."
    if what.hours is not None:
        word = "de moins" if what.change == "hours_lost" else "de plus"
        return f"{_written(what.hours)}\u00a0h {word} par semaine."
    if what.demarche_id is not None:
        word = "n’y est plus accompagnée" if what.change == "demarche_lost" else "y est désormais accompagnée"
        return f"La démarche {what.demarche_id} {word}."
    return _WORDS[what.change].format(since=since, before=what.before)


def _written(number: float) -> str:
    return french.number(number, 0 if float(number).is_integer() else 1)
