"""Each national source at its latest good snapshot not after the campaign's date, kept with its hash."""

import datetime
from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.http.snapshots import Served, serve
from fs_pipeline.national.read import PLACE_SOURCES, ask, count_rows, read_snapshot
from fs_pipeline.national.sources import SOURCES
from fs_pipeline.partitions import CAMPAIGNS
from fs_pipeline.resources import Pipeline


def national_assets() -> list[dg.AssetsDefinition]:
    """One asset a source of places."""
    return [_asset(source) for source in PLACE_SOURCES]


def _asset(source: str) -> dg.AssetsDefinition:
    declared = SOURCES[source]

    @dg.asset(
        key=keys.national(source),
        deps=[keys.COMMUNES, keys.CAMPAIGN],
        description=f"One row a place of « {declared.title_fr} » ({declared.publisher}), as taken for the campaign.",
        group_name="national",
        owners=["team:data"],
        kinds={"python"},
        partitions_def=CAMPAIGNS,
        metadata={
            "dagster/table_name": "national_places",
            "licence": declared.licence,
            "publisher": declared.publisher,
            "cadence": declared.cadence,
            "page": dg.MetadataValue.url(declared.page),
        },
    )
    def national_source(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata=take(pipeline, source, context.partition_key))

    return national_source


def take(pipeline: Pipeline, source: str, campaign: str) -> Mapping[str, Any]:
    """Take one source for one campaign; the metadata of what was taken.

    Raises
    ------
    SourceProblem
        When nothing good can serve; the campaign's rows of this source stay as they were.
    """
    declared = SOURCES[source]
    location = pipeline.sources.location(source, "")
    key = {"campaign": campaign, "source": source}
    about = {"title": declared.title_fr, "publisher": declared.publisher, "licence": declared.licence}
    if location is None:
        pipeline.warehouse.replace("national_places", key, pd.DataFrame())
        record_source(pipeline, campaign, source, about | {"state": "absent", "message": "Source absente."})
        return {"state": "absent"}
    reference_date = pipeline.warehouse.read("campaigns", {"campaign": campaign})["reference_date"].iloc[0]
    wanted = ask(source, location or None)
    if location and "://" not in location and wanted.as_of is None:
        # A file given by hand without a date in its name is what its giver says holds for this campaign.
        wanted = ask(source, location, as_of=reference_date)
    served = serve(
        wanted,
        pipeline.files,
        lambda path: count_rows(source, path),
        reference_date=datetime.date.fromisoformat(reference_date),
        today=datetime.datetime.now(datetime.UTC).date(),
    )
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([served.snapshot.row()]))
    with pipeline.files.local(served.snapshot.path) as path:
        reading = read_snapshot(source, path, pipeline.territory, as_of=served.snapshot.as_of)
    rows = pipeline.warehouse.replace("national_places", key, reading.places)
    record_source(pipeline, campaign, source, about | _facts(served))
    return {
        "dagster/row_count": rows,
        "rows_in_the_file": reading.rows,
        "snapshot_date": served.snapshot.as_of,
        "age_days": served.age_days,
        "sha256": served.snapshot.sha256,
        "set_aside": dict(reading.set_aside),
        "points_not_trusted": dict(reading.without_point),
        "unknown_columns": list(reading.unknown_columns),
        "message": served.message or "",
    }


def _facts(served: Served) -> dict[str, object]:
    snapshot = served.snapshot
    return {
        "as_of": snapshot.as_of,
        "sha256": snapshot.sha256,
        "path": snapshot.path,
        "rows": snapshot.rows,
        "state": "last_good" if served.problem else "taken",
        "message": served.message,
    }


def record_source(pipeline: Pipeline, campaign: str, source: str, facts: Mapping[str, object]) -> None:
    """Write what a campaign's figures rest on."""
    pipeline.warehouse.upsert(
        "campaign_sources", pd.DataFrame([{"campaign": campaign, "source": source, **facts}], dtype=object)
    )
