"""A country's roads out of an ``.osm.pbf`` file: blocks read side by side, no Python loop over ways or nodes.

Twice over the file: the ways that are open to the profile, then the places of their nodes. What is kept grows with the
roads and not with the file. Profiles judge each combination of tags once.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.roads.arcs import Arcs, RoadWays, cut
from fs_pipeline.roads.osm_blocks import (
    DENSE,
    NODES,
    NOWHERE,
    PER_DEGREE,
    WAYS,
    Bytes,
    Digests,
    Ids,
    Positions,
    dense_in,
    digests,
    nodes_of_ways,
    outline,
    places_on_ways,
    plain_in,
    roads_in,
)
from fs_pipeline.roads.pbf_file import Blob, PbfFile
from fs_pipeline.roads.profiles import BARRIER_KEYS, ROAD_KEYS, Passage, Profile
from fs_pipeline.roads.unreadable import UnreadableRoads
from fs_pipeline.sphere import Floats

Told = Callable[[str, float], None]  # what is being read, and how much of it is
_AHEAD = 4  # blobs a thread that may wait to be taken, so that memory does not grow with the file
_LOOKED_UP_AT_ONCE = 4_000_000
T = TypeVar("T")
Places = tuple[Positions, Positions]
Parts = tuple[
    NDArray[np.int32], Ids, Positions, Places | None
]  # passage of each road, its nodes, how many, their places


def read_pbf(file: PbfFile, profile: Profile, *, threads: int, tell: Told = lambda _what, _share: None) -> Arcs:
    """The arcs of `file` for `profile`.

    Parameters
    ----------
    threads
        How many blocks are read side by side.
    tell
        Called with what is read and the share of it that is done.

    Raises
    ------
    UnreadableRoads
        As ``PbfFile`` does, or when a block's content does not add up.
    """
    passages: _Judged[Passage | None] = _Judged(profile.passage, ROAD_KEYS, profile.way_keys)
    barriers: _Judged[bool] = _Judged(profile.is_closed_by, BARRIER_KEYS, profile.node_keys)
    ways, ids, places, holds_nodes = _read_ways(file, passages, threads, tell)
    closed = _read_nodes(file, barriers, (ids, places), (holds_nodes, threads), tell)
    file.check_unchanged()
    del ids
    longitude, latitude = _degrees(places[0]), _degrees(places[1])
    del places
    return cut(ways, longitude, latitude, closed, file.as_of)


class _Judged(Generic[T]):
    """What a profile says of combinations of tags, each asked once; threads may ask at once."""

    def __init__(self, judge: Callable[[Mapping[str, str]], T], deciding: Sequence[str], asked: Sequence[str]) -> None:
        self.found: list[T] = []
        self._judge, self._number, self._lock = judge, dict[int, int](), threading.Lock()
        weight = {_digest_of(key): 2 if key in deciding else 1 for key in {*asked, *deciding}}
        self._keys = np.array(sorted(weight), dtype=np.uint64)
        self._weights = np.array([weight[int(key)] for key in self._keys], dtype=np.uint8)

    def asked(self, text_digests: Digests) -> Bytes:
        """Of each text, what is asked about it as a key (``roads_in``)."""
        at = np.minimum(np.searchsorted(self._keys, text_digests), len(self._keys) - 1)
        return np.where(self._keys[at] == text_digests, self._weights[at], 0).astype(np.uint8)

    def numbers(
        self, data: Bytes, texts: Ids, combined: Digests, first_tag: Positions, tags: Positions
    ) -> NDArray[np.int32]:
        """The position in `found` of what is said of each object's tags."""
        distinct, example, which = np.unique(combined, return_index=True, return_inverse=True)
        numbers = np.empty(len(distinct), dtype=np.int32)
        for place, (digest, at) in enumerate(zip(distinct.tolist(), example.tolist(), strict=True)):
            number = self._number.get(digest)
            if number is None:
                words = [_text(data, texts[text]) for text in tags[first_tag[at] : first_tag[at + 1]]]
                number = self._judged(digest, dict(zip(words[::2], words[1::2], strict=True)))
            numbers[place] = number
        return numbers[which]

    def _judged(self, digest: int, tags: dict[str, str]) -> int:
        judgement = self._judge(tags)
        with self._lock:
            if digest not in self._number:
                self.found.append(judgement)
                self._number[digest] = len(self.found) - 1
            return self._number[digest]


def _digest_of(text: str) -> int:
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    return int(digests(data, np.array([[0, len(data)]], dtype=np.int64))[0])


def _text(data: Bytes, span: Ids) -> str:
    return data[span[0] : span[1]].tobytes().decode(errors="replace")


def _read_ways(
    file: PbfFile, passages: _Judged[Passage | None], threads: int, tell: Told
) -> tuple[RoadWays, Ids, Places, list[Blob]]:
    """Open ways over positions of node ids, these ids, their places where ways tell them, and the blobs that hold nodes."""
    on_ways = file.tells_places_on_ways
    holds_nodes, roads = list[Blob](), list[Parts]()

    def work(blob: Blob) -> tuple[bool, list[Parts]]:
        data = np.frombuffer(file.unpack(blob), dtype=np.uint8)
        texts, objects, scale = outline(data)
        runs = objects[objects[:, 0] == WAYS]
        return bool((objects[:, 0] <= DENSE).any()), (
            _roads_of(data, texts, runs, scale if on_ways else None, passages) if len(runs) else []
        )

    for share, blob, (has_nodes, found) in _side_by_side(file, file.blobs, work, threads):
        holds_nodes += [blob] if has_nodes else []
        roads += found
        tell("routes", share)
    judged = passages.found
    number, open_passages = np.full(len(judged) + 1, -1, dtype=np.int32), list[Passage]()
    for position, passage in enumerate(judged):
        if passage is not None:
            number[position] = len(open_passages)
            open_passages.append(passage)
    no_way = np.empty(0, dtype=np.int32)
    of_way = number[np.concatenate([no_way, *(part[0] for part in roads)])]
    counts = np.concatenate([no_way, *(part[2] for part in roads)])
    refs: Ids = np.concatenate([np.empty(0, dtype=np.int64), *(part[1] for part in roads)])
    told = [part[3] for part in roads if part[3] is not None]
    del roads
    ids = _distinct(refs)
    longitude, latitude = (np.full(len(ids), NOWHERE, dtype=np.int32) for _ in range(2))
    node = np.empty(len(refs), dtype=np.int32)
    for start in range(0, len(refs), _LOOKED_UP_AT_ONCE):
        some = slice(start, start + _LOOKED_UP_AT_ONCE)
        node[some] = np.searchsorted(ids, refs[some])
    if told:
        longitude[node] = np.concatenate([place[0] for place in told])
        latitude[node] = np.concatenate([place[1] for place in told])
    first = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    return RoadWays(node, first, of_way, open_passages), ids, (longitude, latitude), holds_nodes


def _roads_of(data: Bytes, texts: Ids, runs: Ids, scale: Ids | None, passages: _Judged[Passage | None]) -> list[Parts]:
    text_digests = digests(data, texts)
    asked = passages.asked(text_digests)
    found: list[Parts] = []
    for _, start, end in runs.tolist():
        combined, spans, first_tag, tags = roads_in(data, start, end, text_digests, asked)
        if not len(combined):
            continue
        numbers = passages.numbers(data, texts, combined, first_tag, tags)
        is_open = np.array([passages.found[number] is not None for number in numbers.tolist()], dtype=bool)
        nodes, counts = nodes_of_ways(data, spans[is_open])
        places = None if scale is None else places_on_ways(data, spans[is_open], counts, scale)
        found.append((numbers[is_open], nodes, counts, places))
    return found


def _read_nodes(
    file: PbfFile,
    barriers: _Judged[bool],
    wanted: tuple[Ids, Places],
    work_of: tuple[list[Blob], int],
    tell: Told,
) -> NDArray[np.bool_]:
    """Write the places of the nodes `wanted`; whether each is a barrier that closes the road."""
    ids, places = wanted
    closed = np.zeros(len(ids), dtype=bool)

    def work(blob: Blob) -> None:
        data = np.frombuffer(file.unpack(blob), dtype=np.uint8)
        texts, objects, scale = outline(data)
        text_digests = digests(data, texts)
        asked = barriers.asked(text_digests)
        for kind, start, end in objects.tolist():
            if kind in {NODES, DENSE}:
                read = dense_in if kind == DENSE else plain_in
                at, combined, first_tag, tags = read(data, start, end, scale, ids, places, text_digests, asked)
                numbers = barriers.numbers(data, texts, combined, first_tag, tags)
                closed[at] = [barriers.found[number] for number in numbers.tolist()]

    blobs, threads = work_of
    for share, _, _ in _side_by_side(file, blobs, work, threads):
        tell("carrefours", share)
    return closed


def _side_by_side(
    file: PbfFile, blobs: Sequence[Blob], work: Callable[[Blob], T], threads: int
) -> Iterator[tuple[float, Blob, T]]:
    """What `work` makes of each blob, in their order, with the share of them that is done; few wait at a time."""
    waiting: deque[tuple[Blob, Future[T]]] = deque()

    def next_one() -> tuple[float, Blob, T]:
        blob, future = waiting.popleft()
        try:
            return (taken - len(waiting)) / len(blobs), blob, future.result()
        except UnreadableRoads:
            raise
        except (ValueError, IndexError, OverflowError) as error:
            raise file.damaged() from error

    with ThreadPoolExecutor(threads) as pool:
        try:
            for taken, blob in enumerate(blobs, start=1):  # noqa: B007 - told by next_one
                waiting.append((blob, pool.submit(work, blob)))
                if len(waiting) >= _AHEAD * threads:
                    yield next_one()
            while waiting:
                yield next_one()
        finally:
            for _, future in waiting:
                future.cancel()


def _distinct(refs: Ids) -> Ids:
    """Ascending; by a sort, which for so many takes a third of the time and memory of ``numpy.unique``."""
    ordered = np.sort(refs)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _degrees(units: Positions) -> Floats:
    degrees = units / PER_DEGREE
    degrees[units == NOWHERE] = np.nan
    return degrees
