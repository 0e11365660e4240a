"""The snapshots that are kept: two files each below ``snapshots/<source>/``, the bytes as published and a card (JSON).

The folder explains itself without a database. A card that is not what it should be is left where it is, told, and
believed in nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from fs_pipeline.http.dates import iso_date
from fs_pipeline.http.fetch import sha256_of
from fs_pipeline.http.headers import Known

_CARD = ".card.json"


class Store(Protocol):
    """What is asked of ``warehouse.files.FileStore``."""

    def write(self, path: str, content: bytes) -> str:
        """Put bytes at a path."""

    def put(self, path: str, file: Path) -> None:
        """Put a local file at a path."""

    def read(self, path: str) -> bytes:
        """Get them back."""

    def list(self, path: str) -> list[str]:
        """Paths below a folder."""

    def delete(self, path: str) -> None:
        """Remove the file at `path`, if there is one."""

    def local(self, path: str) -> AbstractContextManager[Path]:
        """The file as a local path."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept file: a row of the warehouse's ``snapshots``, and what the server said."""

    source: str
    as_of: str  # ISO date that the publisher gives it
    sha256: str
    path: str  # inside the store
    rows: int
    fetched_at: str
    url: str = ""
    known: Known = field(default_factory=Known)

    def row(self) -> dict[str, str | int]:
        """The columns of ``snapshots``."""
        names = ("source", "as_of", "sha256", "path", "rows", "fetched_at")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is kept of one source."""

    snapshots: list[Snapshot]  # oldest first
    unusable: list[str]  # paths of cards that are none


def shelf(store: Store, source: str) -> Shelf:
    """All that is kept of a source."""
    snapshots, unusable = [], []
    for path in store.list(f"snapshots/{source}"):
        if path.endswith(_CARD):
            try:
                snapshots.append(_from_card(store.read(path), source, path))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                unusable.append(path)
    return Shelf(sorted(snapshots, key=lambda snapshot: (snapshot.as_of, snapshot.fetched_at)), unusable)


def kept(store: Store, source: str) -> list[Snapshot]:
    """All usable snapshots of a source, oldest first."""
    return shelf(store, source).snapshots


def at(snapshots: Iterable[Snapshot], reference_date: str) -> Snapshot | None:
    """The latest snapshot not after an ISO date; of two of the same day, the one fetched last."""
    old_enough = [snapshot for snapshot in snapshots if snapshot.as_of <= reference_date]
    return max(old_enough, key=lambda snapshot: (snapshot.as_of, snapshot.fetched_at), default=None)


def is_sound(store: Store, snapshot: Snapshot) -> bool:
    """Whether the bytes are still those that were kept."""
    try:
        with store.local(snapshot.path) as path:
            return sha256_of(path) == snapshot.sha256
    except FileNotFoundError:
        return False


def put_away(store: Store, snapshot: Snapshot, file: Path) -> None:
    """Keep a file and its card."""
    store.put(snapshot.path, file)
    card = json.dumps(asdict(snapshot), ensure_ascii=False, indent=1)
    store.write(f"{snapshot.path}{_CARD}", card.encode())  # last: a snapshot without a card does not exist


def take_away(store: Store, snapshot: Snapshot) -> None:
    """Delete a file and its card, the card first: without it a snapshot does not exist."""
    store.delete(f"{snapshot.path}{_CARD}")
    store.delete(snapshot.path)


def _from_card(content: bytes, source: str, card_path: str) -> Snapshot:
    card: dict[str, Any] = json.loads(content)
    known = Known.of({"ETag": card["known"]["etag"], "Last-Modified": card["known"]["last_modified"]})
    names = {one.name for one in fields(Snapshot)}
    snapshot = Snapshot(**{**{name: value for name, value in card.items() if name in names}, "known": known})
    texts = (snapshot.sha256, snapshot.url)
    if (
        iso_date(snapshot.as_of) != snapshot.as_of
        or f"{snapshot.path}{_CARD}" != card_path
        or snapshot.source != source
        or not isinstance(snapshot.rows, int)
        or not all(isinstance(text, str) for text in texts)
    ):
        raise ValueError("a card says what cannot be")
    datetime.fromisoformat(snapshot.fetched_at)
    return snapshot
