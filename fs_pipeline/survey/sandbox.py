"""Run child.py on one file, with a clock and a ceiling, and come back alive whatever the file does to it.

calamine can abort the interpreter (a lone cell at XFD1048576 is enough) or raise what `except Exception` lets through:
neither happens in this process.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from fs_pipeline.survey import child

WALL_SECONDS = 9.5
_PROGRAM = "import sys; sys.path[:0] = sys.argv[2:]; from fs_pipeline.survey.child import main; main(sys.argv[1])"


def run_child(path: Path) -> dict[str, Any]:
    """What the child printed, or ``{"refused": …}`` where it did not live to print it."""
    command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(path), *_import_paths()]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False, env={})
    except subprocess.TimeoutExpired:
        return {"refused": "too_heavy", "detail": ""}
    if done.returncode != 0 or not done.stdout:
        return {"refused": "too_heavy" if _was_stopped(done) else "damaged", "detail": ""}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _was_stopped(done: subprocess.CompletedProcess[bytes]) -> bool:
    """By a signal (time, memory), or for want of memory."""
    return done.returncode < 0 or b"MemoryError" in done.stderr or b"memory allocation" in done.stderr


@cache
def _import_paths() -> tuple[str, ...]:
    """Folders that hold this package and calamine: the child starts without `site`."""
    calamine = importlib.util.find_spec("python_calamine")
    if calamine is None or calamine.origin is None:
        raise ModuleNotFoundError("python_calamine")
    ours = Path(child.__file__).resolve().parents[2]
    return tuple(dict.fromkeys((str(ours), str(Path(calamine.origin).resolve().parents[1]))))
