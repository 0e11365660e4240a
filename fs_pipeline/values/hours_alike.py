"""Whether two ``opening_hours`` are open at the same times: what a calendar says of both, not how each is written."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from fs_pipeline.values.hours import read_hours

_BEGIN, _END = dt.datetime(2024, 1, 1), dt.datetime(2025, 1, 6)  # a Monday; a year, for odd weeks and first Wednesdays
_REMARK = re.compile(r'"[^"]*"')
_OTHERWISE = re.compile(r"\s*\|\|.*", re.DOTALL)  # « 09:00-12:00 || "sur rendez-vous" »
# Closed on public holidays is what everyone expects: one who does not write it says nothing else.
_PUBLIC_HOLIDAYS = re.compile(r"(?:^|;)\s*PH\b[^;]*(?=;|$)")
_TIMES = re.compile(r"\d\d:\d\d")

Spans = tuple[tuple[dt.datetime, dt.datetime], ...]


def same_hours(one: str, other: str) -> bool:
    """Whether two texts of hours tell a visitor the same times; remarks, such as an appointment, are not times.

    Hours that name no time (``Mo-Fr "sur rendez-vous"``) contradict none. Hours that no calendar reads are the same
    only where they are written alike.
    """
    if one == other:
        return True
    plain = _plain(one), _plain(other)
    spans = _spans(plain[0]), _spans(plain[1])
    if None in spans:
        return plain[0] == plain[1]
    silent = any(spans[side] and not _TIMES.search(plain[side]) for side in (0, 1))
    return silent or spans[0] == spans[1]


@lru_cache(maxsize=65_536)
def _plain(text: str) -> str:
    value = read_hours(text).value or text
    value = _PUBLIC_HOLIDAYS.sub("", _OTHERWISE.sub("", _REMARK.sub("", value)))
    return " ".join(value.split()).strip("; ")


@lru_cache(maxsize=65_536)
def _spans(plain: str) -> Spans | None:
    """When the doors are open in a year, what touches joined; None where no calendar reads the text."""
    if "SH" in plain:
        return None
    try:
        found = OpeningHours(plain).intervals(_BEGIN, _END)
    except ParserError:
        return None
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end, state, _ in found:
        if state == State.CLOSED:
            continue
        touches = bool(spans) and spans[-1][1] == start
        spans.append((spans.pop()[0] if touches else start, end))
    return tuple(spans)
