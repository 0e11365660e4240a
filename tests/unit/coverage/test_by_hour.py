"""Who is near an open place, when: with buses, without an appointment, and where nobody knows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT, Service
from fs_pipeline.coverage.by_hour import OPERATOR, SHARES, Group, Offer, commune_weeks, coverage_by_hour
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.warehouse.declared import declaration

WEEKS = reference_weeks(dt.date(2022, 12, 1))
LABEL = (FRANCE_SERVICES, ITINERANT)
GROUPS = [Group(FRANCE_SERVICES, LABEL)]
FIXED, BUS = FRANCE_SERVICES.kind, ITINERANT.kind


def offer(rows, minutes, population=(100.0, 300.0, 600.0), computed=None) -> Offer:
    columns = ["place_id", "service", "bus", "appointment", "opening_hours", "week_parity"]
    people = np.array(population, dtype=np.float64)
    return Offer(
        rows=pd.DataFrame(rows, columns=columns).assign(demarche_id=""),
        minutes=np.array(minutes, dtype=np.float64),
        population=people,
        computed=np.ones(len(people), dtype=bool) if computed is None else np.array(computed),
        method="estimated",
    )


def at(found: pd.DataFrame, weekday: str, hour: int, threshold: int = 20, parity: str = "every") -> pd.Series:
    chosen = found[
        (found["weekday"] == weekday)
        & (found["hour"] == hour)
        & (found["threshold"] == threshold)
        & (found["week_parity"] == parity)
        & (found["period"] == "usual")
    ]
    assert len(chosen) == 1
    return chosen.iloc[0]


TOWN = ("town", FIXED, False, False, "Mo-Fr 09:00-12:00", None)
ODD_BUS = ("bus", BUS, True, False, "Tu 09:00-12:00", "odd")


def test_on_a_tuesday_so_many_and_counting_buses_so_many():
    found = coverage_by_hour(offer([TOWN, ODD_BUS], [[10, 90], [25, 15], [90, 90]]), GROUPS, WEEKS, (20, 30))
    assert list(found.columns) == list(declaration("coverage_by_hour").own_names)
    odd = at(found, "Tu", 10, parity="odd")
    assert odd["share"] == pytest.approx(0.1)
    assert odd["share_with_buses"] == pytest.approx(0.4)
    even = at(found, "Tu", 10, parity="even")
    assert even["share_with_buses"] == pytest.approx(0.1)
    assert at(found, "Tu", 10, threshold=30, parity="even")["share"] == pytest.approx(0.4)
    assert at(found, "Tu", 14, parity="odd")["share_with_buses"] == 0
    assert (odd["places"], odd["buses"], odd["without_hours"]) == (1, 1, 0)


def test_unknown_hours_are_a_share_of_their_own():
    silent = ("silent", FIXED, False, False, None, None)
    row = at(coverage_by_hour(offer([TOWN, silent], [[10, 10], [90, 15], [90, 90]]), GROUPS, WEEKS, (20, 30)), "Tu", 10)
    assert row["share"] == pytest.approx(0.1)
    assert row["share_unknown"] == pytest.approx(0.3)  # who is near the open one is not in doubt
    assert row["without_hours"] == 1


def test_an_appointment_is_told_from_an_open_door():
    asked = ("asked", FIXED, False, True, "Mo-Fr 09:00-12:00", None)
    row = at(coverage_by_hour(offer([asked], [[10], [90], [90]]), GROUPS, WEEKS, (20, 30)), "Mo", 9)
    assert row["share"] == pytest.approx(0.1)
    assert row["share_without_appointment"] == 0


def test_whom_no_time_could_be_asked_for_is_in_no_share():
    found = coverage_by_hour(
        offer([TOWN], [[10], [90], [np.inf]], computed=[True, True, False]), GROUPS, WEEKS, (20, 30)
    )
    row = at(found, "Tu", 10)
    assert row["population"] == 400
    assert row["share"] == pytest.approx(0.25)


def test_holidays_have_rows_only_where_some_hours_speak_of_them():
    quiet = coverage_by_hour(offer([TOWN], [[10], [90], [90]]), GROUPS, WEEKS, (20, 30))
    assert set(quiet["period"]) == {"usual"}
    rule = ("town", FIXED, False, False, "Mo-Fr 09:00-12:00; SH off; PH off", None)
    told = coverage_by_hour(offer([rule], [[10], [90], [90]]), GROUPS, WEEKS, (20, 30))
    assert set(told["period"]) == {"usual", "school_holidays", "public_holiday"}
    assert told.loc[told["period"] != "usual", "share"].max() == 0
    assert set(told.loc[told["period"] == "public_holiday", "weekday"]) == {"PH"}


def test_a_group_without_any_place_has_no_rows():
    group = Group(OPERATOR, (Service(CONFIRMED, "R1"),), operator="cnaf")
    found = coverage_by_hour(offer([TOWN], [[10], [90], [90]]), [group], WEEKS, (20, 30))
    assert found.empty
    assert list(found.columns) == list(declaration("coverage_by_hour").own_names)


def test_a_commune_s_week_says_who_is_open_hour_by_hour():
    silent = ("silent", FIXED, False, False, None, None)
    near = [[10, 90, 90], [90, 15, 90], [90, 90, 15]]
    found = commune_weeks(
        offer([TOWN, ODD_BUS, silent], near, computed=[True, True, True]), LABEL, WEEKS, ["a", "b", "c"], 20
    ).set_index(["insee", "week_parity"])["week"]
    assert found["a", "odd"][:12] == ".ooo........"  # Monday, 8 h to 19 h
    assert found["b", "odd"][12:24] == ".bbb........"
    assert set(found["b", "even"]) == {"."}
    assert set(found["c", "odd"]) == {"?"}
    lost = commune_weeks(offer([TOWN], [[10], [10], [10]], computed=[True, True, False]), LABEL, WEEKS, "abc", 20)
    assert set(lost["week"].iloc[2]) == {"x"}


def test_a_commune_of_several_points_has_the_week_of_most_of_its_inhabitants():
    two, three = offer([TOWN], [[10], [90]], population=[40, 60]), offer([TOWN], [[10], [90]], population=[60, 40])
    weeks = [commune_weeks(one, LABEL, WEEKS, ["a", "a"], 20)["week"].tolist() for one in (two, three)]
    assert weeks[0] == ["." * len(weeks[0][0])]
    assert len(weeks[1]) == 1
    assert weeks[1][0][:12] == ".ooo........"


hours = st.sampled_from(["Mo-Fr 09:00-12:00", "Tu,Th 14:00-18:00", "We[1] 09:00-12:00", "Sa 09:00-11:00", None])
longer = {
    "Mo-Fr 09:00-12:00": "Mo-Sa 09:00-13:00",
    "Tu,Th 14:00-18:00": "Mo-Th 13:00-19:00",
    "We[1] 09:00-12:00": "We 09:00-12:00",
    "Sa 09:00-11:00": "Sa 09:00-17:00",
    None: None,
}
row = st.tuples(hours, st.booleans(), st.sampled_from([None, "odd", "even"]))


def offers(rows, minutes) -> tuple[Offer, Offer]:
    def build(swap):
        return offer(
            [
                (f"p{i}", BUS if bus else FIXED, bus, False, swap(text), parity)
                for i, (text, bus, parity) in enumerate(rows)
            ],
            np.resize(minutes, (3, len(rows))),
        )

    return build(lambda text: text), build(lambda text: longer[text])


@given(st.lists(row, min_size=1, max_size=5), st.lists(st.floats(0, 60), min_size=15, max_size=15))
@settings(deadline=None, max_examples=30)
def test_more_hours_never_lower_a_share(rows, minutes):
    shorter, more = (spread(coverage_by_hour(one, GROUPS, WEEKS, (20, 30))) for one in offers(rows, minutes))
    keys = ["threshold", "week_parity", "weekday", "hour"]
    both = shorter.merge(more, on=keys, suffixes=("", "_more"))
    assert len(both) == len(shorter)
    for name in SHARES[:3]:
        assert (both[f"{name}_more"] >= both[name] - 1e-12).all()


@given(st.lists(row, min_size=2, max_size=5), st.lists(st.floats(0, 60), min_size=15, max_size=15))
@settings(deadline=None, max_examples=30)
def test_a_place_more_never_lowers_a_share_and_buses_only_add(rows, minutes):
    every, _ = offers(rows, minutes)
    fewer = Offer(every.rows.iloc[:-1], every.minutes[:, :-1], every.population, every.computed, every.method)
    before, after = (spread(coverage_by_hour(one, GROUPS, WEEKS, (20, 30))) for one in (fewer, every))
    both = before.merge(after, on=["threshold", "week_parity", "weekday", "hour"], suffixes=("", "_more"))
    for name in SHARES[:3]:
        assert (both[f"{name}_more"] >= both[name] - 1e-12).all()
    assert (after["share_with_buses"] >= after["share"]).all()
    assert after[list(SHARES)].stack().between(0, 1).all()
    assert (after["share_with_buses"] + after["share_unknown"] <= 1 + 1e-12).all()


def spread(found: pd.DataFrame) -> pd.DataFrame:
    """Usual weeks only, « every » told as both."""
    usual = found[found["period"] == "usual"]
    parts = [
        usual[usual["week_parity"].isin([parity, "every"])].assign(week_parity=parity) for parity in ("odd", "even")
    ]
    return pd.concat(parts, ignore_index=True)
