"""What each turn rests on, and when it ended: a slot is run again once that is no longer what is there. What read a list."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Empty of the turns taken before: their slots are due."""
    for column in ("rests_on", "around", "ended_at"):
        add_column("slot_turns", column)
    add_column("campaign_sources", "read_as")
