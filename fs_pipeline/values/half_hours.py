"""A week of opening hours as bits, a half-hour each: what two weeks share is a matter of counting them."""

from __future__ import annotations

import re

from fs_pipeline.french import DAYS
from fs_pipeline.values.hours import read_hours

_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_RULE = re.compile(
    r"((?:(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?,?)+)\s+((?:\d{2}:\d{2}-\d{2}:\d{2},?)+)"
)


def read_week_bits(text: str) -> int | None:
    """Half-hours of the week as bits; None where the hours are not certain."""
    value = read_hours(text).value if not _RULE.match(text) else text
    if value is None:
        return None
    bits = 0
    for days, spans in _RULE.findall(value):
        mask = 0
        for hour, minute, to_hour, to_minute in _SPAN.findall(spans):
            start, end = int(hour) * 2 + int(minute) // 30, int(to_hour) * 2 + int(to_minute) // 30
            if end > start:
                mask |= ((1 << (end - start)) - 1) << start
        for day in _days(days):
            bits |= mask << (48 * day)
    return bits or None


def _days(text: str) -> list[int]:
    found: list[int] = []
    for piece in text.strip(", ").split(","):
        first, _, last = piece.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found.extend(range(start, end + 1) if end >= start else [*range(start, 7), *range(end + 1)])
    return found
