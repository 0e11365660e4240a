"""Opening hours as a grid of states: weekday x hour, for an odd week, an even one, school and public holidays.

Hours that are missing, or that cannot be read, are *unknown* and never closed. What the grid says of population is in
``by_hour.py``.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from fs_pipeline.coverage.weeks import COUNTRY, ReferenceWeeks
from fs_pipeline.french import DAYS

CLOSED, OPEN, APPOINTMENT, UNKNOWN = range(4)
HOURS = tuple(range(8, 20))  # the instants looked at: 8 h, 9 h, … 19 h; a place that closes at 12 h is closed at 12 h
PERIODS = ("odd", "even", "school_odd", "school_even", "public_holiday")
ODD, EVEN, SCHOOL_ODD, SCHOOL_EVEN, PUBLIC = range(5)

States = NDArray[np.int8]
_BY_APPOINTMENT = re.compile(r"rendez|rdv|appointment", re.IGNORECASE)
_DAYLESS = re.compile(r"\d\d:\d\d")
_SCHOOL = re.compile(r"\bSH\b")
_PUBLIC = re.compile(r"\bPH\b")
_MONTHLY_WEEKS = (0, 2, 4)  # « We[1] », the first Wednesday of a month: one of these is another one
_ALL_YEAR = "Jan 01-Dec 31"  # what « school holidays » become when the week looked at is one


@lru_cache(maxsize=65_536)
def hour_states(opening_hours: str | None, week_parity: str | None, weeks: ReferenceWeeks, minute: int = 0) -> States:
    """State of a place at each hour.

    Parameters
    ----------
    opening_hours
        OSM ``opening_hours``, or None.
    week_parity
        ``odd`` or ``even`` for a place that only exists in those weeks, else None.
    weeks
        The dates to read the hours at.
    minute
        Past each hour.

    Returns
    -------
    numpy.ndarray
        int8 (periods, weekdays, hours) of CLOSED, OPEN, APPOINTMENT, UNKNOWN, in the order of ``PERIODS``, ``DAYS``
        and ``HOURS``. In school holidays the usual weeks stand unless the hours speak of them (``SH``). On a public
        holiday, seven times the same day, hours that do not speak of it (``PH``) are unknown: in France few write what
        everyone expects. Read-only: it is shared.
    """
    states = np.full((len(PERIODS), len(DAYS), len(HOURS)), UNKNOWN, dtype=np.int8)
    # Hours without a day (« 09:00-12:00 ») do not say which days.
    if opening_hours and not _DAYLESS.match(opening_hours):
        try:
            _fill(states, opening_hours, weeks, minute)
        except ParserError:
            states[:] = UNKNOWN
    if week_parity in {"odd", "even"}:
        states[[EVEN, SCHOOL_EVEN] if week_parity == "odd" else [ODD, SCHOOL_ODD]] = CLOSED
    states.flags.writeable = False
    return states


def _fill(states: States, opening_hours: str, weeks: ReferenceWeeks, minute: int) -> None:
    usual = OpeningHours(opening_hours, country=COUNTRY)
    repeats = _MONTHLY_WEEKS if "[" in opening_hours else (0,)
    states[ODD], states[EVEN] = _every(usual, weeks.odd, repeats, minute), _every(usual, weeks.even, repeats, minute)
    states[SCHOOL_ODD], states[SCHOOL_EVEN] = states[ODD], states[EVEN]
    if _SCHOOL.search(opening_hours):
        try:
            holidays = OpeningHours(_SCHOOL.sub(_ALL_YEAR, opening_hours), country=COUNTRY)
            states[SCHOOL_ODD], states[SCHOOL_EVEN] = (
                _week(holidays, weeks.odd, minute),
                _week(holidays, weeks.even, minute),
            )
        except ParserError:
            states[[SCHOOL_ODD, SCHOOL_EVEN]] = UNKNOWN
    if _PUBLIC.search(opening_hours):
        states[PUBLIC] = _day(usual, weeks.public_holiday, minute)


def _every(hours: OpeningHours, monday: dt.date, repeats: tuple[int, ...], minute: int) -> States:
    """The state of a week, unknown where it is not the same some weeks later: nobody can count on it."""
    weeks = [_week(hours, monday + dt.timedelta(weeks=number), minute) for number in repeats]
    same = np.all([week == weeks[0] for week in weeks], axis=0)
    return np.where(same, weeks[0], np.int8(UNKNOWN))


def _week(hours: OpeningHours, monday: dt.date, minute: int) -> States:
    return np.stack([_day(hours, monday + dt.timedelta(days=number), minute) for number in range(len(DAYS))])


def _day(hours: OpeningHours, day: dt.date, minute: int) -> States:
    states = np.full(len(HOURS), CLOSED, dtype=np.int8)
    midnight = dt.datetime.combine(day, dt.time())
    for start, end, state, comment in hours.intervals(midnight, midnight + dt.timedelta(days=1)):
        if state == State.CLOSED:
            continue
        found = OPEN if state == State.OPEN else UNKNOWN
        if _BY_APPOINTMENT.search(comment):
            # « Mo-Fr "sur rendez-vous" » says the days and not the hours.
            found = UNKNOWN if _is_whole_day(start, end, midnight) else APPOINTMENT
        for position, hour in enumerate(HOURS):
            if start <= midnight + dt.timedelta(hours=hour, minutes=minute) < end:
                states[position] = found
    return states


def _is_whole_day(start: dt.datetime, end: dt.datetime, midnight: dt.datetime) -> bool:
    return start <= midnight and end >= midnight + dt.timedelta(days=1)
