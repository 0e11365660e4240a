"""The disk after fifty runs that are the same is what it was after ten; what stands, what was taken and what was said stay."""

from __future__ import annotations

import os
import time
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.assets.inputs import own_inputs
from fs_pipeline.definitions import build_defs
from fs_pipeline.http.fetch import sha256_of
from fs_pipeline.http.headers import Known
from fs_pipeline.http.shelf import Snapshot, put_away, shelf
from fs_pipeline.instance import local_instance
from fs_pipeline.jobs import NATIONAL
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.tidying import Rule, tidy
from fs_pipeline.warehouse.locks import slot_locks
from fs_pipeline.warehouse.status import say
from fs_pipeline.warehouse.turns import end_turns, stand, take_turns

CAMPAIGN, CODE = "2022-12", "33"
RULE = Rule(versions=3, snapshots=2, runs=5, turns=4, traces=3)


@dg.op
def step(context) -> None:  # type: ignore[no-untyped-def]  # Dagster reads the annotation, and this one would be text
    for number in range(5):
        context.log.info("what a run says, line %s", number)


@dg.job(name=NATIONAL, executor_def=dg.in_process_executor)
def job() -> None:
    step()


class Home:
    def __init__(self, folder: Path, instance: dg.DagsterInstance) -> None:
        self.pipeline, self.instance, self.count = Pipeline(Settings.at(folder)), instance, 0

    def run(self) -> None:
        """What one run leaves: its events, its turn, what it said of a stage, a version, a trace, what it had not finished."""
        self.count += 1
        run = job.execute_in_process(instance=self.instance, tags={"dagster/partition": CAMPAIGN}).run_id
        warehouse = self.pipeline.warehouse
        (turn,) = take_turns(warehouse, CAMPAIGN, [CODE], run, own_inputs(self.pipeline, CAMPAIGN, [CODE])).values()
        said = {"campaign": CAMPAIGN, "departement": CODE, "stage": "survey/places", "state": "good", "message": None}
        with warehouse.writing(*slot_locks([CAMPAIGN], [CODE])) as connection:
            stand(connection, CAMPAIGN, {CODE: turn})
            say(warehouse, [said | {"turn": turn.number}], {CODE: "f"}, connection)
            end_turns(connection, CAMPAIGN, {CODE: turn})
        self.publish(f"{self.count:03}")
        (self.pipeline.settings.home / "traces").mkdir(exist_ok=True)
        (self.pipeline.settings.home / "traces" / f"{self.count}.txt").write_text("x" * 1000)

    def publish(self, fingerprint: str) -> None:
        folder = f"publications/{CAMPAIGN}/{CODE}/public/{fingerprint}"
        self.pipeline.files.write(f"{folder}/carte.html", os.urandom(20_000))
        self.pipeline.files.write(f"{folder}/exports/lieux.gpkg", b"x")
        row = {
            "campaign": CAMPAIGN, "departement": CODE, "edition": "public", "fingerprint": fingerprint, "path": folder,
            "published_at": f"2026-11-30T00:00:00.{self.count:06}+00:00",
        }  # fmt: skip
        self.pipeline.warehouse.upsert("publications", pd.DataFrame([row]))

    def keep(self, day: str, tmp_path: Path) -> str:
        file = tmp_path / "list.csv"
        file.write_text(day)
        path = f"snapshots/la_poste/{day}.csv"
        snapshot = Snapshot("la_poste", day, sha256_of(file), path, 1, f"{day}T00:00:00+00:00", "", Known())
        put_away(self.pipeline.files, snapshot, file)
        self.pipeline.warehouse.upsert("snapshots", pd.DataFrame([snapshot.row()]))
        return path

    def size(self) -> int:
        with self.pipeline.warehouse.engine.connect() as connection:
            connection.exec_driver_sql("select 1")
        self.pipeline.warehouse.dispose()  # its journal is written into its file
        return sum(path.stat().st_size for path in self.pipeline.settings.home.rglob("*") if path.is_file())


@pytest.fixture
def home(tmp_path: Path):  # type: ignore[no-untyped-def]
    with local_instance(tmp_path / "home" / "dagster") as instance:
        yield Home(tmp_path / "home", instance)


def test_the_disk_is_flat_after_fifty_equal_runs(home: Home) -> None:
    sizes = []
    for _ in range(10):  # nights, of five runs each
        for _ in range(5):
            home.run()
        tidy(home.pipeline, home.instance, RULE)
        sizes.append(home.size())
    assert home.count == 50
    assert max(sizes[2:]) <= 1.02 * sizes[2], sizes


def test_without_it_the_disk_grows(home: Home) -> None:
    """Else the test above would show nothing."""
    sizes = []
    for _ in range(8):
        home.run()
        sizes.append(home.size())
    assert sizes[-1] > 1.05 * sizes[3]


def test_what_stands_stays_and_what_was_last_said_too(home: Home) -> None:
    for _ in range(8):
        home.run()
    warehouse, files = home.pipeline.warehouse, home.pipeline.files
    gone = tidy(home.pipeline, home.instance, RULE)
    assert gone == {
        "versions publiées": 5, "versions inachevées": 0, "instantanés": 0, "exécutions": 3, "tours": 4, "redites": 6,
        "fichiers": 5,
    }  # fmt: skip
    assert sorted(warehouse.read("publications")["fingerprint"]) == ["006", "007", "008"]
    folders = {path.rsplit("/", 1)[0].removesuffix("/exports") for path in files.list("publications")}
    assert folders == set(warehouse.read("publications")["path"])
    assert not (home.pipeline.settings.home / "files" / f"publications/{CAMPAIGN}/{CODE}/public/001").exists()
    assert sorted(warehouse.read("slot_turns")["turn"]) == [5, 6, 7, 8]
    assert len(warehouse.read("slot_history")) == 2
    runs = home.instance.get_runs()
    assert len(runs) == 5
    assert len(home.instance.all_logs(runs[0].run_id)) > 10
    shards = (home.pipeline.settings.home / "dagster" / "history" / "runs").glob("*-*.db")
    assert {path.stem for path in shards} == {run.run_id for run in runs}
    assert sum(tidy(home.pipeline, home.instance, RULE).values()) == 0


def test_each_change_that_was_said_of_a_stage_stays(home: Home) -> None:
    said = {"campaign": CAMPAIGN, "departement": CODE, "stage": "survey/places", "turn": 1}
    for state in ("good", "good", "good", "failed", "failed", "good", "good"):
        with home.pipeline.warehouse.writing() as connection:
            say(home.pipeline.warehouse, [said | {"state": state, "message": None}], {}, connection)
        time.sleep(0.001)
    tidy(home.pipeline, home.instance, RULE)
    history = home.pipeline.warehouse.read("slot_history").sort_values("recorded_at")
    assert history["state"].tolist() == ["good", "failed", "good", "good"]


def test_a_list_that_a_campaign_took_is_never_let_go(home: Home, tmp_path: Path) -> None:
    days = [f"2022-{month:02}-01" for month in range(1, 7)]
    paths = [home.keep(day, tmp_path) for day in days]
    row = {"campaign": CAMPAIGN, "source": "la_poste", "title": "La Poste", "path": paths[0], "state": "taken"}
    nothing = dict.fromkeys(("publisher", "licence", "as_of", "sha256", "rows", "message", "decision", "read_as"))
    home.pipeline.warehouse.upsert("campaign_sources", pd.DataFrame([row | nothing], dtype=object))
    assert tidy(home.pipeline, home.instance, RULE)["instantanés"] == 3
    assert [one.path for one in shelf(home.pipeline.files, "la_poste").snapshots] == [paths[0], *paths[-2:]]
    assert sorted(home.pipeline.warehouse.read("snapshots")["path"]) == [paths[0], *paths[-2:]]
    assert len(home.pipeline.files.list("snapshots")) == 6


def test_what_nobody_finished_goes_after_a_day_and_not_before(home: Home) -> None:
    home.run()
    half = f"publications/{CAMPAIGN}/{CODE}/public/half"
    home.pipeline.files.write(f"{half}/carte.html", b"x")
    left = home.pipeline.settings.home / "files" / "layers" / "a.parquet.12.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    old = home.pipeline.cache / "roads" / "old.npz"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x")
    assert sum(tidy(home.pipeline, home.instance, RULE).values()) == 0
    long_ago = time.time() - 200 * 86_400
    for path in (left, old, home.pipeline.settings.home / "files" / half / "carte.html"):
        os.utime(path, (long_ago, long_ago))
    gone = tidy(home.pipeline, home.instance, RULE)
    assert (gone["versions inachevées"], gone["fichiers"]) == (1, 2)
    assert home.pipeline.files.list(half) == []
    assert not left.exists()
    assert not old.exists()


def test_it_is_done_each_night_unless_someone_stops_it(home: Home) -> None:
    (schedule,) = [found for found in build_defs().schedules or () if found.name == "tidying_nightly"]
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert build_defs(home.pipeline).resolve_job_def("tidying").execute_in_process(instance=home.instance).success
