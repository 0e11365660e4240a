"""The compiled search: nearest of many sources on integer times. Imported only where compiling pays (``nearest.py``).

Dijkstra with a bucket queue (Dial, 1969; buckets wider than an arc are settled again until still, as in delta-stepping,
Meyer and Sanders, 2003). A label packs centiseconds and the source's rank into one integer, so that labels are compared
in one go, ties fall on the lower rank, and the answer does not depend on the order of the work. That freedom is used
for memory's sake: junctions stand in Morton order, and the frontier is worked off block by block, a few minutes of
travel at a time, so that what is touched stays in the processor's cache.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

UNLABELLED = np.iinfo(np.int64).max
_RANK_BITS = 32
_RANK_MASK = (1 << _RANK_BITS) - 1
_BUCKET_SHIFT = 9  # a bucket holds 512 centiseconds, about one stretch of road
_BLOCK_SHIFT = 15  # junctions of a block: labels and arcs of one fit in a processor's second-level cache
_STEP_CS = 30_000  # five minutes of travel before the frontier is gathered again


def time_of(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Centiseconds of labels."""
    return labels >> _RANK_BITS


def rank_of(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position, among the sources, of the one that each label comes from."""
    return labels & _RANK_MASK


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def nearest_labels(  # noqa: PLR0912, PLR0915 - one compiled loop: a call inside it costs more than its lines
    indptr: NDArray[np.int32], arcs: NDArray[np.int32], sources: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Label of every junction: centiseconds to its nearest source, shifted by 32 bits, and that source's position.

    Parameters
    ----------
    indptr, arcs
        CSR; a row of `arcs` holds the other end and the centiseconds.
    sources
        Junctions; of two at the same one the first answers.
    """
    nodes = len(indptr) - 1
    labels = np.full(nodes, UNLABELLED, dtype=np.int64)
    longest = 0
    for arc in range(len(arcs)):
        longest = max(longest, arcs[arc, 1])
    buckets = 2
    while buckets < (longest >> _BUCKET_SHIFT) + 2:
        buckets *= 2
    first = np.full(buckets, -1, dtype=np.int32)
    pool = max(1024, len(sources))
    entry_label = np.empty(pool, dtype=np.int64)
    entry_node = np.empty(pool, dtype=np.int32)
    entry_next = np.empty(pool, dtype=np.int32)
    for entry in range(pool):
        entry_next[entry] = entry + 1
    entry_next[pool - 1] = -1
    free = 0

    front_label = np.empty(pool, dtype=np.int64)
    front_node = np.empty(pool, dtype=np.int32)
    front = 0
    for rank in range(len(sources)):
        if labels[sources[rank]] == UNLABELLED:
            labels[sources[rank]] = rank
            front_label[front], front_node[front] = rank, sources[rank]
            front += 1
    step = _STEP_CS if nodes > (2 << _BLOCK_SHIFT) else 1 << 31
    limit = 0
    blocks = (nodes >> _BLOCK_SHIFT) + 1
    starts = np.zeros(blocks + 1, dtype=np.int64)
    while front > 0:
        limit += step
        # Gather the frontier by block.
        starts[:] = 0
        for i in range(front):
            starts[(front_node[i] >> _BLOCK_SHIFT) + 1] += 1
        for block in range(blocks):
            starts[block + 1] += starts[block]
        filled = starts[:-1].copy()
        now_label = np.empty(front, dtype=np.int64)
        now_node = np.empty(front, dtype=np.int32)
        for i in range(front):
            block = front_node[i] >> _BLOCK_SHIFT
            now_label[filled[block]], now_node[filled[block]] = front_label[i], front_node[i]
            filled[block] += 1
        front = 0
        for block in range(blocks):
            queued = 0
            lowest = 1 << 31
            for i in range(starts[block], starts[block + 1]):
                label, node = now_label[i], now_node[i]
                if labels[node] != label:
                    continue
                time = label >> _RANK_BITS
                if time >= limit:
                    if front == len(front_label):
                        front_label, front_node = _longer_64(front_label), _longer_32(front_node)
                    front_label[front], front_node[front] = label, node
                    front += 1
                    continue
                if free == -1:
                    free = len(entry_label)
                    entry_label, entry_node = _longer_64(entry_label), _longer_32(entry_node)
                    entry_next = _longer_32(entry_next)
                    for entry in range(free, len(entry_next)):
                        entry_next[entry] = entry + 1
                    entry_next[len(entry_next) - 1] = -1
                entry = free
                free = entry_next[entry]
                bucket = (time >> _BUCKET_SHIFT) & (buckets - 1)
                entry_label[entry], entry_node[entry], entry_next[entry] = label, node, first[bucket]
                first[bucket] = entry
                queued += 1
                lowest = min(lowest, time >> _BUCKET_SHIFT)
            at = lowest
            while queued > 0:
                bucket = at & (buckets - 1)
                while first[bucket] != -1:
                    entry = first[bucket]
                    first[bucket] = entry_next[entry]
                    label, node = entry_label[entry], entry_node[entry]
                    entry_next[entry] = free
                    free = entry
                    queued -= 1
                    if labels[node] != label:
                        continue
                    for arc in range(indptr[node], indptr[node + 1]):
                        other = arcs[arc, 0]
                        reached = label + (np.int64(arcs[arc, 1]) << _RANK_BITS)
                        if reached >= labels[other]:
                            continue
                        labels[other] = reached
                        time = reached >> _RANK_BITS
                        if time >= limit:
                            if front == len(front_label):
                                front_label, front_node = _longer_64(front_label), _longer_32(front_node)
                            front_label[front], front_node[front] = reached, other
                            front += 1
                            continue
                        if free == -1:
                            free = len(entry_label)
                            entry_label, entry_node = _longer_64(entry_label), _longer_32(entry_node)
                            entry_next = _longer_32(entry_next)
                            for fresh in range(free, len(entry_next)):
                                entry_next[fresh] = fresh + 1
                            entry_next[len(entry_next) - 1] = -1
                        entry = free
                        free = entry_next[entry]
                        goal = (time >> _BUCKET_SHIFT) & (buckets - 1)
                        entry_label[entry], entry_node[entry], entry_next[entry] = reached, other, first[goal]
                        first[goal] = entry
                        queued += 1
                at += 1
    return labels


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _longer_64(values: NDArray[np.int64]) -> NDArray[np.int64]:
    longer = np.empty(2 * len(values), dtype=np.int64)
    longer[: len(values)] = values
    return longer


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _longer_32(values: NDArray[np.int32]) -> NDArray[np.int32]:
    longer = np.empty(2 * len(values), dtype=np.int32)
    longer[: len(values)] = values
    return longer
