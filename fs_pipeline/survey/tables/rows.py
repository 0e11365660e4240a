"""The rows of a table as texts: merged cells filled, « idem » replaced, totals and titles set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import Cell, as_text
from fs_pipeline.survey.opening.merges import Covering
from fs_pipeline.survey.problems import Problem, problem_of
from fs_pipeline.values.reading import UNREAD, Note, Reading
from fs_pipeline.values.text import clean, normalise

T = TypeVar("T")
U = TypeVar("U")
_DITTO = frozenset({"idem", "id", "ibid", "ibidem", "dito", "meme", "idem ci dessus", "meme chose", "comme ci dessus"})
_DITTO_MARKS = frozenset({'"', "''", "〃", "”", "“", "″", "« »"})
_LONGEST_VALUE, _LONGEST_PROSE = 1_000, 8_000  # characters; a longer cell is no value, and parsers need not find out
# Twice the longest ever seen, or four times where it is short.
_LONGEST = {
    "opening_hours": 800, "website": 700, "address": 400, "phone": 300, "email": 300, "commune": 200, "postcode": 100,
    "insee": 100, "siret": 100, "siren": 100, "latitude": 100, "longitude": 100, "updated_on": 100, "week_parity": 100,
    "weekday": 100, "itinerant": 100, "appointment": 200, "level": 300,
}  # fmt: skip
_MAY_BE_NONE = frozenset({"level", "demarches"})
_PROSE = frozenset(
    {"description", "decisions", "remarks", "present", "commitment", "publics", "labels",
     "general_help"})  # fmt: skip
_TICKS = frozenset("✓✔☑☒")
_LONGEST_DITTO = 16
_TOTAL = re.compile(r"^(?:s(?:ous)? )?tota(?:l|ux)\b|^nombre (?:de|total)\b|^somme\b|^ensemble$|^moyenne\b")
_TITLE = re.compile(
    r"^(?:arrondissement|canton|secteur|territoire|pays|departement|page|annee|tableau|liste|bassin|zone|"
    r"communaute (?:de communes|d agglomeration|urbaine)|metropole|intercommunalite)\b"
)
_NAMING = ("name", "place", "stop")  # fields that name what a row speaks of
_WIDE = 4  # columns from which a row with one cell written is a title, not a row


class Standing(Enum):
    """How surely a row is somewhere in France: by its name alone, it may have a namesake there."""

    SURE = "sure"
    BY_NAME = "by_name"
    ELSEWHERE = "elsewhere"
    UNSAID = "unsaid"  # it does not say where it is


@dataclass
class Row:
    """One row of a table: `number` as its reader counts it, and the text each field holds."""

    block: Block
    number: int
    texts: dict[int, str | None]  # column -> text, ditto and merged cells resolved
    problems: list[Problem] = field(default_factory=list)
    moved: dict[int, tuple[int, int]] = field(default_factory=dict)  # column -> where its text stands, in another row
    repeated: set[int] = field(
        default_factory=set
    )  # columns whose cell says « idem »: judged where it was first written
    elsewhere: str | None = None  # the other département that it is in, as its reader is told
    standing: Standing = Standing.UNSAID
    stands_in: str | None = None  # the département of its commune, whatever becomes of the row
    gone: bool = False  # whether its place is closed for good, or only planned
    settled: bool = False  # whether its problems say what became of the whole row

    def text(self, name: str) -> str | None:
        """What the field's columns hold, joined by a space; None where nothing is written."""
        columns = self.block.columns.get(name)
        if columns is None:
            return None
        if len(columns) == 1:
            text = self.texts.get(columns[0])
            if text is None and (spares := self.block.spares.get(name)):
                return next((text for column in spares if (text := self.texts.get(column)) is not None), None)
            return text
        return " ".join(text for column in columns if (text := self.texts.get(column)) is not None) or None

    def read(self, name: str, parse: Callable[[str], Reading[T]]) -> T | None:
        """What a parser makes of a field's text; what it says of it is noted."""
        text = self.text(name)
        if text is None:
            return None
        reading = self.guarded(name, lambda: parse(text), UNREAD)
        self.note(name, *reading.notes)
        return reading.value

    def guarded(self, name: str, read: Callable[[], T], otherwise: U) -> T | U:
        """What `read` makes of a field's cell; `otherwise`, and a line that says so, where it fails or does not end."""
        return tried(name, read, otherwise, lambda: self.note(name, Note("not_read_by_our_fault")))

    def note(self, name: str, *notes: Note) -> None:
        """Write down what a parser said of a field's cell."""
        if not notes:
            return
        column = self._column_of(name)
        if column in self.repeated:
            return
        alone = (
            len(self._columns_of(name)) == 1
        )  # what to type instead of a part is not what to type instead of the whole
        for note in notes:
            self.note_cell(column, note, name, replaceable=alone)

    def leave_to(self, elsewhere: str) -> None:
        """Leave the row to another département, and say so."""
        self.elsewhere = elsewhere
        note = Note("row_of_another_departement", detail=f"Département : {elsewhere}.")
        self.settle(note, self._column_of("commune"), "commune")

    def settle(self, note: Note, column: int | None = None, name: str | None = None) -> None:
        """Say what became of the whole row, at one of its cells: the first that is written, unless told."""
        self.settled = True
        self.note_cell(self.first_written if column is None else column, note, name, replaceable=False)

    @property
    def place(self) -> str | None:
        """The place that it speaks of, by the name that it gives it."""
        return next((text for name in _NAMING if (text := self.text(name)) is not None), None)

    @property
    def first_written(self) -> int:
        """The first of its columns in which something is written, a merged cell included."""
        cells = self.block.sheet.rows[self.number - 1]
        first, last = self.block.band or (0, len(cells) - 1)
        written = (column for column in range(first, last + 1) if cells[column] is not None)
        return next(written, min(self.texts, default=first))

    @property
    def written(self) -> set[int]:
        """The columns in which it says something."""
        return {column for column, text in self.texts.items() if text is not None}

    def note_cell(self, column: int, note: Note, name: str | None = None, *, replaceable: bool = True) -> None:
        """Write down a problem of one column's cell."""
        at = self.moved.get(column, (self.number - 1, column))
        row, cell = self.block.sheet.where(*at)
        self.problems.append(
            problem_of(
                note,
                sheet=self.block.sheet.name or None,
                row=row,
                cell=cell,
                column=self.block.header(column) or None,
                field=name,
                value=self.block.sheet.written(*at),
                replaceable=replaceable and not self.block.sheet.turned and not self.block.sheet.origins,
            )
        )

    def _columns_of(self, name: str) -> tuple[int, ...]:
        return self.block.columns.get(name) or next(iter(self.block.columns.values()))

    def _column_of(self, name: str) -> int:
        columns = (*self._columns_of(name), *self.block.spares.get(name, ()))
        return next((column for column in columns if self.texts.get(column) is not None), columns[0])


def rows_of(block: Block) -> Iterator[Row]:
    """The rows that carry something, in order, what was set aside included as rows without texts but with a problem."""
    sheet = block.sheet
    named = block.named
    depth = block.heading.rows if block.heading else 1
    headers = [block.cells(row) for row in range(max(0, block.header_row - depth + 1), block.header_row + 1)]
    merged = Covering(sheet, block.first, named)
    begin = min(block.heading.texts) if block.heading else 0  # a table may stand beside an empty column
    begin -= block.band[0] if block.band else 0
    longest = {column: _LONGEST.get(name, _LONGEST_VALUE) for column, name in named.items()}
    above: dict[int, str] = {}
    for position in range(block.first, block.last):
        cells = block.cells(position)
        if cells.count(None) == len(cells) or cells in headers:
            continue
        row = Row(block, position + 1, {})
        if _is_total(cells):
            row.settle(Note("total_row_skipped"))
            yield row
            continue
        if _is_title(cells[begin:], spans=position in sheet.spans, widened=merged.widened(position)):
            row.settle(Note("title_row_skipped"))
            yield row
            continue
        written, covering = sheet.rows[position], merged.values(position)
        for column, name in named.items():
            cell = written[column]
            if cell is not None and (text := _ordinary(cell, longest[column])) is not None:
                row.texts[column] = above[column] = text
            elif cell is not None or column in covering:
                row.texts[column] = _text(row, column, name, covering, above)
            else:
                row.texts[column] = None
        if sheet.formulas_without_value or sheet.errors:
            _note_lost_values(row, named)
        yield row


def _text(row: Row, column: int, name: str, covering: dict[int, Cell], above: dict[int, str]) -> str | None:
    written = as_text(row.block.sheet.rows[row.number - 1][column])
    if written is None:
        written = as_text(covering[column])
        if written is None:
            return None
        row.note_cell(column, Note("merged_cells_filled"), name)
    if len(written) > _LONGEST.get(name, _LONGEST_VALUE):
        if name in _PROSE:
            return written[:_LONGEST_PROSE]
        row.note_cell(column, Note("value_too_long"), name)
        return None
    text = _cleaned(written)
    if len(written) <= _LONGEST_DITTO and _is_ditto(written):
        if column in above:
            row.note_cell(column, Note("value_is_ditto", above[column]), name)
            row.repeated.add(column)
            return above[column]
        return None
    if text is None and name in _MAY_BE_NONE and normalise(written) in {"aucun", "aucune"}:
        return "aucune"  # « aucune » is no answer elsewhere, and a level of help here
    if text is None:
        row.note_cell(column, Note("value_means_nothing"), name)
    else:
        above[column] = text
    return text


@lru_cache(maxsize=65_536, typed=True)  # 1 and True are equal, and are not written the same
def _ordinary(cell: Cell, longest: int) -> str | None:
    """The text of a cell of which there is nothing more to ask or to say, as of nearly every one."""
    written = as_text(cell) or ""
    if len(written) > longest or (len(written) <= _LONGEST_DITTO and _is_ditto(written)):
        return None
    return _cleaned(written)


def _cleaned(written: str) -> str | None:
    if written.strip() in _TICKS:
        return "X"
    return clean(written)


@lru_cache(maxsize=65_536)
def _is_ditto(text: str) -> bool:
    return text.strip() in _DITTO_MARKS or normalise(text) in _DITTO


def _is_total(cells: list[Cell]) -> bool:
    first = next((text for cell in cells if (text := as_text(cell))), "")
    if first[:1].lower() not in "tsnem":
        return False
    written = len(cells) - cells.count(None)
    return bool(_TOTAL.search(normalise(first))) and written <= max(3, len(cells) // 2)


def _is_title(cells: list[Cell], *, spans: bool, widened: bool) -> bool:
    """« Arrondissement de Langon » alone in the first column of a wide table, cells merged beside it or not."""
    if len(cells) < _WIDE or not isinstance(cells[0], str) or cells.count(None) < len(cells) - 1:
        return False
    if widened:
        return False
    return spans or bool(_TITLE.search(normalise(cells[0]))) or cells[0].rstrip().endswith(":")


def _note_lost_values(row: Row, named: dict[int, str]) -> None:
    """What its spreadsheet could not work out, or did not keep."""
    sheet = row.block.sheet
    for column, name in named.items():
        if (row.number - 1, column) in sheet.formulas_without_value:
            row.note_cell(column, Note("formula_without_value"), name)
        elif error := sheet.errors.get((row.number - 1, column)):
            row.note_cell(column, Note("cell_holds_error", detail=f"Dans la case : {error}."), name)
