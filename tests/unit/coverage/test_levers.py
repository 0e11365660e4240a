"""Moves are ranked by the people they gain, and the greedy choice says how far from the best it may be."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from fs_pipeline.access.services import Service
from fs_pipeline.coverage.greedy import GREEDY_SHARE, choose
from fs_pipeline.coverage.hours import hour_states
from fs_pipeline.coverage.levers import Sites, longer_hours, opening_levers
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.warehouse.declared import declaration

WEEKS = reference_weeks(dt.date(2022, 12, 1))
PEOPLE = np.array([100.0, 200.0, 300.0, 400.0])
NEAR, FAR = 10.0, 90.0
SERVICE = Service("s")


def sites(*minutes: list[float]) -> Sites:
    count = len(minutes)
    return Sites([f"0000{i}" for i in range(count)], [f"p{i}" for i in range(count)], np.array(minutes).T)


def test_moves_are_chosen_for_what_they_add_to_those_before():
    near_three = sites([FAR, NEAR, NEAR, NEAR], [NEAR, NEAR, NEAR, FAR], [FAR, FAR, NEAR, NEAR])
    found = opening_levers("new_place", SERVICE, near_three, PEOPLE, np.zeros(4, bool), 20)
    assert list(found.columns) == list(declaration("levers").own_names)
    assert list(found["place_id"]) == ["p0", "p1"]  # the third adds nobody
    assert list(found["inhabitants_gained"]) == [900, 100]
    assert list(found["inhabitants_gained_alone"]) == [900, 600]
    assert list(found["inhabitants_gained_together"]) == [900, 1000]
    assert list(found["guarantee"]) == [1, 1]


def test_whoever_is_already_served_is_not_gained():
    served = np.array([False, True, True, True])
    found = opening_levers("new_place", SERVICE, sites([NEAR, NEAR, NEAR, NEAR]), PEOPLE, served, 20)
    assert list(found["inhabitants_gained"]) == [100]
    assert opening_levers("new_place", SERVICE, sites([FAR] * 4), PEOPLE, served, 20).empty


def test_each_gap_has_its_best_move_counted_inside_of_it():
    two = sites([FAR, NEAR, NEAR, NEAR], [NEAR, FAR, FAR, FAR])
    gaps = {"north": np.array([True, True, False, False]), "south": np.array([False, False, True, True])}
    found = opening_levers("bus_stop", SERVICE, two, PEOPLE, np.zeros(4, bool), 20, gaps).set_index("scope")
    assert found.loc["north", "place_id"] == "p0"
    assert found.loc["north", "inhabitants_gained"] == 200
    assert found.loc["south", "inhabitants_gained"] == 700


def states(*texts: str | None) -> np.ndarray:
    return np.stack([hour_states(text, None, WEEKS) for text in texts])


def test_longer_hours_gain_those_who_find_no_open_door_then():
    two = sites([NEAR, NEAR, FAR, FAR], [FAR, FAR, NEAR, FAR])
    found = longer_hours(SERVICE, two, states("Mo-Fr 09:00-19:00", "Mo-Fr 09:00-19:00; Sa 09:00-12:00"), PEOPLE, 20)
    assert list(found[["place_id", "window", "inhabitants_gained"]].itertuples(index=False, name=None)) == [
        ("p0", "saturday_morning", 300)
    ]


def test_people_near_a_place_whose_hours_are_unknown_are_not_gained():
    two = sites([NEAR, NEAR, FAR, FAR], [FAR, NEAR, FAR, FAR])
    found = longer_hours(SERVICE, two, states("Mo-Fr 09:00-19:00", None), PEOPLE, 20)
    assert list(found["inhabitants_gained"]) == [100]
    assert list(found["place_id"]) == ["p0"]  # the one whose hours are unknown is no candidate


def test_a_window_open_every_other_week_counts_half():
    two = sites([NEAR, FAR, FAR, FAR], [NEAR, FAR, FAR, FAR])
    odd = "Mo-Fr 08:00-20:00; week 01-53/2 Sa 09:00-12:00"
    found = longer_hours(SERVICE, two, states("Mo-Fr 08:00-20:00", odd), PEOPLE, 20)
    assert list(found["inhabitants_gained"]) == [50]


def test_nobody_closed_nobody_gained():
    assert longer_hours(SERVICE, sites([NEAR] * 4), states("24/7"), PEOPLE, 20).empty


covers_strategy = st.integers(2, 7).flatmap(
    lambda elements: st.lists(st.lists(st.booleans(), min_size=elements, max_size=elements), min_size=1, max_size=7)
)


@given(covers_strategy, st.integers(1, 4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_the_bound_is_never_above_the_truth(rows, count, draw):
    covers = np.array(rows)
    weights = np.array([float(draw.randrange(0, 50)) for _ in range(covers.shape[1])])
    choice = choose(csr_array(covers.astype(float)), weights, count)
    for k in range(1, len(choice.moves) + 1):
        reached = sum(choice.gains[:k])
        best = max(
            weights[covers[list(moves)].any(axis=0)].sum()
            for moves in combinations(range(len(covers)), min(k, len(covers)))
        )
        assert choice.guarantees[k - 1] * best <= reached + 1e-9
        assert GREEDY_SHARE <= choice.guarantees[k - 1] <= 1
    assert list(choice.gains) == sorted(choice.gains, reverse=True)


def test_the_bound_of_the_data_is_better_than_the_general_one_when_moves_do_not_overlap():
    choice = choose(csr_array(np.eye(4)), PEOPLE, 2)
    assert choice.moves == (3, 2)
    assert choice.guarantees == pytest.approx((1.0, 1.0))
