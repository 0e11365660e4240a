"""Whether the process of a run is still there: it says so in the run's own tags, and whoever else looks can tell.

A power cut, a killed process or a lost machine leaves a run « started » for ever, and its place in the queue taken. On
the machine where it ran its process is looked for; from another one, a run that has been silent for two minutes is dead.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

BEAT = "fs_pipeline/beat"  # tag: which process on which machine, and when it last said so
INTERRUPTED = "fs_pipeline/interrupted"  # tag of a run that ended because its process was gone
_EVERY = 20.0  # seconds
_SILENT_FOR = 120.0
_STARTS_WITHIN = 300.0  # of being launched, until its first beat
_UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_BOOT, _PROCESSES = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")


@contextmanager
def beating(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Say every few seconds that this process works on a run; an instance that stays nowhere is told nothing."""
    if instance.is_ephemeral:
        yield
        return
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(_EVERY):
            _say(instance, run_id)

    _say(instance, run_id)
    thread = threading.Thread(target=beat, name=f"beat of {run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _say(instance: dg.DagsterInstance, run_id: str) -> None:
    with suppress(Exception):  # a database that is busy or away is told the next time; the run's own work says the rest
        instance.add_run_tags(run_id, {BEAT: f"{_machine()} {os.getpid()} {_began(os.getpid())} {time.time():.0f}"})


def dead_runs(instance: dg.DagsterInstance, now: float | None = None) -> list[dg.DagsterRun]:
    """The runs that are said to be under way and whose process is not there any more.

    Parameters
    ----------
    now
        Seconds since 1970; the clock's unless given.
    """
    moment = time.time() if now is None else now
    records = instance.get_run_records(dg.RunsFilter(statuses=_UNDER_WAY))
    return [
        record.dagster_run
        for record in records
        if not _is_alive(record.dagster_run.tags.get(BEAT), record.update_timestamp.timestamp(), moment)
    ]


def _is_alive(beat: str | None, updated: float, now: float) -> bool:
    if beat is None:
        return now - updated < _STARTS_WITHIN
    machine, process, began, at = beat.split(" ")
    if machine == _machine() != "":
        return _began(int(process)) == began
    return now - float(at) < _SILENT_FOR


def _machine() -> str:
    """What tells this start of this machine, and the processes that can be seen from here; empty where the system has none."""
    try:
        return f"{_BOOT.read_text().strip()}/{_PROCESSES.readlink()}"
    except OSError:
        return ""


def _began(process: int) -> str:
    """When a process began, in the system's ticks, so that another one under its number is not taken for it; « - » where none."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return "-"
    state, *fields = stat.rpartition(")")[2].split()
    return "-" if state == "Z" else fields[18]


def fail(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Record that a dead run is over, which frees its place in the queue."""
    instance.add_run_tags(run.run_id, {INTERRUPTED: "true"})
    if run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run)
    else:
        instance.report_run_failed(run, "The process of this run is not there any more: it was interrupted.")
