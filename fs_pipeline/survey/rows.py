"""The rows of a table as texts: merged cells filled, « idem » replaced, totals and repeated headers set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fs_pipeline.survey.cells import Cell, address, as_text
from fs_pipeline.survey.layout import Block
from fs_pipeline.survey.problems import Problem, problem_of
from fs_pipeline.values.reading import Note
from fs_pipeline.values.text import clean, normalise

_DITTO = frozenset({"idem", "id", "ibid", "ibidem", "dito", "meme", "idem ci dessus", "meme chose", "comme ci dessus"})
_DITTO_MARKS = frozenset({'"', "''", "〃", "”", "“", "″", "« »"})
_TOTAL = re.compile(r"^(?:sous )?tota(?:l|ux)\b|^nombre (?:de|total)\b|^somme\b|^ensemble$|^moyenne\b")


@dataclass
class Row:
    """One row of a table: `number` as its reader counts it, and the text each field holds."""

    block: Block
    number: int
    texts: dict[int, str | None]  # column -> text, ditto and merged cells resolved
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """What the field's columns hold, joined by a space; None where nothing is written."""
        parts = [text for column in self.block.columns.get(name, ()) if (text := self.texts.get(column)) is not None]
        return " ".join(parts) or None

    def note(self, name: str, *notes: Note) -> None:
        """Write down what a parser said of a field's cell."""
        columns = self.block.columns.get(name) or next(iter(self.block.columns.values()))
        column = next((column for column in columns if self.texts.get(column) is not None), columns[0])
        for note in notes:
            self.note_cell(column, note, name)

    def note_cell(self, column: int, note: Note, name: str | None = None) -> None:
        """Write down a problem of one column's cell."""
        self.problems.append(
            problem_of(
                note,
                sheet=self.block.sheet.name or None,
                row=self.number,
                cell=address(self.number - 1, column),
                column=self.block.header(column) or None,
                field=name,
                value=as_text(self.block.sheet.rows[self.number - 1][column]),
            )
        )


def rows_of(block: Block) -> Iterator[Row]:
    """The rows that carry something, in order, what was set aside included as rows without texts but with a problem."""
    sheet = block.sheet
    merged = _merged_values(block)
    headers = [as_text(cell) for cell in sheet.rows[block.header_row]]
    named = {column: name for name, columns in block.columns.items() for column in columns}
    named |= {column: "opening_hours" for columns in block.days.values() for column in columns}
    above: dict[int, str] = {}
    for position in range(block.first, block.last):
        cells = sheet.rows[position]
        if all(cell is None for cell in cells) or [as_text(cell) for cell in cells] == headers:
            continue
        row = Row(block, position + 1, {})
        if _is_total(cells):
            first = next(column for column, cell in enumerate(cells) if cell is not None)
            row.note_cell(first, Note("total_row_skipped"))
            yield row
            continue
        for column, name in named.items():
            row.texts[column] = _text(row, column, name, merged, above)
        _mark_formulas(row, named)
        yield row


def _text(row: Row, column: int, name: str, merged: dict[tuple[int, int], Cell], above: dict[int, str]) -> str | None:
    position = row.number - 1
    written = as_text(row.block.sheet.rows[position][column])
    if written is None and (position, column) in merged:
        written = as_text(merged[position, column])
        if written is not None:
            row.note_cell(column, Note("merged_cells_filled"), name)
    if written is None:
        return None
    if normalise(written) in _DITTO or written.strip() in _DITTO_MARKS:
        if column in above:
            row.note_cell(column, Note("value_is_ditto", above[column]), name)
            return above[column]
        return None
    text = clean(written)
    if text is None:
        row.note_cell(column, Note("value_means_nothing"), name)
    else:
        above[column] = text
    return text


def _is_total(cells: list[Cell]) -> bool:
    first = next((text for cell in cells if (text := as_text(cell))), "")
    written = sum(cell is not None for cell in cells)
    return bool(_TOTAL.search(normalise(first))) and written <= max(3, len(cells) // 2)


def _merged_values(block: Block) -> dict[tuple[int, int], Cell]:
    """(row, column) -> the value of the merged range that covers it, inside the table's rows."""
    found: dict[tuple[int, int], Cell] = {}
    for first_row, first_column, last_row, last_column in block.sheet.merged:
        if first_row < block.first or last_row >= block.last or first_row == last_row:
            continue
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                if (row, column) != (first_row, first_column):
                    found[row, column] = block.sheet.rows[first_row][first_column]
    return found


def _mark_formulas(row: Row, named: dict[int, str]) -> None:
    for column, name in named.items():
        if (row.number - 1, column) in row.block.sheet.formulas_without_value:
            row.note_cell(column, Note("formula_without_value"), name)
