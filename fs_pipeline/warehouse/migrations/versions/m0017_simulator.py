"""Minutes to each place and town hall of a slot, so that a page may try moves."""

from alembic import op

from fs_pipeline.warehouse.migrations import create_table

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Empty until a slot's openings are next made."""
    create_table("simulator", "campaign! departement! kind! site! bus!:boolean lists codes!", index_slot=False)
    op.create_index("ux_simulator_grain", "simulator", ["campaign", "departement", "kind", "site"], unique=True)
