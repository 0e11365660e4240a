"""Reference sources (communes, contours, roads): a file given by hand is read where it is, an address through snapshots.

They are taken once, before any département; whoever needs one afterwards reads what was kept and asks nobody. What a
campaign took is known by its digest, and found again on any machine by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from fs_pipeline.http.dates import believable
from fs_pipeline.http.fetch import sha256_of
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import SourceProblem, Unreachable, UnreadableSource
from fs_pipeline.http.reach import is_remote
from fs_pipeline.http.shelf import Store, is_sound, kept
from fs_pipeline.http.snapshots import Served, serve
from fs_pipeline.national.need import NEED_SOURCES, read_fragility
from fs_pipeline.national.quarters import read_quarters
from fs_pipeline.national.read import ask
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.national.squares import read_squares
from fs_pipeline.territory.contours import read_contours, read_points

# Long to read: a file given by hand is left to who needs it, one from an address is read before it is believed.
_READ_ONCE = frozenset({"roads", *NEED_SOURCES})
_NETWORKS = (b"<", b"\x1f\x8b", b"BZh", b"PK")  # XML, compressed or not; saved arrays


def _networks(path: Path) -> int:
    """1 for a file that begins as a road network does: read whole, it takes minutes."""
    with path.open("rb") as stream:
        head = stream.read(64)
    if b"OSMHeader" in head or head.lstrip().startswith(_NETWORKS):
        return 1
    what = "le fichier n’est pas un réseau de routes"
    raise UnreadableSource(REFERENCES["roads"].title_fr, what, "vérifier l’adresse et le format déclarés")


_COUNTERS: dict[str, Callable[[Path], int]] = {
    "communes": lambda path: len(read_points(path)),
    "town_halls": lambda path: len(read_points(path)),
    "contours": lambda path: len(read_contours(path)),
    "roads": _networks,
    "population_squares": lambda path: len(read_squares(path)),
    "priority_quarters": lambda path: len(read_quarters(path)),
    "digital_fragility": lambda path: len(read_fragility(path)),
}


def take_reference(
    key: str, location: str, store: Store, *, today: date, limits: Limits, internal_hosts: tuple[str, ...] = ()
) -> Served | None:
    """Bring the source up to date; None for a file given by hand, which is not copied.

    Raises
    ------
    SourceProblem
        When it cannot be used and nothing was kept, or when the given file is absent or not what it should be.
    """
    if not is_remote(location):
        path = Path(location)
        if not path.is_file():
            what = f"le fichier {path.name} n’existe pas"
            raise Unreachable(REFERENCES[key].title_fr, what, "corriger le chemin dans sources.toml")
        if key not in _READ_ONCE:
            count(key, path)
        return None
    wanted = replace(ask(key, location), internal_hosts=internal_hosts)
    return serve(wanted, store, lambda path: count(key, path), reference_date=today, today=today, limits=limits)


def count(key: str, path: Path) -> int:
    """Communes, contours, or one network.

    Raises
    ------
    UnreadableSource
        Whatever the reader stumbled over.
    """
    try:
        return _COUNTERS[key](path)
    except SourceProblem:
        raise
    except Exception as error:
        # Readers of geometry raise errors of their own kinds; whichever it is, the file is refused.
        what = f"le fichier ne peut pas être lu ({type(error).__name__})"
        raise UnreadableSource(REFERENCES[key].title_fr, what, "vérifier l’adresse et le format déclarés") from error


@contextmanager
def reference_file(key: str, location: str | None, store: Store) -> Iterator[Path | None]:
    """The source as a local file, the network left alone; None where it is absent or was never good."""
    if location is None:
        yield None
    elif is_remote(location):
        today = datetime.now(UTC).date()
        newest_first = [snapshot for snapshot in reversed(kept(store, key)) if believable(snapshot.as_of, today)]
        sound = next((snapshot for snapshot in newest_first if is_sound(store, snapshot)), None)
        if sound is None:
            yield None
        else:
            with store.local(sound.path) as path:
                yield path
    else:
        yield Path(location) if Path(location).is_file() else None


@contextmanager
def taken_file(key: str, location: str | None, store: Store, sha256: str) -> Iterator[Path | None]:
    """The very file that has a digest: one that was kept, else the given one; None where neither is here."""
    same = [snapshot for snapshot in kept(store, key) if snapshot.sha256 == sha256]
    sound = next((snapshot for snapshot in same if is_sound(store, snapshot)), None)
    if sound is not None:
        with store.local(sound.path) as path:
            yield path
    else:
        given = Path(location) if location is not None and not is_remote(location) else None
        yield given if given is not None and given.is_file() and digest_of(given) == sha256 else None


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read again only where its size or time has changed: roads are gigabytes."""
    found = path.stat()
    return _digest(path, found.st_size, found.st_mtime_ns)


@cache
def _digest(path: Path, _size: int, _changed: int) -> str:
    return sha256_of(path)
