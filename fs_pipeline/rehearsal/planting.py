"""A sheet being filled, and the errors planted in it: each knows its cell, where its answer is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from fs_pipeline.survey.opening.cells import address

COLUMNS = ("kind", "label_fr", "where", "table", "file", "sheet", "row", "cell", "rule", "name", "value")


@dataclass
class Planted:
    """Rows of the known answer.

    ``table`` says where the trace is: ``problems`` (by file, rule and cell), ``survey_places`` (by name; the field
    ``rule`` must hold ``value``), ``discrepancies`` (``rule`` is its kind, ``value`` its field), ``link_pairs``
    (``name`` and ``rule`` are the two names), the other tables of a survey, ``access_minutes``, or ``refused``.
    """

    rows: list[dict[str, object]] = field(default_factory=list)

    def elsewhere(
        self,
        kind: str,
        label_fr: str,
        table: str,
        where: str,
        name: str,
        rule: str | None = None,
        value: object = None,
    ) -> None:
        """An error that another table than ``problems`` shows, by the name of the place or file."""
        self.rows.append(
            {"kind": kind, "label_fr": label_fr, "where": where, "table": table, "name": name, "rule": rule,
             "value": value}
        )  # fmt: skip

    def in_file(self, kind: str, label_fr: str, rule: str, file: str, sheet: str, row: int, cell: str | None) -> None:
        """An error that a row of ``problems`` shows."""
        parts = [file, f"feuille « {sheet} »" if sheet else "", cell or (f"ligne {row}" if row else "")]
        where = ", ".join(part for part in parts if part)
        self.rows.append(
            {"kind": kind, "label_fr": label_fr, "where": where, "table": "problems", "file": file, "sheet": sheet,
             "row": row or None, "cell": cell, "rule": rule}
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Columns COLUMNS; None where one does not apply."""
        frame = pd.DataFrame(self.rows, columns=list(COLUMNS), dtype=object)
        return frame.where(frame.notna(), None)


@dataclass
class SheetDraft:
    """Cells to be written, by (row, column) counted from 0."""

    file: str
    name: str
    planted: Planted
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    fields: tuple[str, ...] = ()
    next_row: int = 0

    def line(self, *values: object) -> int:
        """Write one row from column A; its number, counted from 0."""
        for column, value in enumerate(values):
            if value is not None:
                self.cells[self.next_row, column] = value
        self.next_row += 1
        return self.next_row - 1

    def header(self, columns: Mapping[str, str]) -> int:
        """Write a header; `columns` is our key to the words written."""
        self.fields = tuple(columns)
        return self.line(*columns.values())

    def record(self, values: Mapping[str, object]) -> int:
        """Write one row under the last header."""
        return self.line(*(values.get(name) for name in self.fields))

    def put(self, row: int, key: str, value: object) -> None:
        """Change one cell."""
        self.cells[row, self.fields.index(key)] = value

    def plant(self, row: int, key: str, value: object, kind: str, label_fr: str, rule: str) -> None:
        """Change one cell into a wrong one, and write down which."""
        self.put(row, key, value)
        self.note(row, key, kind, label_fr, rule)

    def note(self, row: int, key: str | None, kind: str, label_fr: str, rule: str) -> None:
        """Write down an error of a cell, or of a row where no key is given."""
        cell = address(row, self.fields.index(key)) if key else None
        self.planted.in_file(kind, label_fr, rule, self.file, self.name, row + 1, cell)

    def note_sheet(self, kind: str, label_fr: str, rule: str) -> None:
        """Write down an error of the whole sheet or file."""
        self.planted.in_file(kind, label_fr, rule, self.file, self.name, 0, None)

    def grid(self) -> list[list[object]]:
        """Rows of equal width, None where nothing is written."""
        height = max((row for row, _ in self.cells), default=-1) + 1
        width = max((column for _, column in self.cells), default=-1) + 1
        return [[self.cells.get((row, column)) for column in range(width)] for row in range(height)]


def quoted(values: Sequence[object]) -> str:
    """One line of a CSV as an old macro writes it: nothing is quoted, so a ``;`` inside a cell shifts the rest."""
    return ";".join("" if value is None else str(value) for value in values)
