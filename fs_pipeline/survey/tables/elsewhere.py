"""Tables of another country: few of their rows stand where a commune, a whole postcode or a point of France is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.tables.rows import Row, Standing
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.reading import Note

ELSEWHERE = "table_elsewhere"
_ENOUGH_ROWS = 10  # that say where they are: fewer may all be typed badly, and are asked about
_A_FEW = 3
_ONE_IN = 5  # rows in France from which a table is of France
_GATHERED = 0.25  # share of the rows placed by their name alone that one département holds: namesakes are scattered
_NEAR_DEGREES = 0.2  # from a town hall to the farthest place of its commune


def standing_of(row: Row, named: Standing, siret: str | None, territory: Territory) -> Standing:
    """How surely a row is in France: `named` as its town says, and where it names none, as its point does.

    Who has a `siret`, its key right, has an address in France.
    """
    if siret:
        return Standing.SURE
    if named is not Standing.UNSAID or not territory.has_points:
        return named
    latitude, longitude = row.text("latitude"), row.text("longitude")
    point = tried("latitude", lambda: read_coordinates(latitude, longitude).value, None)
    if point is None:
        return Standing.UNSAID
    return Standing.SURE if _is_near_a_town_hall(point, territory) else Standing.ELSEWHERE


def _is_near_a_town_hall(point: tuple[float, float], territory: Territory) -> bool:
    row, column = (math.floor(10 * degrees) for degrees in point)
    ring = math.ceil(10 * _NEAR_DEGREES)
    around = range(-ring, ring + 1)
    return any((row + north, column + east) in territory.town_halls for north in around for east in around)


def note_elsewhere(rows: Sequence[Row], departement: str | None) -> Note | None:
    """What is said of a table under one in five of whose rows, of those that say where they are, is in France.

    Where most are not found, those that their name alone places count in `departement`, or where they are gathered:
    any list of another country has communes that have a namesake somewhere in France.
    """
    said = [row for row in rows if row.standing is not Standing.UNSAID]
    named = Counter(row.stands_in for row in said if row.standing is Standing.BY_NAME)
    sure = sum(row.standing is Standing.SURE for row in said)
    counted = sum(
        count
        for home, count in named.items()
        if home == departement or (count > 1 and count >= _GATHERED * named.total())
    )
    if len(said) < _A_FEW or 2 * (sure + named.total()) >= len(said) or _ONE_IN * (sure + counted) >= len(said):
        return None
    return Note(ELSEWHERE if len(said) >= _ENOUGH_ROWS else "table_perhaps_elsewhere")
