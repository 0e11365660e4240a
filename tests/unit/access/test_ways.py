"""Straight lines that nobody can follow: refused, gone round through a bridge or along the shore, or said to have no way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access import straight_line
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.ways import OUT_OF_CONTOURS, Ways, straight_m, ways
from fs_pipeline.data import rows
from fs_pipeline.territory.shipped import load_territory
from tests.unit.access.test_straight_line import only, places, points

RIVER = shapely.LineString([(0, 46.9), (0, 47.1)])
BRIDGE = shapely.LineString([(-0.01, 47.05), (0.01, 47.05)])
WEST, EAST, FAR_WEST = (-0.02, 47.0), (0.02, 47.0), (-0.20, 47.0)


def river(*roads: shapely.LineString) -> Ways:
    return Ways.around({"la rivière": RIVER}, None, list(roads))


def bay(width: float) -> Ways:
    land = shapely.box(0, 46, 1, 47).difference(shapely.box(0.5 - width / 2, 46.9, 0.5 + width / 2, 47))
    return Ways.around({}, land, [])


def at(*where: tuple[float, float]) -> np.ndarray:
    return np.array(where, dtype=float)


def length(*stages: tuple[float, float]) -> float:
    return sum(straight_m(at(one), at(other))[0, 0] for one, other in pairwise(stages))


def test_a_line_over_a_river_is_refused_and_one_along_it_is_not():
    found = river().refused(at(WEST, WEST), at(EAST, FAR_WEST))
    assert found.tolist() == [0, -1]
    assert river().name_of(0) == "la rivière"


def test_the_other_bank_is_reached_by_the_bridge():
    metres, position = river(BRIDGE).nearest(at(WEST), at(EAST))
    assert metres[0] == pytest.approx(length(WEST, (-0.01, 47.05), (0.01, 47.05), EAST))
    assert position.tolist() == [0]


def test_the_next_place_on_this_bank_comes_first_when_the_bridge_is_farther():
    near_west = (-0.1, 47.0)
    metres, position = river(BRIDGE).nearest(at(WEST), at(EAST, near_west))
    assert position.tolist() == [1]
    assert metres[0] == pytest.approx(length(WEST, near_west))
    assert river(BRIDGE).nearest(at(WEST), at(EAST, FAR_WEST))[1].tolist() == [0]


def test_without_a_bridge_there_is_no_way():
    metres, _ = river().nearest(at(WEST), at(EAST))
    assert np.isinf(metres[0])
    assert np.isinf(river().metres(at(WEST), at(EAST), np.array([[True]]))[0, 0])


def test_a_bay_is_gone_round_by_its_bottom():
    here, there = (0.40, 46.99), (0.60, 46.99)
    found = bay(0.1)
    assert found.refused(at(here), at(there)).tolist() == [0]
    assert found.name_of(0) == OUT_OF_CONTOURS
    inland = 0.004 / 2**0.5  # 400 m from the shore
    expected = length(here, (0.45 - inland, 46.9 - inland), (0.55 + inland, 46.9 - inland), there)
    assert found.nearest(at(here), at(there))[0][0] == pytest.approx(expected)
    assert found.metres(at(here), at(there), np.array([[True]]))[0, 0] == pytest.approx(expected)


def test_people_along_a_shore_go_along_it_and_not_round_the_country():
    """Arcachon to Le Teich is 12 km as the crow flies, 6 of them over the basin, and 14 km inland of its shore."""
    arcachon, teich = at((-1.17047, 44.66132)), at((-1.0229, 44.6343))
    assert ways().refused(arcachon, teich).tolist() != [-1]
    assert 12_500 < ways().nearest(arcachon, teich)[0][0] < 14_500


@pytest.mark.parametrize(("width", "stopped"), [(0.0064, False), (0.0068, True)])  # 487 and 517 m at that latitude
def test_a_line_may_leave_the_communes_for_500_metres(width, stopped):
    assert (bay(width).refused(at((0.4, 46.95)), at((0.6, 46.95))) >= 0).tolist() == [stopped]


def test_who_has_no_way_is_not_computed_and_the_water_is_named(monkeypatch):
    monkeypatch.setattr(straight_line, "ways", river)
    row = only(minutes_to_nearest(places(("p", *EAST)), points(("d", *WEST)), roads=None))
    assert row["method"] == "not_computed"
    assert not row["reached"]
    assert row["place_id"] is None
    assert np.isnan(row["minutes"])
    assert row["reason"] == "non calculé\u00a0: la rivière à franchir, et aucun pont ni chemin connu"


def test_what_is_asked_of_each_pair_agrees_with_the_nearest(monkeypatch):
    homes = points(*[(f"d{i}", -0.1 + 0.02 * i, 46.95) for i in range(11)])
    sites = places(("east", *EAST), ("west", *FAR_WEST))
    nearest = minutes_to_nearest(sites, homes, roads=None)["minutes"]
    assert minutes_between(sites, homes, roads=None, limit_min=500).min(axis=1) == pytest.approx(nearest.to_numpy())


@given(st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(46.8, 47.2)), min_size=2, max_size=6))
@settings(deadline=None, max_examples=40)
def test_no_way_is_shorter_than_the_straight_line(where):
    here, there = at(*where[:1]), at(*where[1:])
    asked = np.ones((1, len(there)), dtype=bool)
    found = river(BRIDGE).metres(here, there, asked)
    assert (found >= straight_m(here, there) - 1e-6).all()
    assert river(BRIDGE).nearest(here, there)[0][0] == pytest.approx(found.min())


BLAYE, LAMARQUE = (-0.666, 45.127), (-0.717, 45.098)


def test_a_ferry_is_no_road():
    row = only(minutes_to_nearest(places(("lamarque", *LAMARQUE)), points(("blaye", *BLAYE)), roads=None))
    direct = straight_m(at(BLAYE), at(LAMARQUE))[0, 0]
    assert direct < 6_000
    assert row["minutes"] > 60  # by the bridges of Cubzac and Aquitaine


SOTTEVILLE, BONSECOURS = (1.089, 49.414), (1.127, 49.422)


def test_the_seine_is_gone_round_upstream_of_rouen_too():
    row = only(minutes_to_nearest(places(("b", *BONSECOURS)), points(("s", *SOTTEVILLE)), roads=None))
    assert 11 <= row["minutes"] <= 14  # readers say 11, by the bridges of Rouen; straight on, 9


NARROW = {"pont_de_terenez"}  # less than 500 m of sea
WHERE_A_BARRIER_ENDS = {"pont_de_libourne", "pont_d_arles", "ponts_de_rouen", "pont_mathilde"}


@pytest.mark.parametrize(
    "bridge", [row for row in rows("crossings.csv") if row["kind"] == "bridge"], ids=lambda row: row["crossing"]
)
def test_every_bridge_goes_over_what_stops_a_line(bridge):
    ends = shapely.get_coordinates(shapely.from_wkt(bridge["way_4326"]))
    needed = bridge["crossing"] not in NARROW | WHERE_A_BARRIER_ENDS
    assert (ways().refused(ends[:1], ends[-1:])[0] >= 0) == needed


def test_no_town_hall_of_the_mainland_is_cut_from_all_others():
    communes = load_territory().communes.dropna(subset=["longitude"])
    brittany = communes[communes["departement"].isin(["29", "56"])]
    homes = brittany[["longitude", "latitude"]].to_numpy(float)
    gaps = straight_m(homes, homes)
    np.fill_diagonal(gaps, np.inf)
    nearest = gaps.argmin(axis=1)
    stopped = np.flatnonzero(ways().refused(homes, homes[nearest]) >= 0)
    islands = {"29082", "29083", "29084", "29155", "56069", "56085", "56086", "56087", "56088"}
    for home in stopped:
        if brittany["insee"].iloc[home] not in islands:
            others = homes[gaps[home].argsort()[:20]]  # whoever reaches none of these reaches nobody soon
            assert np.isfinite(ways().nearest(homes[[home]], others)[0][0]), brittany["insee"].iloc[home]
