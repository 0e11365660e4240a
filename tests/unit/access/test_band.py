"""The band of speeds: that of the country where a trip starts, and what the roads that readers know ask of it."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.estimated_error import KNOWN, fitted_band, fitted_band_of_all, known_ratio
from fs_pipeline.access.band import ROAD, Band, band_of, road_band, speed_bands
from fs_pipeline.access.straight_line import detour_bands

PITHIVIERS, CALACUCCIA, FLORAC, PARIS = (2.2517, 48.1719), (9.0189, 42.3347), (3.5936, 44.3242), (2.3795, 48.8590)
STARTS = pd.DataFrame([PITHIVIERS, CALACUCCIA, FLORAC, PARIS], columns=["longitude", "latitude"])


@pytest.mark.parametrize("trips", ["one", "all"])
def test_each_country_of_estimated_times_has_a_band_none_narrower_than_that_of_roads(trips):
    bands = speed_bands(trips)
    assert {*bands} == {ROAD, *detour_bands()}
    fast, slow = bands[ROAD]
    assert all(one >= fast > 1 and other <= slow < 1 for one, other in bands.values())
    assert bands["mountain"][0] >= bands["open"][0]
    assert bands["mountain"][1] <= bands["open"][1]
    assert all(
        bands[kind][0] <= of_one[0] and bands[kind][1] >= of_one[1] for kind, of_one in speed_bands("one").items()
    )


def test_a_band_is_as_wide_as_the_roads_that_readers_told_ask():
    told = pd.read_csv(KNOWN, dtype={"insee": str})
    ratio, country = known_ratio(told)
    assert {*country} <= {*speed_bands("one")}
    for kind in {*country}:
        of = country == kind
        assert 0.95 <= np.median(ratio[of]) <= 1.05, kind
        for trips, asked in (
            ("one", fitted_band(ratio[of])),
            ("all", fitted_band_of_all(ratio[of], told["insee"].str[:2][of])),
        ):
            assert speed_bands(trips)[kind] == pytest.approx((1 + asked[0] / 100, 1 - asked[1] / 100)), (kind, trips)


def test_the_band_of_all_trips_is_what_parts_areas_and_not_their_roads():
    spread = np.exp(np.tile([-0.5, 0.5], 20))
    one = pd.Series(np.repeat(["04", "05"], 20))
    assert fitted_band_of_all(spread, one) == (20.0, 20.0)
    apart = np.where(one == "04", 1.0, 2.0)
    assert fitted_band_of_all(apart, one)[0] > 100.0


@pytest.mark.parametrize(
    ("ratio", "band"),
    [
        ([1.0, 1.0], (20.0, 20.0)),
        ([0.72, 1.0, 1.31], (35.0, 30.0)),
        ([*np.ones(78), 0.1, 3.0], (20.0, 20.0)),  # a twentieth may be left out, of many
        ([*np.ones(17), 0.1, 3.0], (200.0, 90.0)),
    ],
)
def test_the_rule_leaves_out_a_twentieth_of_many_roads_and_none_of_few(ratio, band):
    assert fitted_band(np.array(ratio)) == pytest.approx(band)


@pytest.mark.parametrize("trips", ["one", "all"])
def test_minutes_at_either_end_are_those_of_the_start_s_country(trips):
    band = band_of(STARTS, trips, by_road=False)
    ends = np.array([speed_bands(trips)[kind] for kind in ("open", "corsica", "mountain", "town")])
    minutes = np.array([20.0, 30.0, np.inf, 10.0])
    assert band.soonest(minutes) == pytest.approx(minutes / ends[:, 0])
    by_place = np.column_stack((minutes, 2 * minutes))
    assert band.latest(by_place) == pytest.approx(by_place / ends[:, [1]])
    assert band.soonest(np.empty((4, 0))).shape == (4, 0)


def test_by_road_one_band_holds_everywhere():
    fast, slow = speed_bands("one")[ROAD]
    for band in (road_band(), band_of(STARTS, "one", by_road=True), band_of(STARTS, "all", by_road=True)):
        assert isinstance(band, Band)
        assert band.soonest(np.array([[12.0], [24.0]])) == pytest.approx(np.array([[12.0], [24.0]]) / fast)
        assert band.latest(np.array([8.0])) == pytest.approx(np.array([8.0]) / slow)
    assert len(band_of(STARTS.iloc[:0], "one", by_road=False).fast) == 0
