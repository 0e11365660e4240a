"""A database's address, and how connections to it are opened: SQLite ahead of its journal, transactions begun by us."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError

from fs_pipeline.settings import UnusableSettings

_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}
_JOURNAL_SECONDS = 60.0


def parsed_url(url: str) -> URL:
    """The address of a database that can be one.

    Raises
    ------
    UnusableSettings
        When it is none, or none of ours; the message has no password in it.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in _DRIVERS:  # raised here: what is in it stays out of the trace too
        model = "postgresql+psycopg://compte:mot-de-passe@serveur/base"
        raise UnusableSettings(f"FS_DATABASE_URL n’est pas l’adresse d’une base de données ; modèle : {model}.")
    return parsed


def open_engine(url: URL) -> Engine:
    """What connects to the database; a SQLite file is made where there is none."""
    if url.get_backend_name() == "sqlite" and url.database:
        _make_private(Path(url.database))
    # Values are personal data and stay out of messages; a server that was restarted meanwhile costs nobody a query.
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=url.get_backend_name() != "sqlite")
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _configure(dbapi_connection: DBAPIConnection, _record: object) -> None:
            # pysqlite's own implicit BEGIN is switched off so that ours below decides how a transaction starts.
            dbapi_connection.isolation_level = None
            cursor = dbapi_connection.cursor()
            cursor.execute("PRAGMA busy_timeout=60000")
            _keep_journal_ahead(cursor)
            for pragma in ("synchronous=NORMAL", "temp_store=MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            reading = connection.get_execution_options().get("fs_read_only", False)
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _make_private(path: Path) -> None:
    """The file of a SQLite database is its owner's alone from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if str(path) != ":memory:":
        path.touch(mode=0o600, exist_ok=True)


def _keep_journal_ahead(cursor: DBAPICursor) -> None:
    """Write ahead; SQLite itself does not wait where several connections change the journal of a new file at once."""
    until = time.monotonic() + _JOURNAL_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
