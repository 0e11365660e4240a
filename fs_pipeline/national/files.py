"""Any published file as one table of raw cells: CSV of any usual encoding, GeoJSON, JSON, compressed or not.

The bytes decide, not the extension. What the columns mean is ``columns.py``'s question.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zlib
from collections import deque
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from fs_pipeline import french
from fs_pipeline.http.problems import TooLarge, Truncated, UnreadableSource
from fs_pipeline.safe_text import safe, safe_tree
from fs_pipeline.tabular.reading import decoded, separator_of

_TWICE_ENCODED = "Ã"
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_LONGEST_NAME = 200  # of a column: it is shown in messages
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_BYTES = 1_000_000_000


def read_table(path: Path, source: str, max_bytes: int = _MAX_BYTES) -> pd.DataFrame:
    """One row a record; text safe and without outer spaces, nested JSON as it is, None where a cell is empty.

    A GeoJSON's point is given as columns ``point_longitude`` and ``point_latitude``; lines and areas are not read.

    Raises
    ------
    Truncated
        When a compressed file, a JSON document or a last line ends early.
    TooLarge
        When more than `max_bytes` come out of a compressed file.
    UnreadableSource
        When the bytes are no table.
    """
    text = _decode(_decompress(path.read_bytes(), source, max_bytes), source)
    start = text.lstrip()[:1]
    frame = _from_json(text, source) if start and start in "{[" else _from_csv(text, source)
    return frame.rename(columns=lambda name: " ".join(safe(str(name)).split())[:_LONGEST_NAME])


def _decompress(content: bytes, source: str, max_bytes: int) -> bytes:
    try:
        if content.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
                return _read_at_most(stream, source, max_bytes)
        if content.startswith(_BZIP2):
            return _largest_member(content, source, max_bytes)
    except (EOFError, OSError, zlib.error, tarfile.TarError) as error:
        raise Truncated(
            source, f"fichier compressé incomplet ou abîmé ({type(error).__name__})", "relancer le téléchargement"
        ) from error
    return content


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


def _read_at_most(stream: _Readable, source: str, max_bytes: int) -> bytes:
    """All of a stream: a few kilobytes may unpack to more than the memory holds."""
    content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise TooLarge(
            source,
            f"le fichier compressé contient plus de {french.number(max_bytes)} octets",
            "ne pas l’ouvrir, prévenir l’éditeur\u00a0; relever max_bytes si la source a vraiment grandi",
        )
    return content


def _largest_member(content: bytes, source: str, max_bytes: int) -> bytes:
    """The DILA's archive holds one big JSON file beside small ones."""
    largest = b""
    found = False
    with tarfile.open(fileobj=io.BytesIO(content), mode="r|bz2") as archive:  # as a stream: nothing is skipped unseen
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                largest = max(largest, _read_at_most(stream, source, max_bytes), key=len)
                found = True
    if not found:
        raise UnreadableSource(source, "archive sans fichier", "vérifier l’adresse déclarée")
    return largest


def _decode(content: bytes, source: str) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        raise UnreadableSource(source, "le fichier n’est pas du texte", "vérifier l’adresse déclarée et le format")
    return decoded(content).replace("\x00", "")


def _from_csv(text: str, source: str) -> pd.DataFrame:
    header = text[: text.find("\n")] if "\n" in text else text
    separator = separator_of(header, ",;\t|")
    if header.lstrip().lower().startswith(("<!doctype", "<html", "<?xml")):
        raise UnreadableSource(source, "une page web au lieu d’un fichier", "vérifier l’adresse déclarée")
    if not header.strip():
        return pd.DataFrame()
    if _ends_early(text, separator):
        raise Truncated(source, "la dernière ligne est incomplète", "relancer le téléchargement")
    try:
        frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=object, keep_default_na=False)
    except (pd.errors.ParserError, csv.Error) as error:
        raise UnreadableSource(
            source,
            f"lignes inégales ({type(error).__name__})",
            "ouvrir le fichier et comparer son en-tête",
        ) from error
    for name in frame.columns:
        frame[name] = _text(frame[name])
    return frame


def _ends_early(text: str, separator: str) -> bool:
    """A last line without its end that has fewer cells than the first: the sender stopped inside it."""
    if text.endswith(("\n", "\r")):
        return False
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        header = next(rows)
        last = deque(rows, maxlen=1)
    except csv.Error:
        return False  # the parser that follows says what is wrong
    return bool(last) and len(last[0]) < len(header)


def _text(cells: pd.Series) -> pd.Series:
    read = [_cell(_repair(cell)) if isinstance(cell, str) else None for cell in cells]
    return pd.Series(read, index=cells.index, dtype=object)


def _repair(text: str) -> str:
    """``ChÃ¢teau`` is UTF-8 read as cp1252."""
    if _TWICE_ENCODED not in text:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _from_json(text: str, source: str) -> pd.DataFrame:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Truncated(source, "document JSON incomplet ou mal formé", "relancer le téléchargement") from error
    records = document if isinstance(document, list) else _longest_list(document)
    if records and isinstance(records[0], dict) and records[0].get("type") == "Feature":
        records = [_properties(feature) for feature in records]
    rows = [
        {safe(str(name)): _cell(value) for name, value in record.items()} if isinstance(record, dict) else record
        for record in records
    ]
    frame = pd.DataFrame(rows, dtype=object)
    return frame.where(frame.notna(), None)


def _longest_list(document: dict[str, Any]) -> list[Any]:
    lists = [value for value in document.values() if isinstance(value, list)]
    return max(lists, key=len, default=[])


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    at = (geometry.get("coordinates") if geometry.get("type") == "Point" else None) or (None, None)
    return {**(feature.get("properties") or {}), "point_longitude": at[0], "point_latitude": at[1]}


def _cell(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A safe text, a number as it would be written by hand; nothing for an empty text, list or object."""
    if isinstance(value, str):
        return safe(value).strip() or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124 - NaN
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    return safe_tree(value) or None
