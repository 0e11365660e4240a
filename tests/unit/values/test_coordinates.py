"""Points as surveys give them: degrees, metres, one cell, the wrong way round."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.coordinates import read_coordinates

BORDEAUX = (44.8395, -0.5802)


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


@pytest.mark.parametrize(
    "cells",
    [
        ("44.8395", "-0.5802"), ("44,8395", "-0,5802"), (44.8395, -0.5802), ("44,8395 °", "−0,5802"), ("44.8395, -0.5802",),
        ("44,8395, -0,5802",), ("44,8395;-0,5802",), ("44.8395 -0.5802",), ("POINT(-0.5802 44.8395)",), ("+44.8395", "-0.5802"),
        ("44.8395N", "0.5802W"), ("44.8395 N", "0.5802 O"), ("44°50'22.2\"N", "0°34'48.72\"W"),
        ("N 44°50'22.2\" W 0°34'48.72\"",), ("44.8395°N", "0.5802°O"), ("44.8395 , -0.5802",), ("[44.8395 , -0.5802]",),
        ("lat : 44.8395 / lon : -0.5802",),
    ],
)  # fmt: skip
def test_degrees_are_read_however_they_are_written(cells):
    reading = read_coordinates(*cells)
    assert reading.value == pytest.approx(BORDEAUX, abs=1e-5)
    assert reading.notes == ()


def test_swapped_columns_are_put_right_and_told():
    reading = read_coordinates("-0,5802", "44,8395")
    assert (reading.value, reading.notes[0].rule) == (BORDEAUX, "coordinates_swapped")


@pytest.mark.parametrize(
    ("x", "y", "departement", "expected"),
    [
        ("417284,5", "6421234,1", "33", (44.8326, -0.5783)),  # Lambert-93
        ("6421234.1", "417284.5", None, (44.8326, -0.5783)),
        ("341000", "7652000", "974", (-21.2266, 55.4679)),  # RGR92
    ],
)
def test_metres_are_of_the_departements_projection(x, y, departement, expected):
    reading = read_coordinates(x, y, departement)
    assert reading.value == pytest.approx(expected, abs=1e-3)
    assert reading.notes[0].rule == "coordinates_projected"


def test_a_point_outside_of_the_departement_is_not_taken(territory):
    assert read_coordinates("44.8395", "-0.5802", "33", territory).value == BORDEAUX
    outside = read_coordinates("48.85", "2.35", "33", territory)
    assert (outside.value, outside.notes[0].rule) == (None, "coordinates_outside")


def test_a_point_far_from_its_commune_is_kept_and_told(territory):
    near = read_coordinates("44.8395", "-0.5802", "33", territory, "33063")
    far = read_coordinates("44.8395", "-0.5802", "33", territory, "33529")
    assert near.notes == ()
    assert (far.value, far.notes[0].rule) == (BORDEAUX, "coordinates_far_from_commune")


@pytest.mark.parametrize(
    ("point", "departement", "insee", "far"),
    [
        ((47.3936, 0.6848), "37", "37132", True),  # Tours, said to be at Loches, 38 km away
        ((47.2000, 0.9000), "37", "37132", True),  # 10 km north of Loches, among others
        ((47.1600, 0.9700), "37", "37132", False),  # a hamlet of it
        ((43.5300, 4.7500), "13", "13004", False),  # the Camargue, 17 km from Arles and of it
        ((3.6500, -53.5000), "973", "97353", False),  # the forest of Maripasoula
        ((4.9300, -52.3300), "973", "97353", True),  # Cayenne
    ],
)
def test_a_point_is_far_where_many_town_halls_are_nearer_than_its_commune_s(territory, point, departement, insee, far):
    notes = read_coordinates(*point, departement, territory, insee).notes
    assert ([note.rule for note in notes] == ["coordinates_far_from_commune"]) == far


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (("0", "0"), "coordinates_are_zero"), (("0,0", "0,0"), "coordinates_are_zero"),
        (("44.8395", None), "coordinates_unreadable"), (("abc", "def"), "coordinates_unreadable"),
        (("44.839.5", "-0.58"), "coordinates_unreadable"), (("1e400", "3"), "coordinates_unreadable"),
        (("448395", "-5802"), "coordinates_outside"), (("12.5", "100.2"), "coordinates_outside"),
    ],
)  # fmt: skip
def test_what_is_no_point_is_refused_with_its_reason(cells, rule):
    reading = read_coordinates(*cells)
    assert (reading.value, reading.notes[0].rule) == (None, rule)


def test_empty_cells_say_nothing():
    assert read_coordinates(None, "").notes == ()


CELLS = st.one_of(
    st.none(), st.text(max_size=20), st.floats(), st.integers(), st.text("0123456789.,-+°'\"NSEWO ", max_size=24)
)


@given(CELLS, CELLS, st.sampled_from([None, "33", "974", "2A"]))
@settings(max_examples=400, deadline=None)
def test_any_cells_are_a_point_of_france_that_reads_as_itself_or_none(latitude, longitude, departement):
    value = read_coordinates(latitude, longitude, departement).value
    if value is not None:
        assert all(math.isfinite(number) for number in value)
        assert read_coordinates(*value).value == value
