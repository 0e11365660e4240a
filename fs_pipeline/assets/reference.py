"""The campaign's dates, and communes with their points. Contours and roads are read where they are used."""

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.http.fetch import is_remote
from fs_pipeline.partitions import CAMPAIGNS
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.contours import read_points


@dg.asset(
    key=keys.COMMUNES,
    group_name="reference",
    owners=["team:data"],
    kinds={"python"},
    metadata={"dagster/table_name": "communes"},
)
def communes(pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a current commune, with its population and the point from the reference source."""
    territory = pipeline.load_territory()
    location = pipeline.sources.location("communes")
    if location and not is_remote(location):
        territory = territory.with_points(read_points(location))
    frame = territory.communes.drop(columns="postcodes")
    rows = pipeline.warehouse.replace("communes", {}, frame.assign(vintage=territory.vintage))
    pipeline.forget_territory()
    located = int(frame["longitude"].notna().sum())
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "communes_with_a_point": located})


@dg.asset(
    key=keys.CAMPAIGN,
    group_name="national",
    owners=["team:data"],
    partitions_def=CAMPAIGNS,
    metadata={"dagster/table_name": "campaigns"},
)
def campaign(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a campaign: its reference date and deadline."""
    key = context.partition_key
    known = pipeline.warehouse.read("campaigns", {"campaign": key})
    declared = pipeline.sources.reference_date
    reference_date = declared or (known["reference_date"].iloc[0] if len(known) else f"{key}-01")
    deadline = known["deadline"].iloc[0] if len(known) else None
    row = {"campaign": key, "reference_date": reference_date, "deadline": deadline}
    pipeline.warehouse.upsert("campaigns", pd.DataFrame([row]))
    return dg.MaterializeResult(metadata={"reference_date": reference_date})
