"""The workbook given back: the sender's own rows and columns, coloured, commented, a proposal beside each cell to correct.

Rebuilt from values, whatever the format that came in; ``accepted.py`` reads it again. What a problem is belongs to
``problems.py``.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fs_pipeline.survey.accepted import COLUMNS_SHEET, DOUBTFUL, FEEDBACK_SHEET, PROPOSAL, TOLD_SHEET
from fs_pipeline.survey.causes import SEVERITIES, ordered
from fs_pipeline.survey.feedback.sheet_names import SheetNames
from fs_pipeline.survey.feedback.sheets import COLOURS, printable, write_columns, write_summary, write_told
from fs_pipeline.survey.opening.cells import Cell, DateText, Sheet, address, as_text, index_of
from fs_pipeline.survey.opening.marks import CHECKED_BY, UNDER_OWN
from fs_pipeline.survey.problems import Problem, rules
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.tabular.formulas import begins_as_formula

_MOMENT = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)  # no clock in the file
_EXACT_DIGITS = 11  # digits from which a spreadsheet shows a number rounded, unless told
_HEAD_POINTS = 32.0  # two lines
_ON_ONE_PAGE = 24  # columns that can still be read on one printed page
_NARROWEST, _WIDEST = 9, 46  # characters
_COMMENTS = 5_000  # of one sheet, the worst first: a spreadsheet draws each; the list holds them all
_MERGED_CELLS = 300_000  # of one sheet: three columns merged all down the longest survey
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True)
class Places:
    """Where the cells of one sheet stand in the copy: proposals push what is on their right."""

    name: str  # of the sheet in the copy
    columns: dict[int, int]  # column of the original -> column of the copy
    proposals: dict[int, dict[int, tuple[str, bool]]]  # column -> row -> what is proposed, and whether it is sure

    def column(self, column: int) -> int:
        """The column of the copy; the next one kept where that one is gone."""
        return self.columns.get(column, column)


def write_annotated(report: CheckReport, out: Path | BinaryIO) -> None:
    """Write the annotated copy of the file that `report` is about to `out` (.xlsx)."""
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"created": _MOMENT, "title": "Enquête annotée", "author": CHECKED_BY})
    formats = Formats(book)
    kept = [sheet for sheet in report.workbook.sheets if sheet.name not in report.ours]
    names = SheetNames()
    first = book.add_worksheet(names.take(FEEDBACK_SHEET))
    columns = book.add_worksheet(names.take(COLUMNS_SHEET)) if report.main else None
    by_sheet: dict[str, list[Problem]] = defaultdict(list)
    for problem in report.problems:
        by_sheet[problem.sheet or ""].append(problem)
    placed = {}
    for position, sheet in enumerate(kept, start=1):
        problems = by_sheet[sheet.name]
        places = _places(sheet, problems, names.take(sheet.name or f"Feuille {position}"))
        placed[sheet.name] = places
        copy = book.add_worksheet(places.name)
        if not sheet.visible:
            copy.hide()
        _copy(copy, sheet, places, problems, report, formats)
    where = {name: (places.name, places.column) for name, places in placed.items()}
    write_summary(first, book, report, where)
    if columns is not None:
        write_columns(columns, book, report, where)
    if any(problem.severity == "info" for problem in report.problems):
        write_told(book.add_worksheet(names.take(TOLD_SHEET)), book, report, where)
    first.activate()
    book.close()


class Formats:
    """The few ways a cell looks, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: object) -> Format:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def _places(sheet: Sheet, problems: list[Problem], name: str) -> Places:
    proposals: dict[int, dict[int, tuple[str, bool]]] = defaultdict(dict)
    for problem in problems:
        if problem.proposal is None or problem.cell is None:
            continue
        row, column = index_of(problem.cell)
        sure = bool(rules()[problem.rule]["sure"])
        if row not in proposals[column] or (sure and not proposals[column][row][1]):
            proposals[column][row] = (problem.proposal, sure)
    gone = {column for column in sheet.proposals if not any(row[column] is not None for row in sheet.rows)}
    columns: dict[int, int] = {}
    following = 0
    for column in range(sheet.width):
        if column in gone:
            continue
        columns[column] = following
        following += 2 if column in proposals else 1
    return Places(name, columns, dict(proposals))


def _copy(
    copy: Worksheet, sheet: Sheet, places: Places, problems: list[Problem], report: CheckReport, formats: Formats
) -> None:
    heads = {
        block.header_row for block in report.blocks if block.sheet.name == sheet.name and not block.sheet.turned
    } - {-1}
    colours = _colours(problems)
    shown = _own_colours(sheet) | colours
    _merge(copy, sheet, places)
    _set_widths(copy, sheet, places, colours)
    for position, cells in enumerate(sheet.rows):
        head = position in heads
        for column, value in enumerate(cells):
            colour = shown.get((position, column))
            if value is None and colour is None:
                continue
            struck = (position, column) in sheet.struck
            place = places.columns.get(column)
            if place is not None:
                own = sheet.lost.get((position, column), value)  # what its author sees, to be mended there
                _write(copy, position, place, own, formats, head=head, colour=colour, struck=struck)
    for row in sheet.hidden_rows:
        if row < len(sheet.rows):
            copy.set_row(row, None, None, {"hidden": True})
    _propose(copy, sheet, places, heads, formats)
    by_cell: dict[str, list[Problem]] = defaultdict(list)
    for problem in ordered(problems):
        if problem.cell is not None:
            by_cell[problem.cell].append(problem)
    said = {index_of(cell): "\n".join(map(_sentence, found)) for cell, found in by_cell.items()}
    for row, column in islice(dict.fromkeys((*said, *sheet.comments)), _COMMENTS):
        own, ours = sheet.comments.get((row, column)), said.get((row, column))
        if column in places.columns or ours is not None:
            text = f"{own}\n{UNDER_OWN}\n{ours}" if own and ours else own or ours or ""
            lines = len(by_cell.get(address(row, column), ())) + text.count("\n") // 2
            size = {"author": CHECKED_BY if ours else "", "width": 320, "height": 50 + 55 * lines}
            copy.write_comment(row, places.column(column), printable(text), size)
    copy.set_landscape()
    copy.set_paper(8)  # A3
    if sheet.width + len(places.proposals) <= _ON_ONE_PAGE:
        copy.fit_to_pages(1, 0)
    if heads:
        copy.freeze_panes(min(heads) + 1, 0)


def _propose(copy: Worksheet, sheet: Sheet, places: Places, heads: set[int], formats: Formats) -> None:
    for head_row in heads:
        copy.set_row(head_row, _HEAD_POINTS)
    for column, proposed in places.proposals.items():
        place = places.columns[column] + 1
        for head_row in heads:
            header = as_text(sheet.rows[head_row][column]) or ""
            if any(head_row < row for row in proposed):
                copy.write_string(head_row, place, printable(f"{PROPOSAL}{header} »"), formats.get(**_PROPOSAL_HEAD))
        for row, (text, sure) in proposed.items():
            look = _SURE if sure else _UNSURE
            copy.write_string(row, place, printable(text if sure else DOUBTFUL + text), formats.get(**look))


_HEAD: dict[str, object] = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_PROPOSAL_HEAD: dict[str, object] = {**_HEAD, "bg_color": "#D6EAD0", "italic": True}
_OURS = {*COLOURS.values(), "#D6EAD0", "#E8F4E4", "#F4F4F4"}
_SURE: dict[str, object] = {"bg_color": "#E8F4E4", "num_format": "@"}
_UNSURE: dict[str, object] = {"bg_color": "#F4F4F4", "italic": True, "num_format": "@"}


def _write(
    copy: Worksheet,
    row: int,
    column: int,
    value: Cell,
    formats: Formats,
    *,
    head: bool,
    colour: str | None,
    struck: bool,
) -> None:
    look: dict[str, object] = dict(_HEAD) if head else {}
    if struck:
        look["font_strikeout"] = True
    if colour:
        look["bg_color"] = colour
    if isinstance(value, DateText):
        moment = _moment(value)
        if moment is not None:
            look["num_format"] = "dd/mm/yyyy hh:mm" if " " in value else "dd/mm/yyyy"
            copy.write_datetime(row, column, moment, formats.get(**look))
            return
    if isinstance(value, str):
        if begins_as_formula(value):
            look["quote_prefix"] = True  # stays a text when its cell is edited, too
        elif value[:1] == "0" and value.isdigit():
            look["num_format"] = "@"  # a leading 0 survives the next edit
        copy.write_string(row, column, printable(value), formats.get(**look) if look else None)
    elif value is None:
        copy.write_blank(row, column, None, formats.get(**look))
    elif isinstance(value, bool):
        copy.write_boolean(row, column, value, formats.get(**look) if look else None)
    else:
        if isinstance(value, int) and abs(value) >= 10**_EXACT_DIGITS:
            look["num_format"] = "0"
        copy.write_number(row, column, value, formats.get(**look) if look else None)


def _own_colours(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The sender's own; a colour of ours that comes back with a corrected workbook has had its say."""
    colours = ((cell, f"#{fill}") for cell, fill in sheet.fills.items())
    return {cell: colour for cell, colour in colours if colour not in _OURS}


def _moment(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year >= 1900 else None


def _colours(problems: list[Problem]) -> dict[tuple[int, int], str]:
    worst: dict[tuple[int, int], str] = {}
    order = list(SEVERITIES)
    for problem in sorted(problems, key=lambda problem: -order.index(problem.severity)):
        if problem.cell is not None and problem.severity in COLOURS:
            worst[index_of(problem.cell)] = COLOURS[problem.severity]
    return worst


def _sentence(problem: Problem) -> str:
    what = f" À écrire : {problem.suggestion}" if problem.suggestion else ""
    return f"{SEVERITIES[problem.severity]} : {problem.message}{what}"


def _merge(copy: Worksheet, sheet: Sheet, places: Places) -> None:
    """A merged range is as many cells to write: those beyond what any table needs stay apart in the copy."""
    room = _MERGED_CELLS
    for top, left, bottom, right in sheet.merged:
        first, last = places.column(left), places.column(right)
        room -= (bottom - top + 1) * (last - first + 1)
        if room < 0:
            return
        try:
            copy.merge_range(top, first, bottom, last, "")
        except OverlappingRange:  # columns of proposals that are gone
            continue


def _set_widths(copy: Worksheet, sheet: Sheet, places: Places, colours: dict[tuple[int, int], str]) -> None:
    to_see = {column for _, column in colours}
    sample = sheet.rows[:60]
    for column, place in places.columns.items():
        width = sheet.widths.get(column)
        if width is None:
            longest = max((len(as_text(row[column]) or "") for row in sample), default=0)
            width = max(_NARROWEST, min(_WIDEST, longest + 2))
        hidden = column in sheet.hidden_columns and column not in to_see
        copy.set_column(place, place, width, None, {"hidden": hidden})
        if column in places.proposals:
            longest = max(len(text) for text, _ in places.proposals[column].values())
            copy.set_column(place + 1, place + 1, max(16, min(_WIDEST, longest + 4)))
