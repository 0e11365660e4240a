"""Shares weigh inhabitants, grow with the threshold, and are compared on one vintage."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT
from fs_pipeline.coverage.shares import share_changes, shares


def minutes(rows: list[tuple[str, str, float | None, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["demand_id", "service", "minutes", "method"]).assign(demarche_id="")
    frame["minutes"] = frame["minutes"].astype("float64")
    soonest, latest = frame["minutes"] / 1.2, frame["minutes"] / 0.8
    return frame.assign(minutes_all_fast=soonest, minutes_all_slow=latest, reached=frame["minutes"].notna())


def demand(**population: float) -> pd.DataFrame:
    return pd.DataFrame({"id": list(population), "population": list(population.values())})


def test_a_share_weighs_inhabitants_and_sets_apart_what_was_not_computed():
    times = minutes(
        [("a", "s", 10.0, "road"), ("b", "s", 25.0, "road"), ("c", "s", None, "road"), ("e", "s", None, "not_computed")]
    )
    found = shares(times, demand(a=100, b=300, c=100, e=1000), (20, 30)).set_index("threshold")
    assert found.loc[20, "share"] == pytest.approx(100 / 500)
    assert found.loc[30, "share"] == pytest.approx(400 / 500)
    assert found.loc[30, "share_low"] == pytest.approx(100 / 500)  # 25 minutes become 31
    row = found.loc[20]
    assert row["population_reached"] + row["population_unreached"] + row["population_not_computed"] == row["population"]
    assert (row["population_unreached"], row["points_unreached"], row["points_not_computed"]) == (100, 1, 1)
    assert row["method"] == "road"


def test_nobody_computed_is_no_share_at_all():
    found = shares(minutes([("a", "s", None, "not_computed")]), demand(a=10), (20, 30))
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


def test_a_change_is_of_access_alone_and_of_what_both_campaigns_computed():
    label, buses = FRANCE_SERVICES.kind, ITINERANT.kind
    before = minutes([("a", label, 25.0, "road"), ("b", label, 25.0, "road"), ("a", buses, 5.0, "road")])
    now = minutes([("a", label, 15.0, "road"), ("b", label, 25.0, "road"), ("a", "other", 5.0, "road")])
    points = demand(a=300, b=100).rename(columns={"id": "point_id"})
    before, now = (times.rename(columns={"demand_id": "point_id"}) for times in (before, now))
    found = share_changes(before, now, points, (20, 30)).set_index("threshold")
    assert found.loc[20, ["service", "share", "previous_share", "change"]].tolist() == [label, 0.75, 0.0, 0.75]
    assert found.loc[30, "change"] == 0
    assert len(found) == 2


def test_nothing_is_compared_with_a_campaign_that_set_out_from_elsewhere():
    label = FRANCE_SERVICES.kind
    before, now = (
        minutes([(point, label, 25.0, "road")]).rename(columns={"demand_id": "point_id"}) for point in ("a", "a.1.2")
    )
    assert share_changes(before, now, pd.DataFrame({"point_id": ["a.1.2"], "population": [9.0]}), (20, 30)).empty
