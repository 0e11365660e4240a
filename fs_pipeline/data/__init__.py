"""Reviewed facts as files, with their source and validity, and what opens them.

What changes with the law or the world is here; rules that compute belong to the rooms above.
"""

from __future__ import annotations

import csv
import gzip
import io
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


def path(name: str) -> Traversable:
    """The packaged file `name` (``operators.csv``)."""
    return files(__name__).joinpath(name)


def text(name: str) -> str:
    """What a packaged file says, compressed (``.gz``) or not."""
    content = path(name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a reviewed CSV file, read again; an empty cell is an empty string, never a guess."""
    lines = csv.reader(io.StringIO(text(name), newline=""))
    header = next(lines)
    return [dict(zip(header, line, strict=True)) for line in lines if line]


@cache
def read_csv(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a reviewed CSV file, kept once read."""
    return tuple(rows(name))


def rows_in_force(name: str, day: str) -> tuple[dict[str, str], ...]:
    """The rows of a reviewed CSV file that hold on a day (ISO): an empty ``valid_from`` or ``valid_to`` bounds nothing."""
    return tuple(
        row for row in read_csv(name) if row["valid_from"] <= day and (not row["valid_to"] or row["valid_to"] >= day)
    )
