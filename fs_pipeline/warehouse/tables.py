"""The stored tables as the database has them, drawn from what ``dbt_like_sql/sources/`` declares and from nothing else.

Dates are ISO text (``2022-12-01``) and codes are text (``"01"``, ``"01053"``), so that SQLite and PostgreSQL hold and
compare the same values. What the SQL models materialise is drawn in models.py.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table
from sqlalchemy.types import TypeEngine

from fs_pipeline.warehouse.declared import ModelSpec, TableSpec, declared_tables

# Text compares by code point on both databases, so that order, min and max don't depend on the server's locale.
TEXT = String().with_variant(String(collation="C"), "postgresql")
_TYPES: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "text": TEXT,
    "integer": Integer,
    "float": Float,
    "boolean": Boolean,
}


@cache
def metadata() -> MetaData:
    """Every stored table."""
    tables = MetaData()
    for spec in declared_tables().values():
        if spec.stored and not isinstance(spec, ModelSpec):
            _draw(spec, tables)
    return tables


def table(name: str) -> Table:
    """One stored table; its columns are ``table(name).c``.

    Raises
    ------
    ValueError
        When no stored table has that name.
    """
    found = metadata().tables.get(name)
    if found is None:
        raise ValueError(f"no stored table is declared under the name {name}")
    return found


def _draw(spec: TableSpec, tables: MetaData) -> Table:
    """All rows are known by their grain: a unique index where they are replaced with their slot, else their key.

    A grain may lack a value in a slot's rows (a survey without sheets), and never in a key.
    """
    key = () if spec.partition == "slot" else spec.grain
    columns = [
        Column(
            column.name, _TYPES[column.type], primary_key=column.name in key, nullable="not_null" not in column.tests
        )
        for column in spec.columns
    ]
    drawn = Table(spec.name, tables, *columns)
    if spec.partition == "slot" and spec.keyed:
        Index(f"ux_{spec.name}_grain", *(drawn.c[name] for name in spec.grain), unique=True)
    else:
        index_by_slot(drawn)
    return drawn


def index_by_slot(drawn: Table) -> None:
    """Declare the index by which the rows of a slot are found, where a table has any."""
    if {"campaign", "departement"} <= set(drawn.c.keys()):
        Index(f"ix_{drawn.name}_slot", drawn.c.campaign, drawn.c.departement)
