"""The workbook given back: the sender's own, its doubtful cells coloured and commented, a first sheet that lists all.

A CSV or ODS comes back as a workbook with the same rows in the same cells.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from pathlib import Path

from openpyxl import Workbook as Spreadsheet
from openpyxl import load_workbook
from openpyxl.cell import Cell as SpreadsheetCell
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from fs_pipeline.survey.cells import Workbook
from fs_pipeline.survey.check import FEEDBACK_SHEET, CheckReport
from fs_pipeline.survey.problems import Problem

_COLOURS = {"error": "F6C9BF", "warning": "FBE7B5"}
_WORDS = {"error": "À corriger", "warning": "À vérifier", "info": "Pour information"}
_ORDER = {"error": 0, "warning": 1, "info": 2}
_HEADERS = ("Gravité", "Feuille", "Cellule", "Colonne", "Ce qui est écrit", "Ce qui a été compris", "À écrire")
_WIDTHS = (18, 18, 10, 26, 34, 70, 44)
_MOMENT = (1980, 1, 1, 0, 0, 0)  # same input, same bytes: no clock in the file
_AUTHOR = "Contrôle de l’enquête"


def write_annotated(report: CheckReport, source: Path, out: Path) -> None:
    """Write the annotated copy of `source` to `out` (.xlsx)."""
    spreadsheet = load_workbook(source) if report.workbook.format == "xlsx" else _rebuilt(report.workbook)
    sheets = {sheet.title: sheet for sheet in spreadsheet.worksheets}
    by_cell: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in report.problems:
        if problem.cell:
            by_cell[problem.sheet or spreadsheet.worksheets[0].title, problem.cell].append(problem)
    for (sheet, reference), problems in by_cell.items():
        if sheet in sheets:
            _mark(sheets[sheet][reference], problems)
    _list_problems(spreadsheet, report)
    spreadsheet.save(out)
    _forget_the_clock(out)


def _rebuilt(workbook: Workbook) -> Spreadsheet:
    spreadsheet = Spreadsheet()
    spreadsheet.remove(spreadsheet.worksheets[0])
    for position, sheet in enumerate(workbook.sheets, start=1):
        copy = spreadsheet.create_sheet(sheet.name or f"Feuille {position}")
        for row, cells in enumerate(sheet.rows, start=1):
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    cell = copy.cell(row, column, _printable(value) if isinstance(value, str) else value)
                    if isinstance(value, str):
                        cell.data_type = "s"  # a text that begins with « = » stays a text
    return spreadsheet


def _printable(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)[:32_000]


def _mark(cell: SpreadsheetCell | MergedCell, problems: list[Problem]) -> None:
    worst = min(problems, key=lambda problem: _ORDER[problem.severity])
    if worst.severity in _COLOURS:
        cell.fill = PatternFill("solid", start_color=_COLOURS[worst.severity])
    comment = Comment(_printable("\n".join(map(_sentence, problems))), _AUTHOR)
    comment.width, comment.height = 360, 40 + 60 * len(problems)
    if not isinstance(cell, MergedCell):  # a merged cell shows its first one's comment
        cell.comment = comment


def _sentence(problem: Problem) -> str:
    what = f" À écrire : {problem.suggestion}" if problem.suggestion else ""
    return f"{_WORDS[problem.severity]} : {problem.message}{what}"


def _list_problems(spreadsheet: Spreadsheet, report: CheckReport) -> None:
    if FEEDBACK_SHEET in spreadsheet.sheetnames:
        del spreadsheet[FEEDBACK_SHEET]
    sheet = spreadsheet.create_sheet(FEEDBACK_SHEET, 0)
    _title(sheet, report)
    head = 4
    for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(head, column, header)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    ordered = sorted(
        report.problems, key=lambda problem: (_ORDER[problem.severity], problem.sheet or "", problem.row or 0)
    )
    names = set(spreadsheet.sheetnames)
    for row, problem in enumerate(ordered, start=head + 1):
        where = problem.sheet or spreadsheet.worksheets[1].title
        texts = (
            _WORDS[problem.severity],
            problem.sheet,
            problem.cell,
            problem.column,
            problem.value,
            problem.message,
            problem.suggestion,
        )
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column, _printable(text) if text else None)
            if text:
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column == 1 and problem.severity in _COLOURS:
                cell.fill = PatternFill("solid", start_color=_COLOURS[problem.severity])
        if problem.cell and where in names:
            link = sheet.cell(row, 3)
            link.hyperlink = f"#'{where}'!{problem.cell}"
            link.font = Font(underline="single", color="17477E")
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:G{head + len(ordered)}"
    spreadsheet.active = 0
    for other in spreadsheet.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _title(sheet: Worksheet, report: CheckReport) -> None:
    worth = sum(problem.severity != "info" for problem in report.problems)
    sheet["A1"] = "Ce qui est à corriger dans votre enquête"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = (
        f"{len(report.places)} lieux lus, {worth} cases à corriger ou à vérifier. "
        "Cliquez sur une cellule pour y aller ; corrigez, puis déposez ce même classeur. Cette feuille-ci n’est pas relue."
    )


def _forget_the_clock(path: Path) -> None:
    """Rewrite the archive with fixed dates."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            dateless = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            kept = dateless if name == "docProps/core.xml" else content
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), kept, zipfile.ZIP_DEFLATED)
