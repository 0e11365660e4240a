"""What people say who are told that they are far: a wide commune has a place all the same, or the survey knows a nearer one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.access.straight_line import nearest_estimated
from fs_pipeline.sphere import great_circle_m

SLOWEST_KMH = 10.0  # along the straight line; what is slower is a point or a road that is wrong, and no reason

_STARTS = {
    "town_hall": "de la mairie",
    "lone_town_hall": "de la mairie",
    "arrondissement": "de ces habitants",
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


def with_declared(
    minutes: pd.DataFrame, declared: pd.DataFrame, points: pd.DataFrame, communes: Mapping[str, str], near_min: float
) -> pd.DataFrame:
    """`minutes` with a French ``reason`` where the survey alone knows a France services within `near_min` minutes.

    Parameters
    ----------
    minutes
        point_id, service, minutes (None where no place is reached), method, reason.
    declared
        place_id, insee, longitude, latitude of the fixed places that the survey says to be one and the national list lacks.
    points
        ``access.demand.demand_points`` of communes that hold no listed place.
    communes
        Code to name.
    near_min
        Beyond as many minutes one is told to be far.

    Returns
    -------
    pandas.DataFrame
        The same rows; one that has a reason keeps it. Nobody is nearer for it: what the list lacks may be no France services.
        Its minutes are estimated, whatever the others are.
    """
    offered = declared.rename(columns={"place_id": "id"}).assign(**FRANCE_SERVICES.columns)
    found = nearest_estimated(offered, points.rename(columns={"point_id": "id"}), [FRANCE_SERVICES])
    found = found[found["minutes"] <= near_min]
    codes = dict(zip(declared["place_id"], declared["insee"], strict=True))
    nearest = {
        point_id: (time, codes[place_id])
        for point_id, time, place_id in zip(found["demand_id"], found["minutes"], found["place_id"], strict=True)
    }
    far = (minutes["service"] == FRANCE_SERVICES.kind) & ~(minutes["minutes"] <= near_min)
    told = far & (minutes["method"] != "not_computed") & minutes["reason"].isna() & minutes["point_id"].isin(nearest)
    reasons: list[str | None] = []
    for own, is_told, point_id in zip(minutes["reason"], told, minutes["point_id"], strict=True):
        if is_told:
            time, insee = nearest[point_id]
            where = french.at(communes.get(insee, insee))
            reasons.append(
                f"l’enquête en dit une à {french.minutes(time, (int(near_min),))}, {where}, que la liste nationale n’a pas"
            )
        else:
            reasons.append(own if isinstance(own, str) else None)
    return minutes.assign(reason=pd.Series(reasons, index=minutes.index, dtype=object))
