"""Tiles in one PMTiles 3 archive, which a browser reads from any folder that is served; same tiles, same bytes.

https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md. GDAL writes one layer an archive, and the library on PyPI the
hour of the day in what it compresses: so the archive is put together here, and both read it back in tests.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

Tile = tuple[int, int, int]  # zoom, column, row from the north
Box = tuple[float, float, float, float]  # west, south, east, north, in degrees
_HEADER = struct.Struct("<7sB11QBBBBBB4iB2i")
_ROOT_MOST = 16_384  # bytes, header included: what a reader asks for first
_GZIP, _MVT = 2, 1


def archive(tiles: Mapping[Tile, bytes], zooms: tuple[int, int], box: Box, metadata: Mapping[str, object]) -> bytes:
    """The archive of `tiles`: Mapbox vector tiles, not compressed, from the first to the last of `zooms`."""
    entries, data = [], []
    offset = 0
    for number, tile in sorted((tile_number(tile), tile) for tile in tiles):
        packed = _packed(tiles[tile])
        entries.append((number, offset, len(packed), 1))
        data.append(packed)
        offset += len(packed)
    root, leaves = _directories(entries)
    told = _packed(json.dumps(metadata, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())
    at = [_HEADER.size]
    for part in (root, told, leaves):
        at.append(at[-1] + len(part))
    west, south, east, north = (round(degrees * 10_000_000) for degrees in box)
    header = _HEADER.pack(
        b"PMTiles", 3,
        at[0], len(root), at[1], len(told), at[2], len(leaves), at[3], offset, *[len(entries)] * 3,
        1, _GZIP, _GZIP, _MVT, *zooms,
        west, south, east, north, zooms[0], (west + east) // 2, (south + north) // 2,
    )  # fmt: skip
    return b"".join([header, root, told, leaves, *data])


def tile_number(tile: Tile) -> int:
    """Where a tile stands in an archive: zoom after zoom, along a Hilbert curve."""
    zoom, x, y = tile
    number = ((1 << (2 * zoom)) - 1) // 3
    for level in reversed(range(zoom)):
        side = 1 << level
        right, low = (x & side) > 0, (y & side) > 0
        number += ((3 * right) ^ low) << (2 * level)
        if not low:
            if right:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
        x, y = x & (side - 1), y & (side - 1)
    return number


Entry = tuple[int, int, int, int]  # number, offset, length in bytes, how many tiles it stands for (0: a leaf directory)


def _directories(entries: Sequence[Entry]) -> tuple[bytes, bytes]:
    """The root directory and, where it would be too long to be asked for at once, the leaves that it leads to."""
    root, size = _directory(entries), 4096
    leaves = b""
    while len(root) + _HEADER.size > _ROOT_MOST:
        pointers, parts, offset = [], [], 0
        for at in range(0, len(entries), size):
            part = _directory(entries[at : at + size])
            pointers.append((entries[at][0], offset, len(part), 0))
            parts.append(part)
            offset += len(part)
        root, leaves, size = _directory(pointers), b"".join(parts), 2 * size
    return root, leaves


def _directory(entries: Sequence[Entry]) -> bytes:
    numbers, offsets, lengths, runs = zip(*entries, strict=True) if entries else ((), (), (), ())
    steps = [number - before for number, before in zip(numbers, (0, *numbers), strict=False)]
    ends = (None, *(offset + length for offset, length in zip(offsets, lengths, strict=True)))
    told = [0 if offset == end else offset + 1 for offset, end in zip(offsets, ends, strict=False)]
    return _packed(bytes(_varints([len(entries), *steps, *runs, *lengths, *told])))


def _varints(values: Sequence[int]) -> Iterator[int]:
    for value in values:
        while value > 0x7F:
            yield value & 0x7F | 0x80
            value >>= 7  # noqa: PLW2901  # seven bits a byte
        yield value


def _packed(content: bytes) -> bytes:
    """Gzip without a date."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()
