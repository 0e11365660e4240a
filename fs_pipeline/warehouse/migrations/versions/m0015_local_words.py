"""The words by which a département calls the label's houses, as its surveys and lists taught them."""

from fs_pipeline.warehouse.migrations import create_table

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Empty until the pairs of a slot are next made."""
    create_table(
        "local_words",
        "departement* phrase* bearing!:integer at_houses!:integer official!:integer first_campaign! last_campaign!",
    )
