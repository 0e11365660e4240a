"""The blocks of an ``.osm.pbf`` file, decompressed, to columns: roads with what their tags say, and where nodes stand.

The wire format of protocol buffers is read by compiled code that holds no lock, so that threads read blocks side by side
(docs/adr/0041). Tags are compared by digests of their texts, which are the same in all blocks. Whatever does not add up
raises ``ValueError``. Compiled; imported only where it is asked for.

Sources: https://wiki.openstreetmap.org/wiki/PBF_Format, https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ids = NDArray[np.int64]
Digests = NDArray[np.uint64]
Positions = NDArray[np.int32]

NODES, DENSE, WAYS = 1, 2, 3  # fields of a group of objects
NOWHERE = np.iinfo(np.int32).min  # a coordinate that is not known
PER_DEGREE = 10_000_000  # coordinates are kept in units of a ten-millionth of a degree, a centimetre
_NANODEGREES = 100  # of one unit
_FULL_TURN = 180 * PER_DEGREE


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _varint(data: Bytes, at: int, end: int) -> tuple[np.uint64, int]:
    """A number of one to ten bytes, and where it ends."""
    value, shift = np.uint64(0), np.uint64(0)
    while at < end:
        byte = np.uint64(data[at])
        at += 1
        value |= (byte & np.uint64(0x7F)) << shift
        if byte < np.uint64(0x80):
            return value, at
        shift += np.uint64(7)
        if shift > np.uint64(63):
            break
    raise ValueError("a number without an end")


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _signed(data: Bytes, at: int, end: int) -> tuple[np.int64, int]:
    value, at = _varint(data, at, end)
    return np.int64(value >> np.uint64(1)) ^ -np.int64(value & np.uint64(1)), at


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _field(data: Bytes, at: int, end: int) -> tuple[np.int64, np.uint64, int, int]:
    """Number of the field, its value where it is one, where its content starts, and where it ends."""
    tag, at = _varint(data, at, end)
    kind, start, value = tag & np.uint64(7), at, np.uint64(0)
    if kind == np.uint64(0):
        value, after = _varint(data, at, end)
    elif kind == np.uint64(2):
        length, start = _varint(data, at, end)
        if length > np.uint64(end - start):
            raise ValueError("a field without an end")
        after = start + np.int64(length)  # type: ignore[assignment, unused-ignore]
    elif kind == np.uint64(1):
        after = at + 8
    elif kind == np.uint64(5):
        after = at + 4
    else:
        raise ValueError("a field of no known kind")
    if after > end:
        raise ValueError("a field without an end")
    return np.int64(tag >> np.uint64(3)), value, start, after


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _spans(data: Bytes, start: int, end: int, wanted: int) -> Ids:
    """Start and end of each field numbered `wanted`: (fields, 2)."""
    count, at = 0, start
    while at < end:
        number, _, _, at = _field(data, at, end)
        count += number == wanted
    found = np.empty((count, 2), dtype=np.int64)
    count, at = 0, start
    while at < end:
        number, _, first, at = _field(data, at, end)
        if number == wanted:
            found[count, 0], found[count, 1] = first, at
            count += 1
    return found


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def outline(data: Bytes) -> tuple[Ids, Ids, Ids]:
    """What a block holds.

    Returns
    -------
    texts
        Start and end of each text of its table.
    objects
        Kind (``NODES``, ``DENSE``, ``WAYS`` or another), start and end of each run of objects of one kind.
    scale
        Nanodegrees of one unit of its coordinates, and those of latitude and longitude at nought.
    """
    scale = np.array([100, 0, 0], dtype=np.int64)
    texts = np.empty((0, 2), dtype=np.int64)
    at = 0
    while at < len(data):
        number, value, start, at = _field(data, at, len(data))
        if number == 1:
            texts = _spans(data, start, at, 1)
        elif number == 17:
            scale[0] = np.int64(value)
        elif number == 19:
            scale[1] = np.int64(value)
        elif number == 20:
            scale[2] = np.int64(value)
    groups = _spans(data, 0, len(data), 2)
    objects = np.empty((len(groups), 3), dtype=np.int64)
    count = 0
    for group in range(len(groups)):
        if groups[group, 0] < groups[group, 1]:
            kind, _, _, _ = _field(data, groups[group, 0], groups[group, 1])
            objects[count, 0], objects[count, 1], objects[count, 2] = kind, groups[group, 0], groups[group, 1]
            count += 1
    return texts, objects[:count], scale


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def digests(data: Bytes, texts: Ids) -> Digests:
    """A digest of each text (FNV-1a, 64 bits), the same wherever it stands."""
    found = np.empty(len(texts), dtype=np.uint64)
    for text in range(len(texts)):
        digest = np.uint64(0xCBF29CE484222325)
        for at in range(texts[text, 0], texts[text, 1]):
            digest = (digest ^ np.uint64(data[at])) * np.uint64(0x100000001B3)
        found[text] = digest
    return found


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _of_tag(key: np.uint64, value: np.uint64) -> np.uint64:
    """A digest of a tag; those of several are added, so that their order is none."""
    mixed = (key ^ (value << np.uint64(23) | value >> np.uint64(41))) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ mixed >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ mixed >> np.uint64(32)


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _weighed(key: np.uint64, value: np.uint64, text_digests: Digests, asked: Bytes) -> tuple[np.int64, np.uint64]:
    """How much is asked about a tag's key, and the tag's digest."""
    if max(key, value) >= np.uint64(len(asked)):
        raise ValueError("a text that the block does not hold")
    return np.int64(asked[key]), _of_tag(text_digests[key], text_digests[value])


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _with_tag(tags: Positions, used: int, key: np.uint64, value: np.uint64) -> tuple[Positions, int]:
    if used + 2 > len(tags):
        longer = np.empty(2 * len(tags), dtype=np.int32)
        longer[:used] = tags[:used]
        tags = longer
    tags[used], tags[used + 1] = np.int32(key), np.int32(value)
    return tags, used + 2


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _tags_of(
    data: Bytes,
    keys: tuple[int, int],
    values: tuple[int, int],
    text_digests: Digests,
    asked: Bytes,
    tags: Positions,
    used: int,
) -> tuple[np.int64, np.uint64, Positions, int]:
    """The most that is asked about one of an object's keys, the digest of its tags asked about, and these after `used`."""
    most, digest = np.int64(0), np.uint64(0)
    key_at, value_at = keys[0], values[0]
    while key_at < keys[1]:
        key, key_at = _varint(data, key_at, keys[1])
        value, value_at = _varint(data, value_at, values[1])
        weight, of_tag = _weighed(key, value, text_digests, asked)
        if weight:
            most, digest = weight if weight > most else most, digest + of_tag
            tags, used = _with_tag(tags, used, key, value)
    return most, digest, tags, used


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def roads_in(
    data: Bytes, start: int, end: int, text_digests: Digests, asked: Bytes
) -> tuple[Digests, Ids, Positions, Positions]:
    """The ways of a run that bear a key of roads.

    Parameters
    ----------
    data, start, end
        A block and where the run of ways stands in it.
    text_digests
        Of the block's texts.
    asked
        Of each text: 2 where it is a key that makes a way a road, 1 where it is another key that says something of one.

    Returns
    -------
    digests
        One a way: the same where the tags asked about are the same.
    spans
        (ways, 6): start and end of its nodes, of their latitudes and of their longitudes, both empty in most files.
    first_tag, tags
        The tags asked about of each way as texts, key and value by turns; those of way i from ``first_tag[i]`` on.
    """
    ways = _spans(data, start, end, WAYS)
    combined = np.empty(len(ways), dtype=np.uint64)
    spans = np.zeros((len(ways), 6), dtype=np.int64)
    first_tag = np.zeros(len(ways) + 1, dtype=np.int32)
    tags = np.empty(64, dtype=np.int32)
    count, used = 0, 0
    for way in range(len(ways)):
        at, stop = ways[way]
        keys, values = (0, 0), (0, 0)
        spans[count] = 0
        while at < stop:
            number, _, first, at = _field(data, at, stop)
            if number == 2:
                keys = (first, at)
            elif number == 3:
                values = (first, at)
            elif number == 8:
                spans[count, 0], spans[count, 1] = first, at
            elif number == 9:
                spans[count, 2], spans[count, 3] = first, at
            elif number == 10:
                spans[count, 4], spans[count, 5] = first, at
        most, digest, tags, kept = _tags_of(data, keys, values, text_digests, asked, tags, used)
        if most == 2:
            combined[count] = digest
            used = kept
            count += 1
            first_tag[count] = used
    return combined[:count], spans[:count], first_tag[: count + 1], tags[:used]


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def nodes_of_ways(data: Bytes, spans: Ids) -> tuple[Ids, Positions]:
    """Ids of the nodes of ways one after the other, and how many each way has."""
    counts = np.zeros(len(spans), dtype=np.int32)
    for way in range(len(spans)):
        for at in range(spans[way, 0], spans[way, 1]):
            counts[way] += data[at] < 0x80
    ids = np.empty(counts.sum(), dtype=np.int64)
    filled = 0
    for way in range(len(spans)):
        at, end, node = spans[way, 0], spans[way, 1], np.int64(0)
        while at < end:
            step, at = _signed(data, at, end)
            node += step
            ids[filled] = node
            filled += 1
    return ids, counts


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _units(raw: np.int64, offset: int, granularity: int) -> np.int32:
    """A coordinate in units, ``NOWHERE`` off the globe."""
    if abs(raw) > 2 * _FULL_TURN * _NANODEGREES:
        return np.int32(NOWHERE)
    units = (raw * granularity + offset) // _NANODEGREES
    return np.int32(units) if abs(units) <= _FULL_TURN else np.int32(NOWHERE)


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def places_on_ways(data: Bytes, spans: Ids, counts: Positions, scale: Ids) -> tuple[Positions, Positions]:
    """Longitude and latitude of each node of ways, in units, where the ways tell them (``LocationsOnWays``)."""
    total = counts.sum()
    longitude, latitude = np.full(total, NOWHERE, dtype=np.int32), np.full(total, NOWHERE, dtype=np.int32)
    filled = 0
    for way in range(len(spans)):
        y_at, x_at, y, x = spans[way, 2], spans[way, 4], np.int64(0), np.int64(0)
        if y_at < spans[way, 3]:
            for node in range(filled, filled + counts[way]):
                step_y, y_at = _signed(data, y_at, spans[way, 3])
                step_x, x_at = _signed(data, x_at, spans[way, 5])
                y, x = y + step_y, x + step_x
                latitude[node] = _units(y, scale[1], scale[0])
                longitude[node] = _units(x, scale[2], scale[0])
        filled += counts[way]
    return longitude, latitude


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _found_from(ids: Ids, node: np.int64, near: int) -> int:
    """Position of the first id that is not below `node`, found in a few steps where it stands shortly after `near`."""
    low, high = 0, len(ids)
    if (near == 0 or ids[near - 1] < node) and (near == high or ids[near] >= node):
        return near  # most nodes of a country are no road's
    if near < high and ids[near] <= node:
        low, step = near, 1
        while low + step < high and ids[low + step] < node:
            low += step
            step *= 2
        high = min(high, low + step)
    while low < high:
        middle = (low + high) // 2
        if ids[middle] < node:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def dense_in(  # noqa: PLR0912, PLR0915 - one compiled loop over three columns and their tags
    data: Bytes,
    start: int,
    end: int,
    scale: Ids,
    ids: Ids,
    places: tuple[Positions, Positions],
    text_digests: Digests,
    asked: Bytes,
) -> tuple[Ids, Digests, Positions, Positions]:
    """Write where the nodes of a run that are among `ids` stand, and tell those that bear a tag asked about.

    Parameters
    ----------
    data, start, end, scale
        A block, where its run of nodes stands, and its scale (``outline``).
    ids
        Ascending; nodes that are not there are passed over.
    places
        Longitude and latitude of each id, written here, in units.
    text_digests, asked
        As in ``roads_in``.

    Returns
    -------
    positions
        Among `ids`, of the nodes that bear a key asked about with 2.
    digests, first_tag, tags
        As in ``roads_in``, of these nodes.
    """
    longitude, latitude = places
    positions, combined = np.empty(16, dtype=np.int64), np.empty(16, dtype=np.uint64)
    first_tag, tags = np.zeros(32, dtype=np.int32), np.empty(64, dtype=np.int32)
    count, used, near = 0, 0, 0
    group_at = start
    while group_at < end:
        number, _, first, group_at = _field(data, group_at, end)
        if number != DENSE:
            continue
        at, stop = first, group_at
        id_at, id_end, y_at, y_end, x_at, x_end, tag_at, tag_end = 0, 0, 0, 0, 0, 0, 0, 0
        while at < stop:
            inner, _, begin, at = _field(data, at, stop)
            if inner == 1:
                id_at, id_end = begin, at
            elif inner == 8:
                y_at, y_end = begin, at
            elif inner == 9:
                x_at, x_end = begin, at
            elif inner == 10:
                tag_at, tag_end = begin, at
        node, y, x = np.int64(0), np.int64(0), np.int64(0)
        while id_at < id_end:
            step, id_at = _signed(data, id_at, id_end)
            step_y, y_at = _signed(data, y_at, y_end)
            step_x, x_at = _signed(data, x_at, x_end)
            node, y, x = node + step, y + step_y, x + step_x
            near = _found_from(ids, node, near)
            wanted = near < len(ids) and ids[near] == node
            if wanted:
                latitude[near] = _units(y, scale[1], scale[0])
                longitude[near] = _units(x, scale[2], scale[0])
            most, digest, kept = np.int64(0), np.uint64(0), used
            while tag_at < tag_end:
                key, tag_at = _varint(data, tag_at, tag_end)
                if key == np.uint64(0):
                    break
                value, tag_at = _varint(data, tag_at, tag_end)
                if wanted:
                    weight, of_tag = _weighed(key, value, text_digests, asked)
                    if weight:
                        most, digest = weight if weight > most else most, digest + of_tag
                        tags, kept = _with_tag(tags, kept, key, value)
            if most == 2:
                if count == len(positions):
                    positions = np.concatenate((positions, np.empty_like(positions)))
                    combined = np.concatenate((combined, np.empty_like(combined)))
                    first_tag = np.concatenate((first_tag, np.empty_like(first_tag)))
                positions[count], combined[count] = near, digest
                used = kept
                count += 1
                first_tag[count] = used
    return positions[:count], combined[:count], first_tag[: count + 1], tags[:used]


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def plain_in(
    data: Bytes,
    start: int,
    end: int,
    scale: Ids,
    ids: Ids,
    places: tuple[Positions, Positions],
    text_digests: Digests,
    asked: Bytes,
) -> tuple[Ids, Digests, Positions, Positions]:
    """``dense_in`` for nodes that are written one by one."""
    longitude, latitude = places
    nodes = _spans(data, start, end, NODES)
    positions, combined = np.empty(len(nodes), dtype=np.int64), np.empty(len(nodes), dtype=np.uint64)
    first_tag, tags = np.zeros(len(nodes) + 1, dtype=np.int32), np.empty(64, dtype=np.int32)
    count, used, near = 0, 0, 0
    for place in range(len(nodes)):
        at, stop = nodes[place]
        node, y, x = np.int64(0), np.int64(0), np.int64(0)
        keys, values = (0, 0), (0, 0)
        while at < stop:
            number, value, first, at = _field(data, at, stop)
            if number == 2:
                keys = (first, at)
            elif number == 3:
                values = (first, at)
            elif number in (1, 8, 9):
                signed = np.int64(value >> np.uint64(1)) ^ -np.int64(value & np.uint64(1))
                if number == 1:
                    node = signed
                elif number == 8:
                    y = signed
                else:
                    x = signed
        near = _found_from(ids, node, near)
        if near == len(ids) or ids[near] != node:
            continue
        latitude[near] = _units(y, scale[1], scale[0])
        longitude[near] = _units(x, scale[2], scale[0])
        most, digest, tags, kept = _tags_of(data, keys, values, text_digests, asked, tags, used)
        if most == 2:
            positions[count], combined[count] = near, digest
            used = kept
            count += 1
            first_tag[count] = used
    return positions[:count], combined[:count], first_tag[: count + 1], tags[:used]
