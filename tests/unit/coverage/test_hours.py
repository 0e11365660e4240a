"""Hours as a grid of states: odd weeks, holidays, appointments, and what nobody said."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from fs_pipeline.coverage.hours import (
    APPOINTMENT,
    CLOSED,
    EVEN,
    HOURS,
    ODD,
    OPEN,
    PUBLIC,
    SCHOOL_EVEN,
    SCHOOL_ODD,
    UNKNOWN,
    hour_states,
)
from fs_pipeline.coverage.weeks import is_public_holiday, is_school_holiday, reference_weeks
from fs_pipeline.french import DAYS

WEEKS = reference_weeks(dt.date(2022, 12, 1))


def at(states: np.ndarray, day: str, hour: int, period: int = ODD) -> int:
    return int(states[period, DAYS.index(day), HOURS.index(hour)])


def test_the_reference_weeks_are_ordinary_ones():
    assert WEEKS.even == dt.date(2022, 11, 28)  # week 48
    assert WEEKS.odd == dt.date(2022, 12, 5)
    assert WEEKS.public_holiday == dt.date(2023, 4, 10)  # Easter Monday: Christmas and New Year's Day were Sundays


def test_weeks_with_a_public_holiday_or_school_holidays_are_passed_over():
    weeks = reference_weeks(dt.date(2022, 10, 24))  # All Saints' holidays, then 11 November
    assert weeks.even == dt.date(2022, 11, 14)
    assert weeks.odd == dt.date(2022, 11, 21)
    assert is_school_holiday(dt.date(2022, 10, 25))
    assert is_public_holiday(dt.date(2022, 11, 11))


def test_a_place_that_closes_at_noon_is_closed_at_noon():
    states = hour_states("Mo-Fr 09:00-12:00,14:00-17:00", None, WEEKS)
    assert [at(states, "Tu", hour) for hour in (8, 9, 11, 12, 13, 14, 16, 17)] == [
        CLOSED, OPEN, OPEN, CLOSED, CLOSED, OPEN, OPEN, CLOSED,
    ]  # fmt: skip
    assert at(states, "Sa", 10) == CLOSED


def test_odd_and_even_weeks_are_told_apart_whether_the_hours_or_the_place_say_so():
    written = hour_states("week 01-53/2 Tu 09:00-12:00", None, WEEKS)
    placed = hour_states("Tu 09:00-12:00", "odd", WEEKS)
    for states in (written, placed):
        assert at(states, "Tu", 10, ODD) == OPEN
        assert at(states, "Tu", 10, EVEN) == CLOSED


@pytest.mark.parametrize("nothing", [None, "", "09:00-12:00", "sur demande à la mairie"])
def test_missing_dayless_or_unreadable_hours_are_unknown_and_not_closed(nothing):
    assert (hour_states(nothing, None, WEEKS) == UNKNOWN).all()


def test_by_appointment_is_not_simply_open():
    states = hour_states('Mo-Fr 09:00-12:00; We 14:00-17:00 "sur rendez-vous"', None, WEEKS)
    assert at(states, "We", 15) == APPOINTMENT
    assert at(states, "Tu", 10) == OPEN


def test_days_by_appointment_without_hours_are_unknown():
    states = hour_states('Mo-Tu 09:00-12:00; Th "sur rendez-vous"', None, WEEKS)
    assert at(states, "Th", 10) == UNKNOWN
    assert at(states, "Fr", 10) == CLOSED


def test_school_holidays_are_the_usual_week_unless_the_hours_speak_of_them():
    plain = hour_states("Mo-Fr 09:00-12:00", None, WEEKS)
    assert at(plain, "Tu", 10, SCHOOL_ODD) == OPEN
    shut = hour_states("Mo-Fr 09:00-12:00; SH off", None, WEEKS)
    assert at(shut, "Tu", 10, ODD) == OPEN
    assert at(shut, "Tu", 10, SCHOOL_ODD) == CLOSED
    shorter = hour_states("Mo-Fr 09:00-12:00; SH Mo 14:00-16:00", None, WEEKS)
    assert at(shorter, "Mo", 15, SCHOOL_EVEN) == OPEN
    assert at(shorter, "Mo", 10, SCHOOL_EVEN) == CLOSED


def test_a_public_holiday_is_unknown_unless_the_hours_speak_of_it():
    assert at(hour_states("Mo-Fr 09:00-12:00", None, WEEKS), "Mo", 10, PUBLIC) == UNKNOWN
    assert at(hour_states("Mo-Fr 09:00-12:00; PH off", None, WEEKS), "Mo", 10, PUBLIC) == CLOSED
    assert at(hour_states("Mo-Fr 09:00-12:00; PH 10:00-12:00", None, WEEKS), "Mo", 10, PUBLIC) == OPEN


def test_the_first_wednesday_of_the_month_is_not_every_wednesday():
    states = hour_states("Tu 09:00-12:00; We[1] 09:00-12:00", None, WEEKS)
    for period in (ODD, EVEN):
        assert at(states, "We", 10, period) in {UNKNOWN, CLOSED}
        assert at(states, "Tu", 10, period) == OPEN
    assert UNKNOWN in {at(states, "We", 10, ODD), at(states, "We", 10, EVEN)}
