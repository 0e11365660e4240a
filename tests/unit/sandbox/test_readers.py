"""However many come at once, each is read: a queue, not a refusal."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.sandbox.readers import Readers, readers_of
from fs_pipeline.territory.shipped import load_territory
from tests.unit.sandbox.test_keeper import SURVEY

BUSY = "while True: pass"


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "enquete.csv"
    path.write_text(SURVEY, encoding="utf-8")
    return path


def test_twenty_files_at_once_wait_their_turn(survey: Path) -> None:
    readers = Readers(at_once=2)
    waiting = [readers.submit(survey, departement="33", wanted=[]) for _ in range(20)]
    assert [feedback.result().verdict for feedback in waiting] == ["accepted"] * 20


def test_twenty_commands_at_once_on_busy_processors_all_read_their_file(survey: Path) -> None:
    """Each is a process of its own, which no pool of ours can put in a queue; the system does."""
    command = [str(Path(sys.executable).parent / "fs-pipeline"), "check", str(survey), "--department", "33"]
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2)]
    try:
        with ThreadPoolExecutor(20) as together:
            done = list(together.map(lambda _: _run(command), range(20)))
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 20


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_lost_keeper_is_replaced(survey: Path) -> None:
    readers = Readers(at_once=1)
    assert readers.read(survey, departement="33", wanted=[]).verdict == "accepted"
    readers._queue.submit(_kill_keeper, readers).result()
    assert readers.read(survey, departement="33", wanted=[]).verdict == "accepted"


def _kill_keeper(readers: Readers) -> None:
    """On the thread that owns it."""
    readers._own.keeper._process.kill()


def test_one_process_has_the_same_readers_for_the_same_territory() -> None:
    land = make_land().territory
    assert readers_of(load_territory()) is readers_of(load_territory())
    assert readers_of(land) is readers_of(make_land().territory)
    assert readers_of(land) is not readers_of(load_territory())
