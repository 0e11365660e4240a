"""What the schemas of others accept of our values, and the one shape in which both exports take a place."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from opening_hours import validate
from pydantic import HttpUrl, TypeAdapter, ValidationError

from fs_pipeline.data import read_csv
from fs_pipeline.values.identifiers import read_siret

FIRST_DAY = "2000-01-01"  # data·inclusion refuses a date of the 20th century
_ISO_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
# RFC 5322 without its oddities, and domains that may be somebody's: what email-validator, which data·inclusion asks, lets in.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MAILBOX = re.compile(
    rf"(?=.{{1,64}}@)(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z]{{2,63}}", re.IGNORECASE
)
_NOBODYS = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})
_WEEKS = {"odd": "week 01-53/2", "even": "week 02-52/2"}


Place = Mapping[Hashable, object]  # a row of ``places``
Fields = dict[str, str | float | list[str] | None]  # a row of a schema, as JSON has it


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees."""

    latitude: float
    longitude: float


def text_of(row: Place, field: str) -> str | None:
    """A text that says something."""
    value = row.get(field)
    return value.strip() or None if isinstance(value, str) else None


def truth_of(row: Place, field: str) -> bool | None:
    """True, false or unknown, whatever the column's type."""
    value = row.get(field)
    return None if value is None or value != value else bool(value)  # noqa: PLR0124 - NaN


def point_of(row: Place) -> Point | None:
    """Where a place is.

    Raises
    ------
    ValueError
        When the numbers are there and are no point.
    """
    latitude, longitude = (_number(row.get(name)) for name in ("latitude", "longitude"))
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("no point of the Earth")
    return Point(latitude, longitude)


def _number(value: object) -> float | None:
    return None if not isinstance(value, int | float) or math.isnan(value) else float(value)


def day_of(row: Place, reference_date: str) -> tuple[str, str | None]:
    """The day a place was brought up to date, or the campaign's; and why where it is the campaign's.

    A day after the campaign's is no day on which it was known, and may still be to come when the file is read.
    """
    told = text_of(row, "updated_on")
    if told is None or not _ISO_DAY.fullmatch(told):
        return reference_date, "day_stands_in"
    if told > reference_date:
        return reference_date, "day_too_late"
    return (reference_date, "day_too_early") if told < FIRST_DAY else (told, None)


@lru_cache(maxsize=16_384)
def siret_accepted(text: str) -> bool:
    """Fourteen digits with their key."""
    return read_siret(text).value == text


def mailbox_accepted(text: str) -> bool:
    """Whether data·inclusion accepts a mail address."""
    return bool(_MAILBOX.fullmatch(text)) and text.rpartition(".")[2].lower() not in _NOBODYS


@cache
def _site() -> TypeAdapter[HttpUrl]:
    return TypeAdapter(HttpUrl)


@lru_cache(maxsize=16_384)
def site_accepted(text: str) -> bool:
    """Whether data·inclusion accepts a web address."""
    try:
        _site().validate_python(text)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=16_384)
def hours_written(hours: str, parity: str | None) -> str | None:
    """OSM ``opening_hours`` that say by themselves in which weeks they hold; None where they cannot be read."""
    weeks = _WEEKS.get(parity or "")
    if weeks and ", " in hours:
        return None  # of a rule added to another, nobody knows any more in which weeks it holds
    told = "; ".join(f"{weeks} {rule.strip()}" for rule in hours.split(";")) if weeks else hours
    return told if validate(told) else None


@cache
def pattern(field: str) -> re.Pattern[str]:
    """What « lieux de médiation numérique » accepts in one of its fields, whole."""
    (found,) = (row["pattern"] for row in read_csv("mediation_numerique_patterns.csv") if row["field"] == field)
    return re.compile(found, re.ASCII)
