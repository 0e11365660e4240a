"""A command that is stopped by a signal ends as a whole: its code, its processes, what it has published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fs_pipeline.warehouse.engine import Warehouse

LATE = ["survey", "matches", "places", "indicators", "publish", "slot_overview"]


def stopped_after(step: str, number: signal.Signals, out: Path) -> int:
    """Exit code of a rehearsal that gets a signal, as a terminal sends it, once a step has ended."""
    command = [sys.executable, "-m", "fs_pipeline.cli", "demo", "--out", str(out)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(f"✓ {step} "):
            break
    os.killpg(process.pid, number)
    printed, said = process.communicate(timeout=120)
    assert printed == ""
    assert "fs-pipeline : interrompu ; rien n’est publié à moitié." in said.splitlines()
    assert "national_brief" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nobody of its group is left
    return process.returncode


def assert_nothing_is_half_published(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == {".fs-pipeline-demo", "entrees", "var"}
    warehouse = Warehouse(f"sqlite:///{out / 'var' / 'warehouse.db'}")
    published = warehouse.read("publications")
    warehouse.dispose()
    assert set(published["departement"]) <= {"00"}
    for path in published["path"]:
        assert (out / "var" / "files" / path / "dossier.pdf").is_file()


@pytest.mark.parametrize(
    ("step", "number", "code"),
    [("national__campaign", signal.SIGINT, 130), ("int_operator_counters", signal.SIGTERM, 143)],
)
def test_a_signal_ends_the_whole_command_and_publishes_nothing_more(tmp_path, step, number, code):
    out = tmp_path / "demo"
    assert stopped_after(step, number, out) == code
    assert_nothing_is_half_published(out)


@pytest.mark.soak
@pytest.mark.parametrize("step", LATE)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_at_any_moment(tmp_path, step, number):
    out = tmp_path / "demo"
    assert stopped_after(step, number, out) == 128 + number
    assert_nothing_is_half_published(out)
