"""What lies in a folder that others write into: looked at without being opened, and read without being trusted.

Such a folder may hold anything: links, pipes, files that grow or go away, names in any bytes, a mount that fails. Nothing
here raises for what it finds; what a name means is said in deposits/incoming.py.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import fsspec

Kind = Literal["file", "link", "folder", "other", "unreadable"]
_KINDS: dict[int, Kind] = {stat.S_IFREG: "file", stat.S_IFLNK: "link", stat.S_IFDIR: "folder"}
_READ_AT_ONCE = 1 << 20


class NotTaken(OSError):
    """A file that is not read; `code` says why: link, no_file, too_large, no_right, arriving, unreadable_now."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that lies there."""

    path: str  # relative; bytes that are no UTF-8 as lone surrogates, as the system gives them
    kind: Kind  # of itself: what a link leads to is not looked at
    size: int = 0  # bytes
    modified: float = 0.0  # seconds since 1970
    version: str = ""  # changes when the thing does

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


def look(filesystem: fsspec.AbstractFileSystem, root: str, folder: str, deep: int) -> list[Entry]:
    """What lies `deep` levels below `folder`, and on the way there what cannot be entered; sorted by path.

    Parameters
    ----------
    root
        Where the store begins, for `filesystem`; `folder` and the paths found are relative to it.
    """
    if "file" in filesystem.protocol:
        found = list(_walk(Path(root), folder, deep))
    else:
        try:
            found = list(_listed(filesystem, root, folder, deep))
        except FileNotFoundError:
            found = []
        except Exception:  # whatever the library of a remote store raises when the store does not answer
            found = [Entry(folder, "unreadable")]
    return sorted(found, key=lambda entry: entry.path)


def read_untrusted(filesystem: fsspec.AbstractFileSystem, root: str, entry: Entry, limit: int) -> bytes:
    """The bytes of a file that was seen, `limit` at most.

    Raises
    ------
    NotTaken
        When it is no file any more, is too large, cannot be read, or changes while it is read.
    FileNotFoundError
        When it has gone away since.
    """
    if entry.size > limit:
        raise NotTaken("too_large")
    try:
        if "file" in filesystem.protocol:
            return _read_local(Path(root) / entry.path, limit)
        with filesystem.open(f"{root.rstrip('/')}/{entry.path}", "rb") as stream:
            content: bytes = stream.read(limit + 1)
    except (NotTaken, FileNotFoundError):
        raise
    except PermissionError as error:
        raise NotTaken("no_right") from error
    except Exception as error:  # a disk, a mount or a remote store that fails
        raise NotTaken("unreadable_now") from error
    if len(content) > limit:
        raise NotTaken("too_large")
    return content


def _read_local(path: Path, limit: int) -> bytes:
    """Opened as what it is (no link is followed, no pipe waited for), then judged again: it may have been changed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise (NotTaken("link") if path.is_symlink() else error) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise NotTaken("no_file")
        content = bytearray()
        while len(content) <= limit and (part := os.read(descriptor, _READ_AT_ONCE)):
            content += part
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise NotTaken("too_large")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise NotTaken("arriving")
    return bytes(content)


def _walk(root: Path, folder: str, deep: int) -> Iterator[Entry]:
    try:
        with os.scandir(root / folder) as things:
            seen = [_seen(thing, f"{folder}/{thing.name}".lstrip("/")) for thing in things]
    except FileNotFoundError:
        return
    except OSError:  # no rights, a mount that fails
        yield Entry(folder, "unreadable")
        return
    for entry in seen:
        if deep <= 1:
            yield entry
        elif entry.kind == "folder":
            yield from _walk(root, entry.path, deep - 1)
        elif entry.kind in {"link", "unreadable"}:
            yield entry


def _seen(thing: os.DirEntry[str], path: str) -> Entry:
    try:
        about = thing.stat(follow_symlinks=False)
    except OSError:  # gone since, or a mount that fails
        return Entry(path, "unreadable")
    kind = _KINDS.get(stat.S_IFMT(about.st_mode), "other")
    version = f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"
    return Entry(path, kind, about.st_size, about.st_mtime, "" if kind == "folder" else version)


def _listed(filesystem: fsspec.AbstractFileSystem, root: str, folder: str, deep: int) -> Iterator[Entry]:
    """Keys below a prefix: one listing, however deep. What is deeper makes a folder, as people see it."""
    start = f"{root.rstrip('/')}/"
    folders = set()
    for name, about in filesystem.find(f"{start}{folder}".rstrip("/"), detail=True).items():
        path = name.removeprefix(start)
        parts = path.removeprefix(f"{folder}/" if folder else "").split("/")
        if len(parts) < deep or not parts[deep - 1]:
            continue
        if len(parts) > deep:
            folders.add(path.rsplit("/", len(parts) - deep)[0])
            continue
        modified = about.get("LastModified") or about.get("created") or about.get("mtime") or 0.0
        seconds = modified.timestamp() if isinstance(modified, datetime) else float(modified)
        version = f"{about.get('ETag') or seconds} {about['size']}"
        yield Entry(path, "file", about["size"], seconds, version)
    yield from (Entry(path, "folder") for path in folders)


def digest(entries: list[Entry]) -> str:
    """Sixteen hexadecimal digits that change when something is added, changed or taken away."""
    lines = "\n".join(f"{entry.path} {entry.kind} {entry.version}" for entry in entries)
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def age(entry: Entry) -> float:
    """Seconds since it was last written to; below zero where its clock runs ahead of ours."""
    return time.time() - entry.modified
