"""How far minutes may be from those of a careful driver: ``data/speed_bands.csv``, two bands of speeds a country.

One is of one trip, which its own bends and passes take far from the middle; the other, narrower, of all trips of a
département together, where the fast make up for the slow. The narrowest is that by which careful road models disagree,
which is also the band of times by road (docs/adr/0029, 0032).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats

ROAD = "road"  # the row of times by road, whatever the country
Trips = Literal["one", "all"]


@dataclass(frozen=True, eq=False, slots=True)
class Band:
    """Times the speed at either end of the band, one a start.

    Attributes
    ----------
    fast, slow
        float64 (starts,) or a single value for all of them; over 1, and under.
    """

    fast: Floats
    slow: Floats

    def soonest(self, minutes: Floats) -> Floats:
        """Minutes at the fast end, of minutes by start: (starts,) or (starts, places)."""
        return _divided(minutes, self.fast)

    def latest(self, minutes: Floats) -> Floats:
        """Minutes at the slow end."""
        return _divided(minutes, self.slow)


def _divided(minutes: Floats, speed: Floats) -> Floats:
    found: Floats = minutes / (speed[:, None] if speed.ndim and minutes.ndim > 1 else speed)
    return found


@cache
def speed_bands(trips: Trips) -> Mapping[str, tuple[float, float]]:
    """Times the speed at the fast and at the slow end, by country of estimated times, and ``ROAD``."""
    faster, slower = f"{trips}_faster_percent", f"{trips}_slower_percent"
    return {
        row["country"]: (1.0 + float(row[faster]) / 100.0, 1.0 - float(row[slower]) / 100.0)
        for row in read_csv("speed_bands.csv")
    }


def road_band() -> Band:
    """That of times by road, of one trip as of all."""
    fast, slow = speed_bands("all")[ROAD]
    return Band(np.asarray(fast), np.asarray(slow))


def band_of(starts: pd.DataFrame, trips: Trips, *, by_road: bool) -> Band:
    """The band of minutes from each of `starts` (longitude, latitude in degrees), as they are found by road or estimated."""
    if by_road:
        return road_band()
    from fs_pipeline.access.country import country_of

    country = country_of(*(starts[axis].to_numpy(dtype=np.float64) for axis in ("longitude", "latitude")))
    ends = np.array([speed_bands(trips)[kind] for kind in country], dtype=np.float64).reshape(-1, 2)
    return Band(ends[:, 0], ends[:, 1])
