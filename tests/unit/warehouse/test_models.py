"""The loader refuses models that lie, and materialises one partition without touching the others."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fs_pipeline.warehouse import models
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from fs_pipeline.warehouse.prepare import prepare
from fs_pipeline.warehouse.status import say
from tests.rows import filled

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


def test_what_several_models_say_is_written_once(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "macros.sql").write_text("{% macro twice(column) -%} 2 * {{ column }} {%- endmacro %}")
    project = models.read_project(write_project(tmp_path, SQL.replace("count(*)", "{{ twice('count(*)') }}")))
    prepare(warehouse, project)
    rows = filled("survey_rounds", pd.DataFrame({"departement": ["33"], "deposit_id": "d"}))
    warehouse.replace("survey_rounds", {"campaign": "2022-12"}, rows)
    materialise(warehouse, project, "stops", "2022-12", ["33"])
    assert warehouse.read(project["stops"].table)["stops"].tolist() == [2]


def test_one_slot_is_made_again_and_the_others_stand(warehouse: Warehouse, tmp_path: Path) -> None:
    project = models.read_project(write_project(tmp_path))
    prepare(warehouse, project)
    rows = pd.DataFrame({"departement": ["33", "33", "64"], "deposit_id": "d"})
    warehouse.replace("survey_rounds", {"campaign": "2022-12"}, filled("survey_rounds", rows))
    assert materialise(warehouse, project, "stops", "2022-12", ["33", "64"]) == 2
    warehouse.replace(
        "survey_rounds", {"campaign": "2022-12", "departement": "33"}, filled("survey_rounds", rows.head(1))
    )
    assert materialise(warehouse, project, "stops", "2022-12", ["33"]) == 1
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


@pytest.fixture
def materialised(warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    """Two slots of the model, good both, opened by who may bring them up to date."""
    warehouse.may_upgrade = True
    project = models.read_project(write_project(tmp_path))
    prepare(warehouse, project)
    for code, count in (("33", 2), ("64", 1)):
        rows = pd.DataFrame({"deposit_id": ["d"] * count})
        warehouse.replace("survey_rounds", {"campaign": "2022-12", "departement": code}, filled("survey_rounds", rows))
    materialise(warehouse, project, "stops", "2022-12", ["33", "64"])
    stage = {"campaign": "2022-12", "stage": "marts/stops", "state": "good", "turn": 1, "message": None}
    with warehouse.writing() as connection:
        rows = [stage | {"departement": code} for code in ("33", "64")]
        say(warehouse, rows, {"33": "a", "64": "b"}, connection)
    return warehouse


def stops(warehouse: Warehouse, project: models.Project, column: str = "stops") -> dict[str, object]:
    found = warehouse.read(project["stops"].table).set_index("departement")
    return dict(found[column].to_dict())


@pytest.mark.parametrize("columns", [("stops",), ("stops", "service")])
def test_a_model_that_changed_is_made_again_for_every_slot_that_it_held(
    materialised: Warehouse, tmp_path: Path, columns: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    sql = SQL.replace("count(*)", "10 * count(*)")
    if "service" not in columns:
        sql = sql.replace(", 'label:bus' as service", "")
    project = models.read_project(write_project(tmp_path, sql, columns))
    prepare(materialised, project)
    assert stops(materialised, project) == {"33": 20, "64": 10}
    assert "refaites d’après les lignes gardées, pour 2022-12 : 33, 64" in caplog.text
    caplog.clear()
    prepare(materialised, project)
    assert not caplog.text


def test_a_slot_that_cannot_be_made_again_is_to_be_made_again_and_said(
    materialised: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write_project(tmp_path, SQL.replace("count(*)", "case when count(*) > 1 then count(*) end"))
    spec = yaml.safe_load((folder / "marts" / "stops.yml").read_text())
    for column in spec["columns"]:
        column["tests"] = ["not_null"]
    (folder / "marts" / "stops.yml").write_text(yaml.safe_dump(spec))
    project = models.read_project(folder)
    prepare(materialised, project)
    assert stops(materialised, project) == {"33": 2, "64": 1}  # what stood stands
    status = materialised.read("slot_status").set_index("departement")
    assert status["state"].to_dict() == {"33": "good", "64": "stale"}
    assert status["message"]["64"].startswith("À refaire")
    assert status["last_good_at"].notna().all()
    assert status["fingerprint"].to_dict() == {"33": "a", "64": "b"}  # of the last good result
    assert "À refaire, n’ayant pas pu l’être (stops) : 2022-12 : 64." in caplog.text


def test_the_packaged_models_say_what_they_declare() -> None:
    """`load_project` takes their word for it."""
    assert list(models.read_project(files("dbt_like_sql")).models) == list(models.load_project().models)
