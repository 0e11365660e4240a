"""Turns of a slot, releases, decisions of a campaign, reference sources; each may be there, added without a step."""

from fs_pipeline.warehouse.migrations import add_column, create_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create tables and columns, all empty."""
    create_table("releases", "departement* insee* field* value* decided_by! decided_on!")
    create_table("slot_turns", "campaign* departement* run_id* turn!:integer taken_at! stood_at gave_way_at")
    create_table(
        "campaign_decisions",
        "campaign* number*:integer kind! decided_at! decided_by! reference_date! sources reason",
    )
    create_table("reference_sources", "source* state! as_of sha256 path rows:integer message")
    add_column("slot_status", "turn:integer")
    add_column("campaign_sources", "decision:integer")
