"""Points on the globe: straight lines in metres and the nearest of many points.

Degrees are turned into points of the unit sphere, where a chord orders points as the great circle does, so that
France and its overseas territories need no projection. Roads and minutes are not here.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

EARTH_RADIUS_M = 6_371_008.8  # mean radius of GRS80, IUGG

Floats = NDArray[np.float64]


def unit_vectors(longitude: Floats, latitude: Floats) -> Floats:
    """Points of the unit sphere, one row (x, y, z) a point; degrees EPSG:4326 in."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def chord_to_m(chord: Floats) -> Floats:
    """Great-circle metres of a chord of the unit sphere."""
    return 2.0 * EARTH_RADIUS_M * np.arcsin(np.minimum(chord / 2.0, 1.0))


def m_to_chord(metres: float) -> float:
    """The chord of the unit sphere that so many great-circle metres subtend."""
    return 2.0 * math.sin(metres / (2.0 * EARTH_RADIUS_M))


def great_circle_m(longitude: Floats, latitude: Floats, other_longitude: Floats, other_latitude: Floats) -> Floats:
    """Straight line in metres, pair by pair."""
    gap = unit_vectors(longitude, latitude) - unit_vectors(other_longitude, other_latitude)
    return chord_to_m(np.sqrt((gap**2).sum(axis=1)))


class NearestPoint:
    """The nearest of a fixed set of points, asked for many points at once."""

    def __init__(self, longitude: Floats, latitude: Floats) -> None:
        self._tree = cKDTree(unit_vectors(longitude, latitude), balanced_tree=False)

    def query(self, longitude: Floats, latitude: Floats) -> tuple[Floats, NDArray[np.intp]]:
        """Metres to the nearest point, and its position in the set."""
        chord, position = self._tree.query(unit_vectors(longitude, latitude))
        return chord_to_m(np.asarray(chord)), np.asarray(position, dtype=np.intp)
