"""The rehearsal and two départements over PostgreSQL and S3, run by two Celery workers of which one is killed: SQLite's bytes.

Over Redis and over RabbitMQ, which know nothing alike of a worker that is gone.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableRepository

from fs_pipeline import automation
from fs_pipeline.alive import BEAT, INTERRUPTED
from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import SLOTS, SYNTHESIS
from fs_pipeline.partitions import Slot, slots_of_tags
from fs_pipeline.rehearsal.generate import Rehearsal, generate
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.conftest import ROOT, skip_or_fail, throw_away_database
from tests.integration.celery_locations import PREFIX, rehearsal_pipeline
from tests.integration.published import different, published

CAMPAIGN = "2022-11"  # of the two départements; the rehearsal has its own
FAR_APART = {  # no neighbours, in the list or on the ground: two runs
    "48": "Mairie de Mende;Mairie;place Charles de Gaulle;48000;Mende",
    "90": "Mairie de Belfort;Mairie;place d’Armes;90000;Belfort",
}
HEADER = "Nom;Type;Adresse;Code postal;Commune"
QUEUE = "dagster"  # deploy/celery/dagster_celery_config.py
SECONDS = 900  # until everything stands; a third of it on two idle cores


@dataclass(frozen=True)
class Broker:
    """Where runs wait, and where workers say what became of them."""

    url: str
    results: str


def redis_database() -> Iterator[Broker]:
    """An empty database of Redis."""
    import redis

    host = os.environ.get("FS_TEST_REDIS_HOST", "127.0.0.1")
    for number in range(16):
        store = redis.Redis(host, db=number, socket_connect_timeout=3)
        try:
            free = store.dbsize() == 0 and store.set("fs_pipeline_tests", 1, nx=True)
        except redis.ConnectionError:
            skip_or_fail("FS_REQUIRE_SERVICES", "no Redis on the loopback address")
        if free:
            url = f"redis://{host}:6379/{number}"
            yield Broker(url, url)
            store.flushdb()
            return
    skip_or_fail("FS_REQUIRE_SERVICES", "no Redis database is empty")


def waiting(url: str) -> tuple[int, int]:
    """Runs that wait in RabbitMQ's queue of Dagster, and workers that listen; 0 and 0 where there is no such queue."""
    import kombu

    with kombu.Connection(url, connect_timeout=3) as connection:
        try:
            told = connection.default_channel.queue_declare(QUEUE, passive=True)
        except connection.channel_errors:
            return 0, 0
    return told.message_count, told.consumer_count


def rabbitmq_queue() -> Iterator[Broker]:
    """RabbitMQ, whose queue of Dagster is nobody's; it is gone afterwards."""
    import kombu

    url = os.environ.get("FS_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
    try:
        found = waiting(url)
    except OSError:
        skip_or_fail("FS_REQUIRE_SERVICES", "no RabbitMQ on the loopback address")
    if found != (0, 0):
        skip_or_fail("FS_REQUIRE_SERVICES", "RabbitMQ's queue « dagster » is somebody's")
    yield Broker(url, "rpc://")
    with kombu.Connection(url) as connection:
        connection.default_channel.queue_delete(QUEUE)


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """What stands between the daemon and its workers, empty: of the kind that the test names."""
    try:
        import dagster_celery  # noqa: F401
    except ImportError:
        skip_or_fail("FS_REQUIRE_SERVICES", "dagster-celery is not installed (make services)")
    yield from {"redis": redis_database, "rabbitmq": rabbitmq_queue}[request.param]()


class Installation:
    """One code location, and what the daemon does of it: it looks, and launches what it is asked for."""

    def __init__(self, pipeline: Pipeline, instance: dg.DagsterInstance, campaign: str, module: str) -> None:
        self.pipeline, self.instance, self.campaign = pipeline, instance, campaign
        self.repository = build_defs(pipeline).get_repository_def()
        self.code = ReconstructableRepository.for_module(module, "defs", str(ROOT))
        self.resources = {"pipeline": dg.ResourceDefinition.hardcoded_resource(pipeline)}
        self.runs: list[str] = []

    def look(self) -> None:
        with dg.build_sensor_context(instance=self.instance, resources=self.resources) as context:
            result = self.repository.get_sensor_def("due_slots")(context)
        if isinstance(result, dg.SensorResult):
            for request in result.dynamic_partitions_requests or []:
                self.instance.add_dynamic_partitions("campaign", list(request.partition_keys))
            for request in result.run_requests or []:
                self.launch(request)

    def night(self) -> None:
        """Dossiers follow one another, then the synthesis."""
        schedule = self.repository.get_schedule_def("publications_nightly")
        with dg.build_schedule_context(
            instance=self.instance,
            resources=self.resources,
            repository_def=self.repository,
            scheduled_execution_time=dt.datetime.now(dt.UTC),
        ) as context:
            requests = schedule.evaluate_tick(context).run_requests or []
        for request in requests:
            self.launch(request)
        self.wait()
        self.launch(dg.RunRequest(job_name=SYNTHESIS, partition_key=self.campaign))
        self.wait()

    def launch(self, request: dg.RunRequest) -> None:
        job = self.repository.get_job(request.job_name or SLOTS)
        selection = frozenset(request.asset_selection or ()) or None
        tags = dict(request.tags) | ({"dagster/partition": request.partition_key} if request.partition_key else {})
        run = self.instance.create_run_for_job(
            job.get_subset(asset_selection=selection),
            tags=tags,
            asset_selection=selection,
            job_code_origin=self.code.get_reconstructable_job(job.name).get_python_origin(),
        )
        self.instance.launch_run(run.run_id, None)  # type: ignore[arg-type]  # this launcher asks no workspace
        self.runs.append(run.run_id)

    def under_way(self) -> list[dg.DagsterRun]:
        found = [self.instance.get_run_by_id(run_id) for run_id in self.runs]
        return [run for run in found if run is not None and not run.is_finished]

    def wait(self) -> None:
        until = time.monotonic() + SECONDS
        while self.under_way():
            assert time.monotonic() < until, [(run.job_name, run.status) for run in self.under_way()]
            time.sleep(0.5)

    def slots(self) -> dict[str, list[dg.DagsterRun]]:
        """Département -> the runs of all its parts, in their order."""
        codes = self.pipeline.load_territory().departement_codes
        found: dict[str, list[dg.DagsterRun]] = {}
        for run in map(self.instance.get_run_by_id, self.runs):
            if run is not None and run.job_name == SLOTS:
                for slot in slots_of_tags(run.tags, codes):
                    found.setdefault(slot.departement, []).append(run)
        return found


def environment(
    tmp_path: Path, bucket: str, broker: Broker, databases: Mapping[str, str], sources: Path
) -> dict[str, str]:
    """Of all who take part, homes apart."""
    return {
        "DAGSTER_HOME": str(tmp_path / "dagster"),
        "FS_BROKER_URL": broker.url,
        "FS_BROKER_RESULTS_URL": broker.results,
        "FS_DAGSTER_DATABASE_URL": databases["dagster"].replace("+psycopg", "+psycopg2"),
        "FS_DATABASE_URL": databases["départements"],
        "FS_FILES_URL": f"{bucket}/files",
        "FS_DEPOSITS_URL": f"{bucket}/deposits",
        "FS_SOURCES": str(tmp_path / "sources.toml"),
        f"{PREFIX}FS_DATABASE_URL": databases["rehearsal"],
        f"{PREFIX}FS_FILES_URL": f"{bucket}/rehearsal/files",
        f"{PREFIX}FS_DEPOSITS_URL": f"{bucket}/rehearsal/deposits",
        f"{PREFIX}FS_SOURCES": str(sources),
    }


def worker(tmp_path: Path, name: str) -> subprocess.Popen[bytes]:
    """A Celery worker as docs/operating.md starts it, on a machine of its own but for what is shared."""
    home = tmp_path / name
    home.mkdir()
    own = {"FS_HOME": str(home), f"{PREFIX}FS_HOME": str(home / "rehearsal")}
    path = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "deploy" / "celery")])}
    command = ["celery", "--app", "dagster_celery.app", "worker", "--hostname", f"{name}@%h", "--loglevel", "WARNING"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command, "--without-gossip", "--without-mingle"],
            env=os.environ | own | path,
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def kill_who_works_on(installation: Installation, written: str | None = "survey/places") -> str | None:
    """Kill, as a power cut would, the worker of a run that has begun to write its slot, or has begun; that département."""
    for code, runs in installation.slots().items():
        key = {"departement": code, "stage": written}
        if (beat := at_work(runs[-1])) and (
            written is None or len(installation.pipeline.warehouse.read("slot_status", key))
        ):
            os.killpg(os.getpgid(int(beat.split(" ")[1])), signal.SIGKILL)
            return code
    return None


def at_work(run: dg.DagsterRun) -> str | None:
    """What a run said last of its process, while it lasts."""
    return None if run.is_finished else run.tags.get(BEAT)


def drop(pipeline: Pipeline, rehearsal: Rehearsal | None, surveys: Path) -> None:
    if rehearsal:
        for survey in rehearsal.deposits:
            deposit(pipeline, Slot(rehearsal.campaign, rehearsal.departement), survey)
    else:
        for code in FAR_APART:
            hand_in(pipeline, code, surveys)


def hand_in(pipeline: Pipeline, code: str, surveys: Path) -> None:
    """The survey of one of the two départements."""
    survey = surveys / f"{code}.csv"
    survey.write_text(f"{HEADER}\n{FAR_APART[code]}\n", encoding="utf-8")
    deposit(pipeline, Slot(CAMPAIGN, code), survey)


def sources_file(folder: Path, real_data: Path) -> Path:
    """Two lists of the two départements' campaign."""
    files = {
        "france_services": "national/france-services-2022-12-01.csv",
        "communes": "reference/communes-cog-2026.csv.gz",
    }
    listed = "".join(f'{source} = "{real_data / name}"\n' for source, name in files.items())
    path = folder / "sources.toml"
    path.write_text(f"campaign_reference_date = 2022-12-01\n[sources]\n{listed}", encoding="utf-8")
    return path


def on_sqlite(pipeline: Pipeline, rehearsal: Rehearsal | None, surveys: Path) -> dict[str, str]:
    drop(pipeline, rehearsal, surveys)
    campaign, codes = (rehearsal.campaign, [rehearsal.departement]) if rehearsal else (CAMPAIGN, [*FAR_APART])
    report = materialise(pipeline, campaign, codes)
    assert report.succeeded, (report.broken_steps, report.failed_slots)
    found = published(pipeline, campaign)
    pipeline.warehouse.dispose()
    return found


@pytest.mark.parametrize("broker", ["redis", pytest.param("rabbitmq", marks=pytest.mark.soak)], indirect=True)
def test_two_workers_of_which_one_is_killed_give_the_bytes_of_one_process(
    tmp_path: Path,
    bucket: str,
    broker: Broker,
    postgres_server: str,
    real_data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = dt.datetime.now(dt.UTC).date()
    rehearsal = generate(tmp_path / "rehearsal")
    sources = sources_file(tmp_path, real_data)
    alone = Settings.at(tmp_path / "alone", sources_path=sources)
    own = Settings.at(tmp_path / "alone-rehearsal", sources_path=rehearsal.sources_path)
    expected = {
        CAMPAIGN: on_sqlite(Pipeline(alone), None, tmp_path),
        rehearsal.campaign: on_sqlite(
            Pipeline(own, load_territory=lambda: rehearsal.territory, fictional=True), rehearsal, tmp_path
        ),
    }

    monkeypatch.setattr(automation, "_QUIET_FOR", 0.0)
    with ExitStack() as until_done:
        databases = {
            name: until_done.enter_context(throw_away_database(postgres_server))
            for name in ("dagster", "départements", "rehearsal")
        }
        shared = environment(tmp_path, bucket, broker, databases, rehearsal.sources_path)
        for name, value in (shared | {"FS_HOME": str(tmp_path / "here")}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(f"{PREFIX}FS_HOME", str(tmp_path / "here" / "rehearsal"))
        (tmp_path / "dagster").mkdir()
        shutil.copy(ROOT / "deploy" / "celery" / "dagster.yaml", tmp_path / "dagster")
        instance = until_done.enter_context(dg.DagsterInstance.from_config(shared["DAGSTER_HOME"]))
        departements = Installation(
            Pipeline(Settings.from_environment()), instance, CAMPAIGN, "fs_pipeline.definitions"
        )
        other = Installation(rehearsal_pipeline(), instance, rehearsal.campaign, "tests.integration.celery_locations")
        drop(departements.pipeline, None, tmp_path)
        drop(other.pipeline, rehearsal, tmp_path)
        workers = [worker(tmp_path, name) for name in ("one", "two")]
        for process in workers:
            until_done.callback(stop, process)

        killed, until = None, time.monotonic() + SECONDS
        while not (killed and all(stands(one) for one in (departements, other))):
            assert time.monotonic() < until, logs(tmp_path)
            for installation in (departements, other):
                installation.look()
            killed = killed or kill_who_works_on(departements)
            time.sleep(1)
        for installation in (departements, other):
            installation.night()

        assert [process.poll() is None for process in workers].count(True) == 1
        tried = {code: [run.status for run in runs] for code, runs in departements.slots().items()}
        assert tried[killed][:2] == [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS]
        interrupted = [run for runs in departements.slots().values() for run in runs if INTERRUPTED in run.tags]
        assert len(interrupted) == 1
        for installation in (departements, other):
            found = published(installation.pipeline, installation.campaign)
            installation.pipeline.warehouse.dispose()
            assert different(found, expected[installation.campaign]) == set()
            assert sum(name.endswith("/dossier.pdf") for name in found) == (9 if installation is departements else 6)
    assert dt.datetime.now(dt.UTC).date() == day, "deposits are dated: begin again on one day"


@pytest.mark.parametrize("broker", ["rabbitmq"], indirect=True)
def test_a_departement_whose_worker_was_killed_over_rabbitmq_is_taken_by_another(
    tmp_path: Path, broker: Broker, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what stands, and once: RabbitMQ, which sees that a worker is gone, does not hand the same run out again.

    That what is taken again then ends well, and to the byte, is the long trial's.
    """
    code = "90"
    monkeypatch.setattr(automation, "_QUIET_FOR", 0.0)
    sources = tmp_path / "sources.toml"
    sources.write_text("campaign_reference_date = 2022-12-01\n[sources]\n", encoding="utf-8")
    with ExitStack() as until_done:
        dagster = until_done.enter_context(throw_away_database(postgres_server))
        here = {
            "DAGSTER_HOME": str(tmp_path / "dagster"),
            "FS_HOME": str(tmp_path / "here"),
            "FS_SOURCES": str(sources),
            "FS_DATABASE_URL": f"sqlite:///{tmp_path / 'warehouse.db'}",
            "FS_FILES_URL": str(tmp_path / "files"),
            "FS_DEPOSITS_URL": str(tmp_path / "deposits"),
            "FS_BROKER_URL": broker.url,
            "FS_BROKER_RESULTS_URL": broker.results,
            "FS_DAGSTER_DATABASE_URL": dagster.replace("+psycopg", "+psycopg2"),
        }
        for name, value in here.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "dagster").mkdir()
        shutil.copy(ROOT / "deploy" / "celery" / "dagster.yaml", tmp_path / "dagster")
        instance = until_done.enter_context(dg.DagsterInstance.from_config(here["DAGSTER_HOME"]))
        one = Installation(Pipeline(Settings.from_environment()), instance, CAMPAIGN, "fs_pipeline.definitions")
        hand_in(one.pipeline, code, tmp_path)
        workers = [worker(tmp_path, name) for name in ("one", "two")]
        for process in workers:
            until_done.callback(stop, process)

        killed, until = None, time.monotonic() + SECONDS
        while not (killed and len(runs := one.slots()[code]) > 1 and at_work(runs[-1])):
            assert time.monotonic() < until, logs(tmp_path)
            one.look()
            killed = killed or kill_who_works_on(one, written=None)
            time.sleep(0.3)

        assert [process.poll() is None for process in workers].count(True) == 1
        first, second = one.slots()[code]
        assert first.status == dg.DagsterRunStatus.FAILURE
        assert INTERRUPTED in first.tags
        assert second.status == dg.DagsterRunStatus.STARTED
        assert waiting(broker.url) == (0, 1)
        (left,) = [process for process in workers if process.poll() is None]
        os.killpg(left.pid, signal.SIGKILL)  # its run is another trial's matter
        left.wait()
        one.pipeline.warehouse.dispose()


def stands(installation: Installation) -> bool:
    """Whether its slots were run, and nothing is under way."""
    return bool(installation.slots()) and not installation.under_way()


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def logs(tmp_path: Path) -> str:
    return "\n".join((tmp_path / name / "log").read_text(errors="replace")[-3000:] for name in ("one", "two"))
