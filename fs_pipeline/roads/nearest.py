"""Nearest of many sources on a road network: scipy as the reference, a compiled kernel where it pays.

Times are integer centiseconds from home to place, so the search runs backwards from the places.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from fs_pipeline.roads.graph import Ints, RoadGraph

UNREACHED = np.iinfo(np.int32).max
WORTH_COMPILING = 500_000  # junctions x services: below, scipy ends before the compiled code is loaded
_CELLS_AT_ONCE = 4_000_000


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
    if _is_worth_compiling(roads, len(sources)):
        yield from _by_kernel(roads, sources, targets)
    else:
        yield from _by_scipy(roads, sources, targets)


def times_from_each(
    roads: RoadGraph, sources: NDArray[np.integer], targets: Ints, limit_cs: int
) -> Iterator[NDArray[np.int64]]:
    """For each source alone, centiseconds from each target to it, ``UNREACHED`` beyond `limit_cs`."""
    if _is_worth_compiling(roads, len(sources)):
        alone = [np.array([source], dtype=np.int32) for source in sources]
        for times, _ in _by_kernel(roads, alone, targets):
            yield np.where(times <= limit_cs, times, UNREACHED).astype(np.int64)
        return
    matrix = _backwards(roads)
    step = max(1, _CELLS_AT_ONCE // max(1, roads.nodes))  # a few at a time, so that memory does not grow with them
    for start in range(0, len(sources), step):
        labels = dijkstra(matrix, indices=sources[start : start + step], limit=float(limit_cs))[:, targets]
        for row in labels:
            yield np.where(np.isfinite(row), row, UNREACHED).astype(np.int64)


def _is_worth_compiling(roads: RoadGraph, searches: int) -> bool:
    return roads.nodes * searches >= WORTH_COMPILING and _can_compile()


@cache
def _can_compile() -> bool:
    """False without numba, and where it finds no folder to keep compiled code in (a read-only installation)."""
    try:
        importlib.import_module("fs_pipeline.roads.kernel")
    except (ImportError, RuntimeError):
        return False
    return True


def _by_kernel(roads: RoadGraph, sources: Sequence[Ints], targets: Ints) -> Iterator[tuple[Ints, NDArray[np.intp]]]:
    from fs_pipeline.roads.kernel import SERVICES_AT_ONCE, UNLABELLED, nearest_labels, rank_of, time_of

    network = roads.contraction
    for start in range(0, len(sources), SERVICES_AT_ONCE):
        labels = nearest_labels(network, sources[start : start + SERVICES_AT_ONCE])[network.position[targets]]
        for found in labels.T:
            reached = found < UNLABELLED
            times = np.full(len(targets), UNREACHED, dtype=np.int32)
            times[reached] = time_of(found[reached])
            position = np.zeros(len(targets), dtype=np.intp)
            position[reached] = rank_of(found[reached])
            yield times, position


def _backwards(roads: RoadGraph) -> csr_array:
    indptr, head, centiseconds = roads.reverse()
    return csr_array((centiseconds.astype(np.float64), head, indptr), shape=(roads.nodes, roads.nodes))


def _by_scipy(roads: RoadGraph, sources: Sequence[Ints], targets: Ints) -> Iterator[tuple[Ints, NDArray[np.intp]]]:
    matrix = _backwards(roads)
    for nodes in sources:
        distinct, first = np.unique(nodes, return_index=True)
        labels, _, origin = dijkstra(matrix, indices=distinct, min_only=True, return_predecessors=True)
        reached = np.isfinite(labels[targets])
        times = np.full(len(targets), UNREACHED, dtype=np.int32)
        times[reached] = labels[targets][reached]
        position = np.zeros(len(targets), dtype=np.intp)
        position[reached] = first[np.searchsorted(distinct, origin[targets][reached])]
        yield times, position
