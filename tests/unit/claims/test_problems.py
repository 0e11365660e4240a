"""Reported problems of the real surveys that two readers judged apart, by the file and the message alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tools.draw_claims import in_order

HERE = Path(__file__)
READ = pd.read_csv(HERE.with_name("problems.csv"), dtype=str)
METHODS = HERE.parents[3] / "docs" / "methods.md"
DRAWN = 200
LINES = {"error": "erreurs justes", "warning": "avertissements justes"}


def right(draw: str, severity: str) -> tuple[int, int]:
    """How many both readers found right, of how many."""
    own = READ[(READ["draw"] == draw) & (READ["severity"] == severity)]
    return int(((own["first"] == "right") & (own["second"] == "right")).sum()), len(own)


@pytest.mark.parametrize("draw", sorted(READ["draw"].unique()))
def test_a_draw_follows_from_its_seed_and_was_read_twice(draw: str) -> None:
    own = READ[READ["draw"] == draw]
    assert len(own) == own["claim"].nunique() == DRAWN
    assert {*own["first"], *own["second"]} <= {"right", "wrong"}
    assert own[["why_first", "why_second"]].apply(lambda why: why.str.len()).min().min() > 5
    assert in_order(own["claim"].tolist(), own["seed"].iloc[0]) == own["claim"].tolist()


@pytest.mark.parametrize("severity", LINES)
def test_what_the_methods_say_of_the_draws_is_what_the_readers_said(severity: str) -> None:
    lines = METHODS.read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith(f"| {LINES[severity]} |"))
    told = [cell.strip() for cell in line.strip("|").split("|")[1:]]
    assert told == ["{} sur {}".format(*right(draw, severity)) for draw in sorted(READ["draw"].unique())]
