"""Minutes from every demand point to every place that is not too far: what hours, gaps and levers are drawn from.

A dense array of a slot's size, kept in memory and never stored: ``minutes.py`` answers for the nearest alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline.sphere import Floats

if TYPE_CHECKING:
    from fs_pipeline.roads.reading import RoadGraph

LIMIT_MIN = 45.0


def minutes_between(
    places: pd.DataFrame, demand: pd.DataFrame, *, roads: RoadGraph | None, limit_min: float = LIMIT_MIN
) -> Floats:
    """Minutes from each demand point to each place, infinite beyond the limit or where there is no way.

    Parameters
    ----------
    places, demand
        longitude, latitude (degrees, EPSG:4326); what has no coordinates reaches and is reached by nobody.
    roads
        The road network, or None to estimate from the straight line, by the same rules as ``minutes_to_nearest``.
    limit_min
        Minutes beyond which nothing is asked.

    Returns
    -------
    numpy.ndarray
        float64 (demand points, places).
    """
    if not len(places) or not len(demand):
        return np.full((len(demand), len(places)), np.inf)
    if roads is None:
        return _estimated(places, demand, limit_min)
    from fs_pipeline.access.by_road import minutes_by_road

    return minutes_by_road(places, demand, roads, limit_min)


def _estimated(places: pd.DataFrame, demand: pd.DataFrame, limit_min: float) -> Floats:
    from fs_pipeline.access.country import country_of
    from fs_pipeline.access.landmasses import lands
    from fs_pipeline.access.straight_line import VILLAGE_M, minutes_of, standing
    from fs_pipeline.access.ways import straight_m, ways

    # A house that helps with a hundred démarches is as many rows of one point, whose way is the same.
    told = [name for name in ("longitude", "latitude", "landmass") if name in places]
    of_row = places.groupby(told, dropna=False, sort=False).ngroup().to_numpy()
    places = places.iloc[np.unique(of_row, return_index=True)[1]]
    lon, lat, land = standing(demand)
    place_lon, place_lat, place_land = standing(places)
    straight = straight_m(np.column_stack((lon, lat)), np.column_stack((place_lon, place_lat)))
    country = country_of(lon, lat)[:, None]
    minutes = minutes_of(straight, country)
    codes, names = pd.factorize(np.concatenate((land, place_land)))  # -1 where a point is nowhere
    known = lands()
    passable = np.array([name not in known or known[name].has_roads for name in names] + [False], dtype=bool)
    home, away = codes[: len(land)], codes[len(land) :]
    farthest_m = np.where(passable[home], np.inf, VILLAGE_M)[:, None]
    joined = (home[:, None] == away[None, :]) & (home >= 0)[:, None] & (straight <= farthest_m)
    asked = joined & (minutes <= limit_min)
    metres = ways().metres(np.column_stack((lon, lat)), np.column_stack((place_lon, place_lat)), asked)
    minutes = minutes_of(metres, country)
    minutes[(minutes > limit_min) | (metres > farthest_m)] = np.inf
    return np.take(minutes, of_row, axis=1)
