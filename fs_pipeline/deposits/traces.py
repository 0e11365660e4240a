"""What a deposit leaves in the warehouse beside its own rows: its words, taken over by results. They are taken out.

Codes, figures and the commune stay. A word that a national list also says is public there, and stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, String, Table, delete, or_, select, update

from fs_pipeline.warehouse.engine import Warehouse

REMOVED = "(supprimé)"
_OWN = ("survey_places", "survey_demarches", "survey_actors", "survey_rounds", "survey_meeting", "problems")
_DERIVED = ("stg_survey_places", "stg_survey_demarches", "int_place_sides")  # made again with their slot, or never
_CODES = {
    "campaign", "departement", "deposit_id", "survey_place_id", "sheet", "insee", "commune", "postcode", "demarche_id",
    "level", "service_type", "operator", "kind", "week_parity", "weekday", "point_precision", "rule", "severity", "field",
    "labels", "updated_on", "labelled_on", "held_on", "cell",
}  # fmt: skip
_UNTOUCHED = {
    "deposits",
    "publications",
    "national_places",
    "communes",
    "campaigns",
    "campaign_sources",
    "registry",
    "place_births",
    "releases",
}
_SENTENCES = {"link_pairs": ("reason",), "place_changes": ("before", "after", "message")}
_AT_ONCE = 500  # values in one statement
_KILOMETRE = 2  # decimals of a degree


def forget(warehouse: Warehouse, deposit_ids: Sequence[str], made: Sequence[tuple[str, str]]) -> None:
    """Delete the rows of deposits, and their words wherever their département's results took them over.

    Parameters
    ----------
    made
        The slots whose results come from these deposits.
    """
    tables = MetaData()
    tables.reflect(bind=warehouse.engine)
    with warehouse.writing() as connection:
        words = _words(connection, tables, deposit_ids)
        for departement, said in words.items():
            for table in tables.tables.values():
                if table.name not in {*_UNTOUCHED, *_OWN} and "departement" in table.c:
                    _take_out(connection, table, departement, said)
            if "rulings" in tables.tables:
                _shorten_rulings(connection, tables.tables["rulings"], departement, said)
        for campaign, departement in made:
            _blur(connection, tables, campaign, departement, deposit_ids)
        for name in _OWN:
            if name in tables.tables:
                table = tables.tables[name]
                connection.execute(delete(table).where(table.c.deposit_id.in_(deposit_ids)))


def make_unreadable(warehouse: Warehouse) -> None:
    """Have what was deleted leave the database's file too; PostgreSQL does so in its own time (autovacuum)."""
    if warehouse.dialect == "sqlite":
        with warehouse.engine.connect() as connection:
            raw = connection.connection.cursor()
            for statement in ("PRAGMA temp_store=FILE", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.execute(statement)


def _words(connection: Connection, tables: MetaData, deposit_ids: Sequence[str]) -> dict[str, set[str]]:
    """Département -> every text of its deposits that is no code, and that no national list says of it."""
    words: dict[str, set[str]] = {}
    for name in _OWN:
        table = tables.tables.get(name)
        if table is None:
            continue
        free = [column for column in _texts(table) if column.name not in _CODES]
        rows = connection.execute(select(table.c.departement, *free).where(table.c.deposit_id.in_(deposit_ids)))
        for departement, *texts in rows:
            words.setdefault(departement, set()).update(text for text in texts if text)
    national = tables.tables.get("national_places")
    for departement, said in words.items():
        if national is not None:
            free = [column for column in _texts(national) if column.name not in _CODES]
            for row in connection.execute(select(*free).where(national.c.departement == departement)):
                said.difference_update(row)
    return words


def _take_out(connection: Connection, table: Table, departement: str, words: Iterable[str]) -> None:
    said = sorted(words)
    for column in _texts(table):
        if column.primary_key or column.name in _CODES:
            continue
        instead = None if column.nullable else REMOVED
        for start in range(0, len(said), _AT_ONCE):
            part = said[start : start + _AT_ONCE]
            here = (table.c.departement == departement) & column.in_(part)
            connection.execute(update(table).where(here).values({column.name: instead}))


def _shorten_rulings(connection: Connection, rulings: Table, departement: str, words: set[str]) -> None:
    """A decision stays with its keys; of the records that people had before them, the words that go go too."""
    key = rulings.c.ruling_id
    for side in (rulings.c.left_record, rulings.c.right_record):
        seen = select(key, side).where((rulings.c.departement == departement) & side.is_not(None))
        for ruling_id, text in connection.execute(seen).all():
            record = json.loads(text)
            left = {name: value for name, value in record.items() if value not in words}
            if left != record:
                written = json.dumps(left, ensure_ascii=False, sort_keys=True)
                connection.execute(update(rulings).where(key == ruling_id).values({side.name: written}))


def _blur(
    connection: Connection, tables: MetaData, campaign: str, departement: str, deposit_ids: Sequence[str]
) -> None:
    """Take out what no equality finds: sentences, texts made comparable, points; of the whole slot, whose survey goes."""

    def of_slot(table: Table) -> ColumnElement[bool]:
        return (table.c.campaign == campaign) & (table.c.departement == departement)

    for name in _DERIVED:
        if (table := tables.tables.get(name)) is not None:
            connection.execute(delete(table).where(of_slot(table)))
    for name, columns in _SENTENCES.items():
        if (table := tables.tables.get(name)) is not None:
            here = of_slot(table)
            if name == "place_changes":  # told again by the campaign that compares itself with this one
                here = or_(here, (table.c.since == campaign) & (table.c.departement == departement))
            values = {column: None if table.c[column].nullable else REMOVED for column in columns}
            connection.execute(update(table).where(here).values(values))
    values_, members, places = (tables.tables.get(name) for name in ("place_values", "place_members", "places"))
    if values_ is not None:
        theirs = or_(*(values_.c.source_id.startswith(f"{one}:") for one in deposit_ids))
        connection.execute(delete(values_).where(of_slot(values_) & theirs))
    if members is not None and places is not None:
        listed = select(members.c.place_id).where(of_slot(members) & (members.c.source != "survey"))
        alone = select(places.c.place_id, places.c.latitude, places.c.longitude).where(
            of_slot(places) & places.c.place_id.not_in(listed) & places.c.latitude.is_not(None)
        )
        for place_id, latitude, longitude in connection.execute(alone).all():
            point = {"latitude": round(latitude, _KILOMETRE), "longitude": round(longitude, _KILOMETRE)}
            connection.execute(update(places).where(of_slot(places) & (places.c.place_id == place_id)).values(point))


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if isinstance(column.type, String)]
