"""What mednum's and data·inclusion's files have in common: codes joined in one cell, OSM hours, dates of update.

The codes and what they stand for are ``data/structure_codes.csv``.
"""

from __future__ import annotations

import json
from functools import cache

import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.safe_text import safe_tree
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.hours import read_hours
from fs_pipeline.values.service_types import read_service_type

_DAY_LENGTH = len("2022-12-01")


def listed(cell: object) -> list[str]:
    """The parts of a cell: ``a|b``, ``["a", "b"]`` as JSON or as a list, ``{a,b}`` as PostgreSQL writes it."""
    if isinstance(cell, list):
        return [str(part).strip() for part in cell if part]
    if not isinstance(cell, str):
        return []
    text = cell.strip()
    if text.startswith("["):
        try:
            return listed(safe_tree(json.loads(text)))
        except json.JSONDecodeError:
            text = text.strip("[]")
    separator = "," if text.startswith("{") else "|"
    parts = (part.strip(' "') for part in text.strip("{}").split(separator))
    return [part for part in parts if part]


def first(cell: object) -> str | None:
    """The first part of a cell."""
    return next(iter(listed(cell)), None)


def set_types(rows: pd.DataFrame, codes: list[list[str]]) -> None:
    """Fill type, service_type and operator of draft `rows` from each row's `codes`; the name is heard where none is known.

    The codes' order in the reviewed file decides: a France services in a town hall is a France services.
    """
    order = list(_codes())
    known = [sorted((code for code in own if code in _codes()), key=order.index) for own in codes]
    rows["type"] = [_codes()[own[0]]["label"] if own else None for own in known]
    rows["service_type"] = [
        _codes()[own[0]]["service_type"] if own else read_service_type(None, name).value
        for own, name in zip(known, rows["name"], strict=True)
    ]
    rows["operator"] = [(_codes()[own[0]]["operator"] or None) if own else None for own in known]


def hours(column: pd.Series) -> list[str | None]:
    """Published as OSM ``opening_hours``, and checked like any other."""
    return [read_hours(text).value if isinstance(text, str) else None for text in column]


def updated_on(column: pd.Series) -> list[str | None]:
    """The day of a date or of a moment."""
    return [read_date(text[:_DAY_LENGTH]).value if isinstance(text, str) else None for text in column]


@cache
def _codes() -> dict[str, dict[str, str]]:
    return {row["code"]: dict(row) for row in read_csv("structure_codes.csv")}
