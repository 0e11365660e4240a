"""Reviewed facts as files, with their source and validity, and the one function that opens them.

What changes with the law or the world is here; rules that compute belong to the rooms above.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


def path(name: str) -> Traversable:
    """The packaged file `name` (``operators.csv``)."""
    return files(__name__).joinpath(name)


@cache
def read_csv(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a reviewed CSV file; an empty cell is an empty string, never a guess."""
    return tuple(csv.DictReader(io.StringIO(path(name).read_text(encoding="utf-8"), newline="")))


def rows_in_force(name: str, day: str) -> tuple[dict[str, str], ...]:
    """The rows of a reviewed CSV file that hold on a day (ISO): an empty ``valid_from`` or ``valid_to`` bounds nothing."""
    return tuple(
        row for row in read_csv(name) if row["valid_from"] <= day and (not row["valid_to"] or row["valid_to"] >= day)
    )
