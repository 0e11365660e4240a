"""The road network as arrays: junctions in Morton order, arcs with their centiseconds.

Reading files is the work of ``osm.py`` and ``graphml.py``; searching is that of ``nearest.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from fs_pipeline.sphere import Floats

if TYPE_CHECKING:
    from fs_pipeline.roads.contraction import Contraction

Ints = NDArray[np.int32]
SMALL_PIECE = 50  # junctions; a smaller piece cut off from the rest (a car park, a mapping slip) is nobody's road
_MORTON_BITS = 21
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
        Whether a point may be snapped there: junctions of a piece in which one can come and go.
    source, sha256, as_of, profile
        File name, digest of its bytes, date the file gives itself (ISO, or None), ``car`` or ``foot``.
    """

    longitude: Floats
    latitude: Floats
    indptr: Ints
    head: Ints
    centiseconds: Ints
    on_network: NDArray[np.bool_]
    source: str
    sha256: str
    as_of: str | None
    profile: str

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
        )

    @cached_property
    def contraction(self) -> Contraction:
        """The network contracted, once for all that is asked of it."""
        from fs_pipeline.roads.contraction import contract

        return contract(self.indptr, self.head, self.centiseconds)

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
    """
    real = tail != head
    tail, head, seconds = tail[real], head[real], seconds[real]
    used = np.unique(np.concatenate((tail, head)))
    order = used[np.argsort(_morton(longitude[used], latitude[used]), kind="stable")]
    number = np.full(len(longitude), -1, dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    tail, head = np.asarray(number[tail]), np.asarray(number[head])
    centiseconds: Ints = np.maximum(np.rint(seconds * 100.0), 1).astype(np.int32)
    rank = np.lexsort((centiseconds, head, tail))
    tail, head, centiseconds = tail[rank], head[rank], centiseconds[rank]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    tail, head, centiseconds = tail[first], head[first], centiseconds[first]
    indptr = _offsets(np.bincount(tail, minlength=len(order)))
    arc_head = head.astype(np.int32)
    return RoadGraph(
        longitude[order],
        latitude[order],
        indptr,
        arc_head,
        centiseconds,
        _on_network(indptr, arc_head),
        source,
        sha256,
        as_of,
        profile,
    )


def _on_network(indptr: Ints, head: Ints) -> NDArray[np.bool_]:
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
