"""What a person sees while a large file is read: a line now and then; it imports nothing, for a lone command starts quickly."""

from __future__ import annotations

import time
from typing import TextIO

_PATIENCE_S = 2.0


class ReadingProgress:
    """Says how far the reading of a file is, once it lasts; nothing of a short one."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._next = time.perf_counter() + _PATIENCE_S

    def __call__(self, what: str, share: float) -> None:
        """Say it where nothing was said for a while."""
        if time.perf_counter() >= self._next:
            self._next = time.perf_counter() + _PATIENCE_S
            self._stream.write(f"… {self._name}\u00a0: {what}, {round(100 * share)}\u202f%\n")
            self._stream.flush()
