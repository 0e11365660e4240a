"""The weeks for which hours are read: one odd and one even week without any holiday, and one public holiday.

School holidays are in ``data/school_holidays.csv`` (zones A, B and C; overseas calendars are not in it); public holidays
are those of the ``opening_hours`` library. Reading the hours themselves is in ``hours.py``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from opening_hours import OpeningHours

from fs_pipeline.data import read_csv

COUNTRY = "FR"
_HORIZON_WEEKS = 60  # a year always holds ordinary weeks of both parities


@dataclass(frozen=True, slots=True)
class ReferenceWeeks:
    """Mondays of an ordinary odd and even ISO week, and a day off for everyone."""

    odd: dt.date
    even: dt.date
    public_holiday: dt.date


@cache
def reference_weeks(day: dt.date) -> ReferenceWeeks:
    """The first ordinary weeks and the first public holiday at or after `day`.

    A week is ordinary when no zone is on school holidays and no day of it is a public holiday. Beyond the years of the
    reviewed calendar, no school holiday is known and weeks differ by public holidays alone.
    """
    monday = day - dt.timedelta(days=day.weekday())
    ordinary: dict[int, dt.date] = {}
    for week in range(_HORIZON_WEEKS):
        first = monday + dt.timedelta(weeks=week)
        days = [first + dt.timedelta(days=number) for number in range(7)]
        if not any(is_public_holiday(one) or is_school_holiday(one) for one in days):
            ordinary.setdefault(first.isocalendar().week % 2, first)
        if len(ordinary) == 2:
            break
    holiday = next(
        one for one in (day + dt.timedelta(days=number) for number in range(7 * _HORIZON_WEEKS)) if _is_off(one)
    )
    return ReferenceWeeks(ordinary[1], ordinary[0], holiday)


def is_public_holiday(day: dt.date) -> bool:
    """Whether `day` is a public holiday in the whole of France (Alsace and overseas have more)."""
    return _public_holidays().is_open(dt.datetime.combine(day, dt.time(12)))


def is_school_holiday(day: dt.date) -> bool:
    """Whether one of the three zones is on holidays."""
    return day in _school_holidays()


def _is_off(day: dt.date) -> bool:
    """A public holiday on a working day, so that being closed says something."""
    return day.weekday() < 5 and is_public_holiday(day)


@cache
def _public_holidays() -> OpeningHours:
    return OpeningHours("PH 00:00-24:00", country=COUNTRY)


@cache
def _school_holidays() -> frozenset[dt.date]:
    days = set()
    for row in read_csv("school_holidays.csv"):
        first, last = dt.date.fromisoformat(row["first_day"]), dt.date.fromisoformat(row["last_day"])
        days |= {first + dt.timedelta(days=number) for number in range((last - first).days + 1)}
    return frozenset(days)
