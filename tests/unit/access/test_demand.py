"""Times start from where people live, and all of them start from somewhere."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.access.demand import CELL_M, DEMAND_COLUMNS, demand_points, municipal_arrondissements
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.territory.shipped import load_territory

HALLS = pd.DataFrame(
    {
        "insee": ["2A004", "2A006", "2A008"],
        "longitude": [8.73, 8.9, np.nan],
        "latitude": [41.92, 41.9, np.nan],
        "population": [1000, 50, None],
    }
)


def squares(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["insee", "longitude", "latitude", "population"])


def test_a_commune_is_one_point_at_its_town_hall_where_nothing_better_is_known() -> None:
    points = demand_points(HALLS)
    assert tuple(points.columns) == DEMAND_COLUMNS
    assert points["point_id"].tolist() == points["insee"].tolist() == HALLS["insee"].tolist()
    assert points["population"].fillna(-1).tolist() == [1000, 50, -1]
    assert set(points["origin"]) == {"town_hall"}


@pytest.mark.parametrize(
    ("insee", "parts", "people"), [("75056", 20, 2_103_778), ("69123", 9, 519_127), ("13055", 16, 886_040)]
)
def test_the_three_large_cities_are_as_many_points_as_they_have_arrondissements(
    insee: str, parts: int, people: int
) -> None:
    communes = load_territory().communes
    points = demand_points(communes[communes["insee"] == insee])
    assert (len(points), round(points["population"].sum())) == (parts, people)
    assert points["point_id"].str[:2].eq(insee[:2]).all()
    assert points["longitude"].notna().all()


def test_each_arrondissement_has_inhabitants_and_a_town_hall() -> None:
    found = municipal_arrondissements()
    assert len(found) == 45
    assert found[["longitude", "latitude", "population"]].notna().all(axis=None)


def test_squares_say_where_people_are_and_the_commune_how_many() -> None:
    points = demand_points(
        HALLS, squares(("2A004", 8.73, 41.92, 30), ("2A004", 8.74, 41.925, 10), ("2A004", 8.95, 41.99, 60))
    )
    inhabited = points[points["insee"] == "2A004"]
    assert set(inhabited["origin"]) == {"squares"}
    assert inhabited["population"].sum() == pytest.approx(1000)
    assert inhabited["population"].max() == pytest.approx(600)
    assert points.set_index("insee").loc["2A006", "origin"] == "town_hall"  # a commune without a square keeps its own


def test_a_square_of_another_departement_is_no_point_of_this_one() -> None:
    assert len(demand_points(HALLS, squares(("33063", -0.58, 44.84, 5)))) == len(HALLS)


def test_a_merged_commune_is_as_many_points_as_it_has_town_halls_in_equal_parts() -> None:
    halls = pd.DataFrame(
        [("2A004", "2A004", 8.7, 41.9), ("2A099", "2A004", 8.8, 41.8), ("2A006", "2A006", 8.91, 41.91)],
        columns=["insee", "current_insee", "longitude", "latitude"],
    )
    points = demand_points(HALLS, halls=halls)
    found = points[["point_id", "insee", "longitude", "population", "origin"]].to_numpy().tolist()
    assert found[:3] == [
        ["2A004", "2A004", 8.7, 500.0, "former_commune"],
        ["2A099", "2A004", 8.8, 500.0, "former_commune"],
        ["2A006", "2A006", 8.91, 50.0, "town_hall"],
    ]
    assert (points["point_id"].iloc[3], points["origin"].iloc[3]) == (
        "2A008",
        "town_hall",
    )  # not in the file: as shipped


def test_squares_and_arrondissements_go_before_town_halls_that_are_given() -> None:
    halls = municipal_arrondissements()[["insee", "current_insee", "longitude", "latitude"]]
    communes = load_territory().communes
    points = demand_points(communes[communes["insee"] == "69123"], halls=halls)
    assert (len(points), set(points["origin"])) == (9, {"arrondissement"})
    own = pd.DataFrame([("2A004", "2A004", 1.0, 1.0)], columns=["insee", "current_insee", "longitude", "latitude"])
    points = demand_points(HALLS, squares(("2A004", 8.73, 41.92, 30)), halls=own)
    assert points["longitude"].iloc[0] == pytest.approx(8.73)


degrees = st.tuples(st.floats(8.0, 9.0), st.floats(41.0, 43.0), st.floats(0.5, 500))


@given(st.lists(degrees, min_size=1, max_size=40))
def test_nobody_is_moved_farther_than_a_cell_and_nobody_is_lost(rows: list[tuple[float, float, float]]) -> None:
    placed = squares(*(("2A004", *row) for row in rows))
    points = demand_points(HALLS, placed)
    mine = points[points["insee"] == "2A004"]
    assert mine["population"].sum() == pytest.approx(1000)
    assert mine["point_id"].is_unique
    for _, square in placed.iterrows():
        away = great_circle_m(
            mine["longitude"].to_numpy(), mine["latitude"].to_numpy(),
            np.full(len(mine), square["longitude"]), np.full(len(mine), square["latitude"]),
        )  # fmt: skip
        assert away.min() <= CELL_M * 1.5


def test_no_two_arrondissements_stand_at_one_point() -> None:
    found = municipal_arrondissements()
    assert not found.duplicated(["longitude", "latitude"]).any()
    sixth, eighth = (found[found["insee"] == code].iloc[0] for code in ("13206", "13208"))
    assert sixth["latitude"] > eighth["latitude"] + 0.02  # Castellane, the Prado


def test_people_are_whole_at_each_point_and_none_is_lost() -> None:
    communes = pd.DataFrame(
        [("01001", 5.0, 46.0, 1000.0), ("01002", 5.1, 46.1, 7.0)],
        columns=["insee", "longitude", "latitude", "population"],
    )
    halls = pd.DataFrame(
        [(f"0100{n}", code, 5.0 + n / 100, 46.0) for code, ns in (("01001", (1, 3, 4)), ("01002", (2, 5))) for n in ns],
        columns=["insee", "current_insee", "longitude", "latitude"],
    )
    people = demand_points(communes, halls=halls).set_index("point_id")["population"]
    assert people.to_dict() == {"01001": 334, "01003": 333, "01004": 333, "01002": 4, "01005": 3}
