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
