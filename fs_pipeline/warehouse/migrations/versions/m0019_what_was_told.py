"""What was told of incidents, to whom and when, so that each is told once."""

from fs_pipeline.warehouse.migrations import create_table

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Empty until somebody is told of something."""
    create_table(
        "told_incidents",
        "incident* channel* kind! said! seen_at! claimed_at not_before tries!:integer told_at ended_at",
    )
