"""Sheets whose headers stand in a column: places side by side, a form a sheet, a meeting as labels and values.

Such a sheet is read on its side: its columns as rows, each cell still known by the address that its author sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.survey.opening.cells import Cell, Sheet, as_text
from fs_pipeline.values.text import clean

_LABEL = 2.0  # score from which a cell names a field by itself
_LABELS = 0.5  # share of a column's cells that must do so
_FIRST_COLUMNS = 3
_WITHIN = 60  # rows
_LONGEST = 80  # characters of a label


def labels_of(sheet: Sheet, table: str) -> tuple[int, frozenset[str]]:
    """Which of the first columns holds labels of `table`'s fields, and the fields; none where there is no such column."""
    for column in range(min(sheet.width, _FIRST_COLUMNS)):
        texts = [text for row in sheet.rows[:_WITHIN] if (text := clean(as_text(row[column]))) is not None]
        found = [_named(text, table) for text in texts]
        fields = frozenset(name for name in found if name)
        if len(fields) >= 2 and sum(name is not None for name in found) >= _LABELS * len(texts):
            return column, fields
    return 0, frozenset()


def _named(label: str, table: str) -> str | None:
    if len(label) > _LONGEST:
        return None
    scores = field_scores(label, table)
    best = max(scores, key=lambda name: scores[name], default="-")
    return None if best.startswith("-") or scores[best] < _LABEL else best


def turned(sheet: Sheet, labels: int) -> Sheet:
    """The sheet on its side; a value below another, without a label of its own, goes on with it."""
    rows = [list(row) for row in sheet.rows]
    named: list[Cell] | None = None
    for row in rows:
        if row[labels] is not None:
            named = row
        elif named is not None:
            _go_on(named, row, labels)
    return replace(
        sheet,
        rows=[list(column) for column in zip(*rows, strict=True)],
        merged=tuple(sorted((left, top, right, bottom) for top, left, bottom, right in sheet.merged)),
        hidden_columns=sheet.hidden_rows,
        hidden_rows=sheet.hidden_columns,
        formulas_without_value=frozenset((column, row) for row, column in sheet.formulas_without_value),
        errors=_on_its_side(sheet.errors),
        lost=_on_its_side(sheet.lost),
        proposals=frozenset(),
        widths={},
        turned=True,
    )


def _go_on(named: list[Cell], row: list[Cell], labels: int) -> None:
    for place in range(labels + 1, len(row)):
        if row[place] is not None:
            before = as_text(named[place])
            named[place] = f"{before}\n{as_text(row[place])}" if before else row[place]
            row[place] = None


def _on_its_side(cells: Mapping[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    return {(column, row): text for (row, column), text in cells.items()}
