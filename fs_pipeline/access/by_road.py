"""Minutes by road: points snapped to the network, one search a service, and what could not be reached said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline import french
from fs_pipeline.access.services import Service, rows_by_service
from fs_pipeline.access.straight_line import NO_POINT
from fs_pipeline.roads.graph import Ints, RoadGraph
from fs_pipeline.roads.nearest import UNREACHED, nearest_sources, times_from_each
from fs_pipeline.sphere import Floats, NearestPoint

FAR_FROM_ROAD_M = 3_000.0  # beyond, the nearest road says nothing of the point
BEYOND_FILE_DEGREES = 0.05  # about 5 km: outside of the file's box by more than this, the file does not speak of it


def nearest_by_road(
    places: pd.DataFrame, demand: pd.DataFrame, services: list[Service], roads: RoadGraph
) -> pd.DataFrame:
    """Minutes by road from each demand point to the nearest place of each service.

    Takes and returns what ``nearest_estimated`` does; the time starts and ends on the road, ``snapped_m`` metres away
    from the demand point. A point far from any road is kept and not reached; one outside the road file is not computed.
    """
    snap = _Snap(roads)
    start = snap.of(demand)
    goal = snap.of(places)
    # A place out of the file's reach serves nobody here; ids are ranked so that a tie falls the same way every time.
    served = places.assign(node=goal.node, rank=places["id"].astype(str).rank(method="first"))
    served = served[goal.usable].sort_values("rank")
    nodes, place_ids = served["node"].to_numpy(dtype=np.int32), served["id"].to_numpy(dtype=object)
    rows = rows_by_service(served)
    found = iter(nearest_sources(roads, [nodes[rows[service]] for service in services if service in rows], start.node))
    blocks = []
    for service in services:
        minutes = np.full(len(demand), np.nan)
        place_id = np.full(len(demand), None, dtype=object)
        if service in rows:
            centiseconds, nearest = next(found)
            reached = start.usable & (centiseconds != UNREACHED)
            minutes[reached] = centiseconds[reached] / 6000.0
            place_id[reached] = place_ids[rows[service]][nearest[reached]]
        blocks.append(_answers(demand, service, minutes, place_id, start))
    return pd.concat(blocks, ignore_index=True)


def minutes_by_road(places: pd.DataFrame, demand: pd.DataFrame, roads: RoadGraph, limit_min: float) -> Floats:
    """Minutes from each demand point to each place, infinite beyond `limit_min`: (demand points, places)."""
    snap = _Snap(roads)
    start, goal = snap.of(demand), snap.of(places)
    minutes = np.full((len(demand), len(places)), np.inf)
    nodes, place_of = np.unique(goal.node[goal.usable], return_inverse=True)
    usable = np.flatnonzero(goal.usable)
    for position, centiseconds in enumerate(times_from_each(roads, nodes, start.node, round(limit_min * 6000))):
        reached = start.usable & (centiseconds != UNREACHED)
        at = usable[place_of == position]
        minutes[np.ix_(reached, at)] = (centiseconds[reached] / 6000.0)[:, None]
    return minutes


def _answers(
    demand: pd.DataFrame, service: Service, minutes: Floats, place_id: NDArray[np.object_], start: _Snapped
) -> pd.DataFrame:
    reached = np.isfinite(minutes)
    reason = start.reason.copy()
    reason[start.usable & ~reached] = "non atteint\u00a0: aucun chemin par la route"
    return pd.DataFrame(
        {
            "demand_id": demand["id"].to_numpy(),
            **service.columns,
            "minutes": minutes,
            "place_id": place_id,
            "snapped_m": start.snapped_m,
            "reached": reached,
            "method": np.where(start.outside, "not_computed", "road"),
            "reason": reason,
        }
    )


@dataclass(frozen=True, slots=True)
class _Snapped:
    """Where points meet the network."""

    node: Ints
    snapped_m: Floats
    usable: NDArray[np.bool_]
    outside: NDArray[np.bool_]  # without coordinates, or beyond the road file
    reason: NDArray[np.object_]


class _Snap:
    """Snaps points to the junctions of a network from which one can come and go."""

    def __init__(self, roads: RoadGraph) -> None:
        self._bounds = roads.bounds
        self._candidates = np.flatnonzero(roads.on_network).astype(np.int32)
        self._nearest = NearestPoint(roads.longitude[self._candidates], roads.latitude[self._candidates])
        self._source = roads.source

    def of(self, points: pd.DataFrame) -> _Snapped:
        longitude = points["longitude"].to_numpy(dtype=np.float64)
        latitude = points["latitude"].to_numpy(dtype=np.float64)
        west, south, east, north = self._bounds
        margin = BEYOND_FILE_DEGREES
        known = np.isfinite(longitude) & np.isfinite(latitude)
        inside = (
            known
            & (longitude >= west - margin)
            & (longitude <= east + margin)
            & (latitude >= south - margin)
            & (latitude <= north + margin)
        )
        metres, position = self._nearest.query(longitude[inside], latitude[inside])
        node = np.zeros(len(points), dtype=np.int32)
        node[inside] = self._candidates[position]
        snapped_m = np.full(len(points), np.nan)
        snapped_m[inside] = metres
        usable = snapped_m <= FAR_FROM_ROAD_M  # never where there is none
        reason = np.full(len(points), None, dtype=object)
        reason[~inside] = f"non calculé\u00a0: hors de l’emprise du fichier de routes ({self._source})"
        reason[~known] = NO_POINT
        far = inside & ~usable
        reason[far] = [
            f"non atteint\u00a0: route la plus proche à {french.number(m / 1000, 1)}\u00a0km" for m in snapped_m[far]
        ]
        return _Snapped(node, snapped_m, usable, ~inside, reason)
