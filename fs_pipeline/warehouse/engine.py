"""The warehouse: typed reads, and writes that replace a partition in one transaction.

Nothing here knows what a row means, and no SQL model lives here (see models.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Float,
    Index,
    Table,
    and_,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    make_url,
    select,
    true,
)
from sqlalchemy.engine.interfaces import DBAPIConnection

from fs_pipeline.warehouse.tables import METADATA

Key = Mapping[str, object]  # column -> value, or a collection of values


class Warehouse:
    """One database, SQLite or PostgreSQL, with the tables of tables.py.

    Parameters
    ----------
    url
        SQLAlchemy URL. ``sqlite:///…`` files are opened in WAL mode and write transactions begin IMMEDIATE, so that a
        reader never waits and two writers queue instead of failing.
    """

    def __init__(self, url: str) -> None:
        if make_url(url).get_backend_name() == "sqlite" and (path := make_url(url).database):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(url)
        for table in METADATA.tables.values():
            index_by_slot(table)
        METADATA.create_all(self.engine)
        _add_new_columns(self.engine)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    def replace(self, table: Table | str, key: Key, frame: pd.DataFrame) -> int:
        """Put `frame` in the place of the rows that `key` selects, in one transaction.

        Columns of `key` with a single value are filled in where `frame` lacks them.

        Returns
        -------
        int
            Number of rows written.

        Raises
        ------
        ValueError
            When `frame` has a column the table lacks, or rows outside `key`.
        """
        table = _table(table)
        rows = _records(frame, table, key)
        with self.engine.begin() as connection:
            connection.execute(delete(table).where(_matches(table, key)))
            _insert(connection, table, rows)
        return len(rows)

    def upsert(self, table: Table | str, frame: pd.DataFrame) -> int:
        """Insert `frame`, replacing rows that have the same primary key."""
        table = _table(table)
        rows = _records(frame, table, {})
        keys = [column.name for column in table.primary_key]
        with self.engine.begin() as connection:
            for row in rows:
                connection.execute(delete(table).where(_matches(table, {k: row[k] for k in keys})))
            _insert(connection, table, rows)
        return len(rows)

    def read(self, table: Table | str, key: Key | None = None, columns: Iterable[str] | None = None) -> pd.DataFrame:
        """Rows that `key` selects, ordered by all columns' order of insertion where the database keeps it.

        Text is None where missing, numbers are NaN, booleans stay True, False or None.
        """
        table = _table(table)
        wanted = [table.c[name] for name in columns] if columns is not None else list(table.c)
        query = select(*wanted)
        if key:
            query = query.where(_matches(table, key))
        with self.engine.connect().execution_options(fs_read_only=True) as connection:
            rows = connection.execute(query).fetchall()
        return frame_of(rows, wanted)

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def index_by_slot(table: Table) -> None:
    """Declare the index by which every slot table is read and replaced."""
    name = f"ix_{table.name}_slot"
    if {"campaign", "departement"} <= set(table.c.keys()) and not any(index.name == name for index in table.indexes):
        Index(name, table.c.campaign, table.c.departement)


def _engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)  # values are personal data and stay out of messages
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _configure(dbapi_connection: DBAPIConnection, _record: object) -> None:
            # pysqlite's own implicit BEGIN is switched off so that ours below decides how a transaction starts.
            dbapi_connection.isolation_level = None
            cursor = dbapi_connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=60000", "temp_store=MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            reading = connection.get_execution_options().get("fs_read_only", False)
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _add_new_columns(engine: Engine) -> None:
    """Give tables made by an earlier version the columns that have come since, empty; nothing is ever dropped."""
    inspector = inspect(engine)
    quote = engine.dialect.identifier_preparer
    for table in METADATA.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                kind = column.type.compile(engine.dialect)
                statement = f"alter table {quote.format_table(table)} add column {quote.format_column(column)} {kind}"
                with engine.begin() as connection:
                    connection.exec_driver_sql(statement)


def _table(table: Table | str) -> Table:
    return METADATA.tables[table] if isinstance(table, str) else table


@cache
def empty_frame(table: Table | str) -> pd.DataFrame:
    """No row, all columns but the slot's; always the same frame, which nobody changes."""
    columns = [column for column in _table(table).c if column.name not in {"campaign", "departement"}]
    return frame_of([], columns)


def is_many(value: object) -> bool:
    """Whether a key's value stands for several values."""
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _matches(table: Table, key: Key) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        table.c[name].in_(list(value)) if is_many(value) else table.c[name] == value  # type: ignore[call-overload]
        for name, value in key.items()
    ]
    return and_(true(), *conditions)


def _records(frame: pd.DataFrame, table: Table, key: Key) -> list[dict[str, object]]:
    unknown = set(frame.columns) - set(table.c.keys())
    if unknown:
        raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    columns: dict[str, list[object]] = {}
    for column in table.c:
        if column.name in frame.columns:
            columns[column.name] = _plain(frame[column.name])
        elif column.name in key and not is_many(key[column.name]):
            columns[column.name] = [key[column.name]] * len(frame)
        else:
            columns[column.name] = [None] * len(frame)
    for name, value in key.items():
        allowed = set(value) if is_many(value) else {value}  # type: ignore[call-overload]
        outside = set(columns[name]) - allowed
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
