"""Of minutes, the band of one trip beside that of all trips of a département together."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Empty until a slot's minutes are next made."""
    add_column("access_minutes", "minutes_all_fast:float")
    add_column("access_minutes", "minutes_all_slow:float")
