"""The campaign and its decisions, communes with their points, and the contours and roads that slots are drawn and measured on.

What is in place is written in ``reference_sources``; a campaign takes it from there, and a later run of the reference puts
the same back in place until somebody decides otherwise.
"""

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.assets.ranges import each_whole_campaign
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.campaigns.decisions import Campaign, said_otherwise
from fs_pipeline.campaigns.register import latest_open, open_by_run, read_campaign
from fs_pipeline.campaigns.taken import Taken, kept, not_here, read_taken, record_in_place, take_references
from fs_pipeline.http.dates import date_in_name
from fs_pipeline.http.problems import ChangedSource, SourceProblem
from fs_pipeline.national.references import digest_of, take_reference
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.partitions import CAMPAIGNS, FOR_CAMPAIGN
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.contours import read_points
from fs_pipeline.territory.model import Territory
from fs_pipeline.warehouse.declared import declaration


def reference_assets() -> list[dg.AssetsDefinition]:
    """Communes, contours, roads and the campaign."""
    return [communes, _asset("contours", keys.CONTOURS), _asset("roads", keys.ROADS), campaign]


@dg.asset(
    key=keys.COMMUNES,
    group_name="reference",
    owners=["team:data"],
    kinds={"python"},
    metadata={"dagster/table_name": "communes"},
)
@unquoted
def communes(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a current commune, with its population and the point from the reference source.

    Communes are known without their source: where it is unreachable they are written with the points they had, and
    the step fails only then.
    """
    problem: SourceProblem | None = None
    taken: Taken | None = None
    territory = pipeline.load_territory()
    try:
        taken = take(pipeline, "communes", campaign_of(context, pipeline))
        with pipeline.found(taken) as path:
            territory = territory.with_points(read_points(path)) if path is not None else territory
    except SourceProblem as error:
        problem, territory = error, pipeline.territory
    written = stored_communes(territory)
    with pipeline.warehouse.writing() as connection:
        rows = pipeline.warehouse.replace("communes", {}, written, connection)
        record_in_place(pipeline.warehouse, [taken] if taken else [], connection)
    pipeline.forget_territory()
    if taken is None:
        raise dg.Failure(description=str(problem), allow_retries=False) from problem
    warn(context, [taken])
    located = int(written["longitude"].notna().sum())
    return dg.MaterializeResult(metadata={**told(taken), "dagster/row_count": rows, "communes_with_a_point": located})


def stored_communes(territory: Territory) -> pd.DataFrame:
    """The table ``communes`` of a territory."""
    whole = territory.communes.assign(vintage=territory.vintage)
    return whole[list(declaration("communes").names)]


def _asset(source: str, key: dg.AssetKey) -> dg.AssetsDefinition:
    declared = REFERENCES[source]

    @dg.asset(
        key=key,
        description=f"One file: « {declared.title_fr} » ({declared.publisher}), kept with its hash.",
        group_name="reference",
        owners=["team:data"],
        kinds={"python"},
        metadata={
            "licence": declared.licence,
            "publisher": declared.publisher,
            "cadence": declared.cadence,
            "page": dg.MetadataValue.url(declared.page),
        },
    )
    @unquoted
    def reference(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
        taken = take(pipeline, source, campaign_of(context, pipeline))
        record_in_place(pipeline.warehouse, [taken])
        warn(context, [taken])
        return dg.MaterializeResult(metadata=told(taken))

    return reference


def campaign_of(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Campaign | None:
    """The campaign for which the reference is put in place: the one the run names, else the latest that is open."""
    key = context.run.tags.get(FOR_CAMPAIGN) or latest_open(pipeline.warehouse)
    return read_campaign(pipeline.warehouse, key) if key else None


def take(pipeline: Pipeline, source: str, campaign: Campaign | None) -> Taken:
    """What of a reference source is to be in place: what the campaign keeps of it, else what sources.toml gives.

    Raises
    ------
    SourceProblem
        When nothing good can serve, or what the campaign keeps is not here.
    """
    location = pipeline.sources.location(source)
    before = read_taken(pipeline.warehouse, campaign.key).get(source) if campaign else None
    held = kept(campaign, before, is_offered=location is not None) if campaign else None
    if campaign is not None and held is not None:
        with pipeline.found(held) as path:
            if path is None:
                raise ChangedSource(REFERENCES[source].title_fr, *not_here(campaign, held, location))
        return held
    if location is None or (campaign is not None and campaign.closing is not None):
        return Taken(source, "absent")
    served = take_reference(
        source,
        location,
        pipeline.files,
        today=datetime.datetime.now(datetime.UTC).date(),
        limits=pipeline.limits,
        internal_hosts=pipeline.sources.internal_hosts,
    )
    if served is None:
        return Taken(source, "taken", as_of=date_in_name(Path(location).name), sha256=digest_of(Path(location)))
    snapshot = served.snapshot
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([snapshot.row()]))
    state = "last_good" if served.problem else "taken"
    return Taken(source, state, snapshot.as_of, snapshot.sha256, snapshot.path, snapshot.rows, served.message)


def told(taken: Taken) -> dict[str, Any]:
    """What Dagster shows of a reference source."""
    said = {"state": taken.state, "snapshot_date": taken.as_of, "sha256": taken.sha256, "message": taken.message}
    return {name: value or "" for name, value in said.items()}


def warn(context: dg.AssetExecutionContext, taken: Iterable[Taken]) -> None:
    """Log what is to be said of reference sources."""
    for one in taken:
        if one.message:
            context.log.warning(one.message)


@dg.asset(
    key=keys.CAMPAIGN,
    group_name="national",
    owners=["team:data"],
    partitions_def=CAMPAIGNS,
    metadata={"dagster/table_name": "campaigns"},
)
@unquoted
def campaign(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a campaign: its reference date and deadline; opened here where nothing has opened it."""
    return each_whole_campaign(context, pipeline, lambda key: _open(context, pipeline, key))


def _open(context: dg.AssetExecutionContext, pipeline: Pipeline, key: str) -> Mapping[str, Any]:
    declared = pipeline.sources.reference_date
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    opened = open_by_run(pipeline.warehouse, key, day=declared or today, run=context.run.run_id)
    if pipeline.sources.deadline and opened.closing is None:
        row = {
            "campaign": opened.key,
            "reference_date": opened.reference_date,
            "deadline": pipeline.sources.deadline,
        }
        pipeline.warehouse.upsert("campaigns", pd.DataFrame([row]))
    take_references(pipeline.warehouse, opened)
    otherwise = said_otherwise(opened, declared)
    if otherwise:
        context.log.warning(otherwise)
    return {
        "reference_date": opened.reference_date,
        "state": "closed" if opened.closing else "open",
        "decisions": len(opened.decisions),
        "message": otherwise or "",
    }
