"""The commune to propose where none is certain: what the rest of the row knows, as a question."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.names import commune_key
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.reading import Note

UNCERTAIN = frozenset({"commune_missing", "commune_unknown", "commune_ambiguous", "commune_not_at_postcode"})
_NEAR_KM = 12.0  # from a town hall: the farthest hamlets of large communes are so far
_CLEARLY = 1.5  # times farther that the second town hall must be
_KM_A_DEGREE = 111.2  # of latitude
# Names of communes that also begin, or end, those of others.
_COMMON = frozenset(
    {"saint", "sainte", "port", "pont", "bois", "mont", "val", "plan", "pays", "ville", "villa", "bourg"}
)


def with_likely_commune(
    note: Note, row: Row, name: str | None, postcode: str | None, departement: str | None, territory: Territory
) -> Note:
    """The note with the commune that begins the name, else that whose town hall is nearest to the row's point."""
    if note.rule not in UNCERTAIN or note.suggestion:
        return note
    served = territory.by_postcode(postcode) if postcode else ()
    home = {territory.departement_of(code) for code in served} or {departement}
    among = served or tuple(code for place in home if place for code in territory.insees_of(place))
    for at_its_end in (False, True):
        if name and (part := _part_of(name, among, territory, at_its_end=at_its_end)):
            return replace(note, suggestion=territory.commune_names[part])
    near = _nearest(row, among, next(iter(home)) if len(home) == 1 else None, territory)
    if near is None:
        return note
    said = territory.commune_names[near]
    detail = " ".join(filter(None, (note.detail, f"La mairie la plus proche du point donné : {said}.")))
    return replace(note, suggestion=said, detail=detail)


def _part_of(name: str, among: Iterable[str], territory: Territory, *, at_its_end: bool) -> str | None:
    """« Andon-Thorenc » begins as Andon, « Isola2000 » as Isola, « Sclos-de-Contes » ends as Contes: the longest that does."""
    letters = "".join(letter if not letter.isdigit() else " " for letter in name)
    words = commune_key(letters).split()
    parts = {}
    for code in among:
        key = commune_key(territory.commune_names[code]).split()
        if key == (words[-len(key) :] if at_its_end else words[: len(key)]) and (len(key) > 1 or key[0] not in _COMMON):
            parts[code] = len(key)
    longest = max(parts.values(), default=0)
    found = [code for code, size in parts.items() if size == longest]
    return found[0] if len(found) == 1 else None


def _nearest(row: Row, among: Iterable[str], departement: str | None, territory: Territory) -> str | None:
    latitude, longitude = row.text("latitude"), row.text("longitude")
    if latitude is None and longitude is None:
        return None
    point = read_coordinates(latitude, longitude, departement, territory).value
    if point is None:
        return None
    far = []
    for code in among:
        commune = territory.commune(code)
        if commune is None or commune.latitude is None or commune.longitude is None:
            continue
        north = (commune.latitude - point[0]) * _KM_A_DEGREE
        east = (commune.longitude - point[1]) * _KM_A_DEGREE * math.cos(math.radians(point[0]))
        far.append((math.hypot(north, east), code))
    far.sort()
    if not far or far[0][0] > _NEAR_KM or (len(far) > 1 and far[1][0] < _CLEARLY * far[0][0]):
        return None
    return far[0][1]
