"""A commune of several points is as far as its median inhabitant, on both databases; its people are counted point by point."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from fs_pipeline.warehouse.models import Project
from tests import rows
from tests.sql.conftest import Filled
from tests.sql.small_slot import CAMPAIGN, DEPARTEMENT

SLOT = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
Point = tuple[str, float | None, float | None]
"""Name, inhabitants, minutes; minutes of -1 were not computed."""

MEDIANS: dict[str, tuple[Sequence[Point], str]] = {
    "the middle of three": ([("a", 10, 5.0), ("b", 80, 12.0), ("c", 10, 50.0)], "b"),
    "half and half: the near one": ([("a", 50, 5.0), ("b", 50, 12.0)], "a"),
    "just over half": ([("a", 49, 5.0), ("b", 51, 12.0)], "b"),
    "most are reached by nothing": ([("a", 40, 5.0), ("b", 60, None)], "b"),
    "a few were not computed": ([("a", 60, 5.0), ("b", 40, -1.0)], "a"),
    "three alike": ([("a", 30, 12.0), ("b", 30, 12.0), ("c", 30, 12.0)], "b"),
    "nobody was counted": ([("a", None, 5.0), ("b", None, 12.0)], "a"),
    "nobody lives near": ([("a", 0, 5.0), ("b", 10, 12.0), ("c", 0, 50.0)], "b"),
}


def of_points(
    filled_slot: Filled, points: Sequence[Point], origin: str = "squares", away_min: float | None = None
) -> pd.Series:
    """The row of ``int_commune_minutes`` of a commune that has these points, whose fast end is half their minutes."""
    warehouse, project = filled_slot
    said = [
        {"point_id": name, "insee": "33001", "population": people, "origin": origin, "away_min": away_min}
        for name, people, _ in points
    ]
    kept = {table: warehouse.read(table, SLOT) for table in ("demand_points", "access_minutes")}
    try:
        warehouse.replace("demand_points", SLOT, rows.filled("demand_points", pd.DataFrame(said)))
        warehouse.replace("access_minutes", SLOT, rows.filled("access_minutes", _minutes(points)))
        return _made(warehouse, project)
    finally:
        for table, before in kept.items():
            warehouse.replace(table, SLOT, before.drop(columns=[*SLOT]))
        materialise(warehouse, project, "int_commune_minutes", CAMPAIGN, [DEPARTEMENT])


def _minutes(points: Sequence[Point]) -> pd.DataFrame:
    said = [
        {
            "point_id": name,
            "insee": "33001",
            **FRANCE_SERVICES.columns,
            "minutes": None if minutes == -1 else minutes,
            "method": "not_computed" if minutes == -1 else "estimated",
        }
        for name, _, minutes in points
    ]
    frame = pd.DataFrame(said)
    return frame.assign(minutes_low=frame["minutes"].astype("float64") / 2, minutes_high=frame["minutes"])


def _made(warehouse: Warehouse, project: Project) -> pd.Series:
    materialise(warehouse, project, "int_commune_minutes", CAMPAIGN, [DEPARTEMENT])
    (row,) = warehouse.read(project["int_commune_minutes"].table, SLOT).to_dict("records")
    return pd.Series(row)


@pytest.mark.parametrize("case", MEDIANS)
def test_a_commune_is_as_far_as_its_median_inhabitant(filled: Filled, case: str) -> None:
    points, median = MEDIANS[case]
    assert of_points(filled, points)["point_id"] == median


def test_people_are_counted_where_they_live_not_by_their_commune(filled: Filled) -> None:
    points = [("a", 10, 5.0), ("b", 20, 25.0), ("c", 30, 45.0), ("d", 40, None), ("e", 50, -1.0)]
    row = of_points(filled, points)
    counted = ["population", "population_near", "population_far", "population_unreached", "population_not_computed"]
    assert row[counted].tolist() == [150, 10, 30, 40, 50]
    assert row["points"] == 5


@pytest.mark.parametrize(
    ("points", "origin", "away_min", "soonest"),
    [
        ([("a", 10, 50.0), ("b", 10, 60.0)], "squares", None, 25.0),
        ([("a", 10, 50.0)], "lone_town_hall", 20.0, 15.0),
        ([("a", 10, 50.0)], "lone_town_hall", 70.0, 0.0),
        ([("a", 10, None)], "lone_town_hall", 70.0, None),
        ([("a", 10, 50.0), ("b", 10, 12.0), ("c", 10, None)], "former_commune", None, 6.0),
        ([("a", 10, 50.0), ("b", 10, 60.0)], "former_commune", 20.0, 15.0),
    ],
)
def test_the_nearest_of_a_commune_s_people_may_be_at_its_end_or_at_any_of_its_town_halls(
    filled: Filled, points: Sequence[Point], origin: str, away_min: float | None, soonest: float | None
) -> None:
    row = of_points(filled, points, origin, away_min)
    assert row["counted_at"] == origin
    assert pd.isna(row["minutes_soonest"]) if soonest is None else row["minutes_soonest"] == pytest.approx(soonest)
