"""A point for the places that a survey gives none for, where the settings name something to ask.

A commune's point is no place's: what is only known to be in a commune stays without a point, and the map says so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pandas as pd

from fs_pipeline.http.problems import SourceProblem
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.geocoding import Geocoder, Located, Wanted, locate
from fs_pipeline.values.homes import is_home
from fs_pipeline.values.public_words import PublicWords

_LOG = logging.getLogger(__name__)


def locate_places(places: pd.DataFrame, geocoders: Sequence[Geocoder], territory: Territory) -> pd.DataFrame:
    """The same places, those without a point at their address's where it is found, with its ``point_precision``.

    Parameters
    ----------
    places
        Rows of ``survey_places``. ``point_precision`` is added where something was asked, and null where the survey
        gave the point itself.
    geocoders
        In the order in which they are asked; one that cannot be reached is left out, and the log says so.
    """
    if places.empty or not geocoders:
        return places
    missing = places["latitude"].isna() | places["longitude"].isna()
    asked = places[missing & places["address"].notna() & places["insee"].notna()]
    private = _private(asked)
    wanted = [
        Wanted(_address(line, postcode, commune, territory), insee, stays)
        for line, postcode, commune, insee, stays in zip(
            asked["address"], asked["postcode"], asked["commune"], asked["insee"], private, strict=True
        )
    ]
    found = _ask(wanted, geocoders, territory)
    located = {row: point for row, point in zip(asked.index, found, strict=True) if point and point.source != "commune"}
    points = [located.get(row) for row in places.index]
    completed = places.copy()
    for column in ("latitude", "longitude"):
        given = places[column].astype("float64")
        completed[column] = [
            getattr(point, column) if point else number for point, number in zip(points, given, strict=True)
        ]
    precisions = [point.precision if point else None for point in points]
    completed["point_precision"] = pd.Series(precisions, index=places.index, dtype=object)
    return completed


def _private(places: pd.DataFrame) -> list[bool]:
    """Which addresses stay on this machine: of homes, and those in which a word is not known to be a place's."""
    words = PublicWords(communes=[name for name in places["commune"].unique() if isinstance(name, str)])
    columns = ("name", "type", "carrier", "description", "address", "address_extra", "commune", "postcode")
    rows = places.reindex(columns=list(columns)).astype(object).itertuples(index=False, name=None)
    found = []
    for row in rows:
        name, kind, carrier, description, line, extra, commune, postcode = (
            cell if isinstance(cell, str) else None for cell in row
        )
        home = is_home((name, kind, carrier, description), (line, extra))
        found.append(home or not all(words.street(text, commune, postcode) for text in (line, extra) if text))
    return found


def _address(line: str, postcode: str | None, commune: str | None, territory: Territory) -> Address:
    """The parts of what the row holds; its own columns win over what the line says."""
    read = read_address(line, territory).value or Address()
    return Address(read.number, read.street, postcode or read.postcode, commune or read.commune, read.extra)


def _ask(wanted: Sequence[Wanted], geocoders: Sequence[Geocoder], territory: Territory) -> list[Located | None]:
    left = list(geocoders)
    while left:
        try:
            return locate(wanted, left, territory)
        except SourceProblem as problem:
            _LOG.warning("%s", problem)
            left.pop()  # what is remote is asked last
    return [None] * len(wanted)
