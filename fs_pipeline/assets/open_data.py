"""The public edition of a slot on data.gouv.fr: an asset that nothing starts but a person."""

import dagster as dg

from fs_pipeline.assets.keys import OPEN_DATA
from fs_pipeline.assets.publish import RELEASES
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.opendata.command import NotAsked, publish_slot
from fs_pipeline.opendata.platform import PlatformProblem
from fs_pipeline.opendata.wanted import NotOpen
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline


def open_data_asset(slots: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """The dataset of each slot on the site."""

    @dg.asset(
        key=[OPEN_DATA, "dataset"],
        group_name=OPEN_DATA,
        deps=[RELEASES["public"]],
        description="The public edition as a dataset of data.gouv.fr, where FS_DATAGOUV_TOKEN is given.",
        owners=["team:data"],
        kinds={"python"},
        partitions_def=slots,
    )
    @unquoted
    def open_data(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
        slot = Slot.from_key(context.partition_key)
        try:
            sent = publish_slot(pipeline, slot.campaign, slot.departement)
        except (NotAsked, NotOpen, PlatformProblem) as refusal:
            raise dg.Failure(description=str(refusal), allow_retries=False) from refusal
        done = sum(step.action != "keep" for step in sent.steps)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.url(sent.page), "steps": done})

    return open_data
