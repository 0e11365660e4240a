"""What the survey and the national lists say of one place put together, under an id that it keeps."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.assets import keys
from fs_pipeline.assets.slots import Tables, carry, table_specs
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.linkage.changes import CampaignPlaces, compare_campaigns
from fs_pipeline.linkage.places import positions, settle_places
from fs_pipeline.linkage.questions import ask
from fs_pipeline.linkage.reconcile import match_with_words, worth_linking
from fs_pipeline.linkage.records import gather_records
from fs_pipeline.linkage.registry import Identified
from fs_pipeline.linkage.rulings import apply_rulings
from fs_pipeline.linkage.word_memory import remember, remembered
from fs_pipeline.national.links import SURVEY, require_links
from fs_pipeline.national.read import PLACE_SOURCES
from fs_pipeline.partitions import IN_CHUNKS, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.engine import Warehouse, empty_frame
from fs_pipeline.warehouse.models import Project
from fs_pipeline.warehouse.turns import Turn

_INPUTS = [*keys.SURVEY.values(), *(keys.national(source) for source in PLACE_SOURCES), keys.CAMPAIGN]


def reconciliation_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The pairs, then the places with their members and values.

    Raises
    ------
    UnlinkedSource
        When a source is read whose places nothing would bring together with those of the others.
    """
    require_links(PLACE_SOURCES)

    @dg.multi_asset(
        name="matches",
        specs=table_specs(keys.MATCHES, _INPUTS, slots),
        check_specs=specs_for(keys.MATCHES, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def matches(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        taught: dict[Slot, pd.DataFrame] = {}

        def work(slot: Slot) -> Tables:
            tables, taught[slot] = matches_of_slot(pipeline, slot)
            return tables

        def also(connection: Connection, slots: Sequence[Slot], _turns: Mapping[Slot, Turn]) -> None:
            for slot in slots:
                pipeline.warehouse.upsert("local_words", taught[slot], connection)

        yield from carry(context, pipeline, work, writes=keys.MATCHES, also=also)

    @dg.multi_asset(
        name="places",
        specs=table_specs(keys.PLACES, [*_INPUTS, *keys.MATCHES.values()], slots),
        check_specs=specs_for(keys.PLACES, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def places(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        given: dict[Slot, Identified] = {}

        def work(slot: Slot) -> Tables:
            tables, given[slot] = places_of_slot(pipeline, slot)
            return tables

        def also(connection: Connection, slots: Sequence[Slot], _turns: Mapping[Slot, Turn]) -> None:
            keep_ids(pipeline.warehouse, [given[slot] for slot in slots], connection)

        yield from carry(context, pipeline, work, writes=keys.PLACES, also=also)

    @dg.multi_asset(
        name="place_changes",
        specs=table_specs(keys.CHANGES, [*keys.PLACES.values(), keys.SURVEY["survey_demarches"]], slots),
        check_specs=specs_for(keys.CHANGES, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def place_changes(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        yield from carry(context, pipeline, lambda slot: changes_of_slot(pipeline.warehouse, slot), writes=keys.CHANGES)

    return [matches, places, place_changes]


def records_of_slot(pipeline: Pipeline, slot: Slot) -> pd.DataFrame:
    """The slot's records, survey and national, that are worth linking."""
    key = {"campaign": slot.campaign, "departement": slot.departement}
    survey = pipeline.warehouse.read("survey_places", key)
    national = pipeline.warehouse.read("national_places", key)
    reference_date = pipeline.reference_date(slot.campaign)
    return worth_linking(gather_records(survey, national, reference_date))


def matches_of_slot(pipeline: Pipeline, slot: Slot) -> tuple[Tables, pd.DataFrame]:
    """``link_pairs`` of one slot, and the rows of ``local_words`` that it taught."""
    records = records_of_slot(pipeline, slot)
    rulings, known = (
        pipeline.warehouse.read(table, {"departement": slot.departement}) for table in ("rulings", "local_words")
    )
    found, words = match_with_words(records, pipeline.territory, remember(known, rulings, slot.campaign))
    pairs = apply_rulings(found, rulings, records, pipeline.territory)
    sides = {
        f"{side}_{name}": records[column].to_numpy(dtype=object)[pairs[side].to_numpy(dtype=np.int64)]
        for side in ("left", "right")
        for name, column in (("source", "source"), ("id", "source_id"))
    }
    tables = {"link_pairs": pairs.drop(columns=["left", "right"]).assign(**sides)}
    return tables, remembered(words, known, slot.campaign)


def questions_of_slot(pipeline: Pipeline, slot: Slot, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``questions`` of one slot, from its tables."""
    return ask(
        slot.departement,
        records_of_slot(pipeline, slot),
        tables["link_pairs"],
        tables["int_pairs_waiting"],
        tables["place_members"],
        tables["access_minutes"],
        tables["demand_points"],
    )


def places_of_slot(pipeline: Pipeline, slot: Slot) -> tuple[Tables, Identified]:
    """``places``, ``place_members`` and ``place_values`` of one slot, and the ids they were given."""
    warehouse = pipeline.warehouse
    key = {"campaign": slot.campaign, "departement": slot.departement}
    records = records_of_slot(pipeline, slot)
    return settle_places(
        records,
        positions(warehouse.read("link_pairs", key), records),
        warehouse.read("registry", {"departement": slot.departement}),
        warehouse.read("place_births", {"departement": slot.departement}),
        warehouse.read("place_aliases"),
        lambda place_ids: earlier_places(warehouse, slot, place_ids),
        campaign=slot.campaign,
        departement=slot.departement,
        territory=pipeline.territory,
    )


def changes_of_slot(warehouse: Warehouse, slot: Slot) -> Tables:
    """``place_changes`` of one slot since the last campaign before it that has places there; none without one."""
    campaigns = warehouse.read("campaigns", columns=["campaign"])["campaign"]
    for earlier in sorted((campaign for campaign in campaigns if campaign < slot.campaign), reverse=True):
        before = campaign_places(warehouse, Slot(earlier, slot.departement))
        if len(before.places):
            now = campaign_places(warehouse, slot)
            return {"place_changes": compare_campaigns(before, now, warehouse.read("place_aliases"))}
    return {"place_changes": empty_frame("place_changes")}


def campaign_places(warehouse: Warehouse, slot: Slot) -> CampaignPlaces:
    """The slot's places, their members, and what the survey states of them."""
    key = {"campaign": slot.campaign, "departement": slot.departement}
    members = warehouse.read("place_members", key, ["place_id", "source", "source_id"])
    stated = warehouse.read("survey_demarches", key, ["survey_place_id", "demarche_id", "level"])
    own = members[members["source"] == SURVEY].rename(columns={"source_id": "survey_place_id"})
    demarches = stated.merge(own, on="survey_place_id")[["place_id", "demarche_id", "level"]]
    return CampaignPlaces(slot.campaign, warehouse.read("places", key), members, demarches)


def earlier_places(warehouse: Warehouse, slot: Slot, place_ids: list[str]) -> pd.DataFrame:
    """The last known row of each place, in campaigns other than the slot's."""
    rows = warehouse.read("places", {"departement": slot.departement, "place_id": place_ids})
    rows = rows[rows["campaign"] != slot.campaign].sort_values(["campaign", "place_id"], kind="stable")
    return rows.drop_duplicates("place_id", keep="last").reset_index(drop=True)


def keep_ids(warehouse: Warehouse, given: Sequence[Identified], connection: Connection) -> None:
    """Write the registry and the births of ids of the slots whose places are written, and the aliases they made.

    Rows are added or brought up to date and never taken away: another campaign may have written its own meanwhile.
    """
    for table, frames in (
        ("registry", [identified.registry for identified in given]),
        ("place_births", [identified.births for identified in given]),
        ("place_aliases", [identified.aliases for identified in given]),
    ):
        if filled := [frame for frame in frames if len(frame)]:
            warehouse.upsert(table, pd.concat(filled, ignore_index=True), connection)
