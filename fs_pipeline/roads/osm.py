"""OpenStreetMap files (``.osm``, and small ``.osm.pbf``) to arcs between junctions, by the well-kept reader.

It takes an object at a time, which is quick to start and slow to go on: ``osm_pbf.py`` reads what is large.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.roads.arcs import Arcs, RoadWays, cut
from fs_pipeline.roads.profiles import ROAD_KEYS, Passage, Profile
from fs_pipeline.sphere import Floats


def read_osm(path: Path, profile: Profile) -> Arcs:
    """The arcs of `path` for `profile`.

    Raises
    ------
    RuntimeError
        As libosmium does, for a file that is truncated or not OpenStreetMap data.
    """
    ways = _read_ways(path, profile)
    ids = np.unique(ways.node)
    longitude, latitude, closed = _read_nodes(path, ids, profile)
    placed = RoadWays(np.searchsorted(ids, ways.node), ways.first, ways.passage, ways.passages)
    return cut(placed, longitude, latitude, closed, _date(path))


def _read_ways(path: Path, profile: Profile) -> RoadWays:
    """The open ways, over ids of nodes."""
    import osmium

    refs, first, of_way = array("q"), array("q", [0]), array("i")
    passages: dict[Passage, int] = {}
    ways = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter(*ROAD_KEYS))
    way: Any
    for way in ways:
        passage = profile.passage(dict(way.tags))
        if passage is not None:
            of_way.append(passages.setdefault(passage, len(passages)))
            refs.extend(node.ref for node in way.nodes)
            first.append(len(refs))
    return RoadWays(
        np.array(refs, dtype=np.int64),
        np.array(first, dtype=np.int64),
        np.array(of_way, dtype=np.int32),
        list(passages),
    )


def _read_nodes(path: Path, ids: NDArray[np.int64], profile: Profile) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Longitude and latitude of `ids` (NaN where the extract lacks the node), and whether a barrier closes it."""
    import osmium

    longitude, latitude = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    closed = np.zeros(len(ids), dtype=bool)
    found, xs, ys = array("q"), array("d"), array("d")
    closed_ids = []
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE)
    wanted = frozenset[int]()
    if len(ids) and ids[0] < 0:  # of an editor that gave no number yet; the filter takes none below nought
        wanted = frozenset(ids.tolist())
    else:
        nodes = nodes.with_filter(osmium.filter.IdFilter(ids.tolist()))
    node: Any
    for node in nodes:
        if wanted and node.id not in wanted:
            continue
        found.append(node.id)
        xs.append(node.lon)
        ys.append(node.lat)
        if len(node.tags) and profile.is_closed_by(dict(node.tags)):
            closed_ids.append(node.id)
    at = np.searchsorted(ids, np.array(found, dtype=np.int64))
    longitude[at], latitude[at] = np.array(xs), np.array(ys)
    closed[np.searchsorted(ids, np.array(closed_ids, dtype=np.int64))] = True
    return longitude, latitude, closed


def _date(path: Path) -> str | None:
    """The date of the data, as the file's header says it."""
    import osmium

    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        stamp = reader.header().get("osmosis_replication_timestamp")
    return stamp[:10] or None
