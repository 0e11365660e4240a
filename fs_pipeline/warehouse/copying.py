"""A whole database as one SQLite file, and back into a database of either kind; a SQLite file asked whether it is whole.

Nothing here asks of which version the tables are: what stands is copied, in the order in which it stands.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from fs_pipeline.settings import UnusableSettings
from fs_pipeline.warehouse.connecting import open_engine, parsed_url
from fs_pipeline.warehouse.declared import declared_tables
from fs_pipeline.warehouse.locks import SCHEMA, hold
from fs_pipeline.warehouse.tables import TEXT

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database's file
_AT_ONCE = 5_000  # rows
_HEADER = b"SQLite format 3\0"
_STAGED, _ASIDE = "fs_restoring", "fs_before"  # schemas of PostgreSQL
IN_USE = "la base de données sert encore : arrêtez l’interface, le démon et les exécutions, puis relancez la commande."


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite database; None where `url` is that of a server."""
    parsed = parsed_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def is_sqlite(path: Path) -> bool:
    """Whether a file says that it is a database of SQLite."""
    with path.open("rb") as stream:
        return stream.read(len(_HEADER)) == _HEADER


def copy_sqlite(source: Path, target: Path) -> None:
    """The database as it is at one moment, whoever writes meanwhile, in one file that needs no other beside it."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as standing,
        closing(sqlite3.connect(target)) as copy,
    ):
        standing.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def fault_of(path: Path) -> str | None:
    """What SQLite's own check finds in a database that nobody writes to; None where it is whole."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == ["ok"] else str(found[0])


def readable_engine(path: Path) -> Engine:
    """What reads a SQLite file and leaves it, and what lies beside it, as they are."""
    url = URL.create("sqlite", database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"})
    return create_engine(url, hide_parameters=True)


def save(url: str, target: Path) -> None:
    """Write what a database holds at one moment into a new SQLite file.

    Raises
    ------
    FileNotFoundError
        When a SQLite database is not there.
    """
    path = sqlite_path(url)
    if path is not None:
        if not path.is_file():
            raise FileNotFoundError(2, "no database", str(path))
        copy_sqlite(path, target)
        return
    source, copy = open_engine(parsed_url(url)), open_engine(URL.create("sqlite", database=str(target)))
    try:
        _copy_rows(source, copy)
    finally:
        source.dispose()
        copy.dispose()
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def in_use(url: str) -> bool:
    """Whether another process has the database open; one that cannot be read is nobody's."""
    path = sqlite_path(url)
    if path is None:
        engine = open_engine(parsed_url(url))
        try:
            with engine.connect() as connection:
                others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
                return bool(connection.execute(text(f"{others} and backend_type = 'client backend'")).scalar_one())
        finally:
            engine.dispose()
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False
    return False


def staged_url(url: str, folder: Path) -> str:
    """The address at which a database is put together before it takes the place of the one at `url`.

    Of SQLite a file in `folder`, of PostgreSQL a schema of the same database.
    """
    path = sqlite_path(url)
    if path is not None:
        return f"sqlite:///{folder / path.name}"
    parsed = parsed_url(url)
    before = parsed.query.get("options", "")
    options = f"{before if isinstance(before, str) else ' '.join(before)} -csearch_path={_STAGED}".strip()
    return parsed.update_query_dict({"options": options}).render_as_string(hide_password=False)


def stage(source: Path, url: str, folder: Path) -> str:
    """Put what a SQLite file holds where it stands apart from the database at `url`; its address."""
    staged = staged_url(url, folder)
    path = sqlite_path(staged)
    if path is not None:
        shutil.copyfile(source, path)
        path.chmod(0o600)
        return staged
    engine = open_engine(parsed_url(url))
    with engine.begin() as connection:
        connection.execute(text(f"drop schema if exists {_STAGED} cascade"))
        connection.execute(text(f"create schema {_STAGED}"))
    engine.dispose()
    copy, target = readable_engine(source), open_engine(parsed_url(staged))
    try:
        _copy_rows(copy, target)
    finally:
        copy.dispose()
        target.dispose()
    return staged


def swap_in(url: str) -> None:
    """Have the staged tables of PostgreSQL take the place of those that stand, which are kept aside; all, or none."""

    def swap(move: Callable[[set[str], str, str], None], here: str, tables: dict[str, set[str]]) -> None:
        move(tables[here] & (set(declared_tables()) | tables[_STAGED] | {"alembic_version"}), here, _ASIDE)
        move(tables[_STAGED], _STAGED, here)

    _in_schemas(url, [_STAGED], swap, made=_ASIDE)
    drop_schema(url, _STAGED)


def put_back(url: str) -> None:
    """Undo `swap_in`, where tables are kept aside."""

    def swap(move: Callable[[set[str], str, str], None], here: str, tables: dict[str, set[str]]) -> None:
        if tables[_ASIDE]:
            move(tables[here] & (set(declared_tables()) | tables[_ASIDE] | {"alembic_version"}), here, _STAGED)
            move(tables[_ASIDE], _ASIDE, here)

    _in_schemas(url, [_ASIDE], swap, made=_STAGED)
    for schema in (_STAGED, _ASIDE):
        drop_schema(url, schema)


def settle(url: str) -> None:
    """Forget the tables that were kept aside."""
    for schema in (_STAGED, _ASIDE):
        drop_schema(url, schema)


def drop_schema(url: str, schema: str) -> None:
    """Drop one of the schemas of a restore."""
    engine = open_engine(parsed_url(url))
    with engine.begin() as connection:
        connection.execute(text(f"drop schema if exists {schema} cascade"))
    engine.dispose()


def _in_schemas(
    url: str,
    asked: list[str],
    swap: Callable[[Callable[[set[str], str, str], None], str, dict[str, set[str]]], None],
    made: str,
) -> None:
    engine = open_engine(parsed_url(url))
    try:
        with engine.begin() as connection:
            hold(connection, [SCHEMA])
            connection.execute(text(f"create schema if not exists {made}"))
            here = connection.execute(text("select current_schema()")).scalar_one()
            inspector = inspect(connection)
            quoted = engine.dialect.identifier_preparer.quote
            tables = {name: set(inspector.get_table_names(schema=name)) for name in [here, *asked]}

            def move(names: set[str], source: str, target: str) -> None:
                for name in sorted(names):
                    statement = f"alter table {quoted(source)}.{quoted(name)} set schema {quoted(target)}"
                    connection.execute(text(statement))

            swap(move, here, tables)
    finally:
        engine.dispose()


def _copy_rows(source: Engine, target: Engine) -> None:
    """Every table of one database into another, which has none, in one transaction of each."""
    isolation = {"isolation_level": "REPEATABLE READ"} if source.dialect.name == "postgresql" else {}
    with source.connect().execution_options(fs_read_only=True, **isolation) as reading, target.begin() as writing:
        standing, drawn = MetaData(), MetaData()
        standing.reflect(bind=reading)
        if not standing.tables:
            raise UnusableSettings("la base de données est vide : il n’y a rien à sauvegarder.")
        for table in standing.sorted_tables:
            new = _redrawn(table, drawn)
            new.create(writing)
            rows = reading.execution_options(yield_per=_AT_ONCE).execute(select(table))
            for part in rows.partitions():
                writing.execute(insert(new).inline(), [dict(row._mapping) for row in part])


def _redrawn(table: Table, into: MetaData) -> Table:
    """The same table, in types that both databases have."""
    columns: list[Column[Any]] = [
        Column(
            column.name,
            _kind(column),
            primary_key=column.primary_key,
            nullable=column.nullable,
            autoincrement=False,
        )
        for column in table.c
    ]
    new = Table(table.name, into, *columns)
    for index in table.indexes:
        Index(index.name, *(new.c[column.name] for column in index.columns), unique=index.unique)
    return new


def _kind(column: Column[Any]) -> TypeEngine[Any] | type[TypeEngine[Any]]:
    if isinstance(column.type, Boolean):
        return Boolean
    if isinstance(column.type, Integer):
        return Integer
    return Float if isinstance(column.type, Float | Numeric) else TEXT
