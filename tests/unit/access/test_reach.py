"""Minutes to every place and minutes to the nearest tell one story, whoever stands on which land."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access.landmasses import landmass_of, lands
from fs_pipeline.access.minutes import MINUTE_COLUMNS, minutes_to_nearest
from fs_pipeline.access.reach import LIMIT_MIN, minutes_between
from fs_pipeline.access.services import Service
from fs_pipeline.access.straight_line import NO_POINT, detour_bands
from tests.unit.access.test_straight_line import GROIX, GROIX_HARBOUR, LORIENT, PARIS, places, points

NEAR_LORIENT, INLAND_GUYANE, NOWHERE = (-3.40, 47.80), (-54.03, 3.64), (None, None)
SPOTS = [
    PARIS,
    LORIENT,
    NEAR_LORIENT,
    GROIX,
    GROIX_HARBOUR,
    INLAND_GUYANE,
    (-54.04, 3.65),
    (None, 48.0),
    (2.0, None),
    NOWHERE,
]
spots = st.lists(st.sampled_from(SPOTS), min_size=1, max_size=5)


@given(spots, spots)
@settings(deadline=None, max_examples=60)
def test_the_nearest_of_all_places_is_the_nearest_place(sites, homes):
    offered = places(*[(f"p{i}", *site) for i, site in enumerate(sites)])
    demand = points(*[(f"d{i}", *home) for i, home in enumerate(homes)])
    nearest = minutes_to_nearest(offered, demand, roads=None)
    every = minutes_between(offered, demand, roads=None)
    assert every.shape == (len(homes), len(sites))
    told = nearest["minutes"].where(nearest["minutes"] <= LIMIT_MIN, np.inf).to_numpy()
    assert every.min(axis=1) == pytest.approx(told, abs=1e-3)
    for row, place_id in zip(every, nearest["place_id"], strict=True):
        if np.isfinite(row.min()):
            assert row[int(place_id[1:])] == pytest.approx(row.min(), abs=1e-3)


def test_beyond_the_limit_nothing_is_asked_and_at_the_limit_it_is():
    offered, demand = places(("p", 2.40, 48.86)), points(("d", *PARIS))
    minutes = minutes_between(offered, demand, roads=None)[0, 0]
    assert 0 < minutes < LIMIT_MIN
    assert minutes_between(offered, demand, roads=None, limit_min=minutes)[0, 0] == minutes
    assert np.isinf(minutes_between(offered, demand, roads=None, limit_min=minutes - 0.01)).all()


def test_a_land_that_is_stated_goes_before_the_one_that_the_outlines_know():
    stated = points(("d", *PARIS), ("e", *PARIS), ("f", *NOWHERE)).assign(landmass=["île imaginaire", None, "groix"])
    offered = places(("p", 2.36, 48.86), ("q", 2.37, 48.86)).assign(landmass=[None, "île imaginaire"])
    found = minutes_to_nearest(offered, stated, roads=None)
    assert found["place_id"].tolist() == ["q", "p", None]
    assert found["reason"].tolist() == [None, None, NO_POINT]
    every = minutes_between(offered, stated, roads=None)
    assert np.isfinite(every).tolist() == [[False, True], [True, False], [False, False]]


def test_who_is_not_reached_is_told_why():
    lands_apart = points(("paris", *PARIS), ("groix", *GROIX), ("guyane", *INLAND_GUYANE), ("nowhere", *NOWHERE))
    on_groix = minutes_to_nearest(places(("p", *GROIX_HARBOUR)), lands_apart, roads=None).set_index("demand_id")
    assert on_groix["reason"].to_dict() == {
        "paris": "non atteint\u00a0: aucun lieu sur le continent",
        "groix": None,
        "guyane": "non calculé\u00a0: pas de route à Maripasoula",
        "nowhere": "non calculé\u00a0: le point de départ n’a pas de coordonnées",
    }
    assert on_groix["method"].to_dict() == {
        "paris": "estimated", "groix": "estimated", "guyane": "not_computed", "nowhere": "not_computed",
    }  # fmt: skip
    none = minutes_to_nearest(places(("p", *NOWHERE)), lands_apart, roads=None).set_index("demand_id")
    assert none.loc["groix", ["method", "reason"]].tolist() == ["estimated", "non atteint\u00a0: aucun lieu à Groix"]
    apart = points(("d", *PARIS), ("e", *PARIS)).assign(landmass=["île imaginaire", None])
    elsewhere = minutes_to_nearest(places(("p", *PARIS)), apart, roads=None)
    said = "non calculé\u00a0: aucun lieu sur la même île, et pas de route vers les autres"
    assert elsewhere["reason"].tolist() == [said, None]
    assert elsewhere["method"].tolist() == ["not_computed", "estimated"]


def test_beyond_the_last_band_each_kilometre_costs_what_the_last_says():
    bands = detour_bands()["mountain"]
    assert bands.minutes_of(bands.bounds_m) == pytest.approx(bands.minutes)
    last = bands.bounds_m[-1]
    far = bands.minutes_of(np.array([last, last + 10_000.0, last + 20_000.0]))
    assert np.diff(far) == pytest.approx(bands.last_slope * 10_000.0)


def test_nobody_is_reached_where_there_is_no_place_and_lands_are_stated():
    none = places(("p", *PARIS)).assign(landmass="groix").iloc[:0]
    demand = points(("d", *PARIS)).assign(landmass=None)
    assert minutes_to_nearest(none, demand, roads=None, services=[Service("s")])["reached"].tolist() == [False]
    assert minutes_between(none, demand, roads=None).shape == (1, 0)


def test_services_are_answered_in_order_each_by_its_own_places():
    offered = pd.concat([places(("p", *PARIS), service="t"), places(("q", 2.40, 48.86), service="s")])
    offered = pd.concat([offered, places(("r", *PARIS)).assign(service=None)])
    demand = points(("d", *PARIS), ("e", 2.40, 48.86))
    found = minutes_to_nearest(offered, demand, roads=None)
    assert found[["service", "demand_id", "place_id"]].to_numpy().tolist() == [
        ["s", "d", "q"], ["s", "e", "q"], ["t", "d", "p"], ["t", "e", "p"],
    ]  # fmt: skip
    assert found["minutes"].tolist()[1::2] == [0.0, found["minutes"].iloc[0]]
    asked = minutes_to_nearest(offered, demand, roads=None, services=(Service("t"), Service("s")))
    assert asked["service"].tolist() == ["t", "t", "s", "s"]


@pytest.mark.parametrize("empty", ["demand", "services"])
def test_where_nobody_asks_there_are_columns_and_no_row(empty):
    demand = points(("d", *PARIS)).iloc[: 0 if empty == "demand" else 1]
    found = minutes_to_nearest(places(("p", *PARIS)), demand, roads=None, services=[] if empty == "services" else None)
    assert (tuple(found), len(found)) == (MINUTE_COLUMNS, 0)
    full = minutes_to_nearest(places(("p", *PARIS)), points(("d", *PARIS)), roads=None)
    assert found.dtypes.to_dict() == full.dtypes.to_dict()


def test_a_point_without_coordinates_stands_on_no_land():
    found = landmass_of(np.array([np.nan, 2.35, 2.35, -3.46]), np.array([48.0, np.nan, 48.86, 47.64]))
    assert found.tolist() == [None, None, "mainland", "groix"]
    assert not lands()["maripasoula"].has_roads
    assert lands()["groix"].has_roads


def test_a_house_that_is_many_rows_is_reached_as_if_each_row_were_alone() -> None:
    demand = pd.DataFrame({"longitude": [2.35, 2.50, np.nan], "latitude": [48.85, 48.90, np.nan]})
    rows = pd.DataFrame(
        {
            "longitude": [2.40, 2.30, 2.40, np.nan, 2.40, np.nan],
            "latitude": [48.86, 48.80, 48.86, 48.86, 48.86, 48.86],
            "landmass": [None, None, None, None, "elsewhere", None],
        }
    )
    alone = [minutes_between(rows.iloc[[row]], demand, roads=None) for row in range(len(rows))]
    together = minutes_between(rows, demand, roads=None)
    assert together.tobytes() == np.hstack(alone).tobytes()
    assert np.isfinite(together[:2, :3]).all()
    assert np.isinf(together[:, 3:]).all()  # no point, and a land that no way leads to
