"""How many minutes are near, and how many are far: a reviewed fact with its dates, never a number in code.

The same line as the SQL model ``int_slots`` takes, whose columns bear it beside what is counted with it.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from fs_pipeline.data import rows_in_force


class Thresholds(NamedTuple):
    """Minutes of travel: whoever lives within ``near`` is near a place, whoever lives beyond ``far`` is far from it."""

    near: int
    far: int


def thresholds_on(day: dt.date | str) -> Thresholds:
    """The thresholds in force on a day (ISO); of several lines of ``thresholds.csv``, the one that began last."""
    line = max(rows_in_force("thresholds.csv", str(day)), key=lambda row: row["valid_from"])
    return Thresholds(int(line["near_minutes"]), int(line["far_minutes"]))
