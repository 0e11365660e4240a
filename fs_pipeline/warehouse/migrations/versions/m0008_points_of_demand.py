"""Times start from points, of which a commune may have several; until here each had one, its town hall."""

import sqlalchemy as sa
from alembic import op

from fs_pipeline.warehouse.migrations import TEXT, create_table

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The points of the minutes that there are, with what is known of their communes today."""
    create_table(
        "demand_points",
        "campaign! departement! point_id! insee! longitude:float latitude:float population:float origin!",
        index_slot=False,
    )
    op.create_index("ux_demand_points_grain", "demand_points", ["campaign", "departement", "point_id"], unique=True)
    op.drop_index("ux_access_minutes_grain", "access_minutes")
    op.add_column("access_minutes", sa.Column("point_id", TEXT, nullable=False, server_default=""))
    op.execute("update access_minutes set point_id = insee")
    op.create_index(
        "ux_access_minutes_grain",
        "access_minutes",
        ["campaign", "departement", "point_id", "service", "demarche_id"],
        unique=True,
    )
    op.execute(
        "insert into demand_points (campaign, departement, point_id, insee, longitude, latitude, population, origin) "
        "select m.campaign, m.departement, m.insee, m.insee, c.longitude, c.latitude, c.population, 'town_hall' "
        "from (select distinct campaign, departement, insee from access_minutes) as m "
        "left join communes as c on c.insee = m.insee"
    )
