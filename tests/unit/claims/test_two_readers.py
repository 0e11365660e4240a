"""Claims that two readers judged apart, each seeing the sentence and its raw rows alone; a disagreement counts as wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tools.draw_claims import in_order

HERE = Path(__file__)
READ = pd.read_csv(HERE.with_name("two_readers.csv"), dtype=str)
METHODS = HERE.parents[3] / "docs" / "methods.md"
DRAWN = {"differences": 100, "gaps": 40, "levers": 40}
LINES = {"differences": "différences justes", "gaps": "écarts justes", "levers": "leviers justes"}
DRAWS = sorted(READ[["draw", "kind"]].drop_duplicates().itertuples(index=False, name=None))
ENOUGH = 0.95


def right(kind: str) -> dict[str, int]:
    """By draw, how many of a kind both readers found right."""
    own = READ[READ["kind"] == kind]
    both = (own["first"] == "right") & (own["second"] == "right")
    return {str(draw): int(count) for draw, count in both.groupby(own["draw"]).sum().items()}


@pytest.mark.parametrize(("draw", "kind"), DRAWS)
def test_a_draw_follows_from_its_seed_and_was_read_twice(draw: str, kind: str) -> None:
    own = READ[(READ["draw"] == draw) & (READ["kind"] == kind)]
    assert len(own) == own["claim"].nunique() == DRAWN[kind]
    assert own["claim"].str.split("/").str[1].nunique() >= 8
    assert {*own["first"], *own["second"]} <= {"right", "wrong"}
    assert own[["why_first", "why_second"]].apply(lambda why: why.str.len()).min().min() > 5
    assert in_order(own["claim"].tolist(), own["seed"].iloc[0]) == own["claim"].tolist()


@pytest.mark.parametrize("kind", DRAWN)
def test_the_last_draw_is_right_often_enough(kind: str) -> None:
    *_, last = right(kind).values()
    assert last / DRAWN[kind] >= ENOUGH


@pytest.mark.parametrize("kind", DRAWN)
def test_what_the_methods_say_of_the_draws_is_what_the_readers_said(kind: str) -> None:
    lines = METHODS.read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith(f"| {LINES[kind]}, sur {DRAWN[kind]} |"))
    told = [cell.strip() for cell in line.strip("|").split("|")[1:]]
    said = right(kind)
    assert told == [str(said.get(draw, "non lu")) for draw in sorted(READ["draw"].unique())]
