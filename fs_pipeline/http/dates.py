"""The date that a publisher gives a file, believed only where it is a date."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"(?<!\d)(20\d\d)(?:-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?)?(?!\d)", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_BEFORE = "2000-01-01"  # no list that is read here is older: a clock that was never set says 1970


def date_in_name(name: str) -> str | None:
    """``france-services-2022-12-01.csv`` is ``2022-12-01``; a month or a year alone is its first day."""
    found = _DATE.findall(name)
    if not found:
        return None
    year, month, day = found[-1]
    return iso_date(f"{year}-{month or '01'}-{day or '01'}")


def iso_date(said: object) -> str | None:
    """The date at the beginning of a text (``2022-11-03T08:00:00``), None where there is none or the calendar has none."""
    found = _ISO.match(said) if isinstance(said, str) else None
    try:
        return date.fromisoformat(found[0]).isoformat() if found else None
    except ValueError:
        return None


def believable(said: str | None, today: date) -> str | None:
    """An ISO date on which a list that exists `today` may have been made, else None.

    A list from the future would be above every other one for ever.
    """
    return said if said and _NOT_BEFORE <= said <= today.isoformat() else None
