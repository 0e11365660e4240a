"""What the tests would not notice: a small wrong change made on purpose, the tests run, and whether one of them fails.

    python tools/mutation.py linkage access editions sql [--count 150] [--seed COMMIT]

Python rooms are changed by mutmut (``[tool.mutmut]`` in pyproject.toml), SQL models by sqlglot: a kind of join, a
comparison, a coalesce or a condition left out. Each room gives ``--count`` changes drawn by the seed, the last commit
where nothing is said. Changes that cannot matter stand in ``tools/equivalent_mutants.csv``, each with its reason, and
count neither way. The score is what is noticed of the rest; the program ends with 1 where a room is under 85 %.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from fs_pipeline.warehouse.models import load_project

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = ROOT / "tools" / "equivalent_mutants.csv"
PYTHON_ROOMS = ("linkage", "access", "editions")
LEAST = 0.85
NOTICED = {"killed", "timeout", "segfault", "suspicious"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong change: where it is, the lines it takes out and puts in, and whether the tests noticed it."""

    where: str
    change: str
    noticed: bool


def main() -> int:
    """Try each room asked for and say what nobody noticed."""
    arguments = _arguments()
    argued = {(row["where"], row["change"]) for row in _argued()}
    weak = False
    for room in arguments.rooms:
        draw = random.Random(f"{arguments.seed}|{room}")  # noqa: S311 - a draw that can be made again
        tried = list((_sql_mutants if room == "sql" else _python_mutants)(room, arguments.count, draw))
        counted = [mutant for mutant in tried if (mutant.where, mutant.change) not in argued]
        missed = [mutant for mutant in counted if not mutant.noticed]
        score = 1 - len(missed) / len(counted)
        for mutant in sorted(missed, key=lambda mutant: mutant.where):
            print(f"\n{mutant.where}\n{mutant.change}")
        print(
            f"\n{room}: {len(counted) - len(missed)} of {len(counted)} noticed, {score:.1%}"
            f" ({len(tried) - len(counted)} argued; seed {arguments.seed})",
            flush=True,
        )
        weak |= score < LEAST
    return int(weak)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="+", choices=[*PYTHON_ROOMS, "sql"])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", default=_last_commit())
    return parser.parse_args()


def _last_commit() -> str:
    asked = ["git", "rev-parse", "--short=7", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _argued() -> list[dict[str, str]]:
    with EQUIVALENT.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _python_mutants(room: str, count: int, draw: random.Random) -> Iterator[Mutant]:
    """Mutants of one room, tried by mutmut, each with the tests that reach its function."""
    mutmut = Path(sys.executable).with_name("mutmut")
    _generate()
    names = sorted(name for name in _outcomes() if name.startswith(f"fs_pipeline.{room}."))
    drawn = draw.sample(names, min(count, len(names)))
    subprocess.run([mutmut, "run", *drawn], cwd=ROOT, check=True, stdout=sys.stderr)
    outcomes = _outcomes()
    for name in drawn:
        shown = subprocess.run([mutmut, "show", name], cwd=ROOT, check=True, capture_output=True, text=True)
        lines = [line for line in shown.stdout.splitlines()[3:] if line.startswith(("+", "-"))]
        yield Mutant(name.rpartition("__mutmut_")[0], "\n".join(lines), outcomes[name] in NOTICED)


def _generate() -> None:
    """Write all mutants of all rooms below ``mutants/``, as mutmut does before it runs any."""
    code = (
        "from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants, set_mutant_under_test\n"
        "set_mutant_under_test('mutant_generation')\n"
        "copy_src_dir(); copy_also_copy_files(); create_mutants(2)\n"
    )
    (ROOT / "mutants").mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=sys.stderr)


def _outcomes() -> Mapping[str, str]:
    """The outcome of each mutant that was generated, by its name."""
    from mutmut.stats import status_by_exit_code

    found: dict[str, str] = {}
    for card in (ROOT / "mutants").rglob("*.meta"):
        codes = json.loads(card.read_text(encoding="utf-8"))["exit_code_by_key"]
        found |= {name: status_by_exit_code[code] for name, code in codes.items()}
    return found


def _sql_mutants(room: str, count: int, draw: random.Random) -> Iterator[Mutant]:
    """Mutants of the SQL models, each tried by the tests of ``tests/sql`` on SQLite in a process of its own."""
    changes = [(name, *change) for name in load_project().models for change in _changes(name)]
    for name, change, sql in draw.sample(changes, min(count, len(changes))):
        yield Mutant(f"{room} {name}", change, _is_noticed(name, sql))


def _changes(name: str) -> Iterator[tuple[str, str]]:
    """Each wrong change of one model: what it takes out and puts in, and the whole SQL with it."""
    tree = sqlglot.parse_one(load_project()[name].sql, read="sqlite")
    for place, node in enumerate(tree.walk()):
        for wrong in _wrong(node):
            mutated = tree.copy()
            list(mutated.walk())[place].replace(wrong)
            yield f"-{node.sql('sqlite')}\n+{wrong.sql('sqlite')}", mutated.sql("sqlite")


_COMPARISONS: Mapping[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT,),
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT,),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.And: (exp.Or,),
    exp.Or: (exp.And,),
}


def _wrong(node: exp.Expr) -> Iterator[exp.Expr]:
    for other in _COMPARISONS.get(type(node), ()):
        yield other(**{key: value.copy() for key, value in node.args.items() if isinstance(value, exp.Expr)})
    if isinstance(node, exp.Join) and node.args.get("on") is not None:
        sides = {"LEFT": "", "": "LEFT"}
        wrong = node.copy()
        wrong.set("side", sides.get(node.side, ""))
        yield wrong
    if isinstance(node, exp.Coalesce):
        yield node.this.copy()
    if isinstance(node, exp.Where):
        yield exp.Where(this=exp.true())
    if isinstance(node, exp.Not):
        yield node.this.copy()
    if isinstance(node, exp.Sum) and not isinstance(node.parent, exp.Window):
        yield exp.Count(this=exp.Star())


def _is_noticed(name: str, sql: str) -> bool:
    """Whether a test fails, or the model cannot run, with this SQL in the model's place."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    project = load_project()
    models = dict(project.models) | {name: replace(project[name], sql=sql)}
    object.__setattr__(project, "models", models)
    asked = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-k", "not postgresql", "tests/sql"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        ended = int(pytest.main(asked))
    os._exit(ended)


if __name__ == "__main__":
    raise SystemExit(main())
