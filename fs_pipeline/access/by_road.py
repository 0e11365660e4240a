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
REST_AREA_M = 100.0  # a place so near to a rest area's drives stands on it
BEYOND_FILE_DEGREES = 0.05  # about 5 km: outside of the file's box by more than this, the file does not speak of it


def nearest_by_road(
    places: pd.DataFrame, demand: pd.DataFrame, services: list[Service], roads: RoadGraph
) -> pd.DataFrame:
    """Minutes by road from each demand point to the nearest place of each service.

    Takes and returns what ``nearest_estimated`` does; the time starts and ends on the road, ``snapped_m`` metres away
    from the demand point, and is one of ``road_class``. A point far from any road is kept and not reached; one outside
    the road file is not computed. Nobody lives on a motorway's rest area; a place may stand there (docs/adr/0041).
    """
    snap = _Snap(roads)
    start = snap.of(demand)
    goal = snap.of(places, on_rest_areas=True)
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
    start, goal = snap.of(demand), snap.of(places, on_rest_areas=True)
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
            "road_class": start.road_class,
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
    road_class: NDArray[np.object_]
    usable: NDArray[np.bool_]
    outside: NDArray[np.bool_]  # without coordinates, or beyond the road file
    reason: NDArray[np.object_]


class _Snap:
    """Snaps points to the junctions of a network where one may stop and from which one can come and go."""

    def __init__(self, roads: RoadGraph) -> None:
        self._roads = roads
        self._ordinary = _Candidates.among(roads, roads.on_network)
        self._rest_areas = _Candidates.among(roads, roads.rest_area)

    def of(self, points: pd.DataFrame, *, on_rest_areas: bool = False) -> _Snapped:
        longitude = points["longitude"].to_numpy(dtype=np.float64)
        latitude = points["latitude"].to_numpy(dtype=np.float64)
        west, south, east, north = self._roads.bounds
        margin = BEYOND_FILE_DEGREES
        known = np.isfinite(longitude) & np.isfinite(latitude)
        inside = (
            known
            & (longitude >= west - margin)
            & (longitude <= east + margin)
            & (latitude >= south - margin)
            & (latitude <= north + margin)
        )
        here = np.flatnonzero(inside)
        node = np.zeros(len(points), dtype=np.int32)
        snapped_m = np.full(len(points), np.nan)
        snapped_m[here], node[here] = self._ordinary.nearest(longitude[here], latitude[here])
        if on_rest_areas:
            metres, area = self._rest_areas.nearest(longitude[here], latitude[here])
            there = (metres <= REST_AREA_M) & (metres < snapped_m[here])
            snapped_m[here[there]], node[here[there]] = metres[there], area[there]
        usable = snapped_m <= FAR_FROM_ROAD_M  # never where there is none
        road_class = np.full(len(points), None, dtype=object)
        names = np.array(self._roads.classes, dtype=object)
        road_class[usable] = names[self._roads.road_class[node[usable]]]
        reason = np.full(len(points), None, dtype=object)
        reason[~inside] = f"non calculé\u00a0: hors de l’emprise du fichier de routes ({self._roads.source})"
        reason[~known] = NO_POINT
        far = inside & ~usable
        reason[far] = [
            f"non atteint\u00a0: route la plus proche à {french.number(m / 1000, 1)}\u00a0km"
            if np.isfinite(m)
            else "non atteint\u00a0: aucune route où s’arrêter"
            for m in snapped_m[far]
        ]
        return _Snapped(node, snapped_m, road_class, usable, ~inside, reason)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Junctions to which points may be snapped."""

    node: Ints
    tree: NearestPoint | None  # None where there is none

    @classmethod
    def among(cls, roads: RoadGraph, wanted: NDArray[np.bool_]) -> _Candidates:
        node = np.flatnonzero(wanted).astype(np.int32)
        return cls(node, NearestPoint(roads.longitude[node], roads.latitude[node]) if len(node) else None)

    def nearest(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Ints]:
        """Metres to the nearest of each point, infinite where there is none, and which junction it is."""
        if self.tree is None:
            return np.full(len(longitude), np.inf), np.zeros(len(longitude), dtype=np.int32)
        metres, position = self.tree.query(longitude, latitude)
        return metres, self.node[position]
