"""Minutes from each demand point to the nearest place of each service: by road, or estimated, never mixed.

Shares, verdicts and levers are drawn from these minutes elsewhere; the files of the command line are in ``files.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline.access.band import Trips, band_of
from fs_pipeline.access.services import SERVICE_COLUMNS, Service, rows_by_service

if TYPE_CHECKING:
    from fs_pipeline.roads.reading import RoadGraph

MINUTE_COLUMNS = (
    "demand_id",
    *SERVICE_COLUMNS,
    "minutes",
    "minutes_low",
    "minutes_high",
    "minutes_all_fast",
    "minutes_all_slow",
    "place_id",
    "snapped_m",
    "road_class",
    "reached",
    "method",
    "reason",
)

_ENDS: dict[Trips, tuple[str, str]] = {
    "one": ("minutes_low", "minutes_high"),
    "all": ("minutes_all_fast", "minutes_all_slow"),
}


def minutes_to_nearest(
    places: pd.DataFrame,
    demand: pd.DataFrame,
    *,
    roads: RoadGraph | None,
    services: Sequence[Service] | None = None,
) -> pd.DataFrame:
    """Minutes from each demand point to the nearest place of each service.

    Parameters
    ----------
    places
        id, service, demarche_id, longitude, latitude (degrees, EPSG:4326; a place without coordinates serves nobody). A
        place that offers several services has a row for each.
    demand
        id, longitude, latitude, population. Every point is kept, each with its answer or the reason of its absence.
    roads
        The road network, or None to estimate from the straight line. One call uses one method.
    services
        The services to answer for, those of `places` unless given; one without any place is reached by nobody.

    Returns
    -------
    pandas.DataFrame
        One row a service and demand point, services in order, demand in its own order: demand_id, service, demarche_id,
        minutes, minutes_low and minutes_high (at the ends of one trip's band of speeds, ``band.py``), minutes_all_fast
        and minutes_all_slow (at those of all trips together), place_id,
        snapped_m (metres from the demand point to the road, NaN when estimated), road_class (of that road, as
        OpenStreetMap calls it; None when estimated), reached, method (``road``, ``estimated``,
        ``not_computed``), reason (French, None when reached). Both frames may carry ``landmass`` where the outlines do not
        know the land; only the estimate reads it.
    """
    wanted = list(rows_by_service(places) if services is None else services)
    if not wanted or demand.empty:
        return _typed(pd.DataFrame(columns=list(MINUTE_COLUMNS)))
    if roads is None:
        from fs_pipeline.access.straight_line import nearest_estimated

        answers = nearest_estimated(places, demand, wanted)
    else:
        from fs_pipeline.access.by_road import nearest_by_road

        answers = nearest_by_road(places, demand, wanted, roads)
    minutes = answers["minutes"].to_numpy(dtype=np.float64).reshape(len(wanted), len(demand)).T  # a block a service
    for trips, (soonest, latest) in _ENDS.items():
        band = band_of(demand, trips, by_road=roads is not None)
        answers[soonest], answers[latest] = band.soonest(minutes).T.ravel(), band.latest(minutes).T.ravel()
    return _typed(answers[list(MINUTE_COLUMNS)])


def _typed(answers: pd.DataFrame) -> pd.DataFrame:
    """Floats for numbers, objects with None for texts, whatever the rows are."""
    ends = [name for two in _ENDS.values() for name in two]
    numbers = dict.fromkeys(("minutes", *ends, "snapped_m"), "float64")
    texts = dict.fromkeys(("demand_id", *SERVICE_COLUMNS, "place_id", "road_class", "method", "reason"), object)
    typed = answers.astype({**numbers, **texts, "reached": bool})
    return typed.assign(**{name: typed[name].where(typed[name].notna(), None) for name in texts})
