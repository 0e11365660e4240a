"""A zip as hostile or careless hands make it: its parts by the names that readers of workbooks go by, read within a budget.

Part of the child process (child.py): standard library only.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile

from fs_pipeline.survey.opening.refusal import Refused

MAX_PARTS = 5_000
MAX_UNPACKED = 128 * 1024 * 1024  # of the parts that are read: eight times the largest survey ever seen
_ENTRY, _ENTRY_FLAGS, _ENTRY_NAME = b"PK\x01\x02", 8, 28  # a line of the zip's directory, and where in it these are
_UTF8_NAMES = 0x800


class Package:
    """The parts of a zip; each is unpacked when it is asked for, none beyond the budget of all."""

    def __init__(self, content: bytes) -> None:
        if content.count(_ENTRY) > MAX_PARTS:
            raise Refused("too_heavy")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except UnicodeDecodeError:  # a name that says it is UTF-8, and is not
            self._archive = zipfile.ZipFile(io.BytesIO(_with_any_names(content)))
        self._parts = {_plain(part.filename): part for part in self._archive.infolist()}
        self._left = MAX_UNPACKED

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    @property
    def names(self) -> frozenset[str]:
        """Names of the parts, in lower case, with ``/`` between folders."""
        return frozenset(self._parts)

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises
        ------
        Refused
            When there is no such part, it asks for a password, or the budget is spent.
        """
        part = self._parts.get(_plain(name))
        if part is None:
            raise Refused("damaged", "part")
        try:
            with self._archive.open(part) as stream:
                content = stream.read(self._left + 1)
        except RuntimeError as error:  # zipfile's word for a part that asks for a password
            raise Refused("encrypted") from error
        self._left -= len(content)
        if self._left < 0:
            raise Refused("too_heavy")
        return content


def resolved(target: str, base: str) -> str:
    """Where a relation of the part `base` leads."""
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)


def _plain(name: str) -> str:
    """Excel takes « xl\\Workbook.xml » for xl/workbook.xml."""
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def _with_any_names(content: bytes) -> bytes:
    """The same zip, whose names in no known alphabet are plain bytes: only names in ASCII are ever asked for."""
    mended = bytearray(content)
    for found in re.finditer(re.escape(_ENTRY), content):
        start = found.start()
        if start + 46 > len(content):
            break
        (flags,) = struct.unpack_from("<H", content, start + _ENTRY_FLAGS)
        (length,) = struct.unpack_from("<H", content, start + _ENTRY_NAME)
        try:
            content[start + 46 : start + 46 + length].decode("utf-8")
        except UnicodeDecodeError:
            struct.pack_into("<H", mended, start + _ENTRY_FLAGS, flags & ~_UTF8_NAMES)
    return bytes(mended)
