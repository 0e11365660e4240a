"""The road network as arrays: junctions in Morton order, arcs with their centiseconds.

Reading files is the work of ``reading.py``; searching is that of ``nearest.py``, and what is kept that of ``keeping.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from fs_pipeline.roads.profiles import Passage
from fs_pipeline.roads.unreadable import UnreadableRoads
from fs_pipeline.sphere import Floats

if TYPE_CHECKING:
    from fs_pipeline.roads.contraction import Contraction

Ints = NDArray[np.int32]
SMALL_PIECE = 50  # junctions; a smaller piece cut off from the rest (a car park, a mapping slip) is nobody's road
NO_STOP = 255  # no road there where one may stop
_MORTON_BITS = 21
_MOST = np.iinfo(np.int32).max  # junctions, and arcs: they are counted in 32 bits
_MAIN = frozenset({"motorway", "trunk", "primary"})  # what a map of a département shows
_INSIDE_REST_AREAS = frozenset({"service"})
_BELT_DEGREES = 0.7  # more than half an hour away by the fastest roads


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """A network for one profile.

    Attributes
    ----------
    longitude, latitude
        Degrees (EPSG:4326), one a junction, in Morton order: neighbours on the ground are neighbours in memory.
    indptr, head, centiseconds
        Arcs in CSR order of their tail: those of junction i are ``indptr[i]:indptr[i + 1]``.
    on_network
        Whether a point may be snapped there: junctions of a piece in which one can come and go, on a road where one may
        stop, rest areas apart.
    rest_area
        Junctions of a motorway's rest area, which one reaches by the motorway alone and where one may stop.
    road_class
        The most important road on which one may stop at each junction, a position in `classes`; ``NO_STOP`` on
        motorways, ferries and in tunnels.
    classes
        Road classes, the most important first (``road_speeds.csv``).
    main
        int32 (stretches, 2): the junctions at both ends of each stretch of a main road, for maps.
    source, sha256, as_of, profile
        File name, digest of its bytes, date the file gives itself (ISO, or None), ``car`` or ``foot``.
    kept_in
        Folder where the contraction is kept, or None.
    """

    longitude: Floats
    latitude: Floats
    indptr: Ints
    head: Ints
    centiseconds: Ints
    on_network: NDArray[np.bool_]
    rest_area: NDArray[np.bool_]
    road_class: NDArray[np.uint8]
    classes: tuple[str, ...]
    main: Ints
    source: str
    sha256: str
    as_of: str | None
    profile: str
    kept_in: Path | None = None

    @property
    def nodes(self) -> int:
        """Number of junctions."""
        return len(self.longitude)

    @property
    def arcs(self) -> int:
        """Number of arcs, one a direction."""
        return len(self.head)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, in degrees."""
        return (
            float(self.longitude.min()),
            float(self.latitude.min()),
            float(self.longitude.max()),
            float(self.latitude.max()),
        )

    def clip(self, bbox: tuple[float, float, float, float]) -> RoadGraph:
        """The part inside `bbox` (west, south, east, north, degrees); arcs that leave it are cut."""
        west, south, east, north = bbox
        inside = (
            (self.longitude >= west) & (self.longitude <= east) & (self.latitude >= south) & (self.latitude <= north)
        )
        number = np.cumsum(inside, dtype=np.int32) - 1
        tail = np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.indptr))
        kept = inside[tail] & inside[self.head]
        counts = np.bincount(number[tail[kept]], minlength=int(inside.sum()))
        return replace(
            self,
            longitude=self.longitude[inside],
            latitude=self.latitude[inside],
            indptr=_offsets(counts),
            head=number[self.head[kept]],
            centiseconds=self.centiseconds[kept],
            on_network=self.on_network[inside],
            rest_area=self.rest_area[inside],
            road_class=self.road_class[inside],
            main=number[self.main[inside[self.main].all(axis=1)]],
            kept_in=None,
        )

    @cached_property
    def contraction(self) -> Contraction:
        """The network contracted, once for all that is asked of it, and for later runs where it is kept."""
        from fs_pipeline.roads.contraction import contract
        from fs_pipeline.roads.keeping import keep_contraction, kept_contraction

        found = kept_contraction(self.kept_in, self.nodes) if self.kept_in else None
        if found is None:
            found = contract(self.indptr, self.head, self.centiseconds)
            if self.kept_in:
                keep_contraction(found, self.kept_in)
        return found

    def box_around(self, longitude: Floats, latitude: Floats) -> tuple[float, float, float, float] | None:
        """The box that journeys from these points may need, a belt wider than they are; None where all roads are inside."""
        if not len(longitude):
            return None
        west, south, east, north = self.bounds
        box = (
            longitude.min() - _BELT_DEGREES,
            latitude.min() - _BELT_DEGREES,
            longitude.max() + _BELT_DEGREES,
            latitude.max() + _BELT_DEGREES,
        )
        return None if box[0] <= west and box[1] <= south and box[2] >= east and box[3] >= north else box

    def main_lines(self, bbox: tuple[float, float, float, float]) -> NDArray[np.float64]:
        """Stretches of main roads that touch `bbox` (west, south, east, north): degrees, (stretches, 2 ends, 2)."""
        west, south, east, north = bbox
        x, y = self.longitude[self.main], self.latitude[self.main]
        inside = ((x >= west) & (x <= east) & (y >= south) & (y <= north)).any(axis=1)
        return np.stack((x[inside], y[inside]), axis=2)

    def reverse(self) -> tuple[Ints, Ints, Ints]:
        """``indptr``, ``head`` and ``centiseconds`` of the same arcs travelled backwards."""
        tail = np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.indptr))
        order = np.argsort(self.head, kind="stable")
        return _offsets(np.bincount(self.head, minlength=self.nodes)), tail[order], self.centiseconds[order]


def build_graph(
    longitude: Floats,
    latitude: Floats,
    tail: NDArray[np.integer],
    head: NDArray[np.integer],
    seconds: Floats,
    *,
    source: str,
    sha256: str,
    as_of: str | None,
    profile: str,
    passage: NDArray[np.integer] | None = None,
    passages: Sequence[Passage] = (Passage(0.0, 0.0, True, True),),
    classes: Sequence[str] = ("",),
) -> RoadGraph:
    """Number the nodes that an arc touches in Morton order, keep the fastest of parallel arcs, and drop loops.

    Parameters
    ----------
    longitude, latitude
        Degrees of every node.
    tail, head
        Positions of each arc's ends among them, one arc a direction.
    seconds
        Time of each arc; at least a centisecond is kept.
    passage, passages
        Which of `passages` each arc is of; the first for all where it is not said.
    classes
        Road classes of the passages, the most important first.

    Raises
    ------
    UnreadableRoads
        When there are more arcs than can be numbered.
    """
    of_arc = np.zeros(len(tail), dtype=np.int32) if passage is None else passage
    real = tail != head
    tail, head, seconds, of_arc = tail[real], head[real], seconds[real], of_arc[real]
    if len(tail) > _MOST:
        raise UnreadableRoads(
            f"{source}\u00a0: plus de {_MOST} tronçons, trop pour un seul réseau\u202f; prendre un extrait"
        )
    used = np.zeros(len(longitude), dtype=bool)
    used[tail] = used[head] = True
    nodes = np.flatnonzero(used)
    order = nodes[np.argsort(_morton(longitude[nodes], latitude[nodes]), kind="stable")]
    number = np.full(len(longitude), -1, dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    tail, head = np.asarray(number[tail]), np.asarray(number[head])
    road_class = _stopping_class(tail, head, of_arc, passages, classes, len(order))
    rest_area = _rest_areas(tail, head, of_arc, passages, len(order))
    main = _main_roads(tail, head, of_arc, passages)
    ways = tail.astype(np.int64) * len(order) + head
    rank = np.argsort(ways)
    ways = ways[rank]
    first = np.flatnonzero(np.append(True, ways[1:] != ways[:-1])) if len(ways) else np.empty(0, dtype=np.intp)
    centiseconds: Ints = np.maximum(np.rint(seconds * 100.0), 1).astype(np.int32)[rank]
    fastest = np.minimum.reduceat(centiseconds, first) if len(first) else centiseconds
    arc_head = head[rank[first]].astype(np.int32)
    indptr = _offsets(np.bincount(tail[rank[first]], minlength=len(order)))
    return RoadGraph(
        longitude[order],
        latitude[order],
        indptr,
        arc_head,
        fastest,
        _come_and_go(indptr, arc_head) & (road_class != NO_STOP) & ~rest_area,
        rest_area,
        road_class,
        tuple(classes),
        main,
        source,
        sha256,
        as_of,
        profile,
    )


def _stopping_class(
    tail: NDArray[np.integer],
    head: NDArray[np.integer],
    of_arc: NDArray[np.integer],
    passages: Sequence[Passage],
    classes: Sequence[str],
    size: int,
) -> NDArray[np.uint8]:
    """The most important road on which one may stop at each junction (``RoadGraph.road_class``)."""
    codes = np.array(
        [classes.index(passage.road_class) if passage.may_stop else NO_STOP for passage in passages], dtype=np.uint8
    )[of_arc]
    found = np.full(size, NO_STOP, dtype=np.uint8)
    for code in range(len(classes) - 1, -1, -1):
        arcs = codes == code
        found[tail[arcs]] = found[head[arcs]] = code
    return found


def _main_roads(
    tail: NDArray[np.integer], head: NDArray[np.integer], of_arc: NDArray[np.integer], passages: Sequence[Passage]
) -> Ints:
    """Stretches of main roads, once for both directions."""
    chosen = np.array([passage.road_class in _MAIN for passage in passages], dtype=bool)[of_arc]
    ends = np.sort(np.column_stack((tail[chosen], head[chosen])), axis=1)
    return np.unique(ends, axis=0).astype(np.int32)


def _rest_areas(
    tail: NDArray[np.integer],
    head: NDArray[np.integer],
    of_arc: NDArray[np.integer],
    passages: Sequence[Passage],
    size: int,
) -> NDArray[np.bool_]:
    """Junctions of pieces that a motorway alone joins to the rest, and in which there are car parks and drives only."""
    motorway = np.array([passage.motorway for passage in passages], dtype=bool)[of_arc]
    found = np.zeros(size, dtype=bool)
    if not motorway.any():
        return found
    beside = ~motorway
    matrix = csr_array((np.ones(int(beside.sum()), dtype=np.int8), (tail[beside], head[beside])), shape=(size, size))
    _, piece = connected_components(matrix, directed=False)
    joined = np.zeros(size, dtype=bool)  # by piece, from here on
    joined[piece[tail[motorway]]] = joined[piece[head[motorway]]] = True
    elsewhere = np.array([passage.road_class not in _INSIDE_REST_AREAS for passage in passages], dtype=bool)[of_arc]
    joined[piece[tail[beside & elsewhere]]] = False
    found = joined[piece]
    on_own_roads = np.zeros(size, dtype=bool)
    on_own_roads[tail[beside]] = on_own_roads[head[beside]] = True
    return found & on_own_roads


def _come_and_go(indptr: Ints, head: Ints) -> NDArray[np.bool_]:
    """Junctions of a large enough strongly connected piece, or of the largest."""
    size = len(indptr) - 1
    matrix = csr_array((np.ones(len(head), dtype=np.int8), head, indptr), shape=(size, size))
    _, piece = connected_components(matrix, directed=True, connection="strong")
    counts = np.bincount(piece)
    return np.asarray((counts >= min(SMALL_PIECE, counts.max()))[piece])


def _offsets(counts: NDArray[np.integer]) -> Ints:
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def _morton(longitude: Floats, latitude: Floats) -> NDArray[np.uint64]:
    """Position along a Z-order curve over the globe."""
    scale = float(1 << _MORTON_BITS)
    x = np.minimum((longitude + 180.0) / 360.0 * scale, scale - 1).astype(np.uint64)
    y = np.minimum((latitude + 90.0) / 180.0 * scale, scale - 1).astype(np.uint64)
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Put a zero between any two bits (Morton, 1966; the usual masks for 32 bits)."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits
