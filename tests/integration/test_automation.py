"""What starts by itself: a deposit, a new campaign, a month."""

from __future__ import annotations

import datetime
import os
import time
from functools import partial
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline import automation
from fs_pipeline.alive import BEAT
from fs_pipeline.assets.inputs import inputs_around, own_inputs
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.automation import due_sensor
from fs_pipeline.campaigns.decisions import advancing, closing, opening
from fs_pipeline.campaigns.register import decide, now
from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS
from fs_pipeline.partitions import PARTS, slots_of_tags
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.declared import declaration
from fs_pipeline.warehouse.dropped import Entry
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.status import say
from fs_pipeline.warehouse.turns import end_turns, note_around, stand, take_turns
from tests.rows import filled

DEPARTEMENTS = ("01", "02", "33", "39")
OF_SLOTS = [(SLOTS, "2022-12|33")]
_NATIONAL = dg.RunsFilter(job_name=NATIONAL)


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
    """The sensor, asked as often as a test wants; partitions and runs are kept in between, as its requests make them."""

    def __init__(self, folder: Path) -> None:
        self.pipeline = Pipeline(Settings.at(folder))
        self.instance = dg.DagsterInstance.local_temp(str(folder))
        jobs = [job_named(name) for name in (REFERENCE, NATIONAL, SLOTS)]
        self.sensor = due_sensor(DEPARTEMENTS, jobs, {part: frozenset({dg.AssetKey(part)}) for part in PARTS})
        self.asked: dg.SensorResult | None = None

    def look(self) -> list[tuple[str | None, str | None]]:
        context = dg.build_sensor_context(
            instance=self.instance,
            resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(self.pipeline)},
        )
        result = self.sensor(context)
        if isinstance(result, dg.SkipReason):
            self.asked = None
            return []
        assert isinstance(result, dg.SensorResult)
        self.asked = result
        for request in result.dynamic_partitions_requests or []:
            self.instance.add_dynamic_partitions("campaign", list(request.partition_keys))
        return [(request.job_name, request.partition_key) for request in result.run_requests or []]

    def launch(self) -> list[dg.DagsterRun]:
        """What was asked for is under way."""
        runs = []
        for request in (self.asked.run_requests if self.asked else None) or []:
            tags = {**request.tags} | ({"dagster/partition": request.partition_key} if request.partition_key else {})
            run = self.instance.create_run_for_job(job_named(str(request.job_name)), tags=tags)
            event = dg.DagsterEvent(event_type_value=dg.DagsterEventType.RUN_START.value, job_name=run.job_name)
            self.instance.handle_run_event(run.run_id, event)
            runs.append(run)
        return runs

    def slots_run(self, *, well: bool = True) -> None:
        """The slots that were asked for run, and end by themselves; or are cut off once they have begun to write."""
        for run in self.launch():
            for slot in slots_of_tags(run.tags, DEPARTEMENTS):
                codes, campaign = [slot.departement], slot.campaign
                rests_on = own_inputs(self.pipeline, campaign, codes)
                turns = take_turns(self.pipeline.warehouse, campaign, codes, run.run_id, rests_on)
                with self.pipeline.warehouse.writing() as connection:
                    stand(connection, campaign, turns)
                    note_around(connection, campaign, inputs_around(self.pipeline, campaign, codes), turns)
                    if well:
                        end_turns(connection, campaign, turns)
            if well:
                self.instance.report_run_failed(run)  # whatever Dagster shows: the slot has been done with
            else:
                self.instance.add_run_tags(run.run_id, {BEAT: "another-boot 1 1 0"})

    def is_ready(self, campaign: str = "2022-12") -> None:
        self.reference_run_ends(campaign)
        self.national_run_ends(campaign)

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
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    monkeypatch.setattr(automation, "_QUIET_FOR", 0.0)
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
    daemon.slots_run()
    assert daemon.look() == []


def test_a_changed_file_runs_its_slot_alone_again(daemon: Daemon) -> None:
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.pipeline.deposits.write("2022-12/01/enquete.csv", b"a")
    assert daemon.look() == [(SLOTS, "2022-12|01"), (SLOTS, "2022-12|33")]
    daemon.slots_run()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"other")
    assert daemon.look() == [(SLOTS, "2022-12|33")]


def test_a_ruling_runs_the_slot_that_it_touches_and_no_other(daemon: Daemon) -> None:
    daemon.is_ready()
    for code in ("01", "33"):
        daemon.pipeline.deposits.write(f"2022-12/{code}/enquete.csv", b"a")
    daemon.look()
    daemon.slots_run()
    ruling = {"ruling_id": "r", "departement": "33", "decision": "same"}
    texts = dict.fromkeys(("left_source", "left_key", "right_source", "right_key", "decided_by", "decided_on"), "x")
    daemon.pipeline.warehouse.upsert("rulings", filled("rulings", pd.DataFrame([ruling | texts])))
    assert daemon.look() == [(SLOTS, "2022-12|33")]


def test_what_follows_its_neighbours_waits_for_them_and_keeps_its_places(daemon: Daemon) -> None:
    """The Ain and the Jura touch, and are far apart in the list."""
    daemon.is_ready()
    for code in ("01", "39"):
        daemon.pipeline.deposits.write(f"2022-12/{code}/enquete.csv", b"a")
    daemon.look()
    daemon.slots_run()
    assert daemon.look() == []
    place = {"campaign": "2022-12", "departement": "39", "place_id": "39-a", "name": "Mairie", "kind": "fixed"}
    place |= {"in_survey": True, "in_france_services": False}
    texts = {column.name: "x" for column in declaration("places").columns if column.tests and column.type == "text"}
    daemon.pipeline.warehouse.replace("places", {}, filled("places", pd.DataFrame([texts | place])))
    said = {"campaign": "2022-12", "departement": "39", "stage": "reconciliation/places", "state": "good"}
    with daemon.pipeline.warehouse.writing() as connection:
        say(daemon.pipeline.warehouse, [said | {"turn": 1, "message": None}], {}, connection)
    daemon.pipeline.deposits.write("2022-12/39/enquete.csv", b"other")
    assert daemon.look() == [(SLOTS, "2022-12|39")]
    daemon.slots_run()
    assert daemon.look() == [(SLOTS, "2022-12|01")]
    assert daemon.asked is not None
    (request,) = daemon.asked.run_requests or []
    assert request.asset_selection == [dg.AssetKey("access"), dg.AssetKey("publication")]


def test_nothing_is_asked_twice_while_a_run_is_at_it(daemon: Daemon) -> None:
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    daemon.launch()
    assert daemon.look() == []
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"other")
    assert daemon.look() == []


def test_neighbours_in_the_list_go_together_and_alone_once_that_broke(daemon: Daemon) -> None:
    daemon.is_ready()
    for code in ("01", "02"):
        daemon.pipeline.deposits.write(f"2022-12/{code}/enquete.csv", b"a")
    assert daemon.look() == [(SLOTS, None)]
    daemon.slots_run(well=False)
    assert daemon.look() == [(SLOTS, "2022-12|01"), (SLOTS, "2022-12|02")]
    daemon.slots_run()
    assert daemon.look() == []


def test_a_run_that_dies_is_ended_said_and_tried_again_but_not_for_ever(daemon: Daemon) -> None:
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    for _ in range(3):
        assert daemon.look() == [(SLOTS, "2022-12|33")]
        daemon.slots_run(well=False)
    assert daemon.look() == []
    runs = daemon.instance.get_runs(dg.RunsFilter(job_name=SLOTS))
    assert {run.status for run in runs} == {dg.DagsterRunStatus.FAILURE}
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"mended")
    assert daemon.look() == [(SLOTS, "2022-12|33")]


@pytest.mark.parametrize("how", ["killed", "cancelled"])
def test_lists_that_were_cut_off_are_asked_for_again(daemon: Daemon, how: str) -> None:
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.reference_run_ends("2022-12")
    assert daemon.look() == [(NATIONAL, "2022-12")]
    (run,) = daemon.launch()
    assert daemon.look() == []
    if how == "killed":
        daemon.instance.add_run_tags(run.run_id, {BEAT: "another-boot 1 1 0"})
    else:
        daemon.instance.report_run_canceled(run)
    assert daemon.look() == [(NATIONAL, "2022-12")]
    daemon.national_run_ends("2022-12")
    assert daemon.look() == [(SLOTS, "2022-12|33")]


@pytest.mark.parametrize(("error", "again"), [(ConnectionResetError("away"), True), (KeyError("column"), False)])
def test_lists_that_broke_with_the_machine_are_asked_for_again_and_no_others(
    daemon: Daemon, error: Exception, again: bool
) -> None:
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.reference_run_ends("2022-12")

    @dg.op
    @unquoted
    def step(context, pipeline: dg.ResourceParam[Pipeline]) -> None:  # type: ignore[no-untyped-def]  # Dagster reads it
        raise error

    @dg.job(name=NATIONAL, resource_defs={"pipeline": dg.ResourceDefinition.hardcoded_resource(daemon.pipeline)})
    def job() -> None:
        step()

    for _ in range(3):
        assert daemon.look() == (
            [(NATIONAL, "2022-12")] if again or not daemon.instance.get_runs_count(_NATIONAL) else OF_SLOTS
        )
        job.execute_in_process(instance=daemon.instance, tags={"dagster/partition": "2022-12"}, raise_on_error=False)
    assert daemon.look() == OF_SLOTS  # nobody tries for ever


def test_what_was_handed_in_before_is_a_new_matter_each_time(daemon: Daemon) -> None:
    daemon.is_ready()
    for number in range(8):
        daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a" if number % 2 else b"other")
        assert daemon.look() == OF_SLOTS
        daemon.slots_run()


def test_a_decision_that_advances_a_campaign_has_its_lists_taken_again(daemon: Daemon) -> None:
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.look()
    daemon.slots_run()
    decide(daemon.pipeline.warehouse, "2022-12", lambda it: opening(it, by="SGAR", at=now(), day="2022-12-01"))
    assert daemon.look() == [(SLOTS, "2022-12|33")]  # its day is known
    daemon.slots_run()
    advance = partial(advancing, by="SGAR", at=now(), day="2023-01-15", reason="nouvelles labellisations")
    decide(daemon.pipeline.warehouse, "2022-12", advance)
    assert daemon.look() == [(REFERENCE, None)]
    daemon.reference_run_ends("2022-12")
    assert daemon.look() == [(NATIONAL, "2022-12")]


def test_a_closed_campaign_is_left_but_for_what_is_handed_in(daemon: Daemon) -> None:
    daemon.is_ready()
    warehouse = daemon.pipeline.warehouse
    decide(warehouse, "2022-12", lambda it: opening(it, by="SGAR", at=now(), day="2022-12-01"))
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.look()
    daemon.slots_run()
    decide(warehouse, "2022-12", partial(closing, by="SGAR", at=now()))
    warehouse.upsert(
        "campaigns", pd.DataFrame([{"campaign": "2022-12", "reference_date": "2022-12-02", "deadline": None}])
    )
    assert daemon.look() == []
    daemon.pipeline.deposits.write("2022-12/33/autre.csv", b"a")
    assert daemon.look() == [(SLOTS, "2022-12|33")]  # it is told that it comes too late


def test_a_file_is_read_once_nobody_writes_it_any_more(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(automation, "_QUIET_FOR", 10.0)
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    assert daemon.look() == []
    long_ago = time.time() - 11
    os.utime(tmp_path / "deposits" / "2022-12" / "33" / "enquete.csv", (long_ago, long_ago))
    assert daemon.look() == [(SLOTS, "2022-12|33")]


@pytest.mark.parametrize("away", ["unmounted", "silent"])
def test_deposits_that_are_away_are_not_taken_for_emptied_folders(
    daemon: Daemon, away: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    daemon.look()
    daemon.slots_run()
    with monkeypatch.context() as meanwhile:
        if away == "unmounted":
            (tmp_path / "deposits").rename(tmp_path / "elsewhere")
            (tmp_path / "deposits").mkdir()
        else:
            meanwhile.setattr(FileStore, "look", lambda *_, **__: [Entry("", "unreadable")])
        assert daemon.look() == []
        if away == "unmounted":
            (tmp_path / "deposits").rmdir()
            (tmp_path / "elsewhere").rename(tmp_path / "deposits")
    assert daemon.look() == []


def test_a_folder_that_is_no_campaign_or_no_departement_starts_nothing(daemon: Daemon) -> None:
    for path in ("brouillons/33/a.csv", "2022-13/33/a.csv", "2022-12/99/a.csv", "2022-12/33", "a.csv"):
        daemon.pipeline.deposits.write(path, b"a") if path != "2022-12/33" else None
    assert daemon.look() == []


def test_whatever_lies_in_the_folder_never_stops_the_sensor_nor_the_others(daemon: Daemon, tmp_path: Path) -> None:
    daemon.is_ready()
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
    daemon.slots_run()
    assert daemon.look() == []


def test_noise_and_a_copy_under_way_start_nothing_until_it_is_stuck_or_done(daemon: Daemon, tmp_path: Path) -> None:
    daemon.is_ready()
    daemon.pipeline.deposits.write("2022-12/33/enquete.csv", b"a")
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    daemon.slots_run()
    for name in ("~$enquete.xlsx", ".DS_Store", "Thumbs.db", "b.csv.filepart"):
        (tmp_path / "deposits" / "2022-12" / "33" / name).write_bytes(b"a")
    assert daemon.look() == []
    under_way = tmp_path / "deposits" / "2022-12" / "33" / "b.csv.filepart"
    os.utime(under_way, (1, 1))
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    daemon.slots_run()
    under_way.rename(under_way.with_name("b.csv"))
    assert daemon.look() == [(SLOTS, "2022-12|33")]
    daemon.slots_run()


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
