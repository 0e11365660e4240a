"""The warehouse of commit af538dc, filled by its rehearsal in three campaigns: all of it is invented.

``af538dc-sqlite.sql.xz`` is that database; ``af538dc-postgresql.sql.xz`` is how the same commit made its tables on
PostgreSQL, into which the same rows are put.
"""

from __future__ import annotations

import lzma
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, insert, select

HERE = Path(__file__).parent
Rows = dict[str, list[dict[str, Any]]]


def dumped(engine: str) -> str:
    return lzma.decompress((HERE / f"af538dc-{engine}.sql.xz").read_bytes()).decode()


def fill_file(path: Path) -> None:
    """Make the old warehouse as a SQLite file."""
    with closing(sqlite3.connect(path)) as old:
        old.executescript(dumped("sqlite"))


def fill_server(url: str, filled: Path) -> None:
    """Make the old warehouse on PostgreSQL, with the rows of the SQLite file."""
    old, server = create_engine(f"sqlite:///{filled}"), create_engine(url)
    rows, tables = read_all(old), MetaData()
    with server.begin() as connection:
        connection.exec_driver_sql(dumped("postgresql"))
        tables.reflect(connection)
        for name, table in tables.tables.items():
            if rows[name]:
                connection.execute(insert(table).inline(), rows[name])
    old.dispose()
    server.dispose()


def read_all(engine: Engine) -> Rows:
    """Every row of every table."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.tables.items()
        }


def counted(rows: list[dict[str, Any]], names: list[str]) -> Counter[tuple[Any, ...]]:
    """Rows as they compare whatever their order, in these columns."""
    return Counter(tuple(row[name] for name in names) for row in rows)
