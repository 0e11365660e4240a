"""A run whose process is gone is told from one that works, whoever looks and from wherever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from fs_pipeline import alive
from fs_pipeline.alive import BEAT, INTERRUPTED, beating, dead_runs, fail

_WORKS = """
import sys, time
import dagster as dg
from fs_pipeline.alive import beating
with dg.DagsterInstance.from_config(sys.argv[1]) as instance, beating(instance, sys.argv[2]):
    print("works", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def instance(home: Path):  # type: ignore[no-untyped-def]
    with dg.DagsterInstance.from_config(str(home)) as made:
        yield made


def started(instance: dg.DagsterInstance, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED) -> dg.DagsterRun:
    @dg.job(name="slots")
    def job() -> None: ...

    run = instance.create_run_for_job(job)
    instance.handle_run_event(run.run_id, dagster_event(run, dg.DagsterEventType.RUN_START))
    if status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceling(run)
    return instance.get_run_by_id(run.run_id) or run


def dagster_event(run: dg.DagsterRun, kind: dg.DagsterEventType) -> dg.DagsterEvent:
    return dg.DagsterEvent(event_type_value=kind.value, job_name=run.job_name)


def ids(runs: list[dg.DagsterRun]) -> list[str]:
    return [run.run_id for run in runs]


def test_a_run_is_alive_while_its_process_is_and_dead_as_soon_as_it_is_killed(
    home: Path, instance: dg.DagsterInstance
) -> None:
    run = started(instance)
    worker = subprocess.Popen([sys.executable, "-c", _WORKS, str(home), run.run_id], stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "works\n"
        assert dead_runs(instance) == []
        assert dead_runs(instance, time.time() + 3600) == []  # busy and silent is not dead
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert ids(dead_runs(instance)) == [run.run_id]
    finally:
        worker.kill()
    fail(instance, run)
    over = instance.get_run_by_id(run.run_id)
    assert over is not None
    assert (over.status, INTERRUPTED in over.tags) == (dg.DagsterRunStatus.FAILURE, True)
    assert dead_runs(instance) == []


def elsewhere(at: float) -> str:
    return f"another-boot/pid:[1] 12 345 {at:.0f}"


def reused(at: float) -> str:
    """Our own number, as a process that began at another moment had it."""
    return f"{alive._machine()} {os.getpid()} 1 {at:.0f}"


@pytest.mark.parametrize(
    ("beat", "seconds", "is_dead"),
    [
        (elsewhere, 60, False),
        (elsewhere, 180, True),
        (reused, 1, True),
        (None, 60, False),  # it is being started
        (None, 600, True),
    ],
)
def test_from_another_machine_after_a_restart_or_before_its_first_word(
    instance: dg.DagsterInstance, beat: Callable[[float], str] | None, seconds: float, is_dead: bool
) -> None:
    run = started(instance)
    if beat is not None:
        instance.add_run_tags(run.run_id, {BEAT: beat(time.time())})
    assert ids(dead_runs(instance, time.time() + seconds)) == ([run.run_id] if is_dead else [])


def test_one_that_was_being_cancelled_ends_cancelled(instance: dg.DagsterInstance) -> None:
    run = started(instance, dg.DagsterRunStatus.CANCELING)
    instance.add_run_tags(run.run_id, {BEAT: elsewhere(0)})
    (dead,) = dead_runs(instance)
    fail(instance, dead)
    over = instance.get_run_by_id(run.run_id)
    assert over is not None
    assert over.status == dg.DagsterRunStatus.CANCELED


def test_an_instance_that_stays_nowhere_is_told_nothing() -> None:
    with dg.DagsterInstance.ephemeral() as instance, beating(instance, "no-run"):
        assert instance.get_runs_count() == 0


def test_a_database_that_is_away_does_not_stop_the_work(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(instance)
    monkeypatch.setattr(alive, "_EVERY", 0.01)
    monkeypatch.setattr(instance, "add_run_tags", lambda *_: (_ for _ in ()).throw(OSError("away")))
    with beating(instance, run.run_id):
        time.sleep(0.1)
    assert BEAT not in (instance.get_run_by_id(run.run_id) or run).tags
