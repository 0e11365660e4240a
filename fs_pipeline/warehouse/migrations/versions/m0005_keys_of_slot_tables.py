"""A slot's rows are known by their grain: one row each, kept by a unique index, which also finds a slot's rows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from fs_pipeline.warehouse.migrations import tell

revision = "0005"
down_revision = "0004"

_GRAINS = {
    "survey_places": "survey_place_id",
    "survey_actors": "deposit_id sheet row",
    "survey_rounds": "deposit_id sheet row",
    "survey_meeting": "deposit_id sheet row",
    "national_places": "source source_id",
    "link_pairs": "left_source left_id right_source right_id decision",
    "places": "place_id",
    "place_members": "source source_id",
    "place_values": "place_id field source source_id",
    "place_changes": "place_id change demarche_id",
    "access_minutes": "insee service",
    "coverage_by_hour": "service threshold period week_parity weekday hour",
    "commune_weeks": "insee week_parity",
    "gap_areas": "gap_id",
    "levers": "scope move service threshold rank insee place_id window",
    "access_method": "position",
    "access_changes": "service threshold",
}


def upgrade() -> None:
    """Take out doubles and say so, then create the keys."""
    for table, names in _GRAINS.items():
        grain = ["campaign", "departement", *names.split()]
        _take_out_doubles(table, grain)
        op.create_index(f"ux_{table}_grain", table, grain, unique=True)
        op.drop_index(f"ix_{table}_slot", table, if_exists=True)


def _take_out_doubles(table: str, grain: list[str]) -> None:
    """Keep the last written row of each grain; all of a slot table can be made again from what was handed in and taken."""
    connection = op.get_bind()
    row: sa.ColumnClause[Any] = sa.column("ctid" if connection.dialect.name == "postgresql" else "rowid")
    keys: list[sa.ColumnClause[Any]] = [sa.column(name) for name in grain]
    rows = sa.table(table, row, *keys)
    last = sa.select(sa.func.max(row)).select_from(rows).group_by(*keys)
    known = sa.or_(*(key.is_(None) for key in keys))  # a grain that lacks something is known to be no double
    found = connection.execute(
        sa.select(keys[0], keys[1], sa.func.count())
        .select_from(rows)
        .where(row.not_in(last), ~known)
        .group_by(keys[0], keys[1])
    ).all()
    if found:
        connection.execute(sa.delete(rows).where(row.not_in(last), ~known))
        slots = ", ".join(f"{campaign} {departement} ({count})" for campaign, departement, count in found)
        tell(f"{table} : lignes en double retirées, la dernière écrite reste : {slots}. À refaire : ces départements.")
