"""What was said of slots and deposits is kept, and what SQL each model's table was made by."""

from alembic import op

from fs_pipeline.warehouse.migrations import create_table

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Begin both histories with what is known; a verdict without a date was given when its deposit was received."""
    create_table(
        "slot_history",
        "campaign* departement* stage* recorded_at* state! turn:integer message fingerprint version",
    )
    create_table("deposit_verdicts", "deposit_id* judged_at* verdict! validator_version! fingerprint")
    create_table("sql_models", "model* fingerprint! made_at!")
    op.execute(
        "insert into slot_history (campaign, departement, stage, recorded_at, state, turn, message, fingerprint) "
        "select campaign, departement, stage, updated_at, state, turn, message, fingerprint from slot_status"
    )
    op.execute(
        "insert into deposit_verdicts (deposit_id, judged_at, verdict, validator_version) "
        "select deposit_id, received_at, verdict, validator_version from deposits "
        "where verdict is not null and validator_version is not null"
    )
