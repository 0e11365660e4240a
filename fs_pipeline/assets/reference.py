"""The campaign's dates, communes with their points, and the contours and roads that slots are drawn and measured on."""

import datetime
from typing import Any

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.http.problems import SourceProblem
from fs_pipeline.national.references import take_reference
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.partitions import CAMPAIGNS
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.contours import read_points
from fs_pipeline.warehouse.frames import whole


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
def communes(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a current commune, with its population and the point from the reference source.

    Communes are known without their source: where it is unreachable they are written with the points they had, and
    the step fails only then.
    """
    problem: SourceProblem | None = None
    facts: dict[str, Any] = {}
    try:
        facts = take(pipeline, "communes")
    except SourceProblem as error:
        problem = error
    with pipeline.reference("communes") as path:
        if path is not None and problem is None:
            territory = pipeline.load_territory().with_points(read_points(path))
        elif problem is None:
            territory = pipeline.load_territory()
        else:
            territory = pipeline.territory
    frame = territory.communes.drop(columns="postcodes")
    rows = pipeline.warehouse.replace("communes", {}, whole("communes", frame.assign(vintage=territory.vintage)))
    pipeline.forget_territory()
    if problem is not None:
        raise dg.Failure(description=str(problem), allow_retries=False) from problem
    if facts.get("message"):
        context.log.warning(facts["message"])
    located = int(frame["longitude"].notna().sum())
    return dg.MaterializeResult(metadata={**facts, "dagster/row_count": rows, "communes_with_a_point": located})


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
    def reference(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
        try:
            facts = take(pipeline, source)
        except SourceProblem as problem:
            raise dg.Failure(description=str(problem), allow_retries=False) from problem
        if facts.get("message"):
            context.log.warning(facts["message"])
        return dg.MaterializeResult(metadata=facts)

    return reference


def take(pipeline: Pipeline, source: str) -> dict[str, Any]:
    """Bring one reference source up to date; the metadata of what serves.

    Raises
    ------
    SourceProblem
        When nothing good can serve.
    """
    location = pipeline.sources.location(source)
    if location is None:
        return {"state": "absent"}
    today = datetime.datetime.now(datetime.UTC).date()
    served = take_reference(
        source,
        location,
        pipeline.files,
        today=today,
        limits=pipeline.limits,
        internal_hosts=pipeline.sources.internal_hosts,
    )
    if served is None:
        return {"state": "given"}
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([served.snapshot.row()]))
    return {
        "state": "last_good" if served.problem else "taken",
        "snapshot_date": served.snapshot.as_of,
        "age_days": served.age_days,
        "sha256": served.snapshot.sha256,
        "message": served.message or "",
    }


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
    # Opened today, it takes today's lists and keeps the day; it moves only where sources.toml says another one.
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    reference_date = declared or (known["reference_date"].iloc[0] if len(known) else today)
    deadline = pipeline.sources.deadline or (known["deadline"].iloc[0] if len(known) else None)
    row = {"campaign": key, "reference_date": reference_date, "deadline": deadline}
    pipeline.warehouse.upsert("campaigns", pd.DataFrame([row]))
    return dg.MaterializeResult(metadata={"reference_date": reference_date})
