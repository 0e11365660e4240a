"""Ways over nodes to arcs between junctions: what readers of road files have in common.

Ways are cut at junctions and, on long roads without any, every few hundred metres, so that a house half-way snaps near
itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.roads.profiles import Passage
from fs_pipeline.sphere import Floats, great_circle_m

CUT_M = 400.0  # longest stretch of road without a node to snap to, shape points allowing
_NODES_AT_ONCE = 1_000_000  # of ways cut together, so that memory does not grow with their shapes


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs, one a direction.

    Attributes
    ----------
    longitude, latitude
        Degrees of every node.
    tail, head
        Positions of each arc's ends among them.
    seconds
        Time of each arc.
    passage
        Which of `passages` each arc is of.
    passages
        What the roads allow.
    as_of
        Date of the file (ISO).
    """

    longitude: Floats
    latitude: Floats
    tail: NDArray[np.integer]
    head: NDArray[np.integer]
    seconds: Floats
    passage: NDArray[np.integer]
    passages: Sequence[Passage]
    as_of: str | None = None


@dataclass(frozen=True, eq=False)
class RoadWays:
    """Roads over nodes: `node` holds the positions of each way's nodes one way after the other, `first` where each begins."""

    node: NDArray[np.integer]
    first: NDArray[np.int64]  # one more than ways
    passage: NDArray[np.integer]  # of each way among `passages`
    passages: Sequence[Passage]


def cut(ways: RoadWays, longitude: Floats, latitude: Floats, closed: NDArray[np.bool_], as_of: str | None) -> Arcs:
    """Arcs between the nodes worth keeping of each way; one may come up to a barrier (`closed` nodes), not pass it.

    Only the nodes that arcs touch are kept. NaN where a node's place is not known: the stretch on both its sides is missing.
    """
    shared = np.bincount(ways.node, minlength=len(longitude)) > 1
    pieces = list(_cut(ways, longitude, latitude, shared))
    tail, head, seconds, way = (np.concatenate(column) for column in zip(*pieces, strict=True))
    del pieces
    used = np.zeros(len(longitude), dtype=bool)
    used[tail] = used[head] = True
    number = np.cumsum(used, dtype=np.int32) - 1
    passage = ways.passage[way]
    forward = np.array([passage.forward for passage in ways.passages], dtype=bool)[passage] & ~closed[tail]
    backward = np.array([passage.backward for passage in ways.passages], dtype=bool)[passage] & ~closed[head]
    tail, head = number[tail], number[head]
    return Arcs(
        longitude[used],
        latitude[used],
        np.concatenate((tail[forward], head[backward])),
        np.concatenate((head[forward], tail[backward])),
        np.concatenate((seconds[forward], seconds[backward])),
        np.concatenate((passage[forward], passage[backward])),
        ways.passages,
        as_of,
    )


Pieces = tuple[NDArray[np.integer], NDArray[np.integer], Floats, NDArray[np.integer]]


def _cut(ways: RoadWays, longitude: Floats, latitude: Floats, shared: NDArray[np.bool_]) -> Iterator[Pieces]:
    """Ends, seconds and way of each stretch, some ways at a time."""
    start, empty = 0, np.empty(0, dtype=np.int64)
    yield empty, empty, np.empty(0), empty
    while start < len(ways.passage):
        end = int(np.searchsorted(ways.first, ways.first[start] + _NODES_AT_ONCE, side="right")) - 1
        end = max(end, start + 1)
        some = slice(start, end)
        nodes = ways.node[ways.first[start] : ways.first[end]]
        lengths = np.diff(ways.first[start : end + 1])
        tail, head, length_m, way = _stretches(
            nodes, np.repeat(np.arange(end - start), lengths), longitude, latitude, shared
        )
        yield tail, head, _seconds(length_m, way, ways.passage[some], ways.passages), way + start
        start = end


def _stretches(
    node: NDArray[np.integer], way: NDArray[np.intp], longitude: Floats, latitude: Floats, shared: NDArray[np.bool_]
) -> Pieces:
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
    kept = broken | last | shared[node]
    since = travelled - travelled[np.maximum.accumulate(np.where(kept, np.arange(len(node)), 0))]
    slice_number = np.floor(since / CUT_M)
    kept[1:] |= (slice_number[1:] > slice_number[:-1]) & ~broken[1:]
    at = np.flatnonzero(kept)
    joined = ~_any_between(broken, at)
    tail, head = at[:-1][joined], at[1:][joined]
    return node[tail], node[head], travelled[head] - travelled[tail], way[head]


def _any_between(flags: NDArray[np.bool_], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a flag is raised after at[i] and up to at[i + 1], for each i."""
    total = np.cumsum(flags)
    return np.asarray(total[at[1:]] > total[at[:-1]])


def _seconds(
    length_m: Floats, way: NDArray[np.integer], passage: NDArray[np.integer], passages: Sequence[Passage]
) -> Floats:
    """Time of each stretch; a wait or a mapped duration is shared out along its way."""
    way_length_m = np.maximum(np.bincount(way, weights=length_m, minlength=len(passage)), 1.0)
    pace = np.array([3.6 / passage.kmh for passage in passages])[passage]  # seconds a metre
    wait_s = np.array([passage.wait_s for passage in passages])[passage]
    duration_s = np.array([passage.duration_s for passage in passages], dtype=np.float64)[passage]  # NaN for None
    pace = np.where(np.isfinite(duration_s), duration_s / way_length_m, pace)
    return np.asarray(length_m * (pace + wait_s / way_length_m)[way])
