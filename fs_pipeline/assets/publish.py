"""What a slot publishes: its layers, its maps, its dossier, and one folder an edition that holds all of it.

The tables of a slot are read once for the six assets. A publication's folder bears the fingerprint of inputs and code,
and its row in ``publications`` is written last: a reader never finds half of one. A file that cannot be made withholds
no other: the version goes out with a reserve, which its folder and ``slot_status`` say (lacking.py).
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import dagster as dg
import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from fs_pipeline.assets import keys
from fs_pipeline.assets.brief_checks import refuse_brief
from fs_pipeline.assets.comparisons import comparisons_of, figures_beside
from fs_pipeline.assets.lacking import NOTE, WHOLE, Lacking, note
from fs_pipeline.assets.outcomes import SlotSuperseded, begin, held, record
from fs_pipeline.assets.ranges import Done, each_campaign
from fs_pipeline.assets.reconciliation import questions_of_slot
from fs_pipeline.assets.slots import each, slot_spec
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.assets.wholeness import Contours, contours_of, require
from fs_pipeline.briefing.pack import pack
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.alone import Failed, each_alone
from fs_pipeline.cartography.hour_maps import draw_hour_maps
from fs_pipeline.cartography.layers import LAYER_FILES, Layers
from fs_pipeline.cartography.once import Once
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.checks.judge import Verdict
from fs_pipeline.coverage.by_area import access_by
from fs_pipeline.coverage.charter import charter
from fs_pipeline.coverage.commitments import commitments
from fs_pipeline.coverage.gap_profiles import gap_profiles
from fs_pipeline.coverage.outreach import outreach
from fs_pipeline.coverage.thresholds import thresholds_on
from fs_pipeline.coverage.trust import brief_trust
from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.deposits.keeping import counting
from fs_pipeline.editions.edition import EDITIONS, Edition, to_release
from fs_pipeline.national.ages import told_sources, told_surveys
from fs_pipeline.national.telling import for_readers
from fs_pipeline.partitions import IN_CHUNKS, Slot
from fs_pipeline.release.about import About
from fs_pipeline.release.descriptions import descriptions
from fs_pipeline.release.exports import EXPORTED, exports
from fs_pipeline.release.tables import open_tables
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import shown
from fs_pipeline.territory.contours import outlines
from fs_pipeline.warehouse.fingerprint import slot_fingerprint, with_content
from fs_pipeline.warehouse.frames import ordered
from fs_pipeline.warehouse.locks import slot_locks
from fs_pipeline.warehouse.models import Project
from fs_pipeline.warehouse.turns import Turn, note_beside, standing_turns

JUDGED = ("access_consistency", "contradictions")  # whose checks hold a publication up, and which nobody reads
MARTS = (
    "indicators", "slot_counts", "unplaced_rows", "int_commune_minutes", "access_shares", "access_classes", "demarche_shares",
    "demarche_matrix", "coverage", "gaps", "discrepancies", "int_pairs_waiting",
)  # fmt: skip
STORED = (
    "places", "place_members", "place_values", "national_places", "link_pairs", "problems", "survey_actors",
    "survey_meeting", "survey_rounds", *keys.CHANGES, *keys.MINUTES, *keys.OPENINGS,
)  # fmt: skip
# Long, and following from what is in the fingerprint: the minutes and the matrix, the lists and the places, and the code.
_FOLLOW = frozenset(
    {"int_commune_minutes", "int_pairs_waiting", "coverage", "national_places", "place_values", "simulator"}
)
_AROUND_DEGREES = 0.3  # from the outermost town hall to the edge of its commune, and over
LAYERS = dg.AssetKey(["cartography", "layers"])
MAP = dg.AssetKey(["cartography", "map"])
PACK = dg.AssetKey(["briefing", "pack"])
RELEASES = {edition: dg.AssetKey(["release", edition]) for edition in EDITIONS}


def publish_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Layers, map, dossier and the three editions of each slot, in one step."""
    marts = [keys.of_model(project[name]) for name in (*MARTS, *JUDGED)]
    read = [
        *keys.PLACES.values(),
        *keys.MATCHES.values(),
        *keys.CHANGES.values(),
        *keys.MINUTES.values(),
        *keys.OPENINGS.values(),
        *keys.SURVEY.values(),
    ]
    about = {
        LAYERS: (
            [*marts, *read, keys.CONTOURS],
            "Two GeoParquet layers a slot: places, and communes with their minutes.",
        ),
        MAP: ([LAYERS], "One printed map and one web map a slot and edition."),
        PACK: ([*marts, *read, keys.NEED, MAP], "One dossier a slot and edition, as PDF and as a page."),
    } | {
        key: ([LAYERS, MAP, PACK], f"One folder a slot and version, for the {edition} edition.")
        for edition, key in RELEASES.items()
    }

    @dg.multi_asset(
        name="publish",
        specs=[slot_spec(key, deps, description, slots) for key, (deps, description) in about.items()],
        check_specs=specs_for({PACK.to_user_string(): PACK}, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def publish(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        stages = {key.to_user_string(): key for key in about}

        def of_campaign(slots: Sequence[Slot]) -> Done:
            outcome = begin(context, pipeline.warehouse, slots)
            contours = contours_of(pipeline, slots[0].campaign)
            judged: list[Verdict] = []
            beside = figures_beside(pipeline, slots[0].campaign)
            published = each(
                context,
                pipeline,
                outcome,
                lambda slot: publish_slot(pipeline, slot, contours, outcome.turns[slot], judged),
            )
            with held(pipeline.warehouse, outcome) as connection:
                told = {slot.departement: outcome.turns[slot] for slot in outcome.good}
                note_beside(connection, slots[0].campaign, dict.fromkeys(told, beside), told)
                record(pipeline.warehouse, list(stages), outcome, connection)
            for slot in outcome.good:
                if slot in published:
                    _link(context, pipeline, slot, published[slot])
            return Done(outcome, judged, dict.fromkeys(stages, len(published)))

        yield from each_campaign(context, pipeline, of_campaign, stages, last=True)

    return [publish]


def _link(context: dg.AssetExecutionContext, pipeline: Pipeline, slot: Slot, fingerprint: str) -> None:
    """Say, where the run is looked at, where a slot's map, its dossier and the feedback to its prefecture are."""
    root = shown(pipeline.settings.files_url).rstrip("/")
    at = dg.MetadataValue.url if "://" in root else dg.MetadataValue.path
    feedback = {"feedback": at(f"{root}/feedback/{slot.campaign}/{slot.departement}")}
    for edition, folder in folders_of(slot.campaign, slot.departement, fingerprint).items():
        links = {"map": at(f"{root}/{folder}/carte.html"), "dossier": at(f"{root}/{folder}/dossier.html")}
        context.add_asset_metadata(links | feedback, asset_key=RELEASES[edition], partition_key=slot.key)


def publish_slot(
    pipeline: Pipeline, slot: Slot, contours: Contours, turn: Turn, judged: list[Verdict] | None = None
) -> str:
    """Write the layers and the three publications of one slot; the fingerprint that names them.

    A version that stands is not written again: it only becomes the newest. `judged` takes what the checks of a brief say.

    Raises
    ------
    SlotRefused
        When contours are not those that the campaign took, or a check of the brief stops it.
    SlotSuperseded
        When the slot bears the survey of a later turn than `turn` by the time that all is written; nothing is then said
        to be published.
    SlotIncomplete
        When all is written and recorded that could be made, and something could not.
    """
    require(pipeline, slot.campaign, "contours")
    require(pipeline, slot.campaign, "roads")
    shapes = contours(slot.departement)
    tables = slot_tables(pipeline, slot, shapes)
    once = Once()
    refuse_brief(tables, PACK, judged, once)
    folders = folders_of(slot.campaign, slot.departement, tables.fingerprint)
    lacking = Lacking()
    if not stands(pipeline, slot.campaign, slot.departement, folders):
        lacking = write_version(pipeline, tables, shapes, folders, once)
    with pipeline.warehouse.writing(*slot_locks([slot.campaign], [slot.departement])) as connection:
        if standing_turns(connection, slot.campaign, [slot.departement])[slot.departement] > turn.number:
            if not stands(pipeline, slot.campaign, slot.departement, folders):
                discard(pipeline, folders)
            raise SlotSuperseded
        if not all(map(pipeline.files.list, lacking.written(folders).values())):
            # A run that gave way has just thrown it away.
            lacking = write_version(pipeline, tables, shapes, folders, once)
        for name in LAYER_FILES.values():
            if pipeline.files.exists(f"{folders['internal']}/{name}"):
                layer = pipeline.files.read(f"{folders['internal']}/{name}")
                pipeline.files.write(f"layers/{slot.campaign}/{slot.departement}/{name}", layer)
        written = lacking.written(folders)
        record_publications(pipeline, slot.campaign, slot.departement, tables.fingerprint, written, connection)
    lacking.tell(pipeline, slot.campaign, slot.departement, tables.fingerprint)
    return tables.fingerprint


def write_version(
    pipeline: Pipeline, tables: SlotTables, shapes: gpd.GeoDataFrame | None, folders: Mapping[Edition, str], once: Once
) -> Lacking:
    """Write one version of a slot, a folder an edition, of what `once` makes; what it lacks."""
    lacking, roads = Lacking(), _main_roads(pipeline, tables)
    for edition, folder in folders.items():
        failed = lacking.files(edition)
        try:
            let_out = once(SlotTables.let_out, tables, edition)
        except Exception as error:  # nothing goes out to readers for whom nothing could be chosen
            failed[WHOLE] = error
            continue
        drawn = Layers(
            let_out.places,
            let_out.communes,
            let_out.int_commune_minutes,
            let_out.thresholds,
            shapes,
            let_out.coverage,
            roads=roads,
            once=once,
        )
        files = pack(let_out, edition, drawn, once, failed)
        files |= open_tables(let_out.tables, drawn, once, failed)
        files |= each_alone({"carte-heures.svg": partial(_hour_maps, let_out, drawn, once)}, failed)
        exported = {name: getattr(let_out, name) for name in EXPORTED}
        about = about_of(let_out, edition)
        files |= exports(about, exported, drawn, once, failed)
        files |= descriptions(about, let_out.tables, drawn, files, failed)
        write_folder(pipeline, folder, files, failed)
    return lacking


def _main_roads(pipeline: Pipeline, tables: SlotTables) -> NDArray[np.float64] | None:
    """Stretches of the main roads around a département; None where its campaign took no roads."""
    roads, points = pipeline.roads(tables.campaign), tables.communes[["longitude", "latitude"]].dropna()
    if roads is None or points.empty:
        return None
    (west, south), (east, north) = points.min() - _AROUND_DEGREES, points.max() + _AROUND_DEGREES
    return roads.main_lines((west, south, east, north))


def about_of(tables: SlotTables, edition: Edition) -> About:
    """Which publication its exports are of."""
    return About(
        campaign=tables.campaign,
        departement=tables.departement,
        departement_name=tables.departement_name,
        edition=edition,
        reference_date=tables.reference_date,
        fingerprint=tables.fingerprint,
        thresholds=tables.thresholds,
        fictional=tables.fictional,
    )


def _hour_maps(let_out: SlotTables, layers: Mapping[str, gpd.GeoDataFrame], once: Once) -> bytes:
    near = let_out.thresholds.near
    return once(draw_hour_maps, layers["communes"], let_out.commune_weeks, let_out.departement, near).svg.encode()


def slot_tables(pipeline: Pipeline, slot: Slot, shapes: gpd.GeoDataFrame | None = None) -> SlotTables:
    """All that a slot's dossier, maps and exports are made from; their fingerprint takes in the `shapes` drawn."""
    warehouse, key = pipeline.warehouse, {"campaign": slot.campaign, "departement": slot.departement}
    reference_date = pipeline.reference_date(slot.campaign)
    name = pipeline.territory.departement_names[slot.departement]
    regions = pipeline.territory.departements.set_index("code")["region_name"]
    frames: dict[str, Any] = {
        name: ordered(warehouse.read(pipeline.project[name].table, key), pipeline.project[name].spec.grain)
        for name in MARTS
    }
    frames |= {name: ordered(warehouse.read(name, key)) for name in STORED}
    frames["communes"] = ordered(warehouse.read("communes", {"departement": slot.departement}))
    frames["demarches"] = demarches(reference_date)
    deposits = counting(warehouse.read("deposits", key))
    surveyed = warehouse.read("survey_places", key, ["deposit_id", "updated_on"])
    surveys = told_surveys(deposits, surveyed, on=reference_date)
    frames["brief_sources"] = pd.concat([surveys, sources_of(pipeline, slot.campaign)], ignore_index=True)
    frames["brief_trust"] = brief_trust(
        frames["brief_sources"],
        surveyed.loc[surveyed["deposit_id"].isin(deposits["deposit_id"]), "updated_on"],
        frames["places"],
        frames["link_pairs"],
        frames["slot_counts"],
        on=reference_date,
    )
    frames["outreach"], frames["outreach_counts"] = outreach(
        frames["communes"],
        frames["int_commune_minutes"],
        frames["survey_rounds"],
        frames["survey_actors"],
        frames["places"],
        name,
    )
    whole = pipeline.territory.in_departement(slot.departement)  # the table of communes says no arrondissement
    told_of = (frames["int_commune_minutes"], frames["places"])
    frames["arrondissement_access"] = access_by("arrondissement", whole, *told_of)
    frames["epci_access"] = access_by("epci", frames["communes"], *told_of)
    frames["commitments"] = commitments(frames["survey_actors"], on=reference_date)
    frames["charter"] = charter(
        frames["places"],
        frames["demarche_matrix"],
        frames["outreach_counts"],
        frames["survey_actors"],
        on=reference_date,
    )
    need = ordered(warehouse.read("commune_need", {}))
    frames["commune_need"] = need[need["insee"].isin(frames["communes"]["insee"])].reset_index(drop=True)
    frames["gap_profiles"] = gap_profiles(frames["gap_areas"], frames["gaps"], frames["commune_need"])
    frames["brief_comparisons"] = comparisons_of(pipeline, slot, frames["access_changes"])
    frames["releases"] = ordered(warehouse.read("releases", {"departement": slot.departement}))
    named = {name: frame for name, frame in frames.items() if name not in _FOLLOW} | {"contours": outlines(shapes)}
    frames["withheld"] = to_release(frames, slot.departement)
    frames["questions"] = questions_of_slot(pipeline, slot, frames)
    base = slot_fingerprint(warehouse, slot.campaign, slot.departement)
    return SlotTables(
        campaign=slot.campaign,
        departement=slot.departement,
        departement_name=name,
        region_name=str(regions[slot.departement] or ""),
        reference_date=reference_date,
        thresholds=thresholds_on(reference_date),
        fingerprint=with_content(f"{base} {name} {pipeline.fictional}", named),
        fictional=pipeline.fictional,
        tables=frames,
    )


def sources_of(pipeline: Pipeline, campaign: str) -> pd.DataFrame:
    """What the figures of a campaign rest on, surveys apart: ``brief_sources``."""
    warehouse, on = pipeline.warehouse, pipeline.reference_date(campaign)
    taken = ordered(for_readers(warehouse.read("campaign_sources", {"campaign": campaign})))
    vintages = warehouse.read("communes", {}, ["vintage"])["vintage"].dropna()
    listed = demarches(on)["listed_on"].dropna()
    return told_sources(taken, on=on, vintage=max(vintages, default=None), catalogued=max(listed, default=None))


def write_folder(pipeline: Pipeline, folder: str, files: Mapping[str, bytes], failed: Failed) -> None:
    """Write files by name below a folder of the file store, with a note where some could not be made."""
    if not files:
        whole = ExceptionGroup("no file of an edition could be made", list(failed.values()))
        failed.clear()
        failed[WHOLE] = whole
        return
    for name, content in files.items():
        pipeline.files.write(f"{folder}/{name}", content)
    if failed:
        pipeline.files.write(f"{folder}/{NOTE}", note(failed).encode())
    else:
        pipeline.files.delete(f"{folder}/{NOTE}")


def folders_of(campaign: str, departement: str, fingerprint: str) -> dict[Edition, str]:
    """Where a version of each edition is, inside the file store."""
    return {edition: f"publications/{campaign}/{departement}/{edition}/{fingerprint}" for edition in EDITIONS}


def stands(pipeline: Pipeline, campaign: str, departement: str, folders: Mapping[Edition, str]) -> bool:
    """Whether a version was written whole."""
    known = pipeline.warehouse.read("publications", {"campaign": campaign, "departement": departement}, ["path"])
    return set(folders.values()) <= set(known["path"]) and is_whole(pipeline, folders)


def is_whole(pipeline: Pipeline, folders: Mapping[Edition, str]) -> bool:
    """Whether the files of a version are there, and none lacks."""
    return all(
        pipeline.files.exists(f"{folder}/dossier.pdf") and not pipeline.files.exists(f"{folder}/{NOTE}")
        for folder in folders.values()
    )


def discard(pipeline: Pipeline, folders: Mapping[Edition, str]) -> None:
    """Delete a version that will never be published."""
    for folder in folders.values():
        for path in pipeline.files.list(folder):
            pipeline.files.delete(path)


def record_publications(
    pipeline: Pipeline,
    campaign: str,
    departement: str,
    fingerprint: str,
    folders: Mapping[Edition, str],
    connection: Connection | None = None,
) -> None:
    """Say in ``publications`` that a version is whole; published again, it becomes the newest again."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    frame = pd.DataFrame([{"edition": edition, "path": folder} for edition, folder in folders.items()]).assign(
        campaign=campaign, departement=departement, fingerprint=fingerprint, published_at=now
    )
    pipeline.warehouse.upsert("publications", frame, connection)
