"""Files of geometry that hold what they show, told from those that only name others.

The library behind geopandas goes by content, not by name, and some of its formats (a virtual layer, a service's
description, a chain of commands) are a few lines that have it open any file or address it is told to.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
_ZIP = b"PK\x03\x04"
_WHOLE = (PARQUET, b"SQLite format 3\x00", b"\x00\x00\x27\x0a")  # GeoParquet, GeoPackage, a shapefile
_HEAD = 1 << 16  # bytes
_COMMANDS = b"gdal_"  # in the head of a JSON file that is a chain of commands


def magic(path: Path) -> bytes:
    """The first bytes of a file that holds its own geometry; none of a folder.

    Raises
    ------
    ValueError
        When it is of another kind.
    """
    if path.is_dir():  # a shapefile's folder
        return b""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    inside = head
    if head.startswith(GZIP):
        try:
            with gzip.open(path) as stream:
                inside = stream.read(_HEAD)
        except (EOFError, OSError, zlib.error) as error:
            raise ValueError(f"{path.name}\u00a0: fichier compressé incomplet ou abîmé") from error
    if not (inside.startswith(_WHOLE) or _is_plain_json(inside) or (head.startswith(_ZIP) and _holds_shapes(path))):
        raise ValueError(f"{path.name}\u00a0: attendu GeoJSON, GeoPackage, GeoParquet ou shapefile")
    return head[: len(PARQUET)]


def is_layer(path: Path) -> bool:
    """Whether a file is GeoParquet, GeoPackage or a shapefile, alone, zipped or in its folder: not text."""
    if path.is_dir():
        return True
    with path.open("rb") as stream:
        head = stream.read(16)
    return head.startswith(_WHOLE) or (head.startswith(_ZIP) and _holds_shapes(path))


def _is_plain_json(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"{", b"[")) and _COMMANDS not in start


def _holds_shapes(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.lower().endswith(".shp") for name in archive.namelist())
