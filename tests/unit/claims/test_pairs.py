"""Pairs that two readers judged apart, each seeing both records alone and not what was decided of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tools.draw_claims import in_order

HERE = Path(__file__)
READ = pd.read_csv(HERE.with_name("pairs.csv"), dtype=str)
METHODS = (HERE.parents[3] / "docs" / "methods.md").read_text(encoding="utf-8")


SEEDS = READ["seed"].unique().tolist()  # a draw each, the last one last
LINES = {"match": "paires décidées sans personne", "review": "paires demandées à une personne"}
ENOUGH = {"match": 0.98, "review": 0.4}


def one_place(decision: str, seed: str) -> tuple[int, int]:
    """Of how many pairs of a decision both readers of a draw say that they are one place, and how many were drawn."""
    own = READ[(READ["decision"] == decision) & (READ["seed"] == seed)]
    return int(((own["first"] == "same") & (own["second"] == "same")).sum()), len(own)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("decision", LINES)
def test_a_draw_follows_from_its_seed_and_was_read_twice(decision: str, seed: str) -> None:
    own = READ[(READ["decision"] == decision) & (READ["seed"] == seed)]
    assert 0 < len(own) == own["pair"].nunique() <= 100
    assert {*own["pair"].str.split("/").str[1]} == {"13", "33", "64"}
    assert {*own["first"], *own["second"]} <= {"same", "different", "unsure"}
    assert own[["why_first", "why_second"]].apply(lambda why: why.str.len()).min().min() > 5
    assert in_order(own["pair"].tolist(), seed) == own["pair"].tolist()


@pytest.mark.parametrize("decision", LINES)
def test_the_last_draw_is_right_often_enough(decision: str) -> None:
    same, many = one_place(decision, SEEDS[-1])
    assert same / many >= ENOUGH[decision]


@pytest.mark.parametrize("decision", LINES)
def test_what_the_methods_say_of_pairs_is_what_the_readers_said(decision: str) -> None:
    (line,) = (line for line in METHODS.splitlines() if line.startswith(f"| {LINES[decision]} |"))
    told = [cell.strip() for cell in line.strip("|").split("|")[1:]]
    assert told == [" sur ".join(map(str, one_place(decision, seed))) for seed in SEEDS]
