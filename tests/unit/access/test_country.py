"""What country a trip starts in: known places of each kind."""

import numpy as np
import pytest

from fs_pipeline.access.country import OPEN, TOWN, country_of
from fs_pipeline.access.straight_line import detour_bands

MOUNTAIN, CORSICA = "mountain", "corsica"
KNOWN = {
    "Pithiviers": (2.2517, 48.1719, OPEN),
    "Oloron-Sainte-Marie": (-0.6061, 43.1944, OPEN),
    "Lecci, on the plain of Porto-Vecchio": (9.3178, 41.6794, OPEN),
    "Aléria": (9.5128, 42.1147, OPEN),
    "Saint-Denis de La Réunion": (55.4481, -20.8789, OPEN),
    "Calacuccia": (9.0189, 42.3347, CORSICA),
    "Corte": (9.1494, 42.3064, MOUNTAIN),
    "Florac": (3.5936, 44.3242, MOUNTAIN),
    "Briançon": (6.6433, 44.8994, MOUNTAIN),
    "Cilaos": (55.4717, -21.1344, MOUNTAIN),
    "Paris, 11e": (2.3795, 48.8590, TOWN),
    "Roubaix": (3.1746, 50.6901, TOWN),
    "Grenoble, a town before it is in the mountains": (5.7245, 45.1885, TOWN),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_places_are_of_their_country(name):
    longitude, latitude, country = KNOWN[name]
    assert country_of(np.array([longitude]), np.array([latitude])).tolist() == [country]


def test_a_point_that_is_not_known_is_of_open_country_and_the_others_keep_their_order():
    longitude, latitude = np.array([np.nan, 9.0189, 2.3795]), np.array([42.0, 42.3347, 48.8590])
    assert country_of(longitude, latitude).tolist() == [OPEN, CORSICA, TOWN]
    assert country_of(np.empty(0), np.empty(0)).tolist() == []


def test_each_kind_of_country_has_its_bands():
    assert set(detour_bands()) == {OPEN, MOUNTAIN, CORSICA, TOWN}
