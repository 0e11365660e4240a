"""A point in degrees, from degrees, projected metres, swapped columns or one cell; what is doubtful is left out."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.projection import to_degrees
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_SPACE = re.compile(r"\s|°")
_MINUTES = re.compile(
    r"(?P<before>[NSEWO])?\s*(?P<degrees>\d{1,3})\s*°\s*(?P<minutes>\d{1,2})\s*['′’]\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|''|’’)?)?(?(before)|\s*(?P<after>[NSEWO](?![\w°])))?",
    re.IGNORECASE,
)
_HEMISPHERE = re.compile(r"([+-]?[\d.,]+)\s*°?\s*([NSEWO])(?![\w+-])", re.IGNORECASE)
_WKT = re.compile(r"POINT\s*\(\s*([-\d.]+)\s+([-\d.]+)\s*\)", re.IGNORECASE)  # longitude first, by its definition
_FAR_KM = 8.0  # from the commune's town hall, where communes are small: nearer, neighbours stand between for nothing
_RINGS = 30  # tenths of a degree around a point in which they are looked for: over 200 km
_NEARER = 15  # communes whose town halls are nearer: as many do not stand between a commune's own hamlets
_MARGIN_DEGREES = 0.25  # about 20 to 28 km around the communes' points of a département
_KM_A_DEGREE = 111.2  # of latitude
_METRES = 1000.0  # no degree is above it, no projected French coordinate below it


def read_coordinates(
    latitude: object,
    longitude: object = None,
    departement: str | None = None,
    territory: Territory | None = None,
    insee: str | None = None,
) -> Reading[tuple[float, float]]:
    """(latitude, longitude) in degrees (EPSG:4326).

    Parameters
    ----------
    latitude, longitude
        Cells as written; both numbers may stand in the first one.
    departement, territory
        Tell the projection of metres, and the box outside of which a point is not trusted (the box needs a territory
        with commune points).
    insee
        The commune that the place is said to be in: a point far from it is kept, and told.
    """
    reading = _read(latitude, longitude, departement, territory)
    if reading.value and territory and insee and _is_far(reading.value, insee, territory):
        return Reading(reading.value, (*reading.notes, Note("coordinates_far_from_commune")))
    return reading


def _read(
    latitude: object, longitude: object, departement: str | None, territory: Territory | None
) -> Reading[tuple[float, float]]:
    first, second = _numbers(latitude, longitude)
    if first is None or second is None:
        wrote = clean(latitude) is not None or clean(longitude) is not None
        return Reading(None, (Note("coordinates_unreadable"),) if wrote else ())
    if first == 0 and second == 0:
        return Reading(None, (Note("coordinates_are_zero"),))
    box = _box(territory, departement) if territory and departement and territory.has_points else None
    if max(abs(first), abs(second)) > _METRES:
        return _projected(first, second, departement, box)
    for point, note in (((first, second), None), ((second, first), Note("coordinates_swapped"))):
        if _is_inside(point, box):
            return Reading(point, (note,) if note else ())
    return Reading(None, (Note("coordinates_outside"),))


def _numbers(latitude: object, longitude: object) -> tuple[float | None, float | None]:
    first, second = (_plain(cell) for cell in (latitude, longitude))
    if first and not second:
        if point := _WKT.search(first):
            return _number(point.group(2)), _number(point.group(1))
        found = _NUMBER.findall(re.sub(r",(?=\s)|(?<=\s),", " ; ", first))
        if len(found) == 2:
            return _number(found[0]), _number(found[1])
    return _number(first), _number(second)


def _plain(cell: object) -> str | None:
    text = clean(cell)
    return None if text is None else signed_degrees(text)


def signed_degrees(text: str) -> str:
    """A text with its degrees, minutes and hemispheres as signed decimal degrees: « 3°30'O » is « -3.5 »."""
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("−", "-").replace("–", "-")
    text = _MINUTES.sub(_signed_minutes, text)
    return _HEMISPHERE.sub(lambda found: _signed(found.group(1), found.group(2)), text)


def _signed_minutes(found: re.Match[str]) -> str:
    seconds = float((found["seconds"] or "0").replace(",", "."))
    degrees = int(found["degrees"]) + int(found["minutes"]) / 60 + seconds / 3600
    return f" {_signed(f'{degrees:.6f}', found['before'] or found['after'] or 'N')} "


def _signed(degrees: str, hemisphere: str) -> str:
    """South and west (« ouest ») are below zero."""
    return f"-{degrees.lstrip('+-')}" if hemisphere.upper() in "SWO" else degrees


def _number(text: str | None) -> float | None:
    if text is None or not _NUMBER.fullmatch(compact := _SPACE.sub("", text)):
        return None
    value = float(compact.replace(",", "."))
    return value if math.isfinite(value) else None


def _is_far(point: tuple[float, float], insee: str, territory: Territory) -> bool:
    """Told by rank, not by kilometres: a commune of Guyane is as wide as a département, one of Picardie as a field."""
    commune = territory.commune(insee)
    if commune is None or commune.latitude is None or commune.longitude is None:
        return False
    shrunk = math.cos(math.radians(point[0]))  # a degree of longitude, in degrees of latitude
    own = (commune.latitude - point[0]) ** 2 + ((commune.longitude - point[1]) * shrunk) ** 2
    return own > (_FAR_KM / _KM_A_DEGREE) ** 2 and _has_nearer(point, own, shrunk, territory)


def _has_nearer(point: tuple[float, float], own: float, shrunk: float, territory: Territory) -> bool:
    """Whether enough town halls are less than `own` square degrees away, on a plane, counted outwards until they are."""
    latitude, longitude = point
    row, column = (math.floor(degrees * 10) for degrees in point)
    found = 0
    for ring in range(_RINGS):
        if (max(ring - 1, 0) * shrunk / 10) ** 2 > own:
            return False  # none of it is within, nor beyond
        is_within = ((ring + 1) / 10) ** 2 * (1 + shrunk**2) < own  # all of it
        for north in range(-ring, ring + 1):
            for east in range(-ring, ring + 1) if abs(north) == ring else (-ring, ring):
                halls = territory.town_halls.get((row + north, column + east), ())
                if is_within:
                    found += len(halls)
                else:
                    found += sum((y - latitude) ** 2 + ((x - longitude) * shrunk) ** 2 < own for y, x in halls)
                if found >= _NEARER:
                    return True
    return False


def _projected(
    first: float, second: float, departement: str | None, box: tuple[float, float, float, float] | None
) -> Reading[tuple[float, float]]:
    """Metres in the département's projection; Lambert-93 where it is not known."""
    for x, y in ((second, first), (first, second)):
        longitude, latitude = to_degrees(x, y, departement or "75")
        point = (round(float(latitude), 6), round(float(longitude), 6))
        if _is_inside(point, box):
            return Reading(point, (Note("coordinates_projected"),))
    return Reading(None, (Note("coordinates_outside"),))


def _is_inside(point: tuple[float, float], box: tuple[float, float, float, float] | None) -> bool:
    latitude, longitude = point
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return False
    if box is None:
        metropolitan = 41 <= latitude <= 51.5 and -5.5 <= longitude <= 10
        overseas = any(
            abs(latitude - centre[0]) < 3 and abs(longitude - centre[1]) < 4
            for centre in ((16.2, -61.5), (14.6, -61.0), (4.0, -53.1), (-21.1, 55.5), (-12.8, 45.2), (46.9, -56.3))
        )
        return metropolitan or overseas
    south, west, north, east = box
    return south <= latitude <= north and west <= longitude <= east


@lru_cache(maxsize=512)
def _box(territory: Territory, departement: str) -> tuple[float, float, float, float] | None:
    """South, west, north, east around the points of a département's communes; None without points."""
    communes = [territory.commune(insee) for insee in territory.insees_of(departement)]
    located = [
        (one.latitude, one.longitude)
        for one in communes
        if one and one.latitude is not None and one.longitude is not None
    ]
    if not located:
        return None
    latitudes, longitudes = zip(*located, strict=True)
    south, west, north, east = min(latitudes), min(longitudes), max(latitudes), max(longitudes)
    return south - _MARGIN_DEGREES, west - _MARGIN_DEGREES, north + _MARGIN_DEGREES, east + _MARGIN_DEGREES
