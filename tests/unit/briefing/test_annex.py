"""The tables behind a dossier as a workbook: the same rows as the files of data, nothing that its readers may not have."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from fs_pipeline.briefing.annex import write_annex
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.editions.edition import EDITIONS, Edition
from fs_pipeline.release.tables import declared_files
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.sample import empty_tables, tiny_tables
from tests.unit.briefing.test_claims import whole_tables


def opened(tables: SlotTables, edition: Edition = "internal") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_annex(tables.let_out(edition), edition)))


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("sheet", "table"),
    [("Lieux", "places"), ("Communes trop loin", "gaps"), ("Gestes", "levers"), ("Chiffres clés", "indicators")],
)
def test_a_sheet_has_the_rows_and_columns_of_its_file(edition: Edition, sheet: str, table: str) -> None:
    tables = whole_tables().let_out(edition)
    book, file = opened(tables, edition), declaration(table).file
    files = declared_files(tables.tables)
    assert (sheet in book.sheetnames) == (file in files)
    if file in files:
        given = pd.read_csv(io.BytesIO(files[str(file)]), dtype=str)
        assert [cell.value for cell in book[sheet][2]] == list(given.columns)
        assert book[sheet].max_row == len(given) + 2
        first = given.columns[0]
        assert [str(row[0].value) for row in book[sheet].iter_rows(min_row=3)] == given[first].tolist()


def test_each_column_is_said_in_french() -> None:
    heads = {cell.value for cell in opened(tiny_tables())["Lieux"][1]}
    assert {column.description.rstrip(".") for column in declaration("places").columns} & heads
    assert None not in heads


def test_the_grid_says_in_words_what_is_known_of_each_place_and_demarche() -> None:
    tables = tiny_tables()
    book = opened(tables)
    rows = list(book["Démarches par lieu"].iter_rows(values_only=True))
    said = sum(value is not None for row in rows[2:] for value in row[2:])
    assert said == int((tables.demarche_matrix["evidence"] != "unknown").sum())
    assert {value for row in rows[2:] for value in row[2:]} <= {
        None,
        "confirmé",
        "par le label",
        "en général",
        "orientation",
        "aucun",
    }


def test_the_first_sheet_lists_the_others_with_their_rows() -> None:
    book = opened(whole_tables())
    listed = {row[0]: row[1] for row in book["À lire"].iter_rows(min_row=6, values_only=True) if row[0]}
    assert list(listed) == book.sheetnames[1:]
    assert all(book[name].max_row == rows + 2 for name, rows in listed.items())


def test_what_begins_as_a_formula_is_a_text_and_what_is_not_known_is_empty() -> None:
    tables = tiny_tables()
    places = tables.places.assign(name="=1+1", phone=None)
    sheet = opened(tables.having(places=places))["Lieux"]
    keys = [cell.value for cell in sheet[2]]
    cell = sheet.cell(3, keys.index("name") + 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert sheet.cell(3, keys.index("phone") + 1).value is None


def test_a_slot_without_anything_has_a_first_sheet_that_says_so(tmp_path: Path) -> None:
    book = opened(empty_tables())
    assert book.sheetnames[0] == "À lire"
    assert "jamais un zéro" in str(book["À lire"]["A3"].value)


def test_the_same_tables_give_the_same_bytes() -> None:
    tables = tiny_tables().let_out("partners")
    assert write_annex(tables, "partners") == write_annex(tables, "partners")
