"""What minutes are asked for was one glued text (``confirmed:R123``); each part of it has a column from here on."""

import sqlalchemy as sa
from alembic import op

from fs_pipeline.warehouse.migrations import TEXT

revision = "0006"
down_revision = "0005"

_KINDS = {"demarche_id": ("confirmed", "orientation"), "operator": ("operator",)}  # before each new column's text
_TABLES = {  # the new columns of each table, and its grain from here on
    "access_minutes": ("demarche_id", "insee service demarche_id"),
    "coverage_by_hour": (
        "operator demarche_id",
        "service operator demarche_id threshold period week_parity weekday hour",
    ),
    "gap_areas": ("demarche_id", "gap_id"),
    "levers": ("demarche_id", "scope move service demarche_id threshold rank insee place_id window"),
    "access_changes": ("", "service threshold"),
}
_GAPS = {"gap_areas": "gap_id", "levers": "scope"}  # identifiers of gaps began with the text


def upgrade() -> None:
    """Cut the texts; the keys are made again, since each démarche is one of a kind by its own column alone."""
    for table, (added, grain) in _TABLES.items():
        names = added.split()
        rows = sa.table(table, *(sa.column(name) for name in ("service", *names)))
        op.drop_index(f"ux_{table}_grain", table)
        for name in names:
            op.add_column(table, sa.Column(name, TEXT, nullable=False, server_default=""))
            for kind in _KINDS[name]:
                _cut(rows, f"{kind}:", name, service=kind)
        _cut(rows, "label:", "service")
        op.create_index(f"ux_{table}_grain", table, ["campaign", "departement", *grain.split()], unique=True)
    for table, name in _GAPS.items():
        rows = sa.table(table, sa.column(name))
        shorter = sa.func.replace(sa.func.replace(rows.c[name], "label:", ""), "confirmed:", "confirmed|")
        op.execute(sa.update(rows).values({name: shorter}))


def _cut(rows: sa.TableClause, before: str, name: str, **more: str) -> None:
    """What follows `before` goes to the column `name`."""
    rest = sa.func.substr(rows.c.service, len(before) + 1)
    op.execute(sa.update(rows).where(rows.c.service.startswith(before)).values({name: rest, **more}))
