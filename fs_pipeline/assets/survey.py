"""What the prefecture declared: each deposit read once, its feedback written before anything else runs."""

import datetime
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd

from fs_pipeline import __version__
from fs_pipeline.assets import keys
from fs_pipeline.assets.slots import SlotRefused, Tables, carry, slot_spec
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.survey.annotate import write_annotated
from fs_pipeline.survey.check import check_file, refused_report
from fs_pipeline.survey.deposits import Deposit, counting
from fs_pipeline.survey.feedback_sheets import problems_csv
from fs_pipeline.survey.locating import locate_places
from fs_pipeline.survey.memory import path_of, read_answers, write_answers
from fs_pipeline.survey.reader import UnreadableFile
from fs_pipeline.survey.report import CheckReport
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
    reports: dict[str, CheckReport] = {}
    refusals = []
    for path in pipeline.deposits.list(folder):
        deposit = Deposit(
            slot.campaign, slot.departement, path.removeprefix(f"{folder}/"), pipeline.deposits.read(path)
        )
        report = receive(pipeline, deposit)
        reports[deposit.deposit_id] = report
        if report.verdict == "refused":
            refusals.append(f"{deposit.filename} : {report.reason}")
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
        report = reports.get(deposit_id) or _read(pipeline, path, slot.departement)
        for table, frame in report.tables.items():
            parts[table].append(_of_slot(frame, table, deposit_id))
    tables = {
        table: pd.concat(frames, ignore_index=True) if frames else empty_frame(table) for table, frames in parts.items()
    }
    tables["survey_places"] = locate_places(tables["survey_places"], pipeline.geocoders, pipeline.territory)
    return tables


def receive(pipeline: Pipeline, deposit: Deposit) -> CheckReport:
    """Keep the bytes, read them, and write the feedback: report and annotated copy beside the deposit."""
    if not pipeline.files.exists(deposit.path):
        pipeline.files.write(deposit.path, deposit.content)
    report = _read(pipeline, deposit.path, deposit.departement)
    feedback = f"feedback/{deposit.campaign}/{deposit.departement}/{deposit.filename}"
    pipeline.files.write(f"{feedback}.json", report.written().encode())
    pipeline.files.write(f"{feedback}.csv", problems_csv(report.problems).encode("utf-8-sig"))
    if report.workbook.sheets:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "annotated.xlsx"
            write_annotated(report, copy)
            pipeline.files.write(f"{feedback}.annote.xlsx", copy.read_bytes())
    known = pipeline.warehouse.read("deposits", {"deposit_id": deposit.deposit_id})
    received = (
        datetime.datetime.fromisoformat(known["received_at"].iloc[0])
        if len(known)
        else datetime.datetime.now(datetime.UTC)
    )
    row = deposit.row(received, report.verdict, __version__)
    pipeline.warehouse.upsert("deposits", pd.DataFrame([row]))
    return report


def _read(pipeline: Pipeline, path: str, departement: str) -> CheckReport:
    remembered = _answers(pipeline, departement)
    with pipeline.files.local(path) as local:
        try:
            report = check_file(
                local,
                territory=pipeline.territory,
                departement=departement,
                vocabulary=Vocabulary(),
                remembered=remembered,
            )
        except UnreadableFile as refusal:
            return refused_report(path.rpartition("/")[2], departement, refusal)
    if report.answers.items() - remembered.items():
        pipeline.files.write(path_of(departement), write_answers(remembered, report.answers))
    return report


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
