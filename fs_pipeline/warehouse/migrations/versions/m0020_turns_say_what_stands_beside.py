"""Which figures of other départements each publication prints: it is made again once they are others."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Empty of the turns taken before: their publications are left as they are."""
    add_column("slot_turns", "beside")
