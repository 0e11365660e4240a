"""The one place where all meets: assets, checks, jobs, automation and the resource they are handed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext

import dagster as dg

from fs_pipeline.alive import beating
from fs_pipeline.assets import all_assets
from fs_pipeline.automation import (
    campaign_schedules,
    due_sensor,
    publications_schedule,
    retention,
    retention_schedule,
    tidying,
    tidying_schedule,
)
from fs_pipeline.jobs import jobs, keys_of_parts
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
    grains, parts = jobs(assets), keys_of_parts(assets)
    return dg.Definitions(
        assets=assets,
        jobs=[*grains, retention, tidying],
        sensors=[due_sensor(departements, grains, parts)],
        schedules=[
            *campaign_schedules(),
            retention_schedule(),
            tidying_schedule(),
            publications_schedule(departements, parts),
        ],
        resources={"pipeline": handed(pipeline)},
        executor=dg.in_process_executor,
        loggers=loggers,
    )


def handed(pipeline: Pipeline) -> dg.ResourceDefinition:
    """The pipeline as a run is handed it: what earlier runs of this process kept follows what stands now.

    While the run lasts, its process says that it is there.
    """

    @dg.resource
    def resource(context: dg.InitResourceContext) -> Iterator[Pipeline]:
        run, instance = context.run, context.instance
        pipeline.follow_communes()
        with beating(instance, run.run_id) if run is not None and instance is not None else nullcontext():
            yield pipeline

    return resource


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads."""
    return build_defs()
