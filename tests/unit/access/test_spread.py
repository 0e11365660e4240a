"""What is not known of where the people of a wide or merged commune live is in no « au moins »."""

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.access.band import road_band, speed_bands
from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.spread import (
    FORMER,
    HALL,
    LONE_HALL,
    VAST_KM2,
    homes_of,
    where_counted,
    wide_communes,
    with_reach,
)
from fs_pipeline.access.straight_line import detour_bands
from fs_pipeline.territory.shipped import load_territory

FAST, SLOW = speed_bands("all")["road"]


def points_of(*insees: str, halls: pd.DataFrame | None = None) -> pd.DataFrame:
    communes = load_territory().communes
    return with_reach(demand_points(communes[communes["insee"].isin(insees)], halls=halls)).set_index("point_id")


def hall(code: str, commune: str, longitude: float, latitude: float) -> pd.DataFrame:
    said = {"insee": [code], "current_insee": [commune], "longitude": [longitude], "latitude": [latitude]}
    return pd.DataFrame(said)


def test_a_wide_commune_at_its_town_hall_alone_says_so_and_how_far_it_goes() -> None:
    # Saint-Laurent-du-Maroni, 139 km to its end; Gorges du Tarn Causses, merged; Florac, merged too; Laubert, neither.
    points = points_of("97311", "48146", "48082", "13055")
    origins = points["origin"].to_dict()
    assert (origins["97311"], origins["48146"], origins["48082"]) == (LONE_HALL, LONE_HALL, HALL)
    assert set(points.loc[points["insee"] == "13055", "origin"]) == {"arrondissement"}
    kilometres = wide_communes()["reach_km"]
    expected = detour_bands()["mountain"].minutes_of(np.array([1000.0 * kilometres["48146"]]))
    assert points.loc["48146", "away_min"] == pytest.approx(expected[0])
    assert points["away_min"].notna().sum() == 2


def test_shares_of_a_merged_commune_are_as_far_as_their_own_town_halls_but_where_each_is_vast() -> None:
    halls = [hall("48146", "48146", 3.41, 44.37), hall("48122", "48146", 3.53, 44.37)]
    halls += [hall("97301", "97301", -52.13, 4.31), hall("97313", "97301", -52.31, 4.48)]
    points = points_of("48146", "97301", halls=pd.concat(halls))
    assert set(points["origin"]) == {FORMER}
    away = points["away_min"].notna()
    assert away[points["insee"] == "97301"].all()  # 11,565 km² for two town halls
    assert away[points["insee"] == "48146"].all() == (wide_communes().loc["48146", "area_km2"] / 2 >= VAST_KM2)


def homes(*rows: tuple[str, str, float]) -> pd.DataFrame:
    points = pd.DataFrame(rows, columns=["insee", "origin", "away_min"])
    return points.assign(longitude=2.0, latitude=48.0)


def test_whoever_is_nearest_and_farthest_bounds_those_who_are_counted_at_one_town_hall() -> None:
    found = homes_of(homes(("1", HALL, np.nan), ("2", LONE_HALL, 6.0), ("3", LONE_HALL, 40.0)), by_road=True)
    minutes = np.array([30.0, 30.0, 30.0])
    assert found.soonest(minutes) == pytest.approx(np.array([30.0, 24.0, 0.0]) / FAST)
    assert found.latest(minutes) == pytest.approx(np.array([30.0, 36.0, 70.0]) / SLOW)
    by_place = np.column_stack((minutes, np.full(3, np.inf)))
    assert found.soonest(by_place)[:, 1].tolist() == [np.inf] * 3


def test_people_shared_by_rule_are_near_or_far_only_where_all_of_their_town_halls_are() -> None:
    shared = homes_of(
        homes(("1", FORMER, np.nan), ("2", HALL, np.nan), ("1", FORMER, np.nan), ("2", HALL, np.nan)), by_road=True
    )
    minutes = np.array([[12.0, 40.0], [12.0, 40.0], [36.0, 50.0], [np.nan, 50.0]])
    assert shared.soonest(minutes)[:, 0] == pytest.approx(np.array([12, 12, 12, np.nan]) / FAST, nan_ok=True)
    assert shared.latest(minutes)[:, 0] == pytest.approx(np.array([36, 12, 36, np.nan]) / SLOW, nan_ok=True)
    assert shared.latest(minutes[:, 1]) == pytest.approx(np.array([50, 40, 50, 50]) / SLOW)
    said = np.array([[True, True], [True, False], [False, True], [False, False]])
    assert shared.all_of(said).tolist() == [[False, True], [True, False], [False, True], [False, False]]


def test_where_all_live_at_the_points_only_speeds_make_the_bounds() -> None:
    counted, minutes = where_counted(road_band()), np.array([[10.0, 20.0], [30.0, 40.0]])
    assert counted.soonest(minutes) == pytest.approx(minutes / FAST)
    assert counted.latest(minutes[:, 0]) == pytest.approx(minutes[:, 0] / SLOW)
    assert counted.all_of(minutes > 15).tolist() == (minutes > 15).tolist()
