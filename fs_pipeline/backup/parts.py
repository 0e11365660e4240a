"""Of what parts an installation is, and where each lies: one home folder by default, or a database and stores elsewhere.

In a backup every part has a folder of its own name: ``files``, ``deposits``, ``home``; the database is ``warehouse.db``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.copying import BESIDE, sqlite_path
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.home import ASIDE, OURS, STAGED

FILES, DEPOSITS, HOME = "files", "deposits", "home"
CACHE = "cache"  # made again by whoever needs it
_RESTORES = (STAGED, ASIDE)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in which a restore puts things in the place of others.

    Attributes
    ----------
    names
        What in it is ours; None where everything is.
    """

    root: Path
    names: frozenset[str] | None = None

    @property
    def staged(self) -> Path:
        """What is put together apart; on the same disk, so that a rename is enough."""
        return self.root / STAGED

    @property
    def aside(self) -> Path:
        """What stood before."""
        return self.root / ASIDE

    def ours(self, folder: Path) -> list[Path]:
        """What in a folder belongs to this place."""
        if not folder.is_dir():
            return []
        return sorted(
            path
            for path in folder.iterdir()
            if path.name not in _RESTORES and (self.names is None or path.name in self.names)
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of an installation are."""

    settings: Settings

    @property
    def home(self) -> Place:
        """The home folder: of what lies in it that which is ours, and which no setting puts elsewhere."""
        return Place(self.settings.home, frozenset(OURS))

    def folder(self, part: str) -> Path | None:
        """The local folder of a store; None where it is remote."""
        url = self.settings.files_url if part == FILES else self.settings.deposits_url
        if "://" in url and not url.startswith("file://"):
            return None
        return Path(url.removeprefix("file://")).resolve()

    def place(self, part: str) -> Place:
        """Where a store is swapped: with the home, or by itself; what is remote is put together in the home."""
        folder = self.folder(part)
        if folder is None or folder == self.settings.home / part:
            return self.home
        return Place(folder)

    def staged_store(self, part: str) -> Path:
        """Where the files of a store are put together."""
        folder = self.folder(part)
        if folder is None:
            return self.home.staged / f".{part}"
        return self.home.staged / part if self.place(part) == self.home else self.place(part).staged

    @property
    def database(self) -> Path | None:
        """The file of the database, where it is one."""
        return sqlite_path(self.settings.database_url)

    @property
    def database_place(self) -> Place | None:
        """Where the database's file is swapped; None where a server has it."""
        path = self.database
        if path is None:
            return None
        names = frozenset({path.name, *(f"{path.name}{ending}" for ending in BESIDE)})
        return self.home if names <= OURS and path.parent == self.settings.home else Place(path.parent, names)

    def places(self) -> list[Place]:
        """Every folder in which something is swapped, once."""
        found = [self.home, self.place(FILES), self.place(DEPOSITS), self.database_place]
        return list(dict.fromkeys(place for place in found if place is not None))

    def store(self, part: str) -> FileStore:
        """A store as it stands."""
        return FileStore(self.settings.files_url if part == FILES else self.settings.deposits_url)

    def of_home(self) -> Iterator[Path]:
        """The files of the home that are in no store, in no cache and not the database."""
        stores = {self.folder(FILES), self.folder(DEPOSITS)}
        database = self.database.name if self.database and self.database_place == self.home else "warehouse.db"
        left = {CACHE, database, *(f"{database}{ending}" for ending in BESIDE)}
        for child in self.home.ours(self.settings.home):
            if child.name in left or child.resolve() in stores:
                continue
            for path in [child] if child.is_file() else sorted(child.rglob("*")):
                if path.is_file() and not path.is_symlink() and not path.name.endswith(BESIDE):
                    yield path
