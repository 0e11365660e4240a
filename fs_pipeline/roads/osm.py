"""OpenStreetMap files (``.osm.pbf``, also ``.osm``) to arcs between junctions.

Ways are cut at junctions and, on long roads without any, every few hundred metres, so that a house half-way snaps near
itself. Speeds are the profile's; turn restrictions are not read.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.roads.profiles import ROAD_KEYS, Passage, Profile
from fs_pipeline.sphere import Floats, great_circle_m

CUT_M = 400.0  # longest stretch of road without a node to snap to, shape points allowing


@dataclass(frozen=True, eq=False)
class Arcs:
    """Nodes in degrees, arcs by position of their ends, one a direction, and the date of the file."""

    longitude: Floats
    latitude: Floats
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    seconds: Floats
    as_of: str | None = None


def read_osm(path: Path, profile: Profile) -> Arcs:
    """The arcs of `path` for `profile`.

    Raises
    ------
    RuntimeError
        As libosmium does, for a file that is truncated or not OpenStreetMap data.
    """
    refs, starts, passages = _read_ways(path, profile)
    ids = np.unique(refs)
    longitude, latitude, closed = _read_nodes(path, ids, profile)
    node = np.searchsorted(ids, refs)
    arcs = _cut(node, starts, passages, longitude, latitude)
    if closed.any():  # one may come up to a barrier, not pass it
        open_arc = ~closed[arcs.tail]
        arcs = Arcs(longitude, latitude, arcs.tail[open_arc], arcs.head[open_arc], arcs.seconds[open_arc])
    return Arcs(longitude, latitude, arcs.tail, arcs.head, arcs.seconds, _date(path))


def _read_ways(path: Path, profile: Profile) -> tuple[NDArray[np.int64], NDArray[np.int64], list[Passage]]:
    """Node ids of all open ways one after the other, where each way starts, and what it allows."""
    import osmium

    refs, starts = array("q"), array("q")
    passages = []
    ways = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter(*ROAD_KEYS))
    way: Any
    for way in ways:
        passage = profile.passage(dict(way.tags))
        if passage is not None:
            starts.append(len(refs))
            refs.extend(node.ref for node in way.nodes)
            passages.append(passage)
    return np.array(refs, dtype=np.int64), np.array(starts, dtype=np.int64), passages


def _read_nodes(path: Path, ids: NDArray[np.int64], profile: Profile) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Longitude and latitude of `ids` (NaN where the extract lacks the node), and whether a barrier closes it."""
    import osmium

    longitude, latitude = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    closed = np.zeros(len(ids), dtype=bool)
    found, xs, ys = array("q"), array("d"), array("d")
    closed_ids = []
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(ids.tolist()))
    node: Any
    for node in nodes:
        found.append(node.id)
        xs.append(node.lon)
        ys.append(node.lat)
        if len(node.tags) and profile.is_closed_by(dict(node.tags)):
            closed_ids.append(node.id)
    at = np.searchsorted(ids, np.array(found, dtype=np.int64))
    longitude[at], latitude[at] = np.array(xs), np.array(ys)
    closed[np.searchsorted(ids, np.array(closed_ids, dtype=np.int64))] = True
    return longitude, latitude, closed


def _cut(
    node: NDArray[np.int64], starts: NDArray[np.int64], passages: list[Passage], longitude: Floats, latitude: Floats
) -> Arcs:
    """Arcs between the nodes worth keeping of each way."""
    way = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(node))))
    located = np.isfinite(longitude[node])
    broken = np.zeros(len(node), dtype=bool)  # the stretch before this node is missing
    broken[1:] = (way[1:] != way[:-1]) | ~located[1:] | ~located[:-1]
    broken[:1] = True
    step_m = np.zeros(len(node))
    inner = np.flatnonzero(~broken)
    a, b = node[inner - 1], node[inner]
    step_m[inner] = great_circle_m(longitude[a], latitude[a], longitude[b], latitude[b])
    travelled = np.cumsum(step_m)
    last = np.append(broken[1:], True)
    kept = broken | last | (np.bincount(node, minlength=len(longitude))[node] > 1)
    since = travelled - travelled[np.maximum.accumulate(np.where(kept, np.arange(len(node)), 0))]
    slice_number = np.floor(since / CUT_M)
    kept[1:] |= (slice_number[1:] > slice_number[:-1]) & ~broken[1:]
    at = np.flatnonzero(kept)
    joined = ~_any_between(broken, at)
    tail, head = at[:-1][joined], at[1:][joined]
    length_m = travelled[head] - travelled[tail]
    return _both_ways(node[tail], node[head], length_m, way[head], passages, longitude, latitude)


def _any_between(flags: NDArray[np.bool_], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a flag is raised after at[i] and up to at[i + 1], for each i."""
    total = np.cumsum(flags)
    return np.asarray(total[at[1:]] > total[at[:-1]])


def _both_ways(
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    length_m: Floats,
    way: NDArray[np.intp],
    passages: list[Passage],
    longitude: Floats,
    latitude: Floats,
) -> Arcs:
    """One arc a direction that the way leaves open; a wait or a mapped duration is shared out along the way."""
    way_length_m = np.maximum(np.bincount(way, weights=length_m, minlength=len(passages)), 1.0)
    pace = np.array([3.6 / passage.kmh for passage in passages])  # seconds a metre
    fixed = np.array([passage.wait_s for passage in passages]) / way_length_m
    for position, passage in enumerate(passages):
        if passage.duration_s is not None:
            pace[position] = passage.duration_s / way_length_m[position]
    seconds = length_m * (pace + fixed)[way]
    forward = np.array([passage.forward for passage in passages], dtype=bool)[way]
    backward = np.array([passage.backward for passage in passages], dtype=bool)[way]
    return Arcs(
        longitude,
        latitude,
        np.concatenate((tail[forward], head[backward])),
        np.concatenate((head[forward], tail[backward])),
        np.concatenate((seconds[forward], seconds[backward])),
    )


def _date(path: Path) -> str | None:
    """The date of the data, as the file's header says it."""
    import osmium

    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        stamp = reader.header().get("osmosis_replication_timestamp")
    return stamp[:10] or None
