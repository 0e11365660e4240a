"""Merged ranges, as files claim them: what they cover of the table is filled, and nothing else is paid for."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.survey.opening.cells import Sheet
from fs_pipeline.survey.opening.merges import Covering, tidy

RANGES = st.lists(st.tuples(*[st.integers(-2, 12)] * 4), max_size=12)


@given(ranges=RANGES)
def test_ranges_stay_inside_the_sheet_and_never_lie_over_one_another(ranges):
    kept = tidy(ranges, 9, 7)
    cells = [
        (row, column) for t, left, b, right in kept for row in range(t, b + 1) for column in range(left, right + 1)
    ]
    assert len(cells) == len(set(cells))
    assert all(0 <= row < 9 and 0 <= column < 7 for row, column in cells)
    assert tidy(kept, 9, 7) == kept


@given(ranges=RANGES)
def test_each_row_is_told_what_covers_it_and_nothing_else(ranges):
    sheet = Sheet("", [[f"{row}.{column}" for column in range(7)] for row in range(9)], merged=tidy(ranges, 9, 7))
    covering = Covering(sheet, 2, [0, 2, 3, 6])
    for row in range(2, 9):
        expected = {
            column: sheet.rows[top][left]
            for top, left, bottom, right in sheet.merged
            if 2 <= top < bottom and top <= row <= bottom
            for column in (0, 2, 3, 6)
            if left <= column <= right and (row, column) != (top, left)
        }
        assert covering.values(row) == expected


def test_a_range_written_backwards_is_read_and_one_beside_the_table_is_none():
    assert tidy([(4, 2, 1, 0)], 10, 3) == ((1, 0, 4, 2),)
    assert tidy([(2, 701, 4, 701), (7, 0, 9, 0), (3, 3, 3, 3)], 6, 8) == ()
    assert tidy([(1, 0, 400, 16_383)], 6, 8) == ((1, 0, 5, 7),)


def test_twenty_thousand_ranges_over_one_another_cost_what_one_costs():
    started = time.process_time()
    stacked = tidy([(1, 0, bottom, 7) for bottom in range(2, 20_002)], 20_002, 8)
    assert stacked == ((1, 0, 2, 7),)
    sheet = Sheet("", [["x"] * 8] * 20_002, merged=tidy([(1, 0, 20_001, 7)] * 20_000, 20_002, 8))
    covering = Covering(sheet, 1, range(8))
    assert sum(len(covering.values(row)) for row in range(1, 20_002)) == 8 * 20_001 - 1
    assert time.process_time() - started < 30  # one by one they would take minutes
