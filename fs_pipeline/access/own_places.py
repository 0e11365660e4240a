"""Why people are far from what stands in their commune: a commune may be wide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.sphere import great_circle_m

SLOWEST_KMH = 10.0  # along the straight line; what is slower is a point or a road that is wrong, and no reason

_STARTS = {
    "town_hall": "de la mairie",
    "arrondissement": "de la mairie",
    "former_commune": "de la mairie",
    "squares": "de ces habitants",
}


def with_reasons(minutes: pd.DataFrame, places: pd.DataFrame, points: pd.DataFrame, near_min: float) -> pd.DataFrame:
    """`minutes` with a French ``reason`` where a point is beyond `near_min` minutes of its commune's France services.

    Parameters
    ----------
    minutes
        point_id, service, minutes (None where no place is reached), reason.
    places
        service, insee, longitude, latitude (degrees).
    points
        ``access.demand.demand_points``, from which times start.

    Returns
    -------
    pandas.DataFrame
        The same rows. A row that has a reason keeps it; one that holds no place, or whose place is so near that no road
        can be that slow (``SLOWEST_KMH``), gets none: there is something wrong, and a check says so.
    """
    fixed = places[places["service"] == FRANCE_SERVICES.kind].dropna(subset=["longitude", "latitude"])
    own = points.merge(fixed, on="insee", suffixes=("", "_place"))
    metres = great_circle_m(
        *(own[name].to_numpy(dtype=float) for name in ("longitude_place", "latitude_place", "longitude", "latitude"))
    )
    nearest_km = pd.Series(metres / 1000.0, index=own["point_id"].to_numpy()).groupby(level=0).min()
    km = nearest_km.reindex(minutes["point_id"]).to_numpy()
    start = minutes["point_id"].map(points.set_index("point_id")["origin"]).map(_STARTS)
    time = minutes["minutes"].to_numpy(dtype=float)
    explained = (time > near_min) & (km / (np.where(time > 0, time, np.nan) / 60.0) >= SLOWEST_KMH)
    explained &= (minutes["reason"].isna() & (minutes["service"] == FRANCE_SERVICES.kind)).to_numpy()
    said = [
        f"son lieu est à {french.number(float(distance))}\u00a0km {where}, à vol d’oiseau" if yes else reason
        for yes, distance, where, reason in zip(explained, km, start, minutes["reason"], strict=True)
    ]
    return minutes.assign(reason=pd.Series(said, index=minutes.index, dtype=object))
