"""Merged ranges: made what a spreadsheet allows, then asked row by row.

A file may claim a million of them, over one another, far beyond its table: each costs what it covers of the table, once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush

from fs_pipeline.survey.opening.cells import Cell, Range, Sheet


def tidy(ranges: Iterable[Range], height: int, width: int) -> tuple[Range, ...]:
    """Clipped to `height` rows x `width` columns, from top to bottom, none over another: the upper, then left, stays."""
    clipped = {
        (max(top, 0), max(left, 0), min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in map(_upright, ranges)
    }
    kept: list[Range] = []
    lefts: list[int] = []  # of the ranges that reach the row at hand, in order, and their rights
    rights: list[int] = []
    ends: list[tuple[int, int]] = []  # their last row and left column, the first to end in front
    for top, left, bottom, right in sorted(clipped):
        if bottom < top or right < left or (top, left) == (bottom, right):
            continue
        while ends and ends[0][0] < top:
            place = bisect_left(lefts, heappop(ends)[1])
            del lefts[place], rights[place]
        place = bisect_right(lefts, right)
        if place and rights[place - 1] >= left:
            continue
        lefts.insert(place, left)
        rights.insert(place, right)
        heappush(ends, (bottom, left))
        kept.append((top, left, bottom, right))
    return tuple(kept)


def _upright(corners: Range) -> Range:
    """« C5:A2 » is A2:C5."""
    top, left, bottom, right = corners
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


class Covering:
    """The ranges of several rows that cover each row of a table, asked from top to bottom."""

    def __init__(self, sheet: Sheet, first: int, columns: Iterable[int]) -> None:
        """The table's rows begin at `first`: what begins above is part of its header. Values are asked of `columns`."""
        self._rows = sheet.rows
        self._columns = sorted(columns)
        self._coming = [corners for corners in reversed(sheet.merged) if first <= corners[0] < corners[2]]
        self._over: list[Range] = []
        self._row = -1

    def values(self, row: int) -> dict[int, Cell]:
        """Column -> the value of the range that covers its cell; where the range begins, the cell has its own."""
        return {
            column: self._rows[top][left]
            for top, left, _, right in self._reach(row)
            for column in self._within(left, right)
            if (row, column) != (top, left)
        }

    def widened(self, row: int) -> bool:
        """Whether some range reaches beyond the first column there."""
        return any(right > 0 and (left < right or top < row) for top, left, _, right in self._reach(row))

    def _reach(self, row: int) -> Sequence[Range]:
        if row != self._row:
            while self._coming and self._coming[-1][0] <= row:
                self._over.append(self._coming.pop())
            self._over = [corners for corners in self._over if corners[2] >= row]
            self._row = row
        return self._over

    def _within(self, left: int, right: int) -> Iterator[int]:
        yield from self._columns[bisect_left(self._columns, left) : bisect_right(self._columns, right)]
