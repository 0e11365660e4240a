"""What of the public edition was sent to data.gouv.fr, and what the site answered."""

from fs_pipeline.warehouse.migrations import create_table

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Empty until something is sent."""
    create_table(
        "open_data_receipts",
        "departement* file* dataset_id! resource_id campaign! version! checksum sending described sent_at!",
    )
