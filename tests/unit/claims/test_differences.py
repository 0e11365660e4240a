"""Of the differences that were drawn and read by eye, enough are right; the draw follows from its seed alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tools.draw_claims import in_order

READ = pd.read_csv(Path(__file__).with_name("differences.csv"), dtype=str)
ENOUGH = 0.9


@pytest.mark.parametrize("draw", sorted(READ["draw"].unique()))
def test_a_draw_is_of_sixty_claims_of_eight_departements_read_one_by_one(draw: str) -> None:
    own = READ[READ["draw"] == draw]
    assert len(own) == own["claim"].nunique() == 60
    assert own["claim"].str.split("/").str[1].nunique() >= 8
    assert set(own["verdict"]) <= {"right", "wrong"}
    assert own["why"].str.len().min() > 10
    assert in_order(own["claim"].tolist(), own["seed"].iloc[0]) == own["claim"].tolist()


def test_the_last_draw_is_right_often_enough() -> None:
    last = READ[READ["draw"] == READ["draw"].max()]
    assert (last["verdict"] == "right").mean() >= ENOUGH
