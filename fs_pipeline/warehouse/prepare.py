"""The tables that SQL models and reviewed files stand in, made before anything reads them.

A model's rows follow from stored ones. Where its SQL, its columns or a model that it reads changed since its table was
made, every slot that the warehouse holds is made again from what is stored; one that cannot be is « à refaire », and said.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import pandas as pd
from sqlalchemy import Column, Connection, MetaData, Table, and_, delete, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from fs_pipeline import data
from fs_pipeline.settings import UnusableSettings
from fs_pipeline.warehouse.engine import BEHIND, Warehouse, tell
from fs_pipeline.warehouse.locks import SCHEMA
from fs_pipeline.warehouse.materialising import materialise, undeclared_rows
from fs_pipeline.warehouse.models import Model, Project
from fs_pipeline.warehouse.status import NATION, STALE, say
from fs_pipeline.warehouse.tables import TEXT
from fs_pipeline.warehouse.tables import table as stored_table

Seeds = Mapping[str, tuple[Table, list[dict[str, str | None]]]]
Slot = tuple[str, str]  # campaign, departement
_REDO = "À refaire : l’outil a changé et ce résultat n’a pas pu être refait ; relancez le département."


class _Refused(Exception):
    """Raised inside a savepoint, to leave slots as they were."""


def prepare(warehouse: Warehouse, project: Project) -> None:
    """Create or make again what lacks or has changed; done once where several do at the same time, else nothing.

    Raises
    ------
    UnusableSettings
        When something has changed in a warehouse that is not to be brought up to date by whoever opens it.
    """
    seeds = {name: _seed(name, csv_name) for name, csv_name in project.seeds.items()}
    with warehouse.reading() as connection:
        if _is_prepared(connection, project, seeds):
            return
        inspector = inspect(connection)
        if not warehouse.may_upgrade and any(inspector.has_table(model.name) for model in project):
            raise UnusableSettings(BEHIND)
    with warehouse.writing(SCHEMA) as connection:
        if _is_prepared(connection, project, seeds):
            return
        for table, rows in seeds.values():
            _create(connection, table)
            connection.execute(delete(table))
            connection.execute(insert(table), rows)
        tell(_make_again(connection, warehouse, project))


def model_fingerprints(project: Project) -> dict[str, str]:
    """Of each model's SQL and columns, and of the models that it reads: twelve hexadecimal digits."""
    found: dict[str, str] = {}
    for model in project:
        said = [model.sql, *(f"{column.name} {column.type}" for column in model.spec.columns)]
        said += [found[ref] for ref in model.refs]
        found[model.name] = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
    return found


def _seed(name: str, csv_name: str) -> tuple[Table, list[dict[str, str | None]]]:
    """A reviewed CSV that models read: its table, all columns text, and its rows, empty as NULL."""
    rows = data.read_csv(csv_name)
    table = Table(name, MetaData(), *(Column(column, TEXT) for column in rows[0]))
    return table, [{column: value or None for column, value in row.items()} for row in rows]


def _is_prepared(connection: Connection, project: Project, seeds: Seeds) -> bool:
    """Whether every model has its table, made by its SQL, and every seed its rows."""
    if any(_changed(connection, project)):
        return False
    if not all(_stands(connection, table) for table, _ in seeds.values()):
        return False
    return all(
        Counter(tuple(row) for row in connection.execute(select(table))) == Counter(tuple(row.values()) for row in rows)
        for table, rows in seeds.values()
    )


def _changed(connection: Connection, project: Project) -> Iterator[Model]:
    """The models whose table lacks, or was made by another SQL, in the order in which they are made."""
    known = stored_table("sql_models")
    made_by = {row.model: row.fingerprint for row in connection.execute(select(known))}
    now = model_fingerprints(project)
    return (
        model for model in project if made_by.get(model.name) != now[model.name] or not _stands(connection, model.table)
    )


def _stands(connection: Connection, table: Table) -> bool:
    """Whether the table is there with the columns declared today, in their order."""
    inspector = inspect(connection)
    if not inspector.has_table(table.name):
        return False
    return [column["name"] for column in inspector.get_columns(table.name)] == list(table.c.keys())


def _create(connection: Connection, table: Table) -> None:
    if not _stands(connection, table):
        table.drop(connection, checkfirst=True)
        table.create(connection)


def _make_again(connection: Connection, warehouse: Warehouse, project: Project) -> list[str]:
    """Make the tables of changed models, with the rows of every slot; what was done, and what could not be, in French."""
    changed, slots = list(_changed(connection, project)), _slots(connection, project)
    failed: dict[str, set[Slot]] = {}
    for model in changed:
        _create(connection, model.table)
        failed[model.name] = _rows_again(connection, warehouse, project, model, slots, failed)
    for rows in _stale(project, failed).values():
        say(warehouse, rows, {}, connection)
    if any(failed.values()):  # what sums the slots up says which are to be made again
        for model in changed:
            if model.spec.partition != "slot":
                _rows_again(connection, warehouse, project, model, slots, failed)
    now, made_by = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), model_fingerprints(project)
    known = [{"model": model.name, "fingerprint": made_by[model.name], "made_at": now} for model in changed]
    warehouse.upsert("sql_models", pd.DataFrame(known), connection)
    return _sentences(changed, slots, failed) if slots else []


def _slots(connection: Connection, project: Project) -> list[Slot]:
    """Every slot of which a result stands."""
    status = stored_table("slot_status")
    good = and_(status.c.last_good_at.is_not(None), status.c.departement != NATION)
    found = {
        (row[0], row[1]) for row in connection.execute(select(status.c.campaign, status.c.departement).where(good))
    }
    inspector = inspect(connection)
    for model in project:
        if model.spec.partition == "slot" and inspector.has_table(model.name):
            rows = select(model.table.c.campaign, model.table.c.departement).distinct()
            found |= {(row[0], row[1]) for row in connection.execute(rows)}
    return sorted(found)


def _rows_again(
    connection: Connection,
    warehouse: Warehouse,
    project: Project,
    model: Model,
    slots: Sequence[Slot],
    failed: Mapping[str, set[Slot]],
) -> set[Slot]:
    """Materialise a model wherever it stood; the slots in which that, or a model it reads, failed."""
    by_campaign = {
        campaign: [code for _, code in group] for campaign, group in groupby(slots, key=lambda slot: slot[0])
    }
    if model.spec.partition != "slot":
        for campaign in by_campaign if model.spec.partition == "campaign" else [""]:
            materialise(warehouse, project, model.name, campaign, connection=connection)
        return set()
    lost = {slot for ref in model.refs for slot in failed.get(ref, ())}
    for campaign, codes in by_campaign.items():
        kept = [code for code in codes if (campaign, code) not in lost]
        lost |= {(campaign, code) for code in _refused(connection, warehouse, project, model, campaign, kept)}
    return lost


def _refused(
    connection: Connection, warehouse: Warehouse, project: Project, model: Model, campaign: str, codes: Sequence[str]
) -> list[str]:
    """Materialise slots of one campaign, all at once where that goes well; those whose rows are not as declared."""
    try:
        with connection.begin_nested():
            materialise(warehouse, project, model.name, campaign, codes, connection=connection)
            if any(bad for _, bad in undeclared_rows(connection, model, campaign, codes).values()):
                raise _Refused
    except (_Refused, DatabaseError):
        if len(codes) == 1:
            return list(codes)
        half = len(codes) // 2
        parts = (codes[:half], codes[half:])
        return [code for part in parts for code in _refused(connection, warehouse, project, model, campaign, part)]
    return []


def _stale(project: Project, failed: Mapping[str, set[Slot]]) -> dict[str, list[dict[str, object]]]:
    """What is said of the slots that are to be made again, by campaign."""
    said: dict[str, list[dict[str, object]]] = {}
    for name, lost in failed.items():
        for campaign, code in sorted(lost):
            stage = {"campaign": campaign, "departement": code, "stage": project[name].stage}
            said.setdefault(campaign, []).append(stage | {"state": STALE, "turn": None, "message": _REDO})
    return said


def _sentences(changed: Sequence[Model], slots: Sequence[Slot], failed: Mapping[str, set[Slot]]) -> list[str]:
    lost = {slot for stale in failed.values() for slot in stale}
    made = [slot for slot in slots if slot not in lost]
    told = []
    if made:
        count = f"{len(changed)} tables de résultats refaites d’après les lignes gardées"
        told.append(f"L’outil a changé : {count}, pour {_named(made)}.")
    if lost:
        names = ", ".join(name for name, stale in failed.items() if stale)
        told.append(f"À refaire, n’ayant pas pu l’être ({names}) : {_named(sorted(lost))}. Relancez ces départements.")
    return told


def _named(slots: Iterable[Slot]) -> str:
    return " ; ".join(
        f"{campaign} : {', '.join(code for _, code in group)}"
        for campaign, group in groupby(slots, key=lambda slot: slot[0])
    )
