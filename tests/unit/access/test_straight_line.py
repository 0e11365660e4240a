"""Estimated minutes: what a straight line may say, and where it must keep silent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access.band import speed_bands
from fs_pipeline.access.country import OPEN, TOWN
from fs_pipeline.access.landmasses import landmass_of
from fs_pipeline.access.minutes import MINUTE_COLUMNS, minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import Service
from fs_pipeline.access.straight_line import detour_bands, minutes_of

PARIS = (2.3522, 48.8566)
LORIENT = (-3.3702, 47.7483)
GROIX = (-3.4650, 47.6390)
GROIX_HARBOUR = (-3.4480, 47.6445)


def points(*rows: tuple[object, ...], columns: tuple[str, ...] = ("id", "longitude", "latitude")) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).assign(population=100.0)


def places(*rows: tuple[str, float, float], service: str = "s") -> pd.DataFrame:
    return points(*rows).assign(**Service(service).columns)


def only(minutes: pd.DataFrame) -> dict[str, object]:
    assert len(minutes) == 1
    return minutes.iloc[0].to_dict()


def test_columns_and_band_are_those_of_the_contract():
    row = only(minutes_to_nearest(places(("p", 2.40, 48.86)), points(("d", *PARIS)), roads=None))
    assert tuple(row) == MINUTE_COLUMNS
    assert row["method"] == "estimated"
    assert row["reached"]
    assert row["place_id"] == "p"
    for trips, names in (("one", ("minutes_low", "minutes_high")), ("all", ("minutes_all_fast", "minutes_all_slow"))):
        ends = speed_bands(trips)["town"]
        assert [row[name] for name in names] == pytest.approx([row["minutes"] / end for end in ends])
    assert np.isnan(row["snapped_m"])


def test_ten_kilometres_cost_what_the_bands_of_the_country_say():
    of_ten = minutes_of(np.full(3, 10_000.0), np.array([OPEN, "mountain", TOWN], dtype=object))
    # 2 km at 30 km/h lengthened by 1.35 and 8 km at 60 km/h by 1.30; 23 and 43 km/h by 1.35; 22 and 38 km/h by 1.35
    assert of_ten == pytest.approx(
        [
            60 * (2 * 1.35 / 30 + 8 * 1.30 / 60),
            60 * (2 * 1.35 / 23 + 8 * 1.35 / 43),
            60 * (2 * 1.35 / 22 + 8 * 1.35 / 38),
        ]
    )
    assert (np.diff(of_ten) > 0).all()


def test_an_island_without_a_bridge_is_not_computed_from_the_mainland():
    row = only(minutes_to_nearest(places(("lorient", *LORIENT)), points(("groix", *GROIX)), roads=None))
    assert row["method"] == "not_computed"
    assert not row["reached"]
    assert np.isnan(row["minutes"])
    assert row["place_id"] is None
    assert row["reason"] == "non calculé\u00a0: aucun lieu à Groix, et pas de route vers les autres"


def test_a_place_on_the_same_island_is_computed_and_is_not_the_mainland_s():
    here = places(("harbour", *GROIX_HARBOUR))
    both = minutes_to_nearest(here, points(("groix", *GROIX), ("lorient", *LORIENT)), roads=None).set_index("demand_id")
    assert both.loc["groix", "place_id"] == "harbour"
    assert not both.loc["lorient", "reached"]
    assert both.loc["lorient", "method"] == "estimated"  # the mainland is simply not served


def test_where_no_road_leads_the_village_that_holds_a_place_has_a_time_and_no_other():
    hall, up_the_river = (-54.03, 3.64), (-54.03, 3.66)
    at_home = points(("village", *hall), ("2_km_up", *up_the_river))
    offered = places(("p", -54.03, 3.645))
    found = minutes_to_nearest(offered, at_home, roads=None).set_index("demand_id")
    assert found["place_id"].to_dict() == {"village": "p", "2_km_up": "p"}
    beyond = minutes_to_nearest(offered, points(("3_km_up", -54.03, 3.672)), roads=None)
    assert only(beyond)["reason"] == "non calculé\u00a0: pas de route à Maripasoula"
    elsewhere = minutes_to_nearest(places(("q", *PARIS)), at_home, roads=None)
    assert set(elsewhere["reason"]) == {"non calculé\u00a0: pas de route à Maripasoula"}
    every = minutes_between(offered, points(("village", *hall), ("3_km_up", -54.03, 3.672)), roads=None)
    assert np.isfinite(every[:, 0]).tolist() == [True, False]
    assert every[0, 0] == pytest.approx(found.loc["village", "minutes"])


def test_a_point_without_coordinates_is_kept_and_says_so():
    row = only(minutes_to_nearest(places(("p", *PARIS)), points(("d", None, None)), roads=None))
    assert row["method"] == "not_computed"
    assert "coordonnées" in row["reason"]


def test_a_place_without_coordinates_serves_nobody():
    row = only(minutes_to_nearest(places(("p", None, None)), points(("d", *PARIS)), roads=None))
    assert not row["reached"]
    assert row["method"] == "estimated"


def test_a_service_asked_for_without_any_place_has_its_rows():
    minutes = minutes_to_nearest(
        places(("p", *PARIS)), points(("d", *PARIS)), roads=None, services=[Service("s"), Service("t")]
    )
    assert minutes.set_index("service")["reached"].to_dict() == {"s": True, "t": False}


def test_a_stated_land_has_the_last_word():
    demand = points(("d", *PARIS)).assign(landmass="île imaginaire")
    row = only(minutes_to_nearest(places(("p", 2.36, 48.86)), demand, roads=None))
    assert row["method"] == "not_computed"


@pytest.mark.parametrize(
    ("where", "point"),
    [
        ("mainland", PARIS),
        ("mainland", (-1.40, 46.20)),  # Ré has its bridge
        ("mainland", (6.13, 43.04)),  # Giens
        ("porquerolles", (6.20, 43.00)),
        ("belle_ile", (-3.15, 47.33)),
        ("corse", (9.15, 42.30)),
        ("guadeloupe", (-61.55, 16.25)),
        ("terre_de_haut", (-61.585, 15.866)),
        ("marie_galante", (-61.28, 15.93)),
        ("petite_terre", (45.28, -12.80)),
        ("mayotte", (45.17, -12.82)),
        ("reunion", (55.45, -20.88)),
        ("saint_barthelemy", (-62.83, 17.90)),
    ],
)
def test_each_point_stands_on_its_land(where, point):
    assert landmass_of(np.array([point[0]]), np.array([point[1]])).tolist() == [where]


near_paris = st.tuples(st.floats(2.0, 2.8), st.floats(48.6, 49.1))


@given(st.lists(near_paris, min_size=2, max_size=8), st.lists(near_paris, min_size=1, max_size=8))
@settings(deadline=None, max_examples=40)
def test_adding_a_place_never_lengthens_a_journey(sites, homes):
    demand = points(*[(f"d{i}", *home) for i, home in enumerate(homes)])
    every = places(*[(f"p{i}", *site) for i, site in enumerate(sites)])
    fewer = minutes_to_nearest(every.iloc[:-1], demand, roads=None)["minutes"]
    more = minutes_to_nearest(every, demand, roads=None)["minutes"]
    assert (more <= fewer + 1e-9).all()


@given(st.lists(st.floats(0, 200_000), min_size=2, max_size=20))
@settings(deadline=None, max_examples=40)
def test_farther_is_never_sooner(straight_m):
    for bands in detour_bands().values():
        assert (np.diff(bands.minutes_of(np.sort(np.array(straight_m)))) >= 0).all()
