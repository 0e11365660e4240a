"""Minutes by road: who is joined to what, which of two places answers, and why somebody is not reached."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.access.by_road import BEYOND_FILE_DEGREES
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import Service
from fs_pipeline.roads.graph import RoadGraph
from fs_pipeline.roads.reading import read_roads
from tests.unit.roads.test_roads import PRIMARY, STEP, osm, point

ONE = 5.0038 / 68 * 60  # minutes from a letter to the next
METRE = 1 / 111_195.0  # degrees, along the equator or away from it


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> RoadGraph:
    """A road a–e along the equator."""
    path = tmp_path_factory.mktemp("roads") / "line.osm"
    path.write_text(osm(("w", "abcde", PRIMARY)), encoding="utf-8")
    return read_roads(path)


def places(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Places given as (id, service, letter)."""
    return pd.concat(
        [point(letter).assign(id=name, **Service(service).columns) for name, service, letter in rows], ignore_index=True
    )


def people(*letters: str) -> pd.DataFrame:
    return pd.concat([point(letter) for letter in letters], ignore_index=True)


def at(longitude: float, latitude: float) -> pd.DataFrame:
    return pd.DataFrame({"id": ["p"], "longitude": [longitude], "latitude": [latitude], "population": 1.0})


def test_each_service_has_its_block_and_each_point_its_nearest_place(roads: RoadGraph) -> None:
    offered = places(("far", "t", "e"), ("near", "s", "b"), ("middle", "s", "d"))
    found = minutes_to_nearest(
        offered, people("a", "c", "d"), roads=roads, services=[Service(kind) for kind in ("t", "none", "s")]
    )
    assert found["service"].tolist() == ["t"] * 3 + ["none"] * 3 + ["s"] * 3
    assert found["demand_id"].tolist() == ["a", "c", "d"] * 3
    assert found["place_id"].tolist() == ["far"] * 3 + [None] * 3 + ["near", "middle", "middle"]
    assert found["minutes"].to_numpy() == pytest.approx(
        np.array([4, 2, 1, np.nan, np.nan, np.nan, 1, 1, 0]) * ONE, abs=0.02, nan_ok=True
    )
    assert set(found["method"]) == {"road"}
    assert found["snapped_m"].to_numpy() == pytest.approx(0, abs=1)
    assert found["reason"].tolist() == [None] * 3 + ["non atteint\u00a0: aucun chemin par la route"] * 3 + [None] * 3
    assert found["minutes_low"].iloc[0] == pytest.approx(found["minutes"].iloc[0] / 1.2)
    assert found["minutes_high"].iloc[0] == pytest.approx(found["minutes"].iloc[0] / 0.8)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_places_of_one_spot_the_first_id_answers_whatever_the_order(
    roads: RoadGraph, order: tuple[int, int]
) -> None:
    same = places(("9", "s", "b"), ("10", "s", "b")).iloc[list(order)]
    assert minutes_to_nearest(same, people("c"), roads=roads)["place_id"].tolist() == ["10"]  # ids are texts


def test_a_place_that_the_file_does_not_speak_of_serves_nobody(roads: RoadGraph) -> None:
    lost = places(("nowhere", "s", "b"), ("abroad", "s", "b"), ("wild", "s", "b"), ("far", "s", "e"))
    lost.loc[0, ["longitude", "latitude"]] = np.nan
    lost.loc[1, "latitude"] = 4.0
    lost.loc[2, "latitude"] = 4_000 * METRE
    found = minutes_to_nearest(lost, people("b"), roads=roads)
    assert found["place_id"].tolist() == ["far"]
    matrix = minutes_between(lost, people("b", "c"), roads=roads)
    assert np.isinf(matrix[:, :3]).all()
    assert matrix[:, 3] == pytest.approx([3 * ONE, 2 * ONE], abs=0.02)


SIDES = [("west", STEP, -1, 0), ("east", 5 * STEP, 1, 0), ("south", STEP, 0, -1), ("north", STEP, 0, 1)]


@pytest.mark.parametrize(("longitude", "east", "north"), [side[1:] for side in SIDES], ids=[side[0] for side in SIDES])
def test_the_file_speaks_of_its_box_and_of_a_little_more_on_each_side(
    roads: RoadGraph, longitude: float, east: int, north: int
) -> None:
    for beyond, method in ((0.9, "road"), (1.1, "not_computed")):
        degrees = beyond * BEYOND_FILE_DEGREES
        (row,) = minutes_to_nearest(
            places(("p", "s", "a")), at(longitude + east * degrees, north * degrees), roads=roads
        ).to_dict("records")
        assert row["method"] == method
        assert not row["reached"]
        said = (
            "non atteint\u00a0: route la plus proche à 5,0\u00a0km"
            if method == "road"
            else "non calculé\u00a0: hors de"
        )
        assert row["reason"].startswith(said)
    assert row["reason"].endswith("du fichier de routes (line.osm)")
    assert np.isnan(row["snapped_m"])


@pytest.mark.parametrize(("metres", "reached"), [(2_990, True), (3_010, False)])
def test_beyond_three_kilometres_the_nearest_road_says_nothing_of_a_point(
    roads: RoadGraph, metres: float, reached: bool
) -> None:
    (row,) = minutes_to_nearest(places(("p", "s", "c")), at(2 * STEP, metres * METRE), roads=roads).to_dict("records")
    assert row["reached"] == reached
    assert row["snapped_m"] == pytest.approx(metres, abs=10)
    assert row["method"] == "road"
    assert row["reason"] == (None if reached else "non atteint\u00a0: route la plus proche à 3,0\u00a0km")
    matrix = minutes_between(places(("p", "s", "c")), at(2 * STEP, metres * METRE), roads=roads)
    assert np.isfinite(matrix).all() == reached


def test_who_has_no_coordinates_is_asked_for_them(roads: RoadGraph) -> None:
    lost = pd.DataFrame({"id": ["l", "m"], "longitude": [None, 2 * STEP], "latitude": [0.0, None]}, dtype=object)
    found = minutes_to_nearest(places(("p", "s", "c")), lost, roads=roads)
    assert found["method"].tolist() == ["not_computed"] * 2
    assert found["reason"].tolist() == ["non calculé\u00a0: le point de départ n’a pas de coordonnées"] * 2


def test_minutes_to_every_place_stop_at_the_limit(roads: RoadGraph) -> None:
    offered = places(("b", "s", "b"), ("e", "s", "e"), ("b again", "s", "b"))
    matrix = minutes_between(offered, people("a", "d"), roads=roads, limit_min=3.5 * ONE)
    apart = np.inf
    expected = np.array([[1, apart, 1], [2, 1, 2]]) * ONE
    assert matrix == pytest.approx(expected, abs=0.02)
    assert minutes_between(offered, people("a"), roads=roads, limit_min=4.1 * ONE)[0, 1] == pytest.approx(
        4 * ONE, abs=0.02
    )
    assert minutes_between(offered.iloc[:0], people("a", "b"), roads=roads).shape == (2, 0)
    assert minutes_between(offered, people("a").iloc[:0], roads=roads).shape == (0, 3)
