"""Of points of demand, how far from them live those who are counted there."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Empty until a slot's minutes are next made."""
    add_column("demand_points", "away_min:float")
