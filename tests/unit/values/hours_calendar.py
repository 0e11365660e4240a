"""What a value of OSM ``opening_hours`` means on each day of two years, by the format's own library.

School holidays are put at the height of summer, so that they mean something too.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from opening_hours import OpeningHours

_BEGIN, _END = dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1)
_SCHOOL = re.compile(r"(?P<week>week \S+ )?SH\b ?")


@lru_cache(maxsize=4096)
def calendar(value: str) -> tuple[tuple[dt.datetime, dt.datetime, str], ...]:
    """When it is open, and with what comment; the same minutes told in two pieces are one."""
    placed = _SCHOOL.sub(lambda found: f"Jul 13-Aug 23 {found['week'] or ''}", value)
    opened: list[tuple[dt.datetime, dt.datetime, str]] = []
    for begin, end, state, comment in OpeningHours(placed).intervals(_BEGIN, _END):
        if str(state) == "closed" or end is None:
            continue
        if opened and opened[-1][1:] == (begin, comment):
            opened[-1] = (opened[-1][0], end, comment)
        else:
            opened.append((begin, end, comment))
    return tuple(opened)


def same(expected: str | None, found: str | None) -> bool:
    """Whether two values mean the same, their appointments too."""
    if not expected or not found:
        return not expected and not found
    return calendar(expected) == calendar(found)
