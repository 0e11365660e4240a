"""Why a commune is far from what stands in it: the town hall, from which times start, may be far from its other villages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.sphere import great_circle_m

SLOWEST_KMH = 10.0  # along the straight line; what is slower is a point or a road that is wrong, and no reason


def with_reasons(minutes: pd.DataFrame, places: pd.DataFrame, communes: pd.DataFrame, near_min: float) -> pd.DataFrame:
    """`minutes` with a French ``reason`` where a commune is beyond `near_min` minutes of its own France services.

    Parameters
    ----------
    minutes
        insee, service, minutes (None where no place is reached), reason.
    places
        service, insee, longitude, latitude (degrees).
    communes
        insee, longitude, latitude of the points from which times start.

    Returns
    -------
    pandas.DataFrame
        The same rows. A row that has a reason keeps it; one that holds no place, or whose place is so near that no road
        can be that slow (``SLOWEST_KMH``), gets none: there is something wrong, and a check says so.
    """
    starts = communes.set_index("insee")[["longitude", "latitude"]].astype(float)
    fixed = places["service"] == FRANCE_SERVICES.kind
    here = places[fixed].dropna(subset=["longitude", "latitude"])
    from_hall = starts.reindex(here["insee"])
    metres = great_circle_m(
        here["longitude"].to_numpy(dtype=float),
        here["latitude"].to_numpy(dtype=float),
        from_hall["longitude"].to_numpy(),
        from_hall["latitude"].to_numpy(),
    )
    nearest_km = pd.Series(metres / 1000.0, index=here["insee"].to_numpy()).groupby(level=0).min()
    km = nearest_km.reindex(minutes["insee"]).to_numpy()
    time = minutes["minutes"].to_numpy(dtype=float)
    explained = (time > near_min) & (km / (np.where(time > 0, time, np.nan) / 60.0) >= SLOWEST_KMH)
    explained &= (minutes["reason"].isna() & (minutes["service"] == FRANCE_SERVICES.kind)).to_numpy()
    said = [
        f"son lieu est à {french.number(float(distance))}\u00a0km de la mairie, à vol d’oiseau" if yes else reason
        for yes, distance, reason in zip(explained, km, minutes["reason"], strict=True)
    ]
    return minutes.assign(reason=pd.Series(said, index=minutes.index, dtype=object))
