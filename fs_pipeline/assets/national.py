"""Each national source at its latest good snapshot not after the campaign's date, kept with its hash."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.http.problems import ChangedSource, EmptySource, SourceProblem
from fs_pipeline.http.reach import is_remote
from fs_pipeline.http.shelf import at, kept
from fs_pipeline.http.snapshots import Served, serve
from fs_pipeline.national.read import PLACE_SOURCES, SourceReading, ask, inspect_source, read_snapshot
from fs_pipeline.national.sources import SOURCES
from fs_pipeline.national.telling import ABSENT, NOT_ASKED_FOR, NOTHING_STANDS, STANDS, with_unknown_columns
from fs_pipeline.partitions import CAMPAIGNS
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.frames import whole


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
        try:
            facts = take(pipeline, source, context.partition_key)
        except SourceProblem as problem:
            raise dg.Failure(description=str(problem), allow_retries=False) from problem
        if facts["message"] and facts["state"] != "absent":
            context.log.warning(facts["message"])
        return dg.MaterializeResult(metadata=facts)

    return national_source


def take(pipeline: Pipeline, source: str, campaign: str) -> Mapping[str, Any]:
    """Take one source for one campaign; the metadata of what was taken.

    Raises
    ------
    SourceProblem
        When nothing good can serve; the campaign's rows of this source stay as they were.
    """
    location = pipeline.sources.location(source)
    if location is None:
        pipeline.warehouse.replace("national_places", {"campaign": campaign, "source": source}, pd.DataFrame())
        facts = {"state": "absent", "message": NOT_ASKED_FOR if SOURCES[source].opt_in else ABSENT}
        record_source(pipeline, campaign, source, facts)
        return facts
    try:
        served, reading = _serve(pipeline, source, location, campaign)
    except SourceProblem as problem:
        _record_failure(pipeline, campaign, source, problem)
        raise
    places = whole("national_places", reading.places, {"campaign"})
    rows = pipeline.warehouse.replace("national_places", {"campaign": campaign, "source": source}, places)
    message = with_unknown_columns(served.message, reading.unknown_columns)
    # The reference date that stands for a file without one is ours: nobody must read it as the list's.
    dated = {"as_of": None} if _is_undated(source, location) else {}
    record_source(pipeline, campaign, source, _facts(served) | dated | {"message": message})
    return {
        "state": "last_good" if served.problem else "taken",
        "dagster/row_count": rows,
        "rows_in_the_file": reading.rows,
        "snapshot_date": served.snapshot.as_of,
        "age_days": served.age_days,
        "sha256": served.snapshot.sha256,
        "set_aside": dict(reading.set_aside),
        "points_not_trusted": dict(reading.without_point),
        "kinds_decided": dict(reading.decided),
        "unknown_columns": list(reading.unknown_columns),
        "message": message or "",
    }


def _serve(pipeline: Pipeline, source: str, location: str, campaign: str) -> tuple[Served, SourceReading]:
    """The snapshot in service and its places, read once, before it is believed."""
    reference_date = pipeline.reference_date(campaign)
    wanted = replace(
        ask(source, location),
        accepts_halved=source in pipeline.sources.accepts_halved,
        internal_hosts=pipeline.sources.internal_hosts,
    )
    if _is_undated(source, location):
        # A file given by hand without a date in its name is what its giver says holds for this campaign.
        wanted = replace(wanted, as_of=reference_date)
    readings: list[SourceReading] = []

    def read(path: Path, as_of: str) -> SourceReading:
        reading = read_snapshot(source, path, pipeline.territory, as_of=as_of)
        readings.append(reading)
        return reading

    def inspect(path: Path) -> int:
        reading = read(path, reference_date)
        if reading.places.empty:
            what = f"aucun lieu dans {reading.rows} lignes"
            raise EmptySource(SOURCES[source].title_fr, what, "ouvrir le fichier\u00a0; rien n’a été remplacé")
        if emptied := _emptied(pipeline, source, reading.hollow_columns, reference_date):
            what = f"colonne désormais vide\u00a0: {', '.join(emptied)}"
            to_do = "prévenir l’éditeur\u00a0; si c’est voulu, retirer la colonne de required dans sources.toml"
            raise ChangedSource(SOURCES[source].title_fr, what, to_do)
        return reading.rows

    served = serve(
        wanted,
        pipeline.files,
        inspect,
        reference_date=datetime.date.fromisoformat(reference_date),
        today=datetime.datetime.now(datetime.UTC).date(),
        limits=pipeline.limits,
        reads=read,
    )
    snapshot = served.snapshot
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([snapshot.row()]))
    reading = readings[-1]  # of what serves: whatever was read after it was refused
    places = reading.places.assign(snapshot_date=snapshot.as_of)
    return served, replace(reading, places=places, snapshot_date=snapshot.as_of)


def _is_undated(source: str, location: str) -> bool:
    """Whether a file is given by hand without a date in its name."""
    return ask(source, location).as_of is None and not is_remote(location)


def _emptied(pipeline: Pipeline, source: str, hollow: Sequence[str], reference_date: str) -> list[str]:
    """Of columns that are empty, those that were not in the last good list."""
    last = at(kept(pipeline.files, source), reference_date) if hollow else None
    if last is None:
        return []
    with pipeline.files.local(last.path) as path:
        before = inspect_source(source, path)
    return [column for column in hollow if column not in before.hollow]


def _facts(served: Served) -> dict[str, object]:
    snapshot = served.snapshot
    return {
        "as_of": snapshot.as_of,
        "sha256": snapshot.sha256,
        "path": snapshot.path,
        "rows": snapshot.rows,
        "state": "last_good" if served.problem else "taken",
    }


def _record_failure(pipeline: Pipeline, campaign: str, source: str, problem: SourceProblem) -> None:
    """Say why nothing was taken, and keep saying what the rows that stand are."""
    before = pipeline.warehouse.read("campaign_sources", {"campaign": campaign, "source": source})
    stands = before[before["state"] != "absent"].astype(object)
    if stands.empty:
        facts: dict[str, object] = {"state": "absent", "message": f"{problem} {NOTHING_STANDS}"}
    else:
        taken = {name: stands[name].iloc[0] for name in ("as_of", "sha256", "path", "rows")}
        facts = {**taken, "state": "last_good", "message": f"{problem} {STANDS}"}
    record_source(pipeline, campaign, source, facts)


def record_source(pipeline: Pipeline, campaign: str, source: str, facts: Mapping[str, object]) -> None:
    """Write what a campaign's figures rest on."""
    declared = SOURCES[source]
    about = {"title": declared.title_fr, "publisher": declared.publisher, "licence": declared.licence}
    row = {"campaign": campaign, "source": source, **about, **facts}
    pipeline.warehouse.upsert("campaign_sources", pd.DataFrame([row], dtype=object))
