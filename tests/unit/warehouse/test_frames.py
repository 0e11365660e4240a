"""What a step hands over to be written says something of every declared column, and of none besides."""

import pandas as pd
import pytest

from fs_pipeline.warehouse.frames import table_frame

WEEK = {"insee": "33001", "week_parity": "every", "week": "o"}


def test_rows_come_in_the_declared_order_without_their_slot() -> None:
    frame = table_frame("commune_weeks", [dict(reversed(WEEK.items()))])
    assert list(frame) == list(WEEK)
    assert list(table_frame("commune_weeks", pd.DataFrame([WEEK])[["week", "insee", "week_parity"]])) == list(WEEK)
    assert list(table_frame("commune_weeks", [])) == list(WEEK)


@pytest.mark.parametrize("make", [lambda rows: rows, pd.DataFrame])
def test_a_column_that_is_renamed_on_one_side_only_is_named_with_its_table(make) -> None:
    renamed = {("hours" if name == "week" else name): value for name, value in WEEK.items()}
    with pytest.raises(ValueError, match="commune_weeks: nothing is said of week"):
        table_frame("commune_weeks", make([renamed]))
    with pytest.raises(ValueError, match="commune_weeks has no column hours"):
        table_frame("commune_weeks", make([{**WEEK, "hours": "o"}]))


def test_one_row_that_forgets_a_column_is_no_row_where_it_is_missing() -> None:
    with pytest.raises(ValueError, match="commune_weeks: nothing is said of week"):
        table_frame("commune_weeks", [WEEK, {"insee": "33002", "week_parity": "every"}])
