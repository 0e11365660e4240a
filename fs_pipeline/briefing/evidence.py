"""On what a sentence or a row of a table rests: its figures, whom it is about, and the published rows that say so.

It stands beside the words in the view model, made from the very rows that the words are made from; ``claims.py`` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Number:
    """A figure of a sentence.

    Attributes
    ----------
    value
        None where it is not computed.
    unit
        share (0 to 1), minutes, hours, or what is counted.
    n
        How many it rests on, and what they are (`base`).
    """

    name: str
    value: float | None
    unit: str
    n: float | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a published table: those with these values; all of the brief's where there is none."""

    table: str
    where: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one sentence, or one row, rests on."""

    keys: tuple[tuple[str, Scalar], ...] = ()
    figures: tuple[Number, ...] = ()
    rows: tuple[Rows, ...] = ()


NOTHING = Evidence()


def rows_of(table: str, row: Mapping[str, object], *columns: str) -> Rows:
    """The rows that share with `row` what it says in `columns`."""
    return Rows(table, named(row, *columns))


def named(row: Mapping[str, object], *columns: str) -> tuple[tuple[str, Scalar], ...]:
    """What a row says in `columns`, those that are missing left out."""
    return tuple((name, plain(row[name])) for name in columns if row[name] is not None)


def plain(value: object) -> Scalar:
    """A cell as JSON has it: NumPy's numbers as Python's, a whole number of no fraction as it is."""
    said = value.item() if hasattr(value, "item") else value
    assert isinstance(said, Scalar), type(said)
    return said


def number(
    row: Mapping[str, object], column: str, unit: str, n: object = None, base: str | None = None, name: str = ""
) -> Number:
    """The figure in a column of a row, under that column's name where it has none of its own."""
    return Number(name or column, _float(row[column]), unit, _float(n), base)


def _float(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]  # a cell that holds a number


def of_difference(row: Mapping[str, object]) -> Evidence:
    """A row of ``discrepancies``."""
    keys = ("kind", "place_id", "field", "insee")
    return Evidence(keys=named(row, *keys), rows=(rows_of("discrepancies", row, *keys),))


def of_kind(kind: str, count: int) -> Evidence:
    """The rows of ``discrepancies`` of one kind."""
    about = (("kind", kind),)
    return Evidence(about, (Number("differences", count, "differences"),), (Rows("discrepancies", about),))
