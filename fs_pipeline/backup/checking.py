"""`fs-pipeline verify`: whether a home or a backup is whole; each fault as one French sentence, none where it is.

A database is asked whether it is sound, then what it names is looked for on the disk and its digest compared: surveys as
they came, snapshots of lists, each version published with the files that its own catalogue tells of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, MetaData, Table, func, select
from sqlalchemy.exc import DatabaseError

from fs_pipeline.backup.manifest import WAREHOUSE, changed, kept_as, read_manifest
from fs_pipeline.backup.parts import FILES, Parts
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.connecting import open_engine, parsed_url
from fs_pipeline.warehouse.copying import fault_of, is_sqlite, readable_engine
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.home import SWAPPING

_CATALOGUE = "catalogue.jsonld"
_DIGESTED = {"deposits": "le dépôt", "snapshots": "l’instantané"}  # tables with a path and a digest


def faults_of_home(settings: Settings) -> list[str]:
    """What is not whole of an installation."""
    parts = Parts(settings)
    said = []
    if (settings.home / SWAPPING).exists():
        said.append("une restauration a été interrompue : relancez « fs-pipeline restore »")
    if parts.database is not None and not parts.database.is_file():
        return [*said, f"la base de données « {parts.database} » n’existe pas"]
    said += _unsound(parts.database, "la base de données") if parts.database else []
    said += [fault for path in parts.of_home() if is_sqlite(path) for fault in _unsound(path, f"« {path.name} »")]
    if said:
        return said
    return _beside(parsed_url(settings.database_url), parts.store(FILES))


def faults_of_backup(backup: Path) -> list[str]:
    """What is not whole of a backup.

    Raises
    ------
    DamagedBackup
        When it says nothing of itself.
    """
    said = changed(backup, read_manifest(backup))
    return said or faults_beside(backup / WAREHOUSE, FileStore(str(backup / FILES)))


def faults_beside(database: Path, files: FileStore) -> list[str]:
    """What is not whole of a database in one file, and of the files that it names."""
    return _unsound(database, "la base de données") or _beside(URL.create("sqlite", database=str(database)), files)


def beside(url: str, files: FileStore) -> list[str]:
    """What lacks of the files that the database at `url` names."""
    return _beside(parsed_url(url), files)


def _unsound(path: Path, which: str) -> list[str]:
    fault = fault_of(path)
    return [] if fault is None else [f"{which} est abîmé{'e' if which.startswith('la') else ''} ({fault})"]


def _beside(url: URL, files: FileStore) -> list[str]:
    is_file = (
        url.get_backend_name() == "sqlite"
    )  # looked at without a journal beside it, so that a backup stays as it was
    engine = readable_engine(Path(url.database or "")) if is_file else open_engine(url)
    try:
        with engine.connect() as connection:
            tables = MetaData()
            tables.reflect(bind=connection)
            return list(_faults(connection, tables, files))
    except DatabaseError as error:
        return [f"la base de données ne peut pas être lue ({str(error.orig).splitlines()[0]})"]
    finally:
        engine.dispose()


def _faults(connection: Connection, tables: MetaData, files: FileStore) -> Iterator[str]:
    if "campaigns" not in tables.tables:
        yield "la base de données n’est pas celle d’une installation"
        return
    for table in tables.sorted_tables:  # every page that holds rows is read
        connection.execute(select(func.count()).select_from(table)).scalar_one()
    for name, what in _DIGESTED.items():
        if name in tables.tables:
            yield from _digested(connection, tables.tables[name], what, files)
    if "publications" in tables.tables:
        published = tables.tables["publications"]
        order = (published.c.campaign, published.c.departement, published.c.path)
        for row in connection.execute(select(published).order_by(*order)):
            said = f"la publication {row.campaign} {row.departement} ({row.edition})"
            yield from _of_folder(row.path, said, files)


def _digested(connection: Connection, table: Table, what: str, files: FileStore) -> Iterator[str]:
    for path, digest in connection.execute(select(table.c.path, table.c.sha256).order_by(table.c.path)):
        if not path:
            continue
        if not files.exists(path):
            yield f"{what} « {path.rpartition('/')[0]} » manque"
        elif _digest(files, path) != digest:
            yield f"{what} « {path.rpartition('/')[0]} » a changé"


def _of_folder(folder: str, said: str, files: FileStore) -> Iterator[str]:
    """Every file of a version against its catalogue; the nation's has none, and is only there or not."""
    lying = {path.removeprefix(f"{folder}/"): path for path in files.list(folder)}
    if not lying:
        yield f"{said} n’a plus de fichiers"
        return
    if _CATALOGUE not in lying:
        return
    try:
        listed = json.loads(files.read(lying[_CATALOGUE]))["dcat:dataset"]["dcat:distribution"]
        digests = {
            one["dcat:downloadURL"]["@id"]: one["spdx:checksum"]["spdx:checksumValue"]["@value"] for one in listed
        }
    except (ValueError, KeyError, TypeError):
        yield f"le catalogue de {said} est abîmé"
        return
    for name, digest in sorted(digests.items()):
        if name not in lying:
            yield f"« {name} » manque à {said}"
        elif _digest(files, lying[name]) != digest:
            yield f"« {name} » de {said} a changé"


def _digest(files: FileStore, path: str) -> str:
    with files.local(path) as local:
        return kept_as(local).sha256
