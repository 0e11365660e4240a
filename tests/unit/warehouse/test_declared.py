"""A table is declared as it is: a column that nobody declares, or that no longer exists, is an error."""

from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from fs_pipeline.data import read_csv
from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.warehouse import declared
from fs_pipeline.warehouse.declared import ColumnSpec, TableSpec, declaration, declared_tables, read_declarations
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.tables import metadata, table


def test_text_compares_by_code_point_in_every_table() -> None:
    tables = [*metadata().tables.values(), *(model.table for model in load_project())]
    for one in tables:
        for column in one.c:
            stored = column.type.compile(postgresql.dialect())
            assert "VARCHAR" not in stored or stored.endswith('COLLATE "C"'), (one.name, column.name)


def test_rows_that_are_not_replaced_with_their_slot_are_known_by_their_grain() -> None:
    for one in metadata().tables.values():
        spec = declaration(one.name)
        assert [column.name for column in one.primary_key] == ([] if spec.partition == "slot" else spec.grain)


def test_a_name_that_nobody_declares_is_an_error() -> None:
    with pytest.raises(ValueError, match="no stored table is declared under the name deposit"):
        table("deposit")
    with pytest.raises(ValueError, match="no stored table is declared under the name withheld"):
        table("withheld")
    with pytest.raises(ValueError, match="no table is declared under the name deposit"):
        declaration("deposit")


def test_a_column_that_one_table_of_places_has_lost_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    told = dict(declared_tables())
    survey = told["survey_places"]
    renamed = [column for column in survey.columns if column.name != "postcode"]
    told["survey_places"] = survey.model_copy(update={"columns": renamed})
    monkeypatch.setattr(declared, "declared_tables", lambda: told)
    with pytest.raises(ValueError, match=r"survey_places lacks \['postcode'\]"):
        declared.place_columns.__wrapped__()


def test_a_grain_of_columns_that_are_not_there_is_refused() -> None:
    column = ColumnSpec(name="remarks", type="text", description="")
    with pytest.raises(ValueError, match=r"notes: .*\['note_id'\]"):
        TableSpec(name="notes", description="", partition="none", grain=["note_id"], columns=[column])


def test_the_catalogue_is_declared_column_by_column() -> None:
    assert [column.name for column in declared_tables()["demarches"].columns] == list(demarches())


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
