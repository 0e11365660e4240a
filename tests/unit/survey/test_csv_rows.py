"""Delimited texts whose records are broken: what was written comes out, and nothing is swallowed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.survey.opening.csv_rows import records
from tests.unit.survey.conftest import HEADERS, PLACES, rules

ROWS = [HEADERS, *PLACES]
CELL = st.text(st.characters(codec="utf-8", exclude_characters='\r\0"'), min_size=1, max_size=12).filter(str.strip)


def lines(rows, separator=";"):
    return [separator.join(cell or "" for cell in row) for row in rows]


@given(st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=2, max_size=8), st.sampled_from(";,\t|"))
def test_what_a_writer_of_csv_writes_is_read_back(rows, separator):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    assert records(out.getvalue(), separator) == ([[cell.rstrip("\n") for cell in row] for row in rows], {})


@given(st.sets(st.integers(1, 6)), st.integers(0, 3))
def test_quotes_never_closed_swallow_no_record(strays, column):
    rows = [[f"{name}{number}" for name in "abcd"] for number in range(7)]
    broken = [
        [f'"{cell}' if number in strays and place == column else cell for place, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]
    found, repairs = records("\n".join(lines(broken)), ";")
    assert [[cell.strip('"') for cell in row] for row in found] == rows
    assert set(repairs) <= strays


@given(st.integers(1, 3), st.integers(0, 3), st.integers(1, 6))
def test_a_record_broken_by_a_line_end_is_one_again(cut, at, count):
    rows = [[f"{name}{number}-{name}" for name in "abcdef"] for number in range(count + 4)]
    text = lines(rows)
    cell = rows[at][cut]
    text[at] = text[at].replace(cell, cell.replace("-", "\n"))
    found, repairs = records("\n".join(text), ";")
    assert repairs == {at: "record_rejoined"}
    assert [cell.replace("\n", "-") for cell in found[at]] == rows[at]
    assert [row for row in found if row] == [*rows[:at], found[at], *rows[at + 1 :]]
    assert found[at + 1] == []


@pytest.mark.parametrize("written", ["Le Local", "Le Local;3 rue Basse", "Le Local;3 rue Basse;33430;Bazas;;"])
def test_rows_that_are_only_short_stay_as_they_are(written):
    text = "\n".join([*lines(ROWS), written, "Poste;1 rue Haute;33210"])
    assert records(text, ";")[1] == {}


def test_a_cell_of_several_lines_is_one_cell(check, tmp_path):
    path = tmp_path / "enquete.csv"
    text = "\n".join(lines(ROWS[:3]))
    path.write_text(text + '\nLe Local;3 rue Basse;33430;Bazas;06 39 98 01 09;;"lundi 9h-12h\nmardi ; jeudi 14h-16h"\n')
    report = check(path)
    assert report.places[-1].name == "Le Local"
    assert not {"record_rejoined", "quote_never_closed"} & set(rules(report))


def test_what_was_put_right_is_said_at_its_row(check, tmp_path):
    path = tmp_path / "enquete.csv"
    written = lines(ROWS)
    written[1] = '"' + written[1]
    written[3] = written[3].replace("place de la Ve", 'place "de\nla Ve')
    path.write_text("\n".join(written))
    report = check(path)
    assert [place.name for place in report.places] == [place[0] for place in PLACES]
    assert {(p.rule, p.row) for p in report.problems if p.severity == "info"} >= {
        ("quote_never_closed", 2),
        ("record_rejoined", 4),
    }
