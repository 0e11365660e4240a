"""What the steps make is what is declared: nobody changes a declaration of a stored table and forgets its step."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.tables import metadata


def test_after_all_steps_the_tables_are_those_declared(warehouse: Warehouse) -> None:
    declared = metadata()
    options = {
        "compare_type": True,
        "include_name": lambda name, kind, _parents: kind != "table" or name != "alembic_version",
    }
    with warehouse.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), declared) == []


def test_after_all_steps_texts_compare_by_code_point(warehouse: Warehouse) -> None:
    if warehouse.dialect == "sqlite":
        return  # always does
    query = text(
        "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' "
        "and data_type = 'character varying' and collation_name is distinct from 'C'"
    )
    with warehouse.reading() as connection:
        assert connection.execute(query).scalars().all() == ["alembic_version.version_num"]
