"""Neighbouring communes too far make one gap; what was not computed is in none."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.access.services import Service
from fs_pipeline.coverage.gaps import gap_areas, neighbours
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.warehouse.declared import declaration
from tests.rows import of_communes

THRESHOLDS = Thresholds(20, 30)


def communes(*rows: tuple[str, float, float, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["insee", "longitude", "latitude", "population"])
    return frame.assign(name="C" + frame["insee"], epci=None, epci_name=None)


# A row of five communes, 8 km apart, and one alone far north.
LINE = communes(
    ("00001", 2.0, 45.0, 100), ("00002", 2.1, 45.0, 200), ("00003", 2.2, 45.0, 300), ("00004", 2.3, 45.0, 400),
    ("00005", 2.4, 45.0, None), ("00006", 2.2, 45.6, 50),
)  # fmt: skip


def minutes(times: dict[str, float | None], not_computed: tuple[str, ...] = ()) -> pd.DataFrame:
    rows = [
        (insee, "s", time, "not_computed" if insee in not_computed else "estimated") for insee, time in times.items()
    ]
    frame = pd.DataFrame(rows, columns=["insee", "service", "minutes", "method"]).assign(demarche_id="")
    return of_communes(frame, LINE, THRESHOLDS)


def gaps_at(threshold: int, times: pd.DataFrame, among: pd.DataFrame = LINE, service: str = "s") -> pd.DataFrame:
    found = gap_areas(times, among, [Service(service)], THRESHOLDS)
    return found[found["threshold"] == threshold].reset_index(drop=True)


TIMES = {"00001": 25.0, "00002": 22.0, "00003": 10.0, "00004": 41.0, "00005": 5.0, "00006": 45.0}


def test_neighbours_are_those_with_nobody_between():
    pairs = {tuple(sorted(LINE["insee"].iloc[list(pair)])) for pair in neighbours(LINE)}
    assert pairs == {("00001", "00002"), ("00002", "00003"), ("00003", "00004"), ("00004", "00005")}


def test_a_gap_holds_neighbours_and_its_inhabitants_most_inhabited_first():
    found = gaps_at(20, minutes(TIMES))
    assert list(found.columns) == list(declaration("gap_areas").own_names)
    assert list(found["insees"]) == ["00004", "00002 00001", "00006"]
    assert list(found["population"]) == [400, 300, 50]
    assert list(found["rank"]) == [1, 2, 3]
    assert found.loc[1, "names"] == "C00002, C00001"
    assert found.loc[1, "minutes_mean"] == pytest.approx((25 * 100 + 22 * 200) / 300)
    assert found.loc[1, "minutes_worst"] == 25
    assert found["gap_id"].is_unique


def test_a_gap_counts_those_who_are_far_themselves():
    """Of 200 in a commune most of which is far, 60 live near."""
    times = minutes(TIMES)
    times.loc[times["insee"] == "00002", "population_near"] = 60.0
    found = gaps_at(20, times).set_index("insees")["population"]
    assert found.to_dict() == {"00004": 400.0, "00002 00001": 240.0, "00006": 50.0}


def test_a_gap_stops_at_the_edge_of_an_epci():
    split = LINE.assign(epci=["A", "B", "B", "B", "B", "B"], epci_name=["CC A", *["CC B"] * 5])
    found = gaps_at(20, minutes(TIMES), split).set_index("insees")
    assert found.loc["00001", "epci_name"] == "CC A"
    assert found.loc["00002", "epci_name"] == "CC B"


def test_at_thirty_minutes_gaps_shrink():
    assert list(gaps_at(30, minutes(TIMES))["insees"]) == ["00004", "00006"]


def test_a_commune_that_reaches_nothing_is_in_a_gap_and_one_not_computed_in_none():
    times = minutes(TIMES | {"00004": None, "00001": None}, not_computed=("00001",))
    found = gaps_at(20, times).set_index("insees")
    assert found.loc["00004", "unreached"] == 400
    assert pd.isna(found.loc["00004", "minutes_mean"])
    assert "00002" in found.index
    assert not found.index.str.contains("00001").any()


def test_the_fragile_are_counted_only_where_known_of_the_whole_gap():
    known = LINE.assign(poor_households=[10, 20, 30, 40, 50, 60], aged_65=[1, None, 3, 4, 5, 6])
    found = gaps_at(20, minutes(TIMES), known).set_index("insees")
    assert found.loc["00002 00001", "poor_households"] == 30
    assert pd.isna(found.loc["00002 00001", "aged_65"])
    assert found.loc["00004", "aged_65"] == 4
    assert gaps_at(20, minutes(TIMES))["poor_households"].isna().all()


def test_a_service_nobody_asked_minutes_for_has_no_gap():
    assert gap_areas(minutes(TIMES), LINE, [Service("t")], THRESHOLDS).empty


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_communes_are_enough(count):
    few = LINE.head(count)
    assert len(neighbours(few)) == max(0, count - 1)


def test_a_commune_without_a_point_stands_alone():
    lost = LINE.assign(latitude=[45.0, None, 45.0, 45.0, 45.0, 45.6])
    assert not any(1 in pair for pair in neighbours(lost).tolist())
