"""Pairs that two readers judged apart, each seeing both records alone and not what was decided of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tools.draw_claims import in_order

HERE = Path(__file__)
READ = pd.read_csv(HERE.with_name("pairs.csv"), dtype=str)
METHODS = (HERE.parents[3] / "docs" / "methods.md").read_text(encoding="utf-8")


def one_place(decision: str) -> tuple[int, int]:
    """Of how many drawn pairs of a decision both readers say that they are one place, and how many were drawn."""
    own = READ[READ["decision"] == decision]
    return int(((own["first"] == "same") & (own["second"] == "same")).sum()), len(own)


@pytest.mark.parametrize(("decision", "at_most"), [("match", 100), ("review", 100)])
def test_a_draw_follows_from_its_seed_and_was_read_twice(decision: str, at_most: int) -> None:
    own = READ[READ["decision"] == decision]
    assert 0 < len(own) == own["pair"].nunique() <= at_most
    assert {*own["pair"].str.split("/").str[1]} == {"13", "33", "64"}
    assert {*own["first"], *own["second"]} <= {"same", "different", "unsure"}
    assert own[["why_first", "why_second"]].apply(lambda why: why.str.len()).min().min() > 5
    assert in_order(own["pair"].tolist(), own["seed"].iloc[0]) == own["pair"].tolist()


def test_what_the_methods_say_of_pairs_is_what_the_readers_said() -> None:
    said = " ".join(METHODS.split())
    same, many = one_place("match")
    assert f"De {many} paires décidées sans personne" in said
    assert f"en disent {same} un même lieu" in said
    asked, of = one_place("review")
    assert f"Des {of} paires demandées à une personne, {asked} sont un même lieu pour les deux" in said
