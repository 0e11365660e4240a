"""The date that a publisher puts into a file's name or title."""

from __future__ import annotations

import re

_DATE = re.compile(r"(?<!\d)(20\d\d)(?:-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


def date_in_name(name: str) -> str | None:
    """``france-services-2022-12-01.csv`` is ``2022-12-01``; a month or a year alone is its first day."""
    found = _DATE.findall(name)
    if not found:
        return None
    year, month, day = found[-1]
    return f"{year}-{month or '01'}-{day or '01'}"
