"""Wrong changes of the SQL models, made by sqlglot and tried by ``tests/sql`` on SQLite: ``tools/mutation.py`` runs this.

    python tools/sql_mutants.py sql COUNT SEED

A kind of join, a comparison, a sum, a coalesce or a condition left out. Prints each change tried as a line of JSON. Each
is tried in a fork of a process that has read the models once, where it stands in the model's place.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import load_project

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the tests' small slot
_WORKERS = 2
TESTS = Path(__file__).resolve().parents[1] / "tests" / "sql"


def main(room: str, count: int, seed: str) -> None:
    """Draw, try and print changes."""
    changes = [change for name in load_project().models for change in _changes(name)]
    _warm_up()
    draw = random.Random(f"{seed}|{room}")  # noqa: S311 - a draw that can be made again
    drawn = draw.sample(changes, min(count, len(changes)))
    with ThreadPoolExecutor(_WORKERS) as waiting:  # each thread only waits for its fork
        for change, noticed in zip(drawn, waiting.map(_is_noticed, drawn), strict=True):
            told = f"-{change.right.sql('sqlite')}\n+{change.wrong.sql('sqlite')}"
            print(json.dumps({"where": f"{room} {change.model}", "change": told, "noticed": noticed}), flush=True)


@dataclass(frozen=True, slots=True)
class Change:
    """One wrong change of a model: the place of the node in the tree, what stands there and what is put in its place."""

    model: str
    place: int
    right: exp.Expr
    wrong: exp.Expr

    @property
    def sql(self) -> str:
        """The whole model with it."""
        tree = sqlglot.parse_one(load_project()[self.model].sql, read="sqlite")
        list(tree.walk())[self.place].replace(self.wrong)
        return tree.sql("sqlite")


def _changes(name: str) -> Iterator[Change]:
    tree = sqlglot.parse_one(load_project()[name].sql, read="sqlite")
    for place, node in enumerate(tree.walk()):
        yield from (Change(name, place, node, wrong) for wrong in _wrong(node))


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


def _warm_up() -> None:
    """Read tests and models once, so that each fork reads again only the model that is changed."""
    if _tests("--collect-only"):
        raise SystemExit("tests/sql cannot be read.")
    from tests.sql.small_slot import fill

    with tempfile.TemporaryDirectory() as folder:
        opened = Warehouse(f"sqlite:///{folder}/warehouse.db")
        fill(opened)
        opened.dispose()


def _is_noticed(change: Change) -> bool:
    """Whether a test fails, or the model cannot run, with the change in the model's place."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    project = load_project()
    models = dict(project.models) | {change.model: replace(project[change.model], sql=change.sql)}
    object.__setattr__(project, "models", models)
    os._exit(_tests())


def _tests(*more: str) -> int:
    """The exit code of the tests on SQLite, without the few long ones: they notice little, and the score is a lower bound."""
    asked = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "not postgresql and not both_databases and not must_hold and not only_ever",
    ]
    with (
        Path(os.devnull).open("w") as nothing,
        contextlib.redirect_stdout(nothing),
        contextlib.redirect_stderr(nothing),
    ):
        return int(pytest.main([*asked, *more, str(TESTS)]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
