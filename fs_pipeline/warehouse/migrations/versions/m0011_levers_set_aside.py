"""Of longer hours, the larger towns whose place could not be tried."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Empty until a slot's levers are next made."""
    add_column("levers", "set_aside")
