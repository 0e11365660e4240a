"""The loader refuses models that lie, and materialises one partition without touching the others."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from fs_pipeline.warehouse import models
from fs_pipeline.warehouse.engine import Warehouse

SQL = """
with rounds as (select * from {{ source('survey_rounds') }}),
final as (
    select r.campaign, r.departement, count(*) as stops, 'label:bus' as service
    from rounds as r group by r.campaign, r.departement
)
select * from final
"""


def write_project(folder: Path, sql: str = SQL, columns: tuple[str, ...] = ("stops", "service")) -> Path:
    for layer in models.LAYERS:
        (folder / layer).mkdir(exist_ok=True)
    (folder / "sources.yml").write_text(yaml.safe_dump({"sources": ["survey_rounds"], "seeds": {}}))
    (folder / "marts" / "stops.sql").write_text(sql)
    types = {"stops": "integer"}
    declared = [
        {"name": name, "type": types.get(name, "text"), "description": name}
        for name in ("campaign", "departement", *columns)
    ]
    spec = {
        "name": "stops",
        "description": "Stops a slot.",
        "owner": "data",
        "partition": "slot",
        "grain": ["campaign", "departement"],
        "columns": declared,
    }
    (folder / "marts" / "stops.yml").write_text(yaml.safe_dump(spec))
    return folder


def test_one_slot_is_made_again_and_the_others_stand(warehouse: Warehouse, tmp_path: Path) -> None:
    project = models.read_project(write_project(tmp_path))
    models.prepare(warehouse, project)
    rows = pd.DataFrame({"departement": ["33", "33", "64"], "deposit_id": "d"})
    warehouse.replace("survey_rounds", {"campaign": "2022-12"}, rows)
    assert models.materialise(warehouse, project, "stops", "2022-12", ["33", "64"]) == 2
    warehouse.replace("survey_rounds", {"campaign": "2022-12", "departement": "33"}, rows.head(1))
    assert models.materialise(warehouse, project, "stops", "2022-12", ["33"]) == 1
    found = warehouse.read(project["stops"].table).set_index("departement")
    assert found["stops"].to_dict() == {"33": 1, "64": 1}
    assert found["service"].unique().tolist() == ["label:bus"]


def test_a_model_that_selects_other_columns_than_it_declares_is_refused(tmp_path: Path) -> None:
    with pytest.raises(models.ModelError, match="declares"):
        models.read_project(write_project(tmp_path, columns=("stops", "colour")))


def test_an_undeclared_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(models.ModelError, match=r"sources\.yml"):
        models.read_project(write_project(tmp_path, SQL.replace("survey_rounds", "problems")))


def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(models.ModelError, match="do not exist"):
        models.read_project(write_project(tmp_path, SQL.replace("source('survey_rounds')", "ref('ghost')")))


def test_a_changed_declaration_makes_the_table_anew(warehouse: Warehouse, tmp_path: Path) -> None:
    models.prepare(warehouse, models.read_project(write_project(tmp_path)))
    sql = SQL.replace(", 'label:bus' as service", "")
    project = models.read_project(write_project(tmp_path, sql, columns=("stops",)))
    models.prepare(warehouse, project)
    assert "service" not in warehouse.read(project["stops"].table).columns
