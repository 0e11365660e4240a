"""Of a ruling, the file that brought it and who brought that."""

from fs_pipeline.warehouse.migrations import add_column

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Empty for rulings of before."""
    for column in ("brought_by", "file_sha256"):
        add_column("rulings", column)
