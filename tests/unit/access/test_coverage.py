"""Shares weigh inhabitants, verdicts keep confirmed and by label apart."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access.coverage import VERDICTS, shares, verdict_shares, verdicts


def minutes(rows: list[tuple[str, str, float | None, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["demand_id", "service", "minutes", "method"])
    frame["minutes"] = frame["minutes"].astype("float64")
    return frame.assign(
        minutes_low=frame["minutes"] / 1.2, minutes_high=frame["minutes"] / 0.8, reached=frame["minutes"].notna()
    )


def demand(**population: float) -> pd.DataFrame:
    return pd.DataFrame({"id": list(population), "population": list(population.values())})


def test_a_share_weighs_inhabitants_and_sets_apart_what_was_not_computed():
    times = minutes(
        [("a", "s", 10.0, "road"), ("b", "s", 25.0, "road"), ("c", "s", None, "road"), ("e", "s", None, "not_computed")]
    )
    found = shares(times, demand(a=100, b=300, c=100, e=1000)).set_index("threshold")
    assert found.loc[20, "share"] == pytest.approx(100 / 500)
    assert found.loc[30, "share"] == pytest.approx(400 / 500)
    assert found.loc[30, "share_low"] == pytest.approx(100 / 500)  # 25 minutes become 31
    row = found.loc[20]
    assert row["population_reached"] + row["population_unreached"] + row["population_not_computed"] == row["population"]
    assert (row["population_unreached"], row["points_unreached"], row["points_not_computed"]) == (100, 1, 1)
    assert row["method"] == "road"


def test_nobody_computed_is_no_share_at_all():
    found = shares(minutes([("a", "s", None, "not_computed")]), demand(a=10))
    assert found["share"].isna().all()
    assert set(found["method"]) == {"not_computed"}


times_strategy = st.lists(
    st.tuples(st.one_of(st.none(), st.floats(0, 90)), st.integers(0, 5000)), min_size=1, max_size=12
)


@given(times_strategy, st.integers(1, 60), st.integers(1, 60))
@settings(deadline=None, max_examples=50)
def test_shares_grow_with_the_threshold_and_stay_within_their_band(rows, one, other):
    times = minutes([(str(i), "s", time, "road") for i, (time, _) in enumerate(rows)])
    people = pd.DataFrame({"id": [str(i) for i in range(len(rows))], "population": [p for _, p in rows]})
    found = shares(times, people, thresholds=sorted((one, other)))
    if found["share"].notna().all():
        short, long = found.itertuples(index=False)
        assert short.share <= long.share <= 1
        assert short.share_low <= short.share <= short.share_high


TIMES = [
    ("near", "confirmed:R1", 5.0, "estimated"),
    ("label", "confirmed:R1", 25.0, "estimated"),
    ("far", "confirmed:R1", 90.0, "estimated"),
    ("isle", "confirmed:R1", None, "not_computed"),
    ("near", "label:france_services", 5.0, "estimated"),
    ("label", "label:france_services", 8.0, "estimated"),
    ("far", "label:france_services", 90.0, "estimated"),
    ("isle", "label:france_services", None, "not_computed"),
]


def verdict_of(found: pd.DataFrame, demand_id: str, demarche: str, threshold: float = 20) -> str:
    keyed = found.set_index(["demand_id", "demarche_id", "threshold"])["verdict"]
    return str(keyed[demand_id, demarche, threshold])


def test_what_the_label_implies_is_never_confirmed():
    found = verdicts(minutes(TIMES), ["R1", "R2"], by_label={"R1"})
    assert verdict_of(found, "near", "R1") == "confirmed"
    assert verdict_of(found, "label", "R1") == "by_label"
    assert verdict_of(found, "label", "R1", 30) == "confirmed"
    assert verdict_of(found, "far", "R1") == "uncovered"
    assert verdict_of(found, "isle", "R1") == "not_computed"
    assert verdict_of(found, "near", "R2") == "unknown"  # outside of the bundle, and nobody said


def test_orientation_alone_is_its_own_verdict():
    times = minutes([*TIMES, ("near", "orientation:R2", 5.0, "estimated")])
    assert verdict_of(verdicts(times, ["R2"], by_label=set()), "near", "R2") == "orientation"


def test_verdict_shares_add_up_to_everyone():
    found = verdicts(minutes(TIMES), ["R1"], by_label={"R1"})
    shared = verdict_shares(found, demand(near=10, label=20, far=30, isle=40))
    at_20 = shared[shared["threshold"] == 20].set_index("verdict")
    assert set(at_20.index) == set(VERDICTS)
    assert at_20["share"].sum() == pytest.approx(1)
    assert at_20.loc["confirmed", "population"] == 10
    assert at_20.loc["by_label", "share"] == pytest.approx(0.2)
