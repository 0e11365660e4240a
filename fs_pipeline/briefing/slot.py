"""What one slot is told from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd

from fs_pipeline.briefing.words import GENERAL_ONLY, NO_SURVEY, NOT_SAID, SILENT, STATED
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import Edition, apply
from fs_pipeline.warehouse.declared import declaration

Row = dict[str, Any]  # of a published table, by column: ``records`` says which, and another name is a KeyError


# Whose cells a reader is told of one by one: what is withheld there must not read as unknown.
_TOLD_BY_CELL = ("places", "commitments", "survey_actors", "survey_rounds", "survey_meeting")


def _withheld(inside: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Which cells of the rows of `shown` say something inside, and nothing here."""
    known = inside.loc[shown.index]
    return known.notna() & shown.reindex(columns=known.columns).isna()


@dataclass(frozen=True, eq=False, kw_only=True)
class DeclaredTables:
    """Tables by name, as they leave: without the columns that stay inside. ``tables.gaps`` is one of them, complete."""

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """That table with every declared column, missing where it stays inside or nothing is there."""
        if name.startswith("_") or name == "tables":
            raise AttributeError(name)
        if name not in self._complete:
            try:
                columns = declaration(name).names
            except ValueError as error:
                raise AttributeError(str(error)) from error
            frame = self.tables.get(name, pd.DataFrame())
            held_back = [column for column in columns if column not in frame]
            self._complete[name] = frame.reindex(columns=[*frame.columns, *held_back]) if held_back else frame
        return self._complete[name]

    @cached_property
    def _complete(self) -> dict[str, pd.DataFrame]:
        return {}

    def having(self, **tables: pd.DataFrame) -> Self:
        """The same with other rows in some tables."""
        return replace(self, tables={**self.tables, **tables})


@dataclass(frozen=True, eq=False, kw_only=True)
class SlotTables(DeclaredTables):
    """What one slot is told from: scalars, and its tables."""

    campaign: str
    departement: str
    departement_name: str
    region_name: str
    reference_date: str
    thresholds: Thresholds  # in force at that date
    fingerprint: str
    fictional: bool = False
    edition: Edition | None = None  # whose readers these tables were let out for
    places_withheld: int = 0  # from these readers, whole
    points_withheld: int = 0  # of places that they may read of
    cells_withheld: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # of the rows that they may read

    def let_out(self, edition: Edition) -> SlotTables:
        """What readers of `edition` may receive; itself where that was done before."""
        if self.edition == edition:
            return self
        tables = apply(self.tables, edition)
        cells = {name: _withheld(self.tables[name], tables[name]) for name in _TOLD_BY_CELL if name in tables}
        shown = replace(self, edition=edition, tables=tables, cells_withheld=cells)
        known, kept = self.places["place_id"], shown.places["place_id"]
        lost = kept[~located(shown.places)].isin(known[located(self.places)])
        return replace(shown, places_withheld=len(known) - len(kept), points_withheld=int(lost.sum()))

    def withholds(self, table: str) -> bool:
        """Whether these readers may not receive a table at all, which is no « nothing found »."""
        return table in self.tables and self.tables[table].columns.empty

    def reserved(self, table: str) -> list[frozenset[str]]:
        """Of each row of a table, the columns that say something, but not to these readers."""
        cells = self.cells_withheld.get(table)
        if cells is None:
            return [frozenset()] * len(getattr(self, table))
        return [frozenset(cells.columns[gone]) for gone in cells.to_numpy(dtype=bool)]

    def told(self, table: str, *columns: str) -> list[Row]:
        """``records`` of a table, each with its ``reserved`` columns."""
        rows = records(getattr(self, table), *columns)
        return [row | {"reserved": gone} for row, gone in zip(rows, self.reserved(table), strict=True)]


def located(places: pd.DataFrame) -> pd.Series:
    """Which places have a point."""
    return places[["latitude", "longitude"]].notna().all(axis=1)


def silence(tables: SlotTables) -> str | None:
    """Why no survey speaks of any démarche, which is no « none confirmed »; None where one does."""
    said = {*tables.demarche_matrix["evidence"]}
    if said & {*STATED}:
        return None
    if "general" in said:
        return GENERAL_ONLY
    return SILENT if counts_of(tables)["surveyed"] else NO_SURVEY


def not_said(why: str | None) -> str:
    """What the sign of a count that nobody gives means, on the line below a table; nothing where a survey speaks."""
    return f" · {NOT_SAID}\u00a0: {why[:1].lower()}{why[1:]}" if why else ""


def classes_by_code(tables: SlotTables) -> dict[str, Row]:
    """Rows of ``access_classes`` by their class, near to far; empty before it is made."""
    columns = (
        "minutes_class", "communes", "population", "share", "communes_or_farther", "population_or_farther",
        "population_asked", "population_in_all",
    )  # fmt: skip
    return {row["minutes_class"]: row for row in records(tables.access_classes, *columns)}


def counts_of(tables: SlotTables) -> dict[str, int]:
    """The row of ``slot_counts``; zeros before it is made, and for what readers may not receive."""
    columns = ("places", "surveyed", "listed", "in_both", "listed_rows", "listed_nowhere", "to_review")
    rows = records(tables.slot_counts, *columns) or [{}]
    return {name: int(rows[0].get(name) or 0) for name in columns}


def records(frame: pd.DataFrame, *columns: str) -> list[Row]:
    """Rows as dictionaries with exactly `columns`; what is missing is None.

    Raises
    ------
    KeyError
        When a column is not there.
    """
    return [
        dict(zip(columns, row, strict=True)) for row in zip(*(_cells(frame[name]) for name in columns), strict=True)
    ]


def _cells(column: pd.Series) -> list[Any]:
    """A column as Python has it: pandas would make a table of objects first, and a brief asks four hundred times."""
    cells: list[Any] = column.tolist()
    if column.dtype == object:  # NumPy's own numbers may stand in it
        cells = [cell.item() if isinstance(cell, np.generic) else cell for cell in cells]
    return [None if gone else cell for cell, gone in zip(cells, column.array.isna().tolist(), strict=True)]
