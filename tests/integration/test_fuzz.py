"""A bounded run of the fuzzer over the readers of values and of files: nothing crashes, hangs or reads two ways."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 12


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed: Linux only")
@pytest.mark.parametrize("target", ["values", "reader"])
def test_what_a_machine_invents_is_read_or_refused_in_time(target, tmp_path):
    run = subprocess.run(
        [sys.executable, ROOT / "tools" / "fuzz.py", target, "--seconds", str(SECONDS)],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS * 10,
    )
    assert run.returncode == 0, run.stderr[-3_000:]
    assert "Done" in run.stderr
    assert not list(tmp_path.iterdir())
