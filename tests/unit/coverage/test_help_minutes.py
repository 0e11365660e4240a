"""How far a commune is from help that is confirmed or implied by the label, as plain arithmetic finds it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, Service
from fs_pipeline.coverage.help_minutes import median_point, nearest_help

HELP = Service(CONFIRMED, "R1")


def points(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["point_id", "insee", "population"])


def times(service: Service, method: str = "road", **minutes: float | None) -> pd.DataFrame:
    rows = [{"point_id": point, **service.columns, "minutes": value} for point, value in minutes.items()]
    return pd.DataFrame(rows).assign(method=method).astype({"minutes": "float64"})


def found(*frames: pd.DataFrame, among: pd.DataFrame, reserved: frozenset[str] = frozenset()) -> dict[str, object]:
    """Of each commune, its minutes, else its state."""
    every = pd.concat(frames, ignore_index=True)
    told = nearest_help(every, among, every["point_id"].isin(reserved) & every["service"].eq(CONFIRMED))
    return {row.insee: row.minutes if row.state == "known" else row.state for row in told.itertuples(index=False)}


def test_the_nearer_of_a_labelled_and_a_confirming_place_counts_point_by_point():
    among = points(("a", "1", 100.0), ("b", "1", 100.0), ("c", "1", 100.0))
    label = times(FRANCE_SERVICES, a=10, b=40, c=50)
    confirmed = times(HELP, a=60, b=60, c=5)
    # the medians are 40 and 60; of the nearer ones (10, 40, 5), 10
    assert found(label, confirmed, among=among) == {"1": 10}


def test_who_leads_nowhere_is_told_apart_from_who_was_not_asked_and_from_what_is_kept():
    among = points(("a", "1", 1.0), ("b", "2", 1.0), ("c", "3", 1.0), ("d", "4", 1.0))
    label = pd.concat(
        [times(FRANCE_SERVICES, a=None, c=9, d=7), times(FRANCE_SERVICES, "not_computed", b=None)], ignore_index=True
    )
    confirmed = pd.concat([times(HELP, a=None, c=None, d=12), times(HELP, "not_computed", b=None)], ignore_index=True)
    assert found(label, confirmed, among=among, reserved=frozenset({"c"})) == {
        "1": "unreached", "2": "not_computed", "3": "reserved", "4": 7,
    }  # fmt: skip


def test_a_demarche_that_nobody_confirms_has_no_row():
    label = times(FRANCE_SERVICES, a=10)
    assert nearest_help(label, points(("a", "1", 1.0)), pd.Series([False])).empty


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([5.0, 10.0, 15.0, 20.0, np.inf]), st.integers(0, 4)), min_size=1, max_size=7))
def test_the_median_is_the_farthest_point_that_less_than_half_precedes(rows: list[tuple[float, int]]):
    minutes, people = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    order = sorted(range(len(rows)), key=lambda n: (minutes[n], n))
    chosen = order[0]
    for place, n in enumerate(order):
        if sum(people[order[:place]]) * 2 < people.sum():
            chosen = n
    assert median_point(minutes, people) == chosen
