"""An ``.osm.pbf`` file as the blobs it is made of: where each stands, what the first says of the rest, their bytes.

Nothing is read of a blob that nobody asks for. What the bytes mean is in ``osm_blocks.py``.
Source: https://wiki.openstreetmap.org/wiki/PBF_Format.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from fs_pipeline.roads.unreadable import UnreadableRoads

UNDERSTOOD = frozenset({"OsmSchema-V0.6", "DenseNodes"})
_HEADER_BYTES = 64 << 10  # the format's own bounds
_BLOB_BYTES = 32 << 20
_PACKED_OTHERWISE = {4: "lzma", 5: "bzip2", 6: "lz4", 7: "zstd"}
_SORTED = "Sort.Type_then_ID"
_ON_WAYS = "LocationsOnWays"


@dataclass(frozen=True, slots=True)
class Blob:
    """Where a block stands, still packed."""

    start: int
    size: int


class PbfFile:
    """An open file; a context manager. Threads may unpack blobs side by side.

    Raises
    ------
    UnreadableRoads
        When the file is cut, damaged, asks for what is not understood here, or changes while it is read.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._file = path.open("rb")
        self._stat = self._state()
        try:
            self.blobs = list(self._walk())
            self._header = self._read_header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    @property
    def as_of(self) -> str | None:
        """The day of the data (ISO), as the header says it."""
        stamps = [value for number, value in self._header if number == 32 and isinstance(value, int)]
        return datetime.fromtimestamp(stamps[0], UTC).date().isoformat() if stamps and stamps[0] < 1 << 35 else None

    @property
    def tells_places_on_ways(self) -> bool:
        """Whether ways say where their nodes are, which then may be missing."""
        return _ON_WAYS in self._features(5)

    def unpack(self, blob: Blob) -> bytes:
        """The bytes of a block."""
        packed = self._read(blob.start, blob.size)
        fields = dict(self._fields(packed))
        if isinstance(raw := fields.get(1), bytes):
            return raw
        size, content = fields.get(2), fields.get(3)
        if isinstance(content, bytes) and isinstance(size, int) and size <= _BLOB_BYTES:
            opened = zlib.decompressobj()
            try:
                block = opened.decompress(content, size + 1)
            except zlib.error as error:
                raise self.damaged() from error
            if len(block) == size and opened.eof:
                return block
        for number, name in _PACKED_OTHERWISE.items():
            if number in fields:
                raise UnreadableRoads(
                    f"{self._name}\u00a0: contenu comprimé par {name}, qui n’est pas lu ici\u202f; attendu zlib "
                    "(osmium cat -f pbf,pbf_compression=zlib le convertit)"
                )
        raise self.damaged()

    def check_unchanged(self) -> None:
        """Refuse what was read when somebody wrote to the file meanwhile."""
        if self._state() != self._stat:
            raise UnreadableRoads(
                f"{self._name}\u00a0: le fichier a changé pendant sa lecture\u202f; attendre la fin du téléchargement "
                "et relancer"
            )

    def damaged(self) -> UnreadableRoads:
        """What to raise for bytes that do not add up."""
        return UnreadableRoads(
            f"{self._name}\u00a0: fichier de routes tronqué ou abîmé\u202f; le télécharger à nouveau"
        )

    def _state(self) -> tuple[int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns

    def _walk(self) -> Iterator[Blob]:
        """Every blob of data; the first of all, the header, is kept aside."""
        at, size = 0, self._stat[0]
        while at < size:
            length = int.from_bytes(self._read(at, 4))
            if not 0 < length <= _HEADER_BYTES:
                raise self.damaged()
            fields = dict(self._fields(self._read(at + 4, length)))
            kind, packed = fields.get(1), fields.get(3)
            start = at + 4 + length
            if not isinstance(packed, int) or packed > _BLOB_BYTES or start + packed > size:
                raise self.damaged()
            if at == 0:
                if kind != b"OSMHeader":
                    raise self.damaged()
                self._first = Blob(start, packed)
            elif kind == b"OSMData":
                yield Blob(start, packed)
            at = start + packed

    def _read_header(self) -> list[tuple[int, int | bytes]]:
        header = list(self._fields(self.unpack(self._first)))
        asked = sorted(
            value.decode(errors="replace") for number, value in header if number == 4 and isinstance(value, bytes)
        )
        if unknown := [name for name in asked if name not in UNDERSTOOD]:
            raise UnreadableRoads(
                f"{self._name}\u00a0: le fichier demande « {unknown[0][:40]} », qui n’est pas lu ici\u202f; attendu un "
                "extrait courant d’OpenStreetMap, sans historique"
            )
        return header

    def _features(self, number: int) -> set[str]:
        return {
            value.decode(errors="replace")
            for field, value in self._header
            if field == number and isinstance(value, bytes)
        }

    def _read(self, start: int, size: int) -> bytes:
        content = os.pread(self._file.fileno(), size, start)
        if len(content) < size:
            raise self.damaged()
        return content

    def _fields(self, message: bytes) -> Iterator[tuple[int, int | bytes]]:
        """Numbers and texts of a short message, by field."""
        at = 0
        while at < len(message):
            tag, at = self._number(message, at)
            value, at = self._number(message, at)
            if tag & 7 == 0:
                yield tag >> 3, value
            elif tag & 7 == 2 and at + value <= len(message):
                yield tag >> 3, message[at : at + value]
                at += value
            else:
                raise self.damaged()

    def _number(self, message: bytes, at: int) -> tuple[int, int]:
        value = shift = 0
        while at < len(message) and shift < 70:
            byte = message[at]
            value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
            if byte < 0x80:
                return value, at
        raise self.damaged()
