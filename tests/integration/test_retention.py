"""What a slot does once its survey was purged, and the job that purges."""

from __future__ import annotations

import datetime
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.assets.survey import read_slot
from fs_pipeline.campaigns.register import open_by_run
from fs_pipeline.definitions import build_defs
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

SLOT = Slot("2020-01", "01")
SURVEY = "Nom;Adresse;Code postal;Commune\nFrance services A;1 rue A;01000;Bourg-en-Bresse\n"


def test_a_purged_survey_refuses_a_rerun_so_that_its_results_stand(tmp_path: Path) -> None:
    pipeline = Pipeline(Settings.at(tmp_path))
    open_by_run(pipeline.warehouse, SLOT.campaign, day="2020-01-01", run="r")
    pipeline.deposits.write("2020-01/01/enquete.csv", SURVEY.encode())
    assert len(read_slot(pipeline, SLOT)["survey_places"]) == 1
    long_ago = (datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)).isoformat()
    known = pipeline.warehouse.read("deposits")
    pipeline.warehouse.upsert("deposits", pd.DataFrame(known).assign(retention_until=long_ago))

    result = (
        build_defs(pipeline).resolve_job_def("retention").execute_in_process(instance=dg.DagsterInstance.ephemeral())
    )
    assert result.success
    assert pipeline.deposits.list("") == []
    assert [path for path in pipeline.files.list("") if path.startswith(("deposits", "feedback"))] == []
    with pytest.raises(SlotRefused, match=r"enquete\.csv : supprimé à la fin de sa durée de conservation"):
        read_slot(pipeline, SLOT)


def test_retention_runs_each_night_unless_someone_stops_it() -> None:
    (schedule,) = [found for found in build_defs().schedules or () if found.name == "retention_nightly"]
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
