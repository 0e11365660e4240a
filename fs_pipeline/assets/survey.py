"""What the prefecture declared: each deposit read once, its feedback written before anything else runs."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.assets.inputs import own_inputs
from fs_pipeline.assets.outcomes import SlotRefused, open_turns
from fs_pipeline.assets.receiving import read_deposit, receive, receive_folder, slot_key
from fs_pipeline.assets.slots import Tables, carry, table_specs
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.deposits.keeping import counting
from fs_pipeline.partitions import IN_CHUNKS, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.sandbox.feedback import RECORDS
from fs_pipeline.survey.tables.locating import locate_places
from fs_pipeline.warehouse.engine import empty_frame
from fs_pipeline.warehouse.models import Project

__all__ = ["read_slot", "receive", "survey_assets"]


def survey_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The five tables of a survey and its problems, in one step: the file is read once."""

    @dg.multi_asset(
        name="survey",
        specs=table_specs(keys.SURVEY, [keys.COMMUNES, keys.CAMPAIGN], slots),
        check_specs=specs_for(keys.SURVEY, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def survey(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        turns = open_turns(context, pipeline.warehouse, partial(own_inputs, pipeline))
        reserves: dict[Slot, str] = {}

        def work(slot: Slot) -> Tables:
            return read_slot(pipeline, slot, reserves, datetime.datetime.fromisoformat(turns[slot].taken_at))

        yield from carry(context, pipeline, work, writes=keys.SURVEY, turns=turns, reserves=reserves)

    return [survey]


def read_slot(
    pipeline: Pipeline,
    slot: Slot,
    reserves: dict[Slot, str] | None = None,
    looked_at: datetime.datetime | None = None,
) -> Tables:
    """Receive what lies in the slot's folder, then read the deposits that count.

    A file that is refused holds up no other: the rest counts, with the last good version of the same file where there is
    one, and `reserves` says so of the slot. What is new was received at `looked_at`, when the run took its turn, however
    long it takes to read: so deposits come in the order of turns.

    Raises
    ------
    SlotRefused
        When the folder cannot be read, nothing but what is refused was ever handed in, or a deposit that counts was
        purged: what stood before stands.
    """
    received = receive_folder(pipeline, slot, looked_at)
    deposits = counting(pipeline.warehouse.read("deposits", slot_key(slot)))
    purged = deposits[deposits["path"] == ""]
    if len(purged):
        names = ", ".join(purged["filename"])
        what = "supprimé à la fin de sa durée de conservation. Les résultats calculés alors restent en place."
        raise SlotRefused(f"{names} : {what}", logged=f"Un dépôt a été {what}")
    said = " ".join(received.sentences(deposits))
    if received.refused and deposits.empty:
        count = len(received.refused)
        files = "1 fichier est refusé" if count == 1 else f"{count} fichiers sont refusés"
        raise SlotRefused(said, logged=f"{files} : le retour à la préfecture et l’état du département disent pourquoi.")
    if said and reserves is not None:
        reserves[slot] = f"Avec une réserve : {said}"
    parts: dict[str, list[pd.DataFrame]] = {table: [] for table in keys.SURVEY}
    for deposit_id, path in zip(deposits["deposit_id"], deposits["path"], strict=True):
        feedback = received.read.pop(deposit_id, None) or read_deposit(pipeline, slot, path, [RECORDS])
        for table, rows in feedback.records().items():
            if rows:
                parts[table].append(_of_slot(rows, deposit_id))
    for deposit_id, feedback in received.refused.items():
        parts["problems"].append(_of_slot(feedback.records()["problems"], deposit_id))
    tables = {
        table: pd.concat(frames, ignore_index=True) if frames else empty_frame(table) for table, frames in parts.items()
    }
    tables["survey_places"] = locate_places(tables["survey_places"], pipeline.geocoders, pipeline.territory)
    return tables


def _of_slot(rows: Sequence[Mapping[str, object]], deposit_id: str) -> pd.DataFrame:
    marked = pd.DataFrame(rows, dtype=object).drop(columns="departement", errors="ignore").assign(deposit_id=deposit_id)
    if "survey_place_id" in marked:
        marked["survey_place_id"] = (deposit_id + ":" + marked["survey_place_id"]).where(
            marked["survey_place_id"].notna(), None
        )
    return marked
