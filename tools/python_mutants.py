"""Wrong changes of one Python room, made by mutmut and tried by the room's own tests: ``tools/mutation.py`` runs this.

    python tools/python_mutants.py ROOM COUNT SEED

Prints each change tried as a line of JSON. A process of its own: what it imports of fs_pipeline is the copy below
``mutants/``, in which every function holds all its wrong versions.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.workers.isolation import ForkServerRunner

NOTICED = {"killed", "timeout", "segfault"}
# `strict=` of a zip gives no result: it is a check of ours that two columns of one frame are as long as one another.
_STRICT = re.compile(r",\s*strict=(?:True|False|None)|,\s*(?=\))")
_WORKERS = 2
_AT_LEAST = 20  # tests a change


def main(room: str, count: int, seed: str) -> None:
    """Draw, try and print the room's changes."""
    config().only_mutate = [f"fs_pipeline/{room}/*.py"]
    config().pytest_add_cli_args_test_selection = [f"tests/unit/{room}"]
    PytestRunner._pytest_args_regular_run = _quickest_first
    ForkServerRunner.run_clean_tests = lambda runner, tests: 0  # the run that took their times was one
    mutmut.run_forced_fail_test = lambda runner: None
    with _telling_elsewhere():
        changes = dict(_generated())
        names = sorted(name for name, change in changes.items() if not _leaves_a_check_out(change))
        drawn = random.Random(f"{seed}|{room}").sample(names, min(count, len(names)))  # noqa: S311 - to be drawn again
        mutmut._run(drawn, _WORKERS)
        outcomes = dict(_outcomes())
    for name in drawn:
        said = {"where": name.rpartition("__mutmut_")[0], "change": changes[name], "noticed": outcomes[name] in NOTICED}
        print(json.dumps(said), flush=True)


@contextlib.contextmanager
def _telling_elsewhere() -> Iterator[None]:
    """What mutmut tells of its progress is for who looks on, not for who reads the lines of JSON."""
    ours = os.dup(1)
    os.dup2(2, 1)
    yield
    sys.stdout.flush()
    os.dup2(ours, 1)


def _generated() -> Iterator[tuple[str, str]]:
    """Every change of the room, by its name: the lines that it takes out and puts in."""
    shutil.rmtree("mutants", ignore_errors=True)
    Path("mutants").mkdir()
    set_mutant_under_test("mutant_generation")
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.create_mutants(_WORKERS)
    for name, _ in _outcomes():
        lines = get_diff_for_mutant(name).splitlines()[2:]
        yield name, "\n".join(line for line in lines if line.startswith(("+", "-")))


def _leaves_a_check_out(change: str) -> bool:
    before, after = (
        [_STRICT.sub("", line[1:]) for line in change.splitlines() if line.startswith(sign)] for sign in "-+"
    )
    return before == after


def _quickest_first(runner: PytestRunner, tests: Collection[str]) -> list[str]:
    """Of those that reach the function, the tests that together take half of the time, twenty of them at least.

    The few long ones notice little, and would take most of a trial: the score is a lower bound.
    """
    chosen = sorted(tests, key=lambda test: state().duration_by_test.get(test, 0))
    taken = list(itertools.accumulate(state().duration_by_test.get(test, 0) for test in chosen))
    kept = [test for at, test in enumerate(chosen) if at < _AT_LEAST or taken[at] <= taken[-1] / 2]
    return ["-x", "-q", *(kept or config().pytest_add_cli_args_test_selection)]


def _outcomes() -> Iterator[tuple[str, str]]:
    """The outcome of each change, by its name."""
    for card in sorted(Path("mutants").rglob("*.meta")):
        codes = json.loads(card.read_text(encoding="utf-8"))["exit_code_by_key"]
        yield from ((name, status_by_exit_code[code]) for name, code in codes.items())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
