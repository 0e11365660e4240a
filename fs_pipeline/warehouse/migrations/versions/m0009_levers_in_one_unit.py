"""Levers of all kinds compare in one unit, and name where they would gain nearly as much."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Empty until a slot's levers are next made."""
    for column in ("alternatives", "hours_a_week:float", "inhabitant_hours:float", "simulated:integer"):
        add_column("levers", column)
