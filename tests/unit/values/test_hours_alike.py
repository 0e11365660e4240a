"""Two texts of hours are the same where a calendar of the year opens the door at the same times."""

from __future__ import annotations

import pytest

from fs_pipeline.values.hours_alike import same_hours


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mo-Fr 09:00-12:00", "Mo,Tu,We-Fr 09:00-12:00; PH off", True),
        ("Mo 09:00-12:00,12:00-13:00", "Mo 09:00-13:00", True),
        ("lundi 9h-12h", "Mo 09:00-12:00", True),
        ('Mo-Fr 09:00-12:00 "sur rendez-vous"', "Mo-Fr 09:00-12:00", True),  # told as a detail, not as other hours
        ('Mo-Fr "sur rendez-vous"', "Mo 08:30-12:00", True),  # names no time
        ("Mo 08:45-12:00", "Mo 08:30-12:00", False),
        ("off", "Mo 09:00-12:00", False),
        ("off", "closed", True),
        ("week 1-53/2 Mo 09:00-12:00", "Mo 09:00-12:00", False),
        ("We[1] 09:00-12:00", "We 09:00-12:00", False),
        ("Mo 09:00-12:00; SH off", "Mo 09:00-12:00", False),
        ("?", "??", False),
    ],
)
def test_hours_are_the_same_where_the_doors_open_at_the_same_times(one: str, other: str, same: bool) -> None:
    assert same_hours(one, other) is same
    assert same_hours(other, one) is same
