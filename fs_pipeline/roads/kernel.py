"""The compiled search on a contracted network: nearest of many sources, several services at a time.

Labels climb from the sources, are settled in the core by Dijkstra's algorithm, and come down again in one sweep over
memory (as PHAST does, Delling, Goldberg, Nowatzyk and Werneck, 2011). A label packs centiseconds and the source's rank
into one integer: labels are compared in one go, ties fall on the lower rank, and the order of work changes nothing.
Imported only where compiling pays (``nearest.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fs_pipeline.roads.contraction import CLOSED, Contraction, Ints

UNLABELLED = np.int64(1 << 62)
SERVICES_AT_ONCE = 4  # their labels of one junction share a cache line's half; more only cost memory
_RANK_BITS = 32
_RANK_MASK = (1 << _RANK_BITS) - 1


def nearest_labels(network: Contraction, sources: Sequence[Ints]) -> NDArray[np.int64]:
    """Label of every position and service: centiseconds to its nearest source, and that source's rank.

    Parameters
    ----------
    network
        The network contracted with its arcs as they are travelled: times are from a junction to the sources.
    sources
        Junctions, an array a service; of two at the same one the first answers.

    Returns
    -------
    numpy.ndarray
        int64 (positions, services), ``UNLABELLED`` or more where no way leads; read with ``time_of`` and ``rank_of``.
    """
    labels = np.full((len(network.position), len(sources)), UNLABELLED, dtype=np.int64)
    for lane, junctions in enumerate(sources):
        at = network.position[junctions]
        labels[at[::-1], lane] = np.arange(len(at), dtype=np.int64)[::-1]
    _climb(labels, network.indptr, network.head, network.back, network.core)
    for lane in range(len(sources)):
        _settle(labels, lane, network.indptr, network.head, network.back, network.core)
    _descend(labels, network.indptr, network.head, network.out, network.core)
    return labels


def time_of(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Centiseconds of labels."""
    return labels >> _RANK_BITS


def rank_of(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank, among its service's sources, of the one that each label comes from."""
    return labels & _RANK_MASK


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _climb(labels: NDArray[np.int64], indptr: NDArray[np.int64], head: Ints, back: Ints, core: int) -> None:
    """From what is labelled to what stands above; going down to a source is coming back to it."""
    lanes = labels.shape[1]
    for node in range(core):
        for lane in range(lanes):
            label = labels[node, lane]
            if label >= UNLABELLED:
                continue
            for way in range(indptr[node], indptr[node + 1]):
                if back[way] != CLOSED:
                    reached = label + (np.int64(back[way]) << _RANK_BITS)
                    labels[head[way], lane] = min(labels[head[way], lane], reached)


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _settle(labels: NDArray[np.int64], lane: int, indptr: NDArray[np.int64], head: Ints, back: Ints, core: int) -> None:
    """Dijkstra's algorithm among the core's positions, from all that is labelled there."""
    queue = [np.int64(0) for _ in range(0)]  # tells the compiler what it holds
    for node in range(core, len(labels)):
        if labels[node, lane] < UNLABELLED:
            heappush(queue, (labels[node, lane] >> _RANK_BITS << _RANK_BITS) | node)
    while len(queue) > 0:
        entry = heappop(queue)
        settled = entry & _RANK_MASK
        label = labels[settled, lane]
        if label >> _RANK_BITS != entry >> _RANK_BITS:
            continue
        for way in range(indptr[settled], indptr[settled + 1]):
            if back[way] == CLOSED:
                continue
            reached = label + (np.int64(back[way]) << _RANK_BITS)
            if reached < labels[head[way], lane]:
                labels[head[way], lane] = reached
                heappush(queue, (reached >> _RANK_BITS << _RANK_BITS) | head[way])


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _descend(labels: NDArray[np.int64], indptr: NDArray[np.int64], head: Ints, out: Ints, core: int) -> None:
    """From the core to the lowest position: what is above has its last word already."""
    lanes = labels.shape[1]
    for node in range(core - 1, -1, -1):
        for way in range(indptr[node], indptr[node + 1]):
            if out[way] == CLOSED:
                continue
            time = np.int64(out[way]) << _RANK_BITS
            above = head[way]
            for lane in range(lanes):
                labels[node, lane] = min(labels[node, lane], labels[above, lane] + time)
