"""What comes out of a compressed file, up to what it may be: a few kilobytes can unpack to more than any disk holds."""

from __future__ import annotations

import io
from typing import Protocol

from fs_pipeline import french

_A_LOT = 8_000_000_000  # bytes; the roads of the whole of France, spelt out


class UnpacksTooLarge(ValueError):
    """More comes out than may; the message is French and says what to do."""

    def __init__(self, most: int) -> None:
        size = french.number(most)
        super().__init__(
            f"le fichier compressé contient plus de {size} octets\u00a0; ne pas l’ouvrir, prévenir son éditeur"
        )


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


class Bounded(io.RawIOBase):
    """A stream that unpacks, cut off with `UnpacksTooLarge` once more than `most` bytes came out."""

    def __init__(self, stream: _Readable, most: int = _A_LOT) -> None:
        self._stream, self._most, self._left = stream, most, most

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """As any stream; all of it is at most `most` bytes."""
        asked = self._left + 1 if size is None or size < 0 else min(size, self._left + 1)
        content = self._stream.read(asked)
        self._left -= len(content)
        if self._left < 0:
            raise UnpacksTooLarge(self._most)
        return content

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As any stream."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def refuse_bomb(self) -> None:
        """Read to the end, for a reader that unpacks by itself.

        Raises
        ------
        UnpacksTooLarge
            When more comes out than may.
        """
        while self.read(1 << 20):
            pass
