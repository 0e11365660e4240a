"""The kind of country where a trip starts, on which its speed depends: open country, mountains, Corsica's, a large town.

``data/mountains.csv`` holds the mountains, drawn by hand, and the kind of each; a large town is where many people live around.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fs_pipeline.access.demand import municipal_arrondissements
from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats, m_to_chord, unit_vectors
from fs_pipeline.territory.shipped import load_territory

OPEN, TOWN = "open", "town"  # the others are written in mountains.csv
TOWN_INHABITANTS = 200_000  # at the town halls within ``TOWN_M``: Rennes and above
TOWN_M = 5_000.0


def country_of(longitude: Floats, latitude: Floats) -> NDArray[np.object_]:
    """The kind of country of each point (degrees); ``open`` where there is no point."""
    country = np.full(len(longitude), OPEN, dtype=object)
    located = np.flatnonzero(np.isfinite(longitude) & np.isfinite(latitude))
    points = shapely.points(longitude[located], latitude[located])
    tree, kinds = _mountains()
    point, mountain = tree.query(points, predicate="intersects")
    country[located[point]] = kinds[mountain]
    halls, inhabitants = _town_halls()
    around = halls.query_ball_point(unit_vectors(longitude[located], latitude[located]), m_to_chord(TOWN_M))
    many = [inhabitants[near].sum() >= TOWN_INHABITANTS for near in around]
    country[located[np.array(many, dtype=bool)]] = TOWN
    return country


@cache
def _mountains() -> tuple[shapely.STRtree, NDArray[np.object_]]:
    rows = read_csv("mountains.csv")
    areas = shapely.STRtree([shapely.from_wkt(row["area_4326"]) for row in rows])
    return areas, np.array([row["country"] for row in rows], dtype=object)


@cache
def _town_halls() -> tuple[cKDTree, Floats]:
    """The shipped town halls, arrondissements of Paris, Lyon and Marseille apart, and the inhabitants of each."""
    parts = municipal_arrondissements()
    communes = load_territory().communes
    whole = communes[~communes["insee"].isin(parts["current_insee"]) & communes["longitude"].notna()]
    columns = ["longitude", "latitude", "population"]
    longitude, latitude, inhabitants = np.concatenate((whole[columns], parts[columns])).astype(np.float64).T
    return cKDTree(unit_vectors(longitude, latitude)), np.nan_to_num(inhabitants)
