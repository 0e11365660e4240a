"""What starts by itself: a deposit, a new campaign, a month."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.automation import deposit_sensor
from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from tests.rows import filled


def job_named(name: str, *, well: bool = True) -> dg.JobDefinition:
    @dg.op
    def step() -> None:
        if not well:
            raise dg.Failure("down")

    @dg.job(name=name)
    def job() -> None:
        step()

    return job


class Daemon:
    """The sensor, asked as often as a test wants, its cursor and partitions kept in between."""

    def __init__(self, folder: Path) -> None:
        self.pipeline = Pipeline(Settings.at(folder))
        self.instance = dg.DagsterInstance.local_temp(str(folder))
        self.sensor = deposit_sensor(("01", "33"), [job_named(name) for name in (REFERENCE, NATIONAL, SLOTS)])
        self.cursor: str | None = None

    def look(self) -> list[tuple[str | None, str | None]]:
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(self.pipeline)},
        )
        result = self.sensor(context)
        if isinstance(result, dg.SkipReason):
            return []
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        for request in result.dynamic_partitions_requests or []:
            self.instance.add_dynamic_partitions("campaign", list(request.partition_keys))
        return [(request.job_name, request.partition_key) for request in result.run_requests or []]

    def reference_run_ends(self, campaign: str, *, well: bool = True) -> None:
        job_named(REFERENCE, well=well).execute_in_process(
            instance=self.instance, tags={"fs_pipeline/campaign": campaign}, raise_on_error=False
        )
        commune = {"insee": "33063", "name": "Bordeaux", "departement": "33", "vintage": "2026"}
        self.pipeline.warehouse.replace("communes", {}, filled("communes", pd.DataFrame([commune])))

    def national_run_ends(self, campaign: str, *, well: bool = True) -> None:
        job_named(NATIONAL, well=well).execute_in_process(
            instance=self.instance, tags={"dagster/partition": campaign}, raise_on_error=False
        )


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon(tmp_path)


def test_nothing_runs_while_nothing_was_dropped(daemon: Daemon) -> None:
    assert daemon.look() == []


@pytest.mark.parametrize("well", [True, False])
def test_the_first_deposit_of_a_campaign_opens_it_and_waits_for_its_lists(daemon: Daemon, well: bool) -> None:
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    assert daemon.look() == [(REFERENCE, None)]
    assert daemon.instance.get_dynamic_partitions("campaign") == ["2022-12"]
    daemon.reference_run_ends("2022-12", well=well)
    assert daemon.look() == [(NATIONAL, "2022-12")]
    daemon.national_run_ends("2022-12", well=well)
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    assert daemon.look() == []


def test_a_changed_file_runs_its_slot_alone_again(daemon: Daemon) -> None:
    daemon.reference_run_ends("2022-12")
    daemon.national_run_ends("2022-12")
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.pipeline.deposits.write("2022-12/01/enquete.csv", b"a")
    assert daemon.look() == [(SLOTS, "2022-12|01"), (SLOTS, "2022-12|33")]
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"other")
    assert daemon.look() == [(SLOTS, "2022-12|33")]


def test_a_folder_that_is_no_campaign_or_no_departement_starts_nothing(daemon: Daemon) -> None:
    for path in ("brouillons/33/a.csv", "2022-13/33/a.csv", "2022-12/99/a.csv", "2022-12/33", "a.csv"):
        daemon.pipeline.deposits.write(path, b"a") if path != "2022-12/33" else None
    assert daemon.look() == []


def test_whatever_lies_in_the_folder_never_stops_the_sensor_nor_the_others(daemon: Daemon, tmp_path: Path) -> None:
    daemon.reference_run_ends("2022-12")
    daemon.national_run_ends("2022-12")
    drop = tmp_path / "deposits" / "2022-12"
    for code in ("01", "33"):
        (drop / code).mkdir(parents=True)
        (drop / code / "enquete.csv").write_bytes(b"a")
    hostile = drop / "01"
    Path(os.fsdecode(os.fsencode(hostile) + b"/enqu\xeate\n.csv")).write_bytes(b"a")
    (hostile / "dangling.csv").symlink_to("nowhere")
    (hostile / "round.csv").symlink_to("round.csv")
    (hostile / "folder" / "deeper").mkdir(parents=True)
    os.mkfifo(hostile / "pipe.csv")
    (drop / "02").symlink_to("/etc")
    (tmp_path / "deposits" / "2023-01").symlink_to("/")
    (tmp_path / "deposits" / "\uff12\uff10\uff12\uff12-12" / "33").mkdir(parents=True)
    assert daemon.look() == [(SLOTS, "2022-12|01"), (SLOTS, "2022-12|33")]
    assert daemon.look() == []


def test_noise_and_a_copy_under_way_start_nothing_until_it_is_stuck_or_done(daemon: Daemon, tmp_path: Path) -> None:
    daemon.reference_run_ends("2022-12")
    daemon.national_run_ends("2022-12")
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    for name in ("~$enquete.xlsx", ".DS_Store", "Thumbs.db", "b.csv.filepart"):
        (tmp_path / "deposits" / "2022-12" / "33" / name).write_bytes(b"a")
    assert daemon.look() == []
    under_way = tmp_path / "deposits" / "2022-12" / "33" / "b.csv.filepart"
    os.utime(under_way, (1, 1))
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    under_way.rename(under_way.with_name("b.csv"))
    assert daemon.look() == [(SLOTS, "2022-12|33")]


@pytest.mark.parametrize("name", ["national_monthly", "synthesis_nightly"])
def test_as_time_passes_the_latest_campaign_is_brought_up_to_date(daemon: Daemon, name: str) -> None:
    repository = build_defs(daemon.pipeline).get_repository_def()
    schedule = repository.get_schedule_def(name)
    context = dg.build_schedule_context(
        instance=daemon.instance,
        repository_def=repository,
        scheduled_execution_time=datetime.datetime(2023, 1, 1, 4),
    )
    assert schedule.evaluate_tick(context).run_requests == []
    daemon.instance.add_dynamic_partitions("campaign", ["2022-12", "2020-10"])
    (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.partition_key == "2022-12"
