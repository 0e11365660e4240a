"""One row of each table that a survey fills in; a field is the column of ``survey_…`` that bears its name.

What belongs to the deposit and not to its file (slot, id) is not here: whoever stores the rows adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter

Value = str | int | float | bool | None


@dataclass(slots=True)
class Place:
    """A place as declared; `labels` and `publics` are codes joined by ``|``, `general_help` is one code or None."""

    sheet: str
    row: int
    local_id: str | None
    name: str
    type: str | None
    carrier: str | None
    address_extra: str | None
    description: str | None
    siret: str | None
    siren: str | None
    address: str | None
    postcode: str | None
    insee: str | None
    commune: str | None
    phone: str | None
    email: str | None
    website: str | None
    opening_hours: str | None
    week_parity: str | None
    itinerant: bool | None
    updated_on: str | None
    service_type: str | None
    latitude: float | None = None
    longitude: float | None = None
    labels: str | None = None
    publics: str | None = None
    general_help: str | None = None
    more_rows: tuple[int, ...] = field(default=(), metadata={"stored": False})  # below, that are services of it

    @property
    def key(self) -> str:
        """``sheet:row``, which names it inside its file."""
        return f"{self.sheet}:{self.row}"

    def complete(self, other: Place) -> None:
        """Take over from a row of the same place what this one left empty."""
        for name in column_names(Place):
            if getattr(self, name) is None:
                setattr(self, name, getattr(other, name))
        self.more_rows += (other.row,)


@dataclass(slots=True)
class PlaceDemarche:
    """A démarche that a place helps with; `survey_place_id` is the place's ``key``, None where none is found."""

    sheet: str
    row: int
    survey_place_id: str | None
    place: str | None
    demarche: str
    demarche_id: str | None
    level: str | None
    appointment: bool | None
    opening_hours: str | None = None


@dataclass(slots=True)
class Actor:
    """An association or actor; what the reviewed lists lack stands as written in `kind`, `publics`, `outreach_mode`."""

    sheet: str
    row: int
    name: str
    contact: str | None
    territory: str | None
    capacity: str | None
    commitment: str | None
    status: str | None
    kind: str | None
    publics: str | None
    outreach_mode: str | None
    phone: str | None
    email: str | None
    website: str | None
    due_on: str | None


@dataclass(slots=True)
class Stop:
    """A stop of a round; its `weekday` is ``Mo`` … ``Su``."""

    sheet: str
    row: int
    round: str | None
    stop: str
    insee: str | None
    commune: str | None
    latitude: float | None
    longitude: float | None
    weekday: str | None
    week_parity: str | None
    opening_hours: str | None


@dataclass(slots=True)
class Meeting:
    """A meeting that was held."""

    sheet: str
    row: int
    held_on: str | None
    venue: str | None
    present: str | None
    decisions: str | None
    remarks: str | None


Record = Place | PlaceDemarche | Actor | Stop | Meeting


@cache
def column_names(kind: type) -> tuple[str, ...]:
    """The columns that a kind of rows (a dataclass) fills in."""
    return tuple(column.name for column in fields(kind) if column.metadata.get("stored", True))


def as_rows(records: Iterable[object], names: Iterable[str]) -> Iterator[dict[str, Value]]:
    """Each of `records` as a dictionary of the columns `names`; no dictionary lives longer than its turn.

    Raises
    ------
    AttributeError
        When a record has no such column.
    """
    names = tuple(names)
    values = attrgetter(*names)
    return (dict(zip(names, values(record), strict=True)) for record in records)
