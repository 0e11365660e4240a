"""A table found in a sheet, with what it is read by: the shapes on which the rest of this room, and ``tables/``, work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from fs_pipeline.survey.columns.choosing import Choice
from fs_pipeline.survey.columns.header_rows import Header
from fs_pipeline.survey.columns.phone_forms import PhoneForm, phone_form
from fs_pipeline.survey.opening.cells import Cell, Sheet, as_text, column_letters
from fs_pipeline.territory.model import Territory

Headers = dict[str, str | list[str] | dict[str, str | list[str]] | None]


class Matched(Protocol):
    """What the catalogue says of a démarche as written."""

    @property
    def demarche_id(self) -> str | None: ...  # noqa: D102
    @property
    def exact(self) -> bool: ...  # noqa: D102
    @property
    def suggestion(self) -> str | None: ...  # noqa: D102


class Words(Protocol):
    """How the catalogue's words are heard (``demarches.catalogue.Vocabulary``), with a sheet's own codes (``legends.py``)."""

    @property
    def codes(self) -> Mapping[str, str]: ...  # noqa: D102
    def match_demarche(self, text: str) -> Matched: ...  # noqa: D102
    def read_level(self, text: str) -> str | None: ...  # noqa: D102
    def reads_as_mark(self, text: str) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class Reading:
    """How a sheet is read: against which territory and words, with what a person answered about its headers."""

    territory: Territory
    words: Words
    answers: Mapping[str, str] = field(default_factory=dict)  # normalised header -> field, empty for « none »
    without: str | None = None  # a file whose own words are left out of the vocabulary (for the benchmark)


@dataclass(frozen=True)
class Block:
    """One table found: rows `first` to `last` (counted from 0, last excluded) under `header_row`, -1 in another sheet."""

    table: str
    sheet: Sheet
    header_row: int
    first: int
    last: int
    columns: dict[str, tuple[int, ...]]
    days: dict[str, tuple[int, ...]] = field(default_factory=dict)  # Mo … Su -> columns of hours
    extra: tuple[int, ...] = ()  # columns with a header that no field takes
    heading: Header | None = None
    choices: dict[int, Choice] = field(default_factory=dict)  # column -> why it was taken
    marks: tuple[int, ...] = ()  # columns named after a démarche, in a table of places
    long: dict[str, tuple[int, ...]] = field(default_factory=dict)  # one row a service: its démarche, level …
    lists: dict[int, str | None] = field(
        default_factory=dict
    )  # columns that list démarches -> the level of all of them
    codes: Mapping[str, str] = field(default_factory=dict)  # code -> the level that the sheet's legend gives it
    across: tuple[int, ...] = ()  # columns named after a place, in a table whose rows are démarches
    spares: dict[str, tuple[int, ...]] = field(default_factory=dict)  # field -> columns heard where its own is empty
    states: tuple[int, ...] = ()  # whether each place is open
    band: tuple[int, int] | None = None  # first and last column of a table that stands beside another
    twin: bool = False  # whether a table of the same kind stands on its left, in the same rows

    @property
    def where(self) -> str:
        """The sheet, with the column where a twin begins: together with its number it names one row."""
        if not (self.twin and self.band):
            return self.sheet.name
        return f"{self.sheet.name} (colonne {column_letters(self.band[0])})".lstrip()

    @cached_property
    def named(self) -> dict[int, str]:
        """Column -> the field that it was taken for, from left to right; ``demarches`` where it is named after one."""
        named = {column: name for name, columns in self.columns.items() for column in columns}
        named |= {column: "opening_hours" for columns in self.days.values() for column in columns}
        named |= dict.fromkeys(self.marks, "demarches")
        named |= {column: name for name, columns in self.long.items() for column in columns}
        named |= dict.fromkeys(self.lists, "demarches")
        named |= dict.fromkeys(self.states, "state")
        named |= {column: name for name, columns in self.spares.items() for column in columns}
        named |= dict.fromkeys(self.across, "level")
        return dict(sorted(named.items()))

    @cached_property
    def phone_form(self) -> PhoneForm:
        """How its column of telephones writes them."""
        columns = self.columns.get("phone", ())
        return phone_form(row[column] for row in self.sheet.rows[self.first : self.last] for column in columns)

    def header(self, column: int) -> str:
        """The header as written."""
        column = self.sheet.origins.get(column, column)
        if self.heading is not None:
            return self.heading.named(column)
        return as_text(self.sheet.rows[self.header_row][column]) or ""

    def cells(self, position: int) -> list[Cell]:
        """The cells of one row that are this table's."""
        row = self.sheet.rows[position]
        return row if self.band is None else row[self.band[0] : self.band[1] + 1]


def columns_of(block: Block, fields: Sequence[str]) -> Headers:
    """Canonical field -> its header, its headers, its headers by day, or None."""
    headers: Headers = dict.fromkeys(fields)
    for name, columns in block.columns.items():
        if name not in headers:
            continue
        written = [block.header(column) for column in columns]
        headers[name] = written[0] if len(written) == 1 else written
    if block.days:
        headers["opening_hours"] = {
            day: written[0] if len(written := [block.header(column) for column in columns]) == 1 else written
            for day, columns in block.days.items()
        }
    return headers
