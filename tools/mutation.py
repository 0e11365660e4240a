"""What the tests would not notice: a small wrong change made on purpose, the tests run, and whether one of them fails.

    python tools/mutation.py linkage access editions sql [--count 150] [--seed COMMIT]

Python rooms are changed by mutmut (``python_mutants.py``), SQL models by sqlglot (``sql_mutants.py``). Each room gives
``--count`` changes drawn by the seed, the last commit where nothing is said. Changes that cannot matter stand in
``equivalent_mutants.csv``, each with its reason, and count neither way. The score is what is noticed of the rest; the
program ends with 1 where a room is under 85 %.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
ROOMS = ("linkage", "access", "editions", "sql")
LEAST = 0.85


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong change: where it is, the lines it takes out and puts in, and whether the tests noticed it."""

    where: str
    change: str
    noticed: bool


def main() -> int:
    """Try each room asked for and say what nobody noticed."""
    arguments = _arguments()
    with (TOOLS / "equivalent_mutants.csv").open(encoding="utf-8", newline="") as lines:
        argued = {(row["where"], row["change"]) for row in csv.DictReader(lines)}
    scores = [_score(room, arguments.count, arguments.seed, argued) for room in arguments.rooms]
    return int(min(scores) < LEAST)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="+", choices=ROOMS)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", default=_last_commit())
    return parser.parse_args()


def _last_commit() -> str:
    asked = ["git", "rev-parse", "--short=7", "HEAD"]
    return subprocess.run(asked, cwd=TOOLS, check=True, capture_output=True, text=True).stdout.strip()


def _score(room: str, count: int, seed: str, argued: set[tuple[str, str]]) -> float:
    began = time.monotonic()
    tried = list(_tried(room, count, seed))
    counted = [mutant for mutant in tried if mutant.noticed or (mutant.where, mutant.change) not in argued]
    missed = sorted((mutant for mutant in counted if not mutant.noticed), key=lambda mutant: mutant.where)
    for mutant in missed:
        print(f"\n{mutant.where}\n{mutant.change}")
    score = 1 - len(missed) / len(counted)
    print(
        f"\n{room}: {len(counted) - len(missed)} of {len(counted)} noticed, {score:.1%} ({len(tried) - len(counted)} argued;"
        f" seed {seed}; {(time.monotonic() - began) / 60:.0f} min)",
        flush=True,
    )
    return score


def _tried(room: str, count: int, seed: str) -> Iterator[Mutant]:
    """The room's changes with their outcomes, each room in a process of its own."""
    tool = TOOLS / ("sql_mutants.py" if room == "sql" else "python_mutants.py")
    asked = [sys.executable, str(tool), room, str(count), seed]
    with subprocess.Popen(asked, cwd=TOOLS.parent, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            yield Mutant(**json.loads(line))
    if process.returncode:
        raise SystemExit(f"{room}: the changes could not be tried.")


if __name__ == "__main__":
    raise SystemExit(main())
