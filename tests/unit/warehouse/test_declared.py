"""A table is declared as it is: a column that nobody declares, or that no longer exists, is an error."""

from pathlib import Path

import pytest
from sqlalchemy import Boolean, Float, Integer, Table
from sqlalchemy.types import TypeEngine

from fs_pipeline.data import read_csv
from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.editions.places import WITHHELD_COLUMNS
from fs_pipeline.warehouse.declared import ColumnSpec, TableSpec, declared_tables, read_declarations
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.tables import METADATA

STORED = METADATA.tables.values()


def kind(stored: TypeEngine[object]) -> str:
    """What the declaration calls a stored type."""
    if isinstance(stored, Boolean):
        return "boolean"
    if isinstance(stored, Float):
        return "float"
    return "integer" if isinstance(stored, Integer) else "text"


@pytest.mark.parametrize("table", STORED, ids=lambda table: table.name)
def test_a_stored_table_is_declared_column_by_column(table: Table) -> None:
    declared = declared_tables()[table.name].columns
    said = [(column.name, column.type, "not_null" in column.tests) for column in declared]
    assert said == [(column.name, kind(column.type), not column.nullable) for column in table.c]


@pytest.mark.parametrize("table", STORED, ids=lambda table: table.name)
def test_a_stored_table_declares_the_grain_that_its_key_keeps(table: Table) -> None:
    spec = declared_tables()[table.name]
    key = [column.name for column in table.primary_key]
    assert spec.grain == key or not key
    assert {*spec.grain} <= set(table.c.keys())


def test_the_catalogue_is_declared_column_by_column() -> None:
    assert [column.name for column in declared_tables()["demarches"].columns] == list(demarches())


def test_what_the_public_does_not_read_is_listed_as_declared() -> None:
    assert [column.name for column in declared_tables()["withheld"].columns] == list(WITHHELD_COLUMNS)


def test_nothing_else_is_declared() -> None:
    tables = {*(table.name for table in STORED), *(model.name for model in load_project()), "demarches", "withheld"}
    assert set(declared_tables()) == tables


def test_no_two_tables_of_a_folder_share_a_file() -> None:
    for partition in ("slot", "none", "campaign"):
        files = [spec.file for spec in declared_tables().values() if spec.file and spec.partition == partition]
        assert len(files) == len(set(files))


def test_a_closed_list_of_codes_is_a_reviewed_file() -> None:
    for spec in declared_tables().values():
        for column in spec.columns:
            if column.among:
                assert read_csv(f"{column.among}.csv"), (spec.name, column.name)


def test_what_is_not_said_stays_inside() -> None:
    column = ColumnSpec(name="remarks", type="text", description="")
    spec = TableSpec(name="notes", description="", partition="none", grain=[], columns=[column], readers="public")
    assert spec.columns_for("public") == spec.columns_for("partners") == ()
    assert spec.columns_for("internal") == (column,)
    shut = spec.model_copy(update={"readers": "internal"})
    assert shut.columns_for("internal") == (column,)
    assert shut.columns_for("partners") == ()


def test_a_text_that_leaves_says_what_it_is() -> None:
    with pytest.raises(ValueError, match="each of them says it"):
        ColumnSpec(name="remarks", type="text", description="", readers="public")


def test_a_file_that_declares_another_table_is_refused(tmp_path: Path) -> None:
    for room in ("sources", "staging", "intermediate", "marts"):
        (tmp_path / room).mkdir()
    (tmp_path / "sources" / "notes.yml").write_text(
        "{name: places, description: '', partition: none, grain: [], columns: []}", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"notes\.yml declares places"):
        read_declarations(tmp_path)
