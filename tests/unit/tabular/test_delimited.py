"""A CSV as the project writes one: read back whole, and run by no spreadsheet, whatever the separator it takes."""

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fs_pipeline
from fs_pipeline.tabular.delimited import frame_csv, write_csv
from fs_pipeline.tabular.formulas import as_meant, inert

RUN = tuple("=+-@＝＋－＠\t\r")
SEPARATORS = ",;\t"
HOSTILE = st.text(alphabet="=+-@＝\t\r\n\v\u2028,;\"' \u00a0\u200b|a1(", max_size=12)


def cells(content: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=4), st.sampled_from(",;"))
@example([("Mairie;=1+1;", "", "Espace,=1+1,")], ",")
@example([("", 'x;"=1+1', "")], ",")
@example([("", "", "x;"), ("\r=1", "", "")], ",")
def test_no_cell_begins_as_a_formula_whatever_the_separator_taken(rows: list[tuple[str, ...]], written: str) -> None:
    content = write_csv(("id", "name", "note"), [(1, *row, -0.5) for row in rows], delimiter=written)
    for taken in SEPARATORS:
        for cell in (cell for row in cells(content, taken) for cell in row):
            assert not cell.lstrip(' "\u00a0\u200b').startswith(RUN) or cell == "-0.5", (taken, cell)


@given(st.lists(st.tuples(HOSTILE, HOSTILE), max_size=4), st.sampled_from(",;"))
def test_every_text_is_read_back_as_it_was(rows: list[tuple[str, str]], delimiter: str) -> None:
    found = cells(write_csv(("one", "two"), rows, delimiter=delimiter), delimiter)[1:]
    assert [tuple(as_meant(cell) for cell in row) for row in found] == rows


@given(st.text())
def test_what_is_made_inert_can_be_given_back(text: str) -> None:
    assert as_meant(inert(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "l’Île-d’Yeu", "10 - 12 rue du Port", "Mo-Fr 09:00-12:00,14:00-17:00; PH off", "accueil@exemple.fr", "'t Kint",
        "a=b", "https://exemple.fr/?a=1&b=-2", "Mairie, 1er étage\n2e porte", "", "'", '"Le Phare"',
    ],
)  # fmt: skip
def test_a_harmless_text_is_written_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_texts_are_quoted_numbers_are_not_and_what_is_missing_is_empty() -> None:
    frame = pd.DataFrame(
        {
            "insee": ["01053", None],
            "phone": ["+33199001122", ""],
            "longitude": [-0.58, float("nan")],
            "population": pd.array([12, None], dtype="Int64"),
            "open": [True, False],
        }
    )
    assert frame_csv(frame).splitlines() == [
        '"insee","phone","longitude","population","open"',
        '"01053","\'+33199001122",-0.58,12,True',
        ',"",,,False',
    ]


def test_a_list_of_one_column_keeps_its_missing_line() -> None:
    assert len(cells(write_csv(["name"], [["a"], [None], ["b"]]), ",")) == 4


def test_nothing_else_in_the_project_writes_a_csv_for_people() -> None:
    package = Path(fs_pipeline.__file__).parent
    others = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\bcsv\.(writer|DictWriter)\b|\.to_csv\(", path.read_text(encoding="utf-8"))
    }
    # A request to an address service, and the rehearsal's copies of lists that others publish.
    assert others == {"values/geocoding_service.py", "rehearsal/sources.py"}
