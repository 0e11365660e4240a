"""Of the points of demand, those that say little of where people live: a wide commune's town hall, a merged one's town halls.

``data/wide_communes.csv`` holds the communes that took in others and those of 60 km² or more, with how far each goes from its
town hall: above, one inhabitant in five lives more than 5 km from it (docs/methods.md). Counted there alone, its people may be
nearer or farther by as much; shared among the town halls of its former communes, they may all live at any of them, and as
far from it where these are as wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.band import Band, band_of
from fs_pipeline.access.straight_line import minutes_of
from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats

VAST_KM2 = 60.0
FORMER, HALL, LONE_HALL = "former_commune", "town_hall", "lone_town_hall"

_T = TypeVar("_T", bound=np.generic)


@cache
def wide_communes() -> pd.DataFrame:
    """By code, those that took in others and those of ``VAST_KM2`` or more: area_km2, and reach_km from their town hall."""
    return pd.DataFrame(read_csv("wide_communes.csv")).set_index("insee")[["area_km2", "reach_km"]].astype(np.float64)


def with_reach(points: pd.DataFrame) -> pd.DataFrame:
    """`points`, a wide commune's own town hall told apart, with the minutes that lead from it to the end of the commune.

    Parameters
    ----------
    points
        ``access.demand.demand_points``.

    Returns
    -------
    pandas.DataFrame
        The same rows, ``origin`` being ``lone_town_hall`` where a wide commune is one point at its town hall, and
        ``away_min``: estimated minutes (``data/detour.csv``) of the way from there to the farthest of the commune; also at
        each of its former communes' where these are vast one with another; NaN elsewhere.
    """
    from fs_pipeline.access.country import country_of

    km2, reach_km = wide_communes().reindex(points["insee"]).to_numpy().T  # NaN where the commune is not wide
    origin = points["origin"].to_numpy(dtype=object)
    halls = points.groupby("insee")["origin"].transform("size").to_numpy()
    lone, shared = (origin == HALL) & np.isfinite(km2), (origin == FORMER) & (km2 / halls >= VAST_KM2)
    country = country_of(*(points[axis].to_numpy(dtype=np.float64) for axis in ("longitude", "latitude")))
    return points.assign(
        origin=np.where(lone, LONE_HALL, origin),
        away_min=np.where(lone | shared, minutes_of(1000.0 * reach_km, country), np.nan),
    )


@dataclass(frozen=True, eq=False, slots=True)
class Homes:
    """The bounds of minutes from where people live, of which the points of demand may say little.

    Attributes
    ----------
    band
        Of the speeds from each point.
    away_min
        From each point to the farthest of those who are counted there, 0 where nothing is said.
    together
        Of each point, a number that it shares with those among which its people are shared by rule.
    """

    band: Band
    away_min: Floats
    together: NDArray[np.intp]

    def soonest(self, minutes: Floats) -> Floats:
        """Minutes at the fast end for the nearest of a point's people, of minutes by point: (points,) or (points, places)."""
        return self._over(np.fmin, self.band.soonest(np.maximum(minutes - _by_row(self.away_min, minutes), 0.0)))

    def latest(self, minutes: Floats) -> Floats:
        """Minutes at the slow end for the farthest."""
        return self._over(np.fmax, self.band.latest(minutes + _by_row(self.away_min, minutes)))

    def all_of(self, said: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether what is said of each point, (points, places), is so of all those among which its people are shared."""
        every: NDArray[np.bool_] = self._over(np.logical_and, said)
        return every

    def _over(self, reduce: np.ufunc, values: NDArray[_T]) -> NDArray[_T]:
        _, first, group = np.unique(self.together, return_index=True, return_inverse=True)
        if len(first) == len(self.together):
            return values
        found = values[first]
        reduce.at(found, group, values)
        gathered: NDArray[_T] = found[group]
        return gathered


def where_counted(band: Band) -> Homes:
    """Of points where all who are counted live."""
    return Homes(band, np.zeros(()), np.zeros(0, dtype=np.intp))


def homes_of(points: pd.DataFrame, *, by_road: bool) -> Homes:
    """Those of `points` (``with_reach``: insee, longitude, latitude, origin, away_min)."""
    shared = (points["origin"] == FORMER).to_numpy()
    codes, _ = pd.factorize(points["insee"])
    together = np.where(shared, codes, len(points) + np.arange(len(points)))
    away = points["away_min"].fillna(0.0).to_numpy(dtype=np.float64)
    return Homes(band_of(points, "all", by_road=by_road), away, together)


def _by_row(values: Floats, like: Floats) -> Floats:
    return values[:, None] if values.ndim and like.ndim > 1 else values
