"""What a clerk marks beside the cells comes back in the annotated workbook, and goes round again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from fs_pipeline.survey.feedback.annotate import write_annotated
from tests.unit.survey.conftest import HEADERS, PLACES, rules

DOUBTFUL = ("Relais de Bazas", "1 rue Haute", "33430", "Bazas", "05 56 12", None, None)


@pytest.fixture
def marked(workbook: Callable) -> Path:
    path: Path = workbook([HEADERS, *PLACES, DOUBTFUL])
    book = openpyxl.load_workbook(path)
    sheet = book["Lieux"]
    sheet["A2"].comment = Comment("Vu avec le maire", "Mme Martin")
    sheet["E5"].comment = Comment("à rappeler", "Mme Martin")
    sheet["B3"].fill = PatternFill("solid", fgColor="FFFF99CC")
    sheet["B4"].fill = PatternFill("solid", fgColor=Color(theme=5, tint=0.4))
    for cell in sheet[4]:
        cell.font = Font(strike=True)
    sheet.row_dimensions[3].hidden = True
    book.save(path)
    return path


def test_comments_colours_struck_text_and_hidden_rows_come_back(check: Callable, marked: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "une.xlsx", tmp_path / "deux.xlsx"
    write_annotated(check(marked), once)
    write_annotated(check(once), twice)
    for copy in (once, twice):
        sheet = openpyxl.load_workbook(copy)["Lieux"]
        assert sheet["A2"].comment.text.strip() == "Vu avec le maire"
        phone = next(cell for cell in sheet[5] if cell.value == DOUBTFUL[4])
        assert phone.comment.text.startswith("à rappeler\n")
        assert phone.comment.text.count("à rappeler") == phone.comment.text.count("À vérifier") == 1
        assert sheet["B3"].fill.fgColor.rgb == "FFFF99CC"
        assert sheet["B4"].fill.fill_type == "solid"
        assert sheet["A4"].font.strike
        assert not sheet["A3"].font.strike
        assert sheet.row_dimensions[3].hidden


def test_a_row_struck_through_is_told_and_kept(check: Callable, marked: Path) -> None:
    report = check(marked)
    assert [problem.row for problem in report.problems if problem.rule == "row_struck"] == [4]
    assert "CCAS de Pessac" in {place.name for place in report.places}


def test_a_colour_of_ours_is_gone_once_its_cell_is_mended(check: Callable, marked: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "une.xlsx", tmp_path / "deux.xlsx"
    write_annotated(check(marked), once)
    book = openpyxl.load_workbook(once)
    cell = next(cell for cell in book["Lieux"][5] if cell.value == DOUBTFUL[4])
    cell.value = "05 56 00 00 11"
    book.save(once)
    report = check(once)
    assert "phone_unreadable" not in rules(report)
    write_annotated(report, twice)
    mended = next(cell for cell in openpyxl.load_workbook(twice)["Lieux"][5] if cell.value == "05 56 00 00 11")
    assert mended.fill.fill_type is None
    assert mended.comment.text.strip() == "à rappeler"


def test_styles_and_comments_that_cannot_be_read_cost_themselves_alone(check: Callable, marked: Path) -> None:
    import zipfile

    with zipfile.ZipFile(marked) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(marked, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, b"<comments><oops" if "comments" in name else content)
    assert len(check(marked).places) == 4


def marked_with(
    path: Path, legend: str | None, *, struck: bool = False, fill: str | None = None, only: int = 7
) -> Path:
    """Four places, the second of them struck or coloured in its first `only` cells; the legend beneath, marked so too."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADERS)
    for number, place in enumerate((*PLACES, PLACES[0])):
        sheet.append((f"{place[0]} {number}", f"{number + 1} rue Haute", *place[2:]))
    sheet.append([None])
    sheet.append([legend])
    cells = [sheet.cell(3, column) for column in range(1, only + 1)] + ([sheet.cell(7, 1)] if fill else [])
    for cell in cells:
        cell.font = Font(strike=struck)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("legend", "marks"),
    [
        ("Barré = fermé définitivement", {"struck": True}),
        ("Lieux barrés : fermés", {"struck": True, "only": 1}),
        ("En rouge : lieux fermés", {"fill": "FF0000"}),
        ("Lignes grisées = structures fermées", {"fill": "BFBFBF"}),
    ],
)
def test_a_legend_of_marks_closes_the_places_that_bear_them(check, tmp_path, legend, marks):
    report = check(marked_with(tmp_path / "e.xlsx", legend, **marks))
    assert [place.opening_hours == "off" for place in report.places] == [False, True, False, False]
    assert [p.row for p in report.problems if p.rule == "place_closed"] == [3]
    assert not {"row_struck", "row_coloured"} & set(rules(report))


@pytest.mark.parametrize(
    ("marks", "rule"), [({"struck": True, "only": 1}, "row_struck"), ({"fill": "FFFF00"}, "row_coloured")]
)
def test_a_mark_that_nothing_explains_is_told_and_the_place_kept_open(check, tmp_path, marks, rule):
    report = check(marked_with(tmp_path / "e.xlsx", None, **marks))
    assert [p.row for p in report.problems if p.rule == rule] == [3]
    assert len(report.places) == 4
    assert not any(place.opening_hours == "off" for place in report.places)


def test_a_colour_that_says_something_else_closes_nothing(check, tmp_path):
    report = check(marked_with(tmp_path / "e.xlsx", "En rouge : lieux à rappeler", fill="FF0000"))
    assert "place_closed" not in rules(report)
    assert "row_coloured" in rules(report)
    assert len(report.places) == 4
