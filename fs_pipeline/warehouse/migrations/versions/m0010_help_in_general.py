"""Of a place of a survey, whether it says that it helps with démarches without saying which."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Empty: a survey is read again when its slot is next made."""
    add_column("survey_places", "general_help")
