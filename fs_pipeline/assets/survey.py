"""What the prefecture declared: each deposit read once, its feedback written before anything else runs."""

import datetime
from collections.abc import Collection, Iterator

import dagster as dg
import pandas as pd

from fs_pipeline import __version__
from fs_pipeline.assets import keys
from fs_pipeline.assets.slots import SlotRefused, Tables, carry, slot_spec
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.sandbox.desk import feedback_of
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT, Feedback
from fs_pipeline.survey.check import refused_report
from fs_pipeline.survey.deposits import Deposit, counting
from fs_pipeline.survey.locating import locate_places
from fs_pipeline.survey.memory import path_of, read_answers, write_answers
from fs_pipeline.survey.reader import UnreadableFile
from fs_pipeline.warehouse.engine import empty_frame
from fs_pipeline.warehouse.models import Project

GRAINS = {
    "survey_places": "One row a place and slot, as the prefecture declared it.",
    "survey_demarches": "One row a place and démarche stated by the survey.",
    "survey_actors": "One row an association or actor declared.",
    "survey_rounds": "One row a stop of a round or a permanence declared.",
    "survey_meeting": "One row a meeting declared.",
    "problems": "One row a problem found in a deposit.",
}


_WRITTEN = {REPORT: ".json", CSV: ".csv", ANNOTATED: ".annote.xlsx"}  # part of the feedback -> end of its file's name


def survey_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The five tables of a survey and its problems, in one step: the file is read once."""

    @dg.multi_asset(
        name="survey",
        specs=[
            slot_spec(key, [keys.COMMUNES, keys.CAMPAIGN], GRAINS[table], slots, table)
            for table, key in keys.SURVEY.items()
        ],
        check_specs=specs_for(keys.SURVEY, project, slots),
        partitions_def=slots,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def survey(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        yield from carry(context, pipeline, lambda slot: read_slot(pipeline, slot), writes=keys.SURVEY)

    return [survey]


def read_slot(pipeline: Pipeline, slot: Slot) -> Tables:
    """Receive what lies in the slot's folder, then read the deposits that count.

    Raises
    ------
    SlotRefused
        When a file just handed in is refused, or one that counts was purged: what stood before it stands.
    """
    folder = f"{slot.campaign}/{slot.departement}"
    feedbacks: dict[str, Feedback] = {}
    refusals = []
    for path in pipeline.deposits.list(folder):
        deposit = Deposit(
            slot.campaign, slot.departement, path.removeprefix(f"{folder}/"), pipeline.deposits.read(path)
        )
        feedback = receive(pipeline, deposit)
        feedbacks[deposit.deposit_id] = feedback
        if feedback.verdict == "refused":
            refusals.append(f"{deposit.filename} : {feedback.reason}")
    if refusals:
        raise SlotRefused(" ".join(refusals))
    deposits = counting(
        pipeline.warehouse.read("deposits", {"campaign": slot.campaign, "departement": slot.departement})
    )
    purged = deposits[deposits["path"] == ""]
    if len(purged):
        names = ", ".join(purged["filename"])
        raise SlotRefused(
            f"{names} : supprimé à la fin de sa durée de conservation. Les résultats calculés alors restent en place."
        )
    parts: dict[str, list[pd.DataFrame]] = {table: [] for table in keys.SURVEY}
    for deposit_id, path in zip(deposits["deposit_id"], deposits["path"], strict=True):
        feedback = feedbacks.get(deposit_id) or _read(pipeline, path, slot.departement, [RECORDS])
        for table, rows in feedback.records().items():
            if rows:
                parts[table].append(_of_slot(pd.DataFrame(rows, dtype=object), table, deposit_id))
    tables = {
        table: pd.concat(frames, ignore_index=True) if frames else empty_frame(table) for table, frames in parts.items()
    }
    tables["survey_places"] = locate_places(tables["survey_places"], pipeline.geocoders, pipeline.territory)
    return tables


def receive(pipeline: Pipeline, deposit: Deposit) -> Feedback:
    """Keep the bytes, read them, and write the feedback: report and annotated copy beside the deposit."""
    if not pipeline.files.exists(deposit.path):
        pipeline.files.write(deposit.path, deposit.content)
    feedback = _read(pipeline, deposit.path, deposit.departement, [*_WRITTEN, RECORDS])
    for part, ending in _WRITTEN.items():
        if part in feedback.parts:
            path = f"feedback/{deposit.campaign}/{deposit.departement}/{deposit.filename}{ending}"
            pipeline.files.write(path, feedback.parts[part])
    known = pipeline.warehouse.read("deposits", {"deposit_id": deposit.deposit_id})
    received = (
        datetime.datetime.fromisoformat(known["received_at"].iloc[0])
        if len(known)
        else datetime.datetime.now(datetime.UTC)
    )
    row = deposit.row(received, feedback.verdict, __version__)
    pipeline.warehouse.upsert("deposits", pd.DataFrame([row]))
    return feedback


def _read(pipeline: Pipeline, path: str, departement: str, wanted: Collection[str]) -> Feedback:
    remembered = _answers(pipeline, departement)
    with pipeline.files.local(path) as local:
        try:
            feedback = pipeline.readers.read(local, departement=departement, wanted=wanted, remembered=remembered)
        except UnreadableFile as refusal:
            return feedback_of(refused_report(path.rpartition("/")[2], departement, refusal), wanted)
    if feedback.answers.items() - remembered.items():
        pipeline.files.write(path_of(departement), write_answers(remembered, feedback.answers))
    return feedback


def _answers(pipeline: Pipeline, departement: str) -> dict[str, str]:
    path = path_of(departement)
    return read_answers(pipeline.files.read(path) if pipeline.files.exists(path) else None)


def _of_slot(frame: pd.DataFrame, table: str, deposit_id: str) -> pd.DataFrame:
    marked = frame.drop(columns="departement", errors="ignore").assign(deposit_id=deposit_id)
    if "survey_place_id" in marked:
        marked["survey_place_id"] = (deposit_id + ":" + marked["survey_place_id"]).where(
            marked["survey_place_id"].notna(), None
        )
    return marked[[column for column in empty_frame(table).columns if column in marked]]
