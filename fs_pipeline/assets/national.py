"""Each national source at its latest good snapshot not after the campaign's date, kept with its hash, then kept to."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.assets.ranges import each_whole_campaign
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.campaigns.decisions import Campaign, advance_command, closed_sentence
from fs_pipeline.campaigns.register import read_campaign
from fs_pipeline.campaigns.taken import Taken, kept, read_in_place, read_taken, record_taken
from fs_pipeline.http.problems import ChangedSource, EmptySource, SourceProblem
from fs_pipeline.http.reach import is_remote
from fs_pipeline.http.shelf import at, shelf
from fs_pipeline.http.snapshots import Served, serve, serve_again
from fs_pipeline.national.read import PLACE_SOURCES, SourceReading, ask, inspect_source, read_snapshot
from fs_pipeline.national.references import digest_of
from fs_pipeline.national.sources import SOURCES
from fs_pipeline.national.telling import (
    ABSENT,
    NOT_ASKED_FOR,
    NOTHING_STANDS,
    STANDS,
    with_decided,
    with_kept,
    with_unknown_columns,
    without_kept,
)
from fs_pipeline.partitions import CAMPAIGNS
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.fingerprint import code_fingerprint


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
    @unquoted
    def national_source(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> dg.MaterializeResult:
        def take_for(campaign: str) -> Mapping[str, Any]:
            facts = take(pipeline, source, campaign)
            if facts["message"] and facts["state"] != "absent":
                context.log.warning(facts["message"])
            return facts

        return each_whole_campaign(context, pipeline, take_for)

    return national_source


def take(pipeline: Pipeline, source: str, key: str) -> Mapping[str, Any]:
    """Take one source for one campaign, the very list it keeps where it keeps one; the metadata of what was taken.

    Raises
    ------
    SourceProblem
        When nothing good can serve; the campaign's rows of this source stay as they were.
    """
    campaign = read_campaign(pipeline.warehouse, key)
    before = read_taken(pipeline.warehouse, key).get(source)
    location = pipeline.sources.location(source)
    held = kept(campaign, before, is_offered=location is not None)
    if held is None and (location is None or campaign.closing is not None):
        pipeline.warehouse.replace("national_places", {"campaign": key, "source": source}, pd.DataFrame())
        why: str | None = NOT_ASKED_FOR if SOURCES[source].opt_in else ABSENT
        if campaign.closing is not None and before is not None:
            why = before.message  # why it was absent when the campaign closed
        absent = Taken(source, "absent", message=why)
        record_taken(pipeline.warehouse, campaign, absent, before)
        return {"state": absent.state, "message": absent.message}
    read_as = _read_as(pipeline)
    try:
        if held is not None and held.state == "taken" and held.read_as == read_as:  # its rows are there
            _serve_again(pipeline, campaign, held, lambda path, as_of: None)
            message = with_kept(without_kept(held.message), _passed_over(campaign, held, location))
            record_taken(pipeline.warehouse, campaign, replace(held, message=message), before, held.decision)
            return {
                "state": held.state,
                "snapshot_date": held.as_of or "",
                "sha256": held.sha256,
                "message": message or "",
            }
        served, reading = _read_again(pipeline, campaign, held) if held else _serve(pipeline, campaign, source)
    except SourceProblem as problem:
        record_taken(pipeline.warehouse, campaign, _failed(source, before, problem), before)
        raise
    rows = pipeline.warehouse.replace("national_places", {"campaign": key, "source": source}, reading.places)
    message = with_unknown_columns(with_decided(served.message, reading.decided), reading.unknown_columns)
    as_of: str | None = served.snapshot.as_of
    if held is not None:
        message = with_kept(message, _passed_over(campaign, held, location))
        as_of = held.as_of
    elif _is_undated(source, location):
        as_of = None  # the date that stands for it is ours: nobody must read it as the list's
    taken = Taken(
        source,
        state="last_good" if served.problem else "taken",
        as_of=as_of,
        sha256=served.snapshot.sha256,
        path=served.snapshot.path,
        rows=served.snapshot.rows,
        message=message,
        read_as=read_as,
    )
    record_taken(pipeline.warehouse, campaign, taken, before, held.decision if held else None)
    return {
        "state": taken.state,
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


def _read_as(pipeline: Pipeline) -> str:
    """What decides the rows that are read of a list: the code, and the communes into which they are put."""
    communes = read_in_place(pipeline.warehouse).get("communes")
    return f"{code_fingerprint()[:12]} {communes.sha256 if communes else None}"


def _serve(pipeline: Pipeline, campaign: Campaign, source: str) -> tuple[Served, SourceReading]:
    """The snapshot in service and its places, read once, before it is believed."""
    location, decision = pipeline.sources.location(source), campaign.governing(source)
    assert location is not None
    assert decision is not None
    reference_date = decision.reference_date
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
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([served.snapshot.row()]))
    return served, _as_served(served, readings[-1])  # of what serves: whatever was read after it was refused


def _serve_again(pipeline: Pipeline, campaign: Campaign, held: Taken, reads: Callable[[Path, str], object]) -> Served:
    """The snapshot that the campaign took, which is there and sound."""
    assert campaign.reference_date is not None
    day = datetime.date.fromisoformat(campaign.reference_date)
    return serve_again(ask(held.source), pipeline.files, path=held.path, reference_date=day, reads=reads)


def _read_again(pipeline: Pipeline, campaign: Campaign, held: Taken) -> tuple[Served, SourceReading]:
    """The same, and its places."""
    readings: list[SourceReading] = []

    def read(path: Path, as_of: str) -> None:
        readings.append(read_snapshot(held.source, path, pipeline.territory, as_of=as_of))

    served = _serve_again(pipeline, campaign, held, read)
    return served, _as_served(served, readings[-1])


def _as_served(served: Served, reading: SourceReading) -> SourceReading:
    as_of = served.snapshot.as_of
    return replace(reading, places=reading.places.assign(snapshot_date=as_of), snapshot_date=as_of)


def _passed_over(campaign: Campaign, held: Taken, location: str | None) -> str | None:
    """Why what sources.toml gives is not what serves, where that can be told without asking anybody."""
    if location is None:
        return "sources.toml ne l’indique plus."
    given = Path(location)
    if is_remote(location) or not given.is_file() or digest_of(given) == held.sha256:
        return None
    said = f"le fichier indiqué dans sources.toml, {given.name}, en est un autre."
    if campaign.closing is not None:
        return f"{said} {closed_sentence(campaign)}"
    return f"{said} Pour le prendre\u00a0: {advance_command(campaign.key, source=held.source)}."


def _is_undated(source: str, location: str | None) -> bool:
    """Whether a file is given by hand without a date in its name."""
    return location is not None and ask(source, location).as_of is None and not is_remote(location)


def _emptied(pipeline: Pipeline, source: str, hollow: Sequence[str], reference_date: str) -> list[str]:
    """Of columns that are empty, those that were not in the last good list."""
    last = at(shelf(pipeline.files, source).snapshots, reference_date) if hollow else None
    if last is None:
        return []
    with pipeline.files.local(last.path) as path:
        before = inspect_source(source, path)
    return [column for column in hollow if column not in before.hollow]


def _failed(source: str, before: Taken | None, problem: SourceProblem) -> Taken:
    """Why nothing was taken, and what the rows that stand are."""
    if before is None or before.is_absent:
        return Taken(source, "absent", message=f"{problem} {NOTHING_STANDS}")
    return replace(before, state="last_good", message=f"{problem} {STANDS}")
