"""Of a position that a source gives, how far it is from the other side's, and how it was found."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Both empty: positions are compared when a slot's places are next made."""
    add_column("place_values", "metres:float")
    add_column("place_values", "precision")
