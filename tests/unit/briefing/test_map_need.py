"""Need as a colour: what sources say, in classes, and nothing where nobody says anything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fs_pipeline.briefing.map_need import LOOKS, need_data
from fs_pipeline.warehouse.declared import declaration

INSEES = [f"99{n:03d}" for n in range(1, 13)]


def need(**columns: object) -> pd.DataFrame:
    """``commune_need`` of the twelve communes, of which nothing else is said."""
    said = {name: np.nan for name in declaration("commune_need").names if name != "insee"}
    return pd.DataFrame({"insee": INSEES} | said | columns)


def test_a_share_is_that_of_the_commune_and_its_class_says_between_what_it_is() -> None:
    poor = [float(n) for n in range(12)]
    (measure,) = need_data(need(poor_households=poor, households=[100.0] * 12), INSEES)
    assert measure["label"] == "Ménages pauvres"
    assert measure["values"] == [*range(12)]
    ends, legend = measure["ends"], measure["legend"]
    assert isinstance(ends, list)
    assert isinstance(legend, list)
    assert len(legend) == len(ends) + 1 <= len(LOOKS)
    assert legend[0] == f"0–{ends[0]}\u202f%"
    assert legend[-1] == f"{ends[-1] + 1}–11\u202f%"


def test_what_nobody_says_is_no_zero() -> None:
    poor = [np.nan, 10.0, *[np.nan] * 10]
    (measure,) = need_data(need(poor_households=poor, households=[0.0, 40.0, *[np.nan] * 10]), INSEES)
    assert measure["values"] == [None, 25, *[None] * 10]
    assert measure["ends"] == []
    assert measure["legend"] == ["25\u202f%"]


def test_a_measure_that_no_source_says_is_no_choice() -> None:
    assert need_data(need(), INSEES) == []
    assert need_data(need().iloc[:0], INSEES) == []


def test_communes_come_in_the_order_of_the_page() -> None:
    table = need(fragility_index=np.arange(12) * 10.0)
    assert need_data(table, INSEES[::-1])[0]["values"] == [*range(110, -1, -10)]
