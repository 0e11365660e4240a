"""Many départements in two processes: a signal ends both and publishes nothing, a process that dies is made up for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fs_pipeline.warehouse.engine import Warehouse

SMALL = ["48", "90", "09", "05", "04", "70", "2A", "15", "23", "55", "52"]  # one more than one process is given at once


def started(folder: Path, data: Path) -> subprocess.Popen[str]:
    """A run in two processes, over France services alone, as started by what a shell runs in its background.

    SIGINT is ignored there, and SIGTERM too once Dagster has run in it.
    """
    listed = {
        "france_services": "national/france-services-2022-12-01.csv",
        "communes": "reference/communes-cog-2026.csv.gz",
    }
    text = "".join(f'{source} = "{data / name}"\n' for source, name in listed.items())
    (folder / "sources.toml").write_text(f"campaign_reference_date = 2022-12-01\n[sources]\n{text}", encoding="utf-8")
    command = ["run", "--campaign", "2022-12", "--processes", "2", "--sources", str(folder / "sources.toml")]
    asked = [argument for code in SMALL for argument in ("--department", code)]
    run = [sys.executable, "-m", "fs_pipeline.cli", *command, *asked, "--out", str(folder / "out")]
    return subprocess.Popen(
        ["sh", "-c", 'trap "" INT TERM; exec "$@"', "sh", *run],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], said: str) -> None:
    """Read what it says of its progress until a line holds `said`."""
    assert process.stderr is not None
    for line in process.stderr:
        if said in line:
            return
    pytest.fail(f"« {said} » was never said")


@pytest.mark.data
def test_a_signal_to_the_command_alone_ends_its_processes_and_publishes_nothing(
    tmp_path: Path, real_data: Path
) -> None:
    process = started(tmp_path, real_data)
    wait_for(process, ", lieux [1/")
    assert len(at_work(process.pid)) == 2
    process.send_signal(signal.SIGTERM)
    printed, said = process.communicate(timeout=300)
    assert (process.returncode, printed) == (143, "")
    assert said.splitlines()[-1] == "fs-pipeline : interrompu ; rien n’est publié à moitié."
    assert at_work(process.pid) == []
    wait_until_gone(process.pid)
    assert not (tmp_path / "out" / "2022-12").exists()
    warehouse = Warehouse(f"sqlite:///{tmp_path / 'out' / 'var' / 'warehouse.db'}")
    assert warehouse.read("publications").empty
    warehouse.dispose()


@pytest.mark.data
@pytest.mark.soak
def test_what_a_process_that_died_was_at_is_taken_by_another(tmp_path: Path, real_data: Path) -> None:
    process = started(tmp_path, real_data)
    wait_for(process, ", lieux [1/")
    os.kill(at_work(process.pid)[0], signal.SIGKILL)
    printed, said = process.communicate()
    assert process.returncode == 0, said
    assert "Étape non aboutie" not in printed
    dossiers = list((tmp_path / "out" / "2022-12").rglob("dossier.pdf"))
    assert len(dossiers) == 3 * (len(SMALL) + 1)  # editions, the nation with them


def wait_until_gone(group: int) -> None:
    """Nobody is left: the server that forks ends once it sees that nobody holds it any more."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a process is left")


def at_work(group: int) -> list[int]:
    """The processes that were forked to take chunks: those whose parent is the server that forks them."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,ppid=,args=", "-g", str(group)], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    servers = {pid for pid, parent, arguments in rows if "forkserver" in arguments and parent == str(group)}
    return [int(pid) for pid, parent, _ in rows if parent in servers]
