"""The band of speeds: that of the country where a trip starts, and what the roads that readers know ask of it."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.estimated_error import KNOWN, fitted_band, known_ratio
from fs_pipeline.access.band import ROAD, Band, band_of, road_band, speed_bands
from fs_pipeline.access.straight_line import detour_bands

PITHIVIERS, CORTE, FLORAC, PARIS = (2.2517, 48.1719), (9.1494, 42.3064), (3.5936, 44.3242), (2.3795, 48.8590)
STARTS = pd.DataFrame([PITHIVIERS, CORTE, FLORAC, PARIS], columns=["longitude", "latitude"])


def test_each_country_of_estimated_times_has_a_band_none_narrower_than_that_of_roads():
    bands = speed_bands()
    assert {*bands} == {ROAD, *detour_bands()}
    fast, slow = bands[ROAD]
    assert all(one >= fast > 1 and other <= slow < 1 for one, other in bands.values())
    assert bands["corsica"][0] >= bands["mountain"][0]
    assert bands["corsica"][1] <= bands["mountain"][1]


def test_a_band_is_as_wide_as_the_roads_that_readers_told_ask():
    told = pd.read_csv(KNOWN, dtype={"insee": str})
    ratio, country = known_ratio(told)
    assert {*country} <= {*speed_bands()}
    for kind in {*country}:
        faster, slower = fitted_band(ratio[country == kind])
        fast, slow = speed_bands()[kind]
        assert fast >= 1 + faster / 100, kind
        assert slow <= 1 - slower / 100, kind


@pytest.mark.parametrize(
    ("ratio", "band"),
    [
        ([1.0, 1.0], (20.0, 20.0)),
        ([0.72, 1.0, 1.31], (35.0, 30.0)),
        ([*np.ones(38), 0.1, 3.0], (20.0, 20.0)),  # a tenth may be left out, of many
        ([*np.ones(17), 0.1, 3.0], (200.0, 90.0)),
    ],
)
def test_the_rule_leaves_out_a_tenth_of_many_roads_and_none_of_few(ratio, band):
    assert fitted_band(np.array(ratio)) == pytest.approx(band)


def test_minutes_at_either_end_are_those_of_the_start_s_country():
    band = band_of(STARTS, by_road=False)
    ends = np.array([speed_bands()[kind] for kind in ("open", "corsica", "mountain", "town")])
    minutes = np.array([20.0, 30.0, np.inf, 10.0])
    assert band.soonest(minutes) == pytest.approx(minutes / ends[:, 0])
    by_place = np.column_stack((minutes, 2 * minutes))
    assert band.latest(by_place) == pytest.approx(by_place / ends[:, [1]])
    assert band.soonest(np.empty((4, 0))).shape == (4, 0)


def test_by_road_one_band_holds_everywhere():
    fast, slow = speed_bands()[ROAD]
    for band in (road_band(), band_of(STARTS, by_road=True)):
        assert isinstance(band, Band)
        assert band.soonest(np.array([[12.0], [24.0]])) == pytest.approx(np.array([[12.0], [24.0]]) / fast)
        assert band.latest(np.array([8.0])) == pytest.approx(np.array([8.0]) / slow)
    assert len(band_of(STARTS.iloc[:0], by_road=False).fast) == 0
