"""Reference sources (communes, contours, roads): a file given by hand is read where it is, an address through snapshots.

They are taken once, before any département; whoever needs one afterwards reads what was kept and asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from fs_pipeline.http.fetch import Limits, is_remote
from fs_pipeline.http.problems import SourceProblem, Unreachable, UnreadableSource
from fs_pipeline.http.snapshots import Served, Store, at, kept, serve
from fs_pipeline.national.need import NEED_SOURCES
from fs_pipeline.national.read import ask
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.territory.contours import read_contours, read_points

_COUNTERS: dict[str, Callable[[Path], int]] = {
    "communes": lambda path: len(read_points(path)),
    "contours": lambda path: len(read_contours(path)),
    "roads": lambda path: int(path.stat().st_size > 0),
    **dict.fromkeys(NEED_SOURCES, lambda path: int(path.stat().st_size > 0)),  # read once, by who writes their table
}


def take_reference(key: str, location: str, store: Store, *, today: date, limits: Limits) -> Served | None:
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
        if key != "roads":
            count(key, path)
        return None
    wanted = ask(key, location)
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
        snapshot = at(kept(store, key), date.max.isoformat())
        if snapshot is None:
            yield None
        else:
            with store.local(snapshot.path) as path:
                yield path
    else:
        yield Path(location) if Path(location).is_file() else None
