"""Rows that a line end cut in two, or a separator pushed aside: put together where their cells say how, else told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.columns.contents import shares
from fs_pipeline.survey.opening.cells import Cell, as_text
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.reading import Note

_SHIFTED_AT = 3  # typed cells of a row that are wrong where they stand and right one column aside
_LOOKS: dict[str, Callable[[str], bool]] = {
    "postcode": lambda text: bool(re.fullmatch(r"\d{4,5}(?:\.0)?", text)),
    "insee": lambda text: bool(re.fullmatch(r"\d[\dAB]?\d{2,3}", text)),
    "latitude": lambda text: bool(re.fullmatch(r"-?\d{1,2}[.,]\d{2,}|-?\d{6,7}([.,]\d+)?", text)),
    "longitude": lambda text: bool(re.fullmatch(r"-?\d{1,2}[.,]\d{2,}|-?\d{6,7}([.,]\d+)?", text)),
    "email": lambda text: "@" in text,
    "website": lambda text: bool(re.search(r"https?:|www\.", text)),
    "siret": lambda text: bool(re.fullmatch(r"[\d\s]{13,18}", text)),
}
# What the end of a cut row may be taken for; all else says that the row is a place of its own.
_OF_AN_END = frozenset({"name", "carrier", "description", "type", "labels", "publics", "services"})
_WHERE = ("address", "commune", "postcode", "insee")
_SAYS_A_PLACE = (*_WHERE, "phone", "email", "website", "siret")
_NEARLY_ALL = 0.9
_REMAINDER = re.compile(r"\s*[,;|)»]")  # « ,Centre de documentation, »: no name begins so
_A_LIST, _IN_USE = 12, 30  # values of a column that holds one of a few, in so many rows


@dataclass(frozen=True)
class _Grid:
    """A table's columns as its author had them: those that our copy gave it for proposals are none of his."""

    columns: list[int]
    typed: dict[str, int]  # field -> its rank among them

    def cells(self, row: Row) -> list[Cell]:
        cells = row.block.sheet.rows[row.number - 1]
        return cells if len(cells) == len(self.columns) else [cells[column] for column in self.columns]

    def has_foreign(self, row: Row) -> bool:
        """Whether a cell of its typed columns is not of their kind."""
        cells = row.block.sheet.rows[row.number - 1]
        for name, rank in self.typed.items():
            cell = cells[self.columns[rank]]
            if cell is not None and not _looks_as(name, cell):
                return True
        return False

    def has_only_the_first(self, row: Row) -> bool:
        """Whether its first cell is written, and no other."""
        cells = row.block.sheet.rows[row.number - 1]
        return cells[self.columns[0]] is not None and len(cells) - cells.count(None) == 1

    def last(self, row: Row) -> int:
        """The rank of the last cell that is written."""
        return max((rank for rank, cell in enumerate(self.cells(row)) if cell is not None), default=-1)


def settle_cut(rows: Sequence[Row], territory: Territory) -> None:
    """Join to the row above what a line end cut from it; tell of rows that are shifted, or the end of a row, only.

    A row whose cells are right so many columns aside as the row above has, which ends there, is the rest of it. One that
    says nothing of where a place is, in a table where the others do, is no place if it begins as no name does, or if
    what stands in a column of a few values is none of them.
    """
    if not rows:
        return
    _settle_shifted(rows, _grid_of(rows[0].block))
    located = [row for row in rows if not row.settled and any(row.text(name) for name in _WHERE)]
    if len(located) < _NEARLY_ALL * sum(not row.settled for row in rows):
        return
    lists: dict[int, frozenset[str]] | None = None
    for before, row in pairwise(rows):
        if row.settled or before.settled or before.number + 1 != row.number or not _may_be_an_end(row):
            continue
        lists = _columns_of_few(located) if lists is None else lists
        if _is_an_end(row, lists, territory):
            _set_apart(row, Note("row_is_an_end", detail=f"Ligne {before.number}."), row.first_written)


def _grid_of(block: Block) -> _Grid:
    columns = [column for column in range(block.sheet.width) if column not in block.sheet.proposals]
    return _Grid(columns, {name: columns.index(block.columns[name][0]) for name in _LOOKS if name in block.columns})


def _settle_shifted(rows: Sequence[Row], grid: _Grid) -> None:
    above: Row | None = None
    between: list[Row] = []
    for row in rows:
        follows = above is not None and above.number + len(between) + 1 == row.number
        if row.texts and grid.has_foreign(row) and (step := _step_aside(row, grid)):
            if (
                above is not None
                and follows
                and grid.last(above) == -step
                and grid.last(row) - step < len(grid.columns)
            ):
                _rejoin(above, [*between, row], step, grid)
            else:
                row.problems.clear()
                _set_apart(row, Note("column_shifted"), grid.columns[min(grid.typed.values())])
        if row.settled:
            above, between = None, []
        elif follows and grid.has_only_the_first(row):
            between.append(row)
        else:
            above, between = row, []


@lru_cache(maxsize=65_536, typed=True)  # 1 and True are equal, and are not written the same
def _looks_as(name: str, cell: Cell) -> bool:
    text = as_text(cell)
    return text is not None and _LOOKS[name](text)


def _step_aside(row: Row, grid: _Grid) -> int:
    """The columns by which three typed cells, wrong where they stand, would be right; 0 where it is not so."""
    columns, cells = grid.typed, grid.cells(row)

    def looks(name: str, column: int) -> bool:
        return 0 <= column < len(cells) and _looks_as(name, cells[column])

    foreign = {
        name: column for name, column in columns.items() if cells[column] is not None and not looks(name, column)
    }
    if not any(looks(name, column) for name, column in columns.items()):  # a row cut in two: all of it is elsewhere
        steps = [step for step in range(1 - len(cells), len(cells)) if step]
        moved = [sum(looks(name, column + step) for name, column in columns.items()) for step in steps]
    elif len(foreign) >= _SHIFTED_AT:
        kinds = {column: name for name, column in columns.items()}
        steps = [-1, 1]
        moved = [
            sum(
                looks(name, column + step)
                and not (column + step in kinds and looks(kinds[column + step], column + step))
                for name, column in foreign.items()
            )
            for step in steps
        ]
    else:
        return 0
    most = max(moved)
    return steps[moved.index(most)] if most >= _SHIFTED_AT else 0


def _rejoin(above: Row, rest: Sequence[Row], step: int, grid: _Grid) -> None:
    """Give the row above what was cut from it: the first cells end its last one, the others follow."""
    last, cells = rest[-1], grid.cells(rest[-1])
    end = grid.columns[-step]
    for rank, column in enumerate(grid.columns[1 - step :], 1):
        if column in above.block.named and cells[rank] is not None:
            above.texts[column], above.moved[column] = as_text(cells[rank]), (last.number - 1, grid.columns[rank])
    if end in above.block.named:
        parts = [above.texts.get(end), *(as_text(grid.cells(row)[0]) for row in rest)]
        above.texts[end] = " ".join(part.strip(' "') for part in parts if part) or None
    for row in rest:
        row.problems.clear()
        _set_apart(row, Note("row_continues", detail=f"Ligne {above.number}."), row.first_written)


def _set_apart(row: Row, note: Note, column: int) -> None:
    row.settle(note, column)
    row.texts.clear()  # none is a place's


def _may_be_an_end(row: Row) -> bool:
    written = row.written
    return bool(written) and {row.block.named[column] for column in written} <= _OF_AN_END


def _columns_of_few(rows: Sequence[Row]) -> dict[int, frozenset[str]]:
    """Column -> its values, where it holds one of a few in each of many rows."""
    found: dict[int, frozenset[str]] = {}
    for column in range(rows[0].block.sheet.width if len(rows) >= _IN_USE else 0):
        values = Counter(filter(None, (as_text(row.block.sheet.rows[row.number - 1][column]) for row in rows)))
        if sum(values.values()) >= _IN_USE and len(values) <= _A_LIST:
            found[column] = frozenset(values)
    return found


def _is_an_end(row: Row, lists: dict[int, frozenset[str]], territory: Territory) -> bool:
    cells = dict(_written(row))
    if _REMAINDER.match(next(iter(cells.values()))):
        return True
    looks = [shares([text], territory) for text in cells.values()]
    if looks[0].get("organisation") or any(look.get(kind) for look in looks for kind in _SAYS_A_PLACE):
        return False
    return any(column in lists and text not in lists[column] for column, text in cells.items())


def _written(row: Row) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(row.block.sheet.rows[row.number - 1]):
        if (text := as_text(cell)) is not None:
            yield column, text
