"""How far minutes may be from those of a careful driver: ``data/speed_bands.csv``, a band of speeds a country of estimated times.

The narrowest band is that by which careful road models disagree, which is also the band of times by road (docs/adr/0029).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats

ROAD = "road"  # the row of times by road, whatever the country


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
def speed_bands() -> Mapping[str, tuple[float, float]]:
    """Times the speed at the fast and at the slow end, by country of estimated times, and ``ROAD``."""
    return {
        row["country"]: (1.0 + float(row["faster_percent"]) / 100.0, 1.0 - float(row["slower_percent"]) / 100.0)
        for row in read_csv("speed_bands.csv")
    }


def road_band() -> Band:
    """That of times by road."""
    fast, slow = speed_bands()[ROAD]
    return Band(np.asarray(fast), np.asarray(slow))


def band_of(starts: pd.DataFrame, *, by_road: bool) -> Band:
    """The band of minutes from each of `starts` (longitude, latitude in degrees), as they are found by road or estimated."""
    if by_road:
        return road_band()
    from fs_pipeline.access.country import country_of

    country = country_of(*(starts[axis].to_numpy(dtype=np.float64) for axis in ("longitude", "latitude")))
    ends = np.array([speed_bands()[kind] for kind in country], dtype=np.float64).reshape(-1, 2)
    return Band(ends[:, 0], ends[:, 1])
