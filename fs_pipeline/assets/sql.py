"""Each SQL model as an asset: its grain and columns as metadata, its declared tests and suite as checks."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
from sqlalchemy import Connection, select

from fs_pipeline.assets import keys
from fs_pipeline.assets.outcomes import begin, held, record, stages_of, stop_on
from fs_pipeline.assets.ranges import Done, each_campaign, each_whole_campaign
from fs_pipeline.assets.slots import about_table
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.checks.judge import Verdict, declared_rows, judge, suites
from fs_pipeline.partitions import CAMPAIGNS, IN_CHUNKS, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.engine import frame_of
from fs_pipeline.warehouse.materialising import materialise, partition_of, undeclared_rows
from fs_pipeline.warehouse.models import Model, Project


class _Refused(Exception):
    """Raised inside a model's transaction, to leave the partition as it was."""


def sql_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """One asset a model, in the order of their dependencies."""
    partitions = {"slot": slots, "campaign": CAMPAIGNS, "none": None}
    return [_asset(model, project, partitions[model.spec.partition]) for model in project]


def _asset(model: Model, project: Project, partitions: dg.PartitionsDefinition | None) -> dg.AssetsDefinition:
    key = keys.of_model(model)
    spec = dg.AssetSpec(
        key,
        deps=keys.upstream_of(model, project),
        description=model.spec.description,
        group_name=model.group,
        owners=[f"team:{model.spec.owner}"],
        kinds={"sql"},
        partitions_def=partitions,
        skippable=True,
        metadata=about_table(model.spec),
    )
    carries = _carry_slots if model.spec.partition == "slot" else _carry_whole

    @dg.multi_asset(
        name=model.name,
        specs=[spec],
        check_specs=specs_for({model.name: key}, project, partitions) if model.spec.partition == "slot" else [],
        partitions_def=partitions,
        backfill_policy=IN_CHUNKS if model.spec.partition == "slot" else None,
    )
    @unquoted
    def materialise_model(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        yield from carries(context, pipeline, model, key)

    return materialise_model


def _carry_whole(
    context: dg.AssetExecutionContext, pipeline: Pipeline, model: Model, key: dg.AssetKey
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    def rows_of(campaign: str) -> Mapping[str, int]:
        return {"dagster/row_count": materialise(pipeline.warehouse, pipeline.project, model.name, campaign)}

    if model.spec.partition == "campaign":
        yield each_whole_campaign(context, pipeline, rows_of)
    else:
        yield dg.MaterializeResult(asset_key=key, metadata=rows_of(""))


def _carry_slots(
    context: dg.AssetExecutionContext, pipeline: Pipeline, model: Model, key: dg.AssetKey
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    def of_campaign(slots: Sequence[Slot]) -> Done:
        return _carry_campaign(context, pipeline, model, slots)

    yield from each_campaign(context, pipeline, of_campaign, {model.name: key})


def _carry_campaign(context: dg.AssetExecutionContext, pipeline: Pipeline, model: Model, slots: Sequence[Slot]) -> Done:
    outcome = begin(context, pipeline.warehouse, slots)
    verdicts: list[Verdict] = []

    def attempt() -> int:
        """Write the good slots and judge them before the transaction ends."""
        nonlocal verdicts
        rows = 0
        with held(pipeline.warehouse, outcome) as connection:
            if outcome.good:
                campaign, codes = outcome.good[0].campaign, [slot.departement for slot in outcome.good]
                rows = materialise(
                    pipeline.warehouse, pipeline.project, model.name, campaign, codes, connection=connection
                )
                verdicts = _verdicts(connection, model, campaign, codes)
                if any(verdict.stops for verdict in verdicts):
                    raise _Refused
            record(pipeline.warehouse, stages_of(context), outcome, connection)
        return rows

    try:
        rows = attempt()
    except _Refused:
        refused, verdicts = stop_on(outcome, verdicts), []
        rows = attempt()
        kept = {slot.departement for slot in outcome.good}
        verdicts = [*(verdict for verdict in refused if verdict.departement not in kept), *verdicts]
    return Done(outcome, verdicts, {model.name: rows})


def _verdicts(connection: Connection, model: Model, campaign: str, codes: Sequence[str]) -> list[Verdict]:
    found = undeclared_rows(connection, model, campaign, codes)
    check = declared_rows(model.name)
    verdicts = [Verdict(check, code, *found.get(code, (0, 0))) for code in codes]
    if model.name in suites():
        inside = select(model.table).where(partition_of(model, campaign, codes))
        frame = frame_of(connection.execute(inside).fetchall(), list(model.table.c))
        verdicts += judge(model.name, frame, codes)
    return verdicts
