"""Nearest of many sources on a road network: scipy as the reference, a compiled kernel where it pays.

Times are integer centiseconds from home to place, so the search runs backwards from the places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from fs_pipeline.access.graph import Ints, RoadGraph

UNREACHED = np.iinfo(np.int32).max


def nearest_sources(
    roads: RoadGraph, sources: Sequence[Ints], targets: Ints
) -> Iterator[tuple[Ints, NDArray[np.intp]]]:
    """For each set of sources, centiseconds from each target to its nearest source, and which one it is.

    Parameters
    ----------
    roads
        The network.
    sources
        One array of junctions a service.
    targets
        Junctions to answer for.

    Yields
    ------
    tuple
        Centiseconds (``UNREACHED`` where no road leads there) and the source's position in its array.
    """
    yield from _by_scipy(roads, sources, targets)


def _by_scipy(roads: RoadGraph, sources: Sequence[Ints], targets: Ints) -> Iterator[tuple[Ints, NDArray[np.intp]]]:
    indptr, head, centiseconds = roads.reverse()
    matrix = csr_array((centiseconds.astype(np.float64), head, indptr), shape=(roads.nodes, roads.nodes))
    for nodes in sources:
        distinct, first = np.unique(nodes, return_index=True)
        labels, _, origin = dijkstra(matrix, indices=distinct, min_only=True, return_predecessors=True)
        reached = np.isfinite(labels[targets])
        times = np.full(len(targets), UNREACHED, dtype=np.int32)
        times[reached] = labels[targets][reached]
        position = np.zeros(len(targets), dtype=np.intp)
        position[reached] = first[np.searchsorted(distinct, origin[targets][reached])]
        yield times, position
