"""The one place where all meets: assets, checks, jobs, automation and the resource they are handed."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from fs_pipeline.assets import all_assets
from fs_pipeline.automation import campaign_schedules, deposit_sensor, retention, retention_schedule
from fs_pipeline.jobs import jobs
from fs_pipeline.partitions import slot_partitions
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings


def build_defs(
    pipeline: Pipeline | None = None, loggers: Mapping[str, dg.LoggerDefinition] | None = None
) -> dg.Definitions:
    """Definitions over `pipeline`; without one, over the environment's settings and the real territory."""
    pipeline = pipeline or Pipeline(Settings.from_environment())
    departements = pipeline.load_territory().departement_codes
    assets = all_assets(pipeline.project, slot_partitions(departements))
    grains = jobs(assets)
    return dg.Definitions(
        assets=assets,
        jobs=[*grains, retention],
        sensors=[deposit_sensor(departements, grains)],
        schedules=[*campaign_schedules(), retention_schedule()],
        resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(pipeline)},
        executor=dg.in_process_executor,
        loggers=loggers,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads."""
    return build_defs()
