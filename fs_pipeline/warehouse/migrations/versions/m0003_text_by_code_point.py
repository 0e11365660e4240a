"""The texts of seven tables compared as PostgreSQL's locale does; from here on they compare by code point too."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXTS = {
    "commune_need": "insee",
    "coverage_by_hour": "service period week_parity weekday method",
    "commune_weeks": "insee week_parity week",
    "gap_areas": "gap_id service insees names epci_name method",
    "levers": "scope move service insee place_id window",
    "access_method": "key label_fr value_fr",
    "access_changes": "service previous_campaign",
}


def upgrade() -> None:
    """Give the columns their collation; SQLite compares by code point as it is."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, names in _TEXTS.items():
        for name in names.split():
            op.alter_column(table, name, type_=sa.String(collation="C"))
