"""Moves are ranked by the people they gain, and the greedy choice says how far from the best it may be."""

from __future__ import annotations

import itertools
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from fs_pipeline.access.services import Service
from fs_pipeline.coverage import levers
from fs_pipeline.coverage.greedy import GREEDY_SHARE, NEAR_EQUAL, choose
from fs_pipeline.coverage.levers import Area, acts, bus_stops, opening_levers, weekly_hours
from fs_pipeline.warehouse.declared import declaration
from tests.unit.coverage.moves import FAR, NEAR, PEOPLE, SERVICE, sites, states


def area(*points: bool, insees: frozenset[str] = frozenset()) -> Area:
    return Area(np.array(points), insees)


def test_moves_are_chosen_for_what_they_add_to_those_before():
    near_three = sites([FAR, NEAR, NEAR, NEAR], [NEAR, NEAR, FAR, FAR], [FAR, FAR, NEAR, NEAR])
    found = opening_levers("new_place", SERVICE, near_three, PEOPLE, np.zeros(4, bool), 20)
    assert list(found.columns) == list(declaration("levers").own_names)
    assert list(found["place_id"]) == ["p0", "p1"]  # the third adds nobody
    assert list(found["inhabitants_gained"]) == [900, 100]
    assert list(found["inhabitants_gained_alone"]) == [900, 300]
    assert list(found["inhabitants_gained_together"]) == [900, 1000]
    assert list(found["guarantee"]) == [1, 1]


def test_whoever_is_already_served_is_not_gained():
    served = np.array([False, True, True, True])
    found = opening_levers("new_place", SERVICE, sites([NEAR, NEAR, NEAR, NEAR]), PEOPLE, served, 20)
    assert list(found["inhabitants_gained"]) == [100]
    assert opening_levers("new_place", SERVICE, sites([FAR] * 4), PEOPLE, served, 20).empty


def test_each_gap_has_its_best_move_counted_inside_of_it():
    two = sites([FAR, NEAR, NEAR, NEAR], [NEAR, FAR, FAR, FAR])
    gaps = {"north": area(True, True, False, False), "south": area(False, False, True, True)}
    found = opening_levers("new_place", SERVICE, two, PEOPLE, np.zeros(4, bool), 20, gaps).set_index("scope")
    assert found.loc["north", "place_id"] == "p0"
    assert found.loc["north", "inhabitants_gained"] == 200
    assert found.loc["south", "inhabitants_gained"] == 700


def test_whoever_is_perhaps_too_far_of_the_new_place_is_not_gained():
    found = opening_levers("new_place", SERVICE, sites([15.9, 16.1, FAR, FAR]), PEOPLE, np.zeros(4, bool), 20)
    assert list(found["inhabitants_gained"]) == [100]  # a fifth slower, 16 minutes are 20


def test_a_gap_has_beside_it_the_move_that_is_chosen_in_it_for_the_departement():
    town, village = [NEAR, NEAR, NEAR, FAR], [FAR, NEAR, NEAR, NEAR]
    gaps = {"ours": area(False, False, True, True, insees=frozenset({"00000", "00001"}))}
    people = np.array([500.0, 100.0, 200.0, 190.0])
    both = sites(town, village, people=[9_000, 300])
    found = opening_levers("new_place", SERVICE, both, people, np.zeros(4, bool), 20, gaps, 1).set_index("scope")
    assert found["insee"].to_dict() == {"departement": "00000", "ours": "00000"}
    much_more_inside = np.array([500.0, 100.0, 200.0, 210.0])
    found = opening_levers("new_place", SERVICE, both, much_more_inside, np.zeros(4, bool), 20, gaps, 1)
    assert list(found["insee"]) == ["00000", "00001"]


def test_of_sites_that_gain_nearly_the_same_the_town_is_chosen_and_the_others_named():
    people = np.array([10.0, 990.0, 20.0])
    near_all, near_most, near_few = [NEAR, NEAR, NEAR], [FAR, NEAR, NEAR], [NEAR, FAR, FAR]
    village_town_hamlet = sites(near_all, near_most, near_few, people=[300, 10_684, 50_000])
    (row,) = opening_levers("new_place", SERVICE, village_town_hamlet, people, np.zeros(3, bool), 20, count=1).to_dict(
        "records"
    )
    assert (row["insee"], row["alternatives"], row["inhabitants_gained"]) == ("00001", "00000", 1010)
    assert row["simulated"] == 3


def test_a_gap_is_helped_in_one_of_its_own_communes_before_a_larger_town() -> None:
    two = sites([NEAR] * 4, [NEAR] * 4, people=[10_000, 300])
    gaps = {"ours": area(True, True, False, False, insees=frozenset({"00001"}))}
    found = opening_levers("new_place", SERVICE, two, PEOPLE, np.zeros(4, bool), 20, gaps).set_index("scope")["insee"]
    assert found.to_dict() == {"departement": "00000", "ours": "00001"}


def test_what_gains_more_than_a_third_less_is_not_of_the_same_order():
    people = np.array([66.0, 34.0])
    found = opening_levers(
        "new_place", SERVICE, sites([NEAR, NEAR], [NEAR, FAR], people=[1, 9]), people, np.zeros(2, bool), 20
    )
    assert found[["insee", "alternatives"]].to_numpy().tolist() == [["00000", None]]


def test_a_move_counts_inhabitants_for_the_hours_it_brings():
    served = np.zeros(4, bool)
    (row,) = opening_levers("open_demarche", SERVICE, sites([NEAR] * 4), PEOPLE, served, 20).to_dict("records")
    assert (row["hours_a_week"], row["inhabitant_hours"]) == (10, 10_000)
    (row,) = opening_levers("open_demarche", SERVICE, sites([NEAR] * 4, hours=np.nan), PEOPLE, served, 20).to_dict(
        "records"
    )
    assert (row["hours_a_week"], row["inhabitant_hours"], row["inhabitants_gained"]) == (None, None, 1000)


def test_a_bus_stop_is_the_other_form_of_a_new_place_and_counts_for_its_hours():
    two = sites([FAR, NEAR, NEAR, NEAR], [NEAR, FAR, FAR, FAR])
    gaps = {"north": area(True, True, False, False)}
    houses = opening_levers("new_place", SERVICE, two, PEOPLE, np.zeros(4, bool), 20, gaps)
    by_bus = np.array([False, True, False, False])
    found = bus_stops(houses, Service("bus"), two, PEOPLE, by_bus, gaps)
    keyed = found.set_index(["scope", "insee"])
    assert keyed["inhabitants_gained"].to_dict() == {("departement", "00000"): 700, ("departement", "00001"): 100}
    stop = keyed.loc[("departement", "00000")]
    assert (stop["hours_a_week"], stop["inhabitant_hours"]) == (
        acts()["bus_stop"].hours,
        700 * acts()["bus_stop"].hours,
    )
    assert bus_stops(houses.iloc[:0], Service("bus"), two, PEOPLE, by_bus).empty


def test_acts_say_a_cost_only_with_its_source(monkeypatch: pytest.MonkeyPatch):
    row = {
        "move": "m",
        "hours_a_week": "2",
        "least_gain": "",
        "cost_class": "moyen",
        "cost_source": "",
        "delay_class": "court",
        "delay_source": "s",
    }
    monkeypatch.setattr(levers, "read_csv", lambda name: (row,))
    assert levers.acts.__wrapped__() == {"m": levers.Act(2.0, 1.0, None, "court")}


def test_weekly_hours_are_those_of_a_usual_week_unknown_where_one_is():
    weekly = weekly_hours(states("Mo-Fr 09:00-12:00", "week 01-53/2 Sa 09:00-12:00", None))
    assert weekly[:2].tolist() == [15, 1.5]
    assert np.isnan(weekly[2])


def test_where_there_is_no_place_there_are_no_weekly_hours():
    assert weekly_hours(states("Mo-Fr 09:00-12:00")[:0]).shape == (0,)


def test_a_move_that_gains_as_much_for_other_people_is_another_move():
    two = sites([NEAR, NEAR, FAR, FAR], [FAR, FAR, NEAR, FAR], people=[300, 10_000])
    rows = opening_levers("new_place", SERVICE, two, PEOPLE, np.zeros(4, bool), 20)
    assert rows[["insee", "alternatives"]].to_numpy().tolist() == [["00000", None], ["00001", None]]


def test_what_adds_as_much_to_better_moves_and_not_alone_is_no_alternative():
    first, second, third = [NEAR, NEAR, FAR, FAR], [FAR, NEAR, NEAR, FAR], [FAR, FAR, NEAR, FAR]
    people = np.array([500.0, 400.0, 300.0, 0.0])
    found = opening_levers(
        "new_place", SERVICE, sites(first, second, third, people=[9, 5, 1]), people, np.zeros(4, bool), 20
    )
    assert found["inhabitants_gained_alone"].tolist() == [900, 700]
    # The one chosen before it serves much the same people, and is said beside it.
    assert found["insee"].tolist() == ["00000", "00001"]
    assert found["alternatives"].fillna("").tolist() == ["", "00000"]


covers_strategy = st.integers(2, 7).flatmap(
    lambda elements: st.lists(st.lists(st.booleans(), min_size=elements, max_size=elements), min_size=1, max_size=7)
)


@given(covers_strategy, st.integers(1, 4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_the_bound_is_never_above_the_truth(rows, count, draw):
    covers = np.array(rows)
    weights = np.array([float(draw.randrange(0, 50)) for _ in range(covers.shape[1])])
    preference = np.array([float(draw.randrange(0, 3)) for _ in covers])
    choice = choose(csr_array(covers.astype(float)), weights, count, preference)
    for k in range(1, len(choice.moves) + 1):
        reached = sum(choice.gains[:k])
        best = max(
            weights[covers[list(moves)].any(axis=0)].sum()
            for moves in combinations(range(len(covers)), min(k, len(covers)))
        )
        assert choice.guarantees[k - 1] * best <= reached + 1e-9
        assert GREEDY_SHARE <= choice.guarantees[k - 1] <= 1
    for before, after in itertools.pairwise(choice.gains):
        assert NEAR_EQUAL * after <= before  # a step may add a little less than the best one would


def test_the_bound_of_the_data_is_better_than_the_general_one_when_moves_do_not_overlap():
    choice = choose(csr_array(np.eye(4)), PEOPLE, 2)
    assert choice.moves == (3, 2)
    assert choice.guarantees == pytest.approx((1.0, 1.0))


def test_nobody_opens_a_house_in_a_village_for_the_next_one_alone():
    # both sites are near the second point; only the second site's commune holds it
    both = sites([FAR, NEAR, FAR, FAR], [FAR, 12.0, FAR, FAR], people=[5_000.0, 200.0])
    people, homes = 10.0 * PEOPLE, np.array([[True, False], [False, True], [False, False], [False, False]])
    everywhere = opening_levers("new_place", SERVICE, both, people, np.zeros(4, bool), 20)
    at_home = opening_levers("new_place", SERVICE, both, people, np.zeros(4, bool), 20, homes=homes)
    assert everywhere["insee"].tolist() == ["00000"]
    assert at_home["insee"].tolist() == ["00001"]
    served = np.array([False, True, False, False])
    assert opening_levers("new_place", SERVICE, both, people, served, 20, homes=homes).empty


def test_the_town_between_the_villages_may_itself_be_far_only_probably():
    """It may be near already at the fast end (`served`), and is far at the middle of the band: it is where one would open."""
    town, village = [NEAR, NEAR, NEAR, FAR], [FAR, NEAR, NEAR, FAR]
    both = sites(town, village, people=[6_000.0, 1_300.0])
    people, served = 10.0 * PEOPLE, np.array([True, False, False, False])
    homes = np.array([[True, False], [False, True], [False, False], [False, False]])
    (row,) = opening_levers("new_place", SERVICE, both, people, served, 20, homes=homes).to_dict("records")
    assert (row["insee"], row["inhabitants_gained"]) == ("00000", 5_000.0)  # of its own nobody is counted


def test_a_move_that_adds_little_to_one_before_it_is_that_one_again():
    town, next_village, other = [NEAR, NEAR, NEAR, FAR], [FAR, NEAR, NEAR, NEAR], [FAR, FAR, FAR, NEAR]
    people = np.array([800.0, 5_000.0, 5_000.0, 600.0])
    nobody = np.zeros(4, bool)
    found = opening_levers("new_place", SERVICE, sites(town, next_village, people=[9, 1]), people, nobody, 20)
    assert found["insee"].tolist() == ["00000"]  # 600 of the next one's 10 600 are its own
    apart = opening_levers("new_place", SERVICE, sites(town, other, people=[9, 1]), people, nobody, 20)
    assert apart["inhabitants_gained"].tolist() == [10_800.0, 600.0]


def test_a_house_for_a_hamlet_is_not_told_and_a_demarche_is():
    hamlet, nobody_near = np.array([499.0, 0.0, 0.0, 0.0]), np.zeros(4, bool)
    told = {
        move: len(opening_levers(move, SERVICE, sites([NEAR] * 4), hamlet, nobody_near, 20, least=act.least_gain))
        for move, act in levers.acts().items()
    }
    assert told["new_place"] == 0
    assert told["open_demarche"] == 1
    assert len(opening_levers("new_place", SERVICE, sites([NEAR] * 4), hamlet + 1.0, nobody_near, 20, least=500.0)) == 1
