"""Run child.py on one file, with a clock and a ceiling, and come back alive whatever the file does to it.

calamine can abort the interpreter (a lone cell at XFD1048576 is enough) or raise what `except Exception` lets through:
neither happens in this process.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, Self

from fs_pipeline.survey import child

WALL_SECONDS = 8.0
_PROGRAM = "import sys; sys.path[:0] = sys.argv[2:]; from fs_pipeline.survey.child import main; main(sys.argv[1])"


class Child:
    """The child at work on one file; as a context, it never outlives its caller's interest."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(path), *_import_paths()]
        self._until = time.monotonic() + WALL_SECONDS
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def answer(self) -> dict[str, Any]:
        """What the child printed, or ``{"refused": …}`` where it did not live to print it."""
        try:
            printed, said = self._process.communicate(timeout=max(0.1, self._until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.__exit__()
            return {"refused": "too_heavy", "detail": ""}
        code = self._process.returncode
        if code != 0 or not printed:
            return {"refused": "too_heavy" if _was_stopped(code, said) else "damaged", "detail": ""}
        answer: dict[str, Any] = json.loads(printed)
        return answer


def _was_stopped(code: int, said: bytes) -> bool:
    """By a signal (time, memory), or for want of memory."""
    return code < 0 or b"MemoryError" in said or b"memory allocation" in said


@cache
def _import_paths() -> tuple[str, ...]:
    """Folders that hold this package and calamine: the child starts without `site`."""
    calamine = importlib.util.find_spec("python_calamine")
    if calamine is None or calamine.origin is None:
        raise ModuleNotFoundError("python_calamine")
    ours = Path(child.__file__).resolve().parents[2]
    return tuple(dict.fromkeys((str(ours), str(Path(calamine.origin).resolve().parents[1]))))
