"""The warehouse: typed reads, and writes that replace a partition in one transaction, one writer of a slot at a time.

Nothing here knows what a row means, and no SQL model lives here (see models.py). Who waits for whom is said in locks.py.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Table,
    and_,
    delete,
    insert,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from fs_pipeline.settings import UnusableSettings
from fs_pipeline.warehouse.connecting import open_engine, parsed_url
from fs_pipeline.warehouse.locks import SCHEMA, Lock, hold, slot_locks, table_lock
from fs_pipeline.warehouse.schema import standing, upgrade
from fs_pipeline.warehouse.tables import table as stored_table

_LOG = logging.getLogger(__name__)
BEHIND = (
    "la base de données est celle d’une version plus ancienne de fs_pipeline. Arrêtez ce qui s’en sert, puis lancez "
    "« fs-pipeline migrate » : rien ne s’y perd."
)
_AHEAD = (
    "la base de données a été mise à niveau par une version plus récente de fs_pipeline ; mettez celle de ce poste à jour. "
    "Rien n’y a été changé."
)
Key = Mapping[str, object]  # column -> value, or a collection of values


class Warehouse:
    """One database, SQLite or PostgreSQL, with the tables of tables.py.

    Parameters
    ----------
    url
        SQLAlchemy URL. ``sqlite:///…`` files are opened in WAL mode and write transactions begin IMMEDIATE, so that a
        reader never waits and two writers queue instead of failing.
    may_upgrade
        Whether tables of an earlier version are brought up to date: unless said, those of SQLite are, which no server
        shares. Empty databases are filled by whoever comes first.

    Raises
    ------
    UnusableSettings
        When `url` is none, or nothing answers there; the message has no password in it. When the tables are of an earlier
        version and are not to be changed, or of a later one.
    """

    def __init__(self, url: str, may_upgrade: bool | None = None) -> None:
        parsed = parsed_url(url)
        self.engine = open_engine(parsed)
        try:
            with self.reading() as connection:
                found = standing(connection)
        except DatabaseError as error:
            where = "/".join(part for part in (parsed.host, parsed.database) if part)
            why = str(error.orig).strip().splitlines()[0]
            raise UnusableSettings(f"la base de données {where} ne peut pas être ouverte : {why}.") from error
        self.may_upgrade = self.dialect == "sqlite" if may_upgrade is None else may_upgrade
        if found == "ahead":
            raise UnusableSettings(_AHEAD)
        if found == "behind" and not self.may_upgrade:
            raise UnusableSettings(BEHIND)
        if found != "current":
            with self.writing(SCHEMA) as connection:
                if standing(connection) != "current":  # nobody else has done it meanwhile
                    tell(upgrade(connection))

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def writing(self, *locks: Lock) -> Iterator[Connection]:
        """One write transaction, begun once no other holds what `locks` name; all of it is written, or nothing."""
        with self.engine.begin() as connection:
            hold(connection, locks)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by, for which no writer waits."""
        with self.engine.connect().execution_options(fs_read_only=True) as connection:
            yield connection

    @contextmanager
    def within(self, connection: Connection | None, *locks: Lock) -> Iterator[Connection]:
        """`connection`, a transaction under way that then also holds `locks`; a new one of `writing` where it is None."""
        with nullcontext(connection) if connection is not None else self.writing() as held:
            hold(held, locks)
            yield held

    def replace(self, table: Table | str, key: Key, frame: pd.DataFrame, connection: Connection | None = None) -> int:
        """Put `frame` in the place of the rows that `key` selects.

        Columns of `key` with a single value are filled in where `frame` lacks them; what is not known of a row is said
        as missing, and never left out.

        Parameters
        ----------
        connection
            A transaction of `writing` to take part in; without one, this is a transaction of its own. Either way whoever
            writes the same rows waits until it ends.

        Returns
        -------
        int
            Number of rows written.

        Raises
        ------
        ValueError
            When `frame` has a column the table lacks, lacks one that the table has, or has rows outside `key`.
        """
        table = _table(table)
        rows = _records(frame, table, key)
        with self.within(connection, *_locks_of(table, key)) as held:
            held.execute(delete(table).where(_matches(table, key)))
            _insert(held, table, rows)
        return len(rows)

    def upsert(self, table: Table | str, frame: pd.DataFrame, connection: Connection | None = None) -> int:
        """Insert `frame`, each row in the place of the one that has the same primary key.

        Raises
        ------
        ValueError
            When `frame` has a column the table lacks, or lacks one that the table has.
        """
        table = _table(table)
        keys = [column.name for column in table.primary_key]
        # In one order, so that two who write the same rows never wait for each other.
        rows = sorted(_records(frame, table, {}), key=lambda row: [str(row[name]) for name in keys])
        with self.within(connection) as held:
            if rows:
                held.execute(_insert_or_update(table, held.dialect.name), rows)
        return len(rows)

    def read(
        self,
        table: Table | str,
        key: Key | None = None,
        columns: Iterable[str] | None = None,
        connection: Connection | None = None,
    ) -> pd.DataFrame:
        """Rows that `key` selects, ordered by all columns' order of insertion where the database keeps it.

        With `connection`, as they stand in that transaction.

        Text is None where missing, numbers are NaN, booleans stay True, False or None.
        """
        table = _table(table)
        wanted = [table.c[name] for name in columns] if columns is not None else list(table.c)
        query = select(*wanted)
        if key:
            query = query.where(_matches(table, key))
        with self.reading() if connection is None else nullcontext(connection) as asked:
            rows = asked.execute(query).fetchall()
        return frame_of(rows, wanted)

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def tell(sentences: Iterable[str]) -> None:
    """Say what bringing a database up to date changed of its rows; the log goes to standard error unless told otherwise."""
    for sentence in sentences:
        _LOG.warning("%s", sentence)


def _table(table: Table | str) -> Table:
    return stored_table(table) if isinstance(table, str) else table


@cache
def empty_frame(table: Table | str) -> pd.DataFrame:
    """No row, all columns but the slot's; always the same frame, which nobody changes."""
    columns = [column for column in _table(table).c if column.name not in {"campaign", "departement"}]
    return frame_of([], columns)


def is_many(value: object) -> bool:
    """Whether a key's value stands for several values."""
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _values(value: object) -> list[Any]:
    return list(value) if is_many(value) else [value]  # type: ignore[call-overload]


def _locks_of(table: Table, key: Key) -> list[Lock]:
    """What a writer of the rows of `key` must hold: their slots, else the whole table."""
    if {"campaign", "departement"} <= key.keys():
        return [
            table_lock(table.name, shared=True),
            *slot_locks(_values(key["campaign"]), _values(key["departement"])),
        ]
    return [table_lock(table.name)]


def _matches(table: Table, key: Key) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        table.c[name].in_(_values(value)) if is_many(value) else table.c[name] == value for name, value in key.items()
    ]
    return and_(true(), *conditions)


def _records(frame: pd.DataFrame, table: Table, key: Key) -> list[dict[str, object]]:
    unknown = set(frame.columns) - set(table.c.keys())
    if unknown:
        raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    if not len(frame):
        return []
    given = {name: value for name, value in key.items() if not is_many(value)}
    if unsaid := table.c.keys() - given.keys() - set(frame.columns):
        raise ValueError(f"{table.name}: nothing is said of {', '.join(sorted(unsaid))}")
    columns = {
        name: _plain(frame[name]) if name in frame else [given[name]] * len(frame)
        for name in table.c.keys()  # noqa: SIM118 - its columns, by name
    }
    for name, value in key.items():
        outside = set(columns[name]) - set(_values(value))
        if outside:
            raise ValueError(f"{table.name}: {name} outside of what is replaced: {sorted(map(str, outside))[:3]}")
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain(series: pd.Series[Any]) -> list[object]:
    """Python values, None where missing: NumPy scalars and NaN don't pass every database driver."""
    values: list[object] = series.astype(object).where(series.notna(), None).tolist()
    return values


def _insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table).inline(), rows)


def _insert_or_update(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """INSERT … ON CONFLICT DO UPDATE: what a row says replaces all that the row of the same key said."""
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table).inline()
    keys = list(table.primary_key)
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: statement.excluded[column.name] for column in table.c if column not in set(keys)},
    )


def frame_of(rows: Collection[Any], columns: list[Any]) -> pd.DataFrame:
    """Fetched rows as a frame: numbers float64, the rest object with None.

    Arrays of a known type over one index: left to infer types and to align, pandas takes 15 times longer, and a run
    reads thousands of small tables.
    """
    index = pd.RangeIndex(len(rows))
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    data = {}
    for column, values in zip(columns, cells, strict=True):
        if isinstance(column.type, Float):
            data[column.name] = pd.Series(np.array(values, dtype="float64"), index=index, copy=False)
        else:
            texts = np.fromiter(values, dtype=object, count=len(rows))
            data[column.name] = pd.Series(texts, index=index, dtype=object, copy=False)
    return pd.DataFrame(data, index=index, copy=False)
