"""Models over many slots at once: lists of a nation are joined by an index, not row by row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sqlalchemy import text

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import insertion, materialise
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.prepare import prepare
from tests.rows import filled

CODES = [f"{number:02}" for number in range(1, 41)]


def test_minutes_and_points_of_a_nation_meet_by_their_point(tmp_path: Path) -> None:
    warehouse, project = Warehouse(f"sqlite:///{tmp_path / 'warehouse.db'}"), load_project()
    prepare(warehouse, project)
    points = pd.DataFrame(
        [
            {"campaign": "2022-12", "departement": code, "insee": f"{code}{n:03}", "point_id": f"{code}{n:03}"}
            for code in CODES
            for n in range(100)
        ]
    ).assign(origin="town_hall", population=1.0)
    warehouse.replace("demand_points", {}, filled("demand_points", points))
    minutes = points.drop(columns=["origin", "population"]).assign(
        service="france_services", demarche_id="", method="road"
    )
    warehouse.replace("access_minutes", {}, filled("access_minutes", minutes))
    materialise(warehouse, project, "int_commune_minutes", "2022-12", CODES)
    sql = insertion(project["int_commune_minutes"], project, "sqlite", CODES)
    values = {"campaign": "2022-12"} | {f"d{number}": code for number, code in enumerate(CODES)}
    with warehouse.reading() as connection:
        plan = [row[3] for row in connection.execute(text(f"explain query plan {sql}"), values)]
    warehouse.dispose()
    assert any("point_id=?" in step for step in plan), plan
