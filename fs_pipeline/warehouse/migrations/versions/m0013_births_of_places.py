"""The campaign in which each place's id was first given, whatever its records then become."""

from alembic import op

from fs_pipeline.warehouse.migrations import create_table

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """An id that was split off was born then; another with the first of its records, or of its places where none is left."""
    create_table("place_births", "place_id* departement! first_campaign!")
    op.execute(
        "insert into place_births (place_id, departement, first_campaign) "
        "select held.place_id, held.departement, coalesce(min(parts.campaign), min(held.first_campaign)) "
        "from registry as held left join place_aliases as parts on parts.place_id = held.place_id and parts.why = 'split' "
        "group by held.place_id, held.departement"
    )
    op.execute(
        "insert into place_births (place_id, departement, first_campaign) "
        "select seen.place_id, seen.departement, coalesce(min(parts.campaign), min(seen.campaign)) "
        "from places as seen left join place_aliases as parts on parts.place_id = seen.place_id and parts.why = 'split' "
        "where not exists (select 1 from place_births as born where born.place_id = seen.place_id) "
        "group by seen.place_id, seen.departement"
    )
