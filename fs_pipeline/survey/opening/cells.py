"""Cells, sheets and addresses: the plain shapes that the rest of this room works on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


class DateText(str):
    """An ISO date that the spreadsheet holds as a date: text for every reader, a date again in the copy given back."""

    __slots__ = ()


Cell = str | int | float | bool | None
Range = tuple[int, int, int, int]  # first row, first column, last row, last column, counted from 0


@dataclass(frozen=True)
class Sheet:
    """Rows of equal width, from A1; rows and columns are counted from 0 here, from 1 in what people read."""

    name: str
    rows: list[list[Cell]]
    visible: bool = True
    merged: tuple[Range, ...] = ()  # inside the sheet, from top to bottom, none over another (merges.py)
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    formulas_without_value: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) -> « #REF! »; the cell is None
    proposals: frozenset[int] = frozenset()  # columns that held proposals, emptied since (accepted.py)
    lost: Mapping[tuple[int, int], str] = field(default_factory=dict)  # cell -> as written, « � » for letters lost
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)  # cell -> its colour, six hexadecimal digits
    struck: frozenset[tuple[int, int]] = field(default_factory=frozenset)  # cells whose text is struck through
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    repairs: Mapping[int, str] = field(default_factory=dict)  # row of a text that was broken -> the rule that says it
    widths: dict[int, float] = field(default_factory=dict)  # column -> its width in characters, where it was set
    origins: Mapping[int, int] = field(
        default_factory=dict
    )  # further column (columns/folded.py) -> where its cells stand
    turned: bool = False  # whether it is read on its side (columns/turned.py): a row here is a column of the file

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    @cached_property
    def spans(self) -> dict[int, list[tuple[int, int]]]:
        """Row -> first and last column of each range merged within that row alone."""
        found: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in self.merged:
            if top == bottom:
                found.setdefault(top, []).append((left, right))
        return found

    def where(self, row: int, column: int) -> tuple[int, str]:
        """The row as its author counts it, and the cell's address, wherever the sheet is read from."""
        column = self.origins.get(column, column)
        if self.turned:
            row, column = column, row
        return row + 1, address(row, column)

    def written(self, row: int, column: int) -> str | None:
        """What its author sees in the cell, « � » where a letter is lost."""
        return self.lost.get((row, self.origins.get(column, column))) or as_text(self.rows[row][column])


@dataclass(frozen=True)
class Workbook:
    """One handed-in file. `format` is xlsx, xlsm, ods, csv or geojson."""

    filename: str
    format: str
    sheets: tuple[Sheet, ...]
    skipped: tuple[str, ...] = ()  # names of sheets that are no table: charts, dialogs, macros

    @property
    def written(self) -> int:
        """Cells with something in them."""
        return sum(len(row) - row.count(None) for sheet in self.sheets for row in sheet.rows)


def address(row: int, column: int) -> str:
    """``address(11, 4)`` is ``E12``."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(reference: str) -> tuple[int, int]:
    """``E12`` is (11, 4)."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)) - 1, column - 1


def as_text(cell: Cell) -> str | None:
    """What a person sees in the cell; None where nothing is written."""
    if cell is None:
        return None
    if cell.__class__ is str:
        return cell
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)
