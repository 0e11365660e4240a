"""Files behind one fsspec URL: written aside then renamed, read back by the same relative path.

Layout: ``deposits/<campaign>/<departement>/…``, ``snapshots/<source>/…``, ``layers/…``, ``briefs/…``.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec

from fs_pipeline.warehouse.dropped import Entry, look, read_untrusted


class PathOutsideStore(ValueError):
    """A path that would leave the store's folder; whoever made it took a stranger's word for a name."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder, local or remote (``s3://…``); paths are relative to it, and a path that leaves it is refused."""

    url: str = field(repr=False)  # may hold a password

    def write(self, path: str, content: bytes) -> str:
        """Put `content` at `path`; a reader sees the old bytes or the new ones, never a part. Returns their sha256."""
        with self._aside(path) as (filesystem, aside), filesystem.open(aside, "wb") as stream:
            stream.write(content)
        return hashlib.sha256(content).hexdigest()

    def put(self, path: str, file: Path) -> None:
        """Put a local file at `path` as `write` does, in pieces: it may not fit into memory."""
        with self._aside(path) as (filesystem, aside):
            filesystem.put_file(str(file), aside)

    @contextmanager
    def _aside(self, path: str) -> Iterator[tuple[fsspec.AbstractFileSystem, str]]:
        """A name beside `path`, renamed once all is written."""
        filesystem, target = self._locate(path)
        filesystem.makedirs(target.rpartition("/")[0], exist_ok=True)
        aside = f"{target}.{uuid.uuid4().hex}.part"
        yield filesystem, aside
        filesystem.mv(aside, target)

    def read(self, path: str) -> bytes:
        """The bytes at `path`.

        Raises
        ------
        FileNotFoundError
            When nothing was written there.
        """
        filesystem, target = self._locate(path)
        with filesystem.open(target, "rb") as stream:
            content: bytes = stream.read()
        return content

    def exists(self, path: str) -> bool:
        """Whether something was written at `path`."""
        filesystem, target = self._locate(path)
        return bool(filesystem.exists(target))

    def look(self, folder: str, *, deep: int = 1) -> list[Entry]:
        """What lies `deep` levels below a folder that others write into; nothing is opened, nothing raises."""
        self._locate(folder)
        return look(*self._locate(""), folder, deep)

    def read_untrusted(self, entry: Entry, limit: int) -> bytes:
        """The bytes of what was seen there, `limit` at most.

        Raises
        ------
        NotTaken, FileNotFoundError
            When it cannot or must not be read, or has gone away.
        """
        return read_untrusted(*self._locate(""), entry, limit)

    def delete(self, path: str) -> None:
        """Remove the file at `path`, if there is one."""
        filesystem, target = self._locate(path)
        if filesystem.exists(target):
            filesystem.rm_file(target)

    def list(self, path: str) -> list[str]:
        """Relative paths of all files below `path`, sorted; none where the folder is absent."""
        filesystem, target = self._locate(path)
        root = self._locate("")[1].rstrip("/") + "/"
        found = filesystem.find(target) if filesystem.exists(target) else []
        return sorted(name.removeprefix(root) for name in found if not name.endswith(".part"))

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """The file as a local path, copied first where the store is remote, for readers that want one."""
        filesystem, target = self._locate(path)
        if "file" in filesystem.protocol:
            yield Path(target)
            return
        with TemporaryDirectory() as folder:
            copy = Path(folder) / Path(target).name
            filesystem.get(target, str(copy))
            yield copy

    def _locate(self, path: str) -> tuple[fsspec.AbstractFileSystem, str]:
        if path.startswith("/") or "\0" in path or not {".", ".."}.isdisjoint(path.split("/")):
            raise PathOutsideStore(f"{path!r} is not a path inside the file store")
        # A daemon must see what another process wrote since it last looked.
        filesystem, root = fsspec.core.url_to_fs(self.url, use_listings_cache=False)
        return filesystem, f"{root.rstrip('/')}/{path}" if path else root
