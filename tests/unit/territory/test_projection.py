"""Metres and degrees."""

from __future__ import annotations

import numpy as np
import pytest

from fs_pipeline.territory.projection import epsg_of, to_degrees, to_projected
from fs_pipeline.territory.shipped import load_territory


@pytest.mark.parametrize(
    ("departement", "epsg"),
    [("33", 2154), ("2A", 2154), ("971", 5490), ("973", 2972), ("974", 2975), ("976", 4471)],
)
def test_each_departement_has_its_legal_projection(departement, epsg):
    assert epsg_of(departement) == epsg


def test_all_codes_have_one():
    assert load_territory().departements["epsg"].notna().all()


def test_an_unknown_overseas_code_is_refused_in_french():
    with pytest.raises(ValueError, match="inconnu"):
        epsg_of("979")


def test_metres_come_back_as_the_same_degrees_and_nothing_stays_nothing():
    x, y = to_projected([55.45, np.nan], [-20.88, -20.9], "974")
    longitude, latitude = to_degrees(x, y, "974")
    assert longitude[0] == pytest.approx(55.45)
    assert latitude[0] == pytest.approx(-20.88)
    assert np.isnan([x[1], y[1]]).all()


def test_one_hundredth_of_a_degree_of_latitude_is_about_a_kilometre():
    _, y = to_projected([2.35, 2.35], [48.85, 48.86], "75")
    assert y[1] - y[0] == pytest.approx(1_112, abs=2)
