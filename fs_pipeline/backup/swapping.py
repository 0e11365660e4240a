"""One state of an installation put in the place of another by renames, and back: what stood is kept aside until told to go.

While it is done a mark lies in the home, and every other command refuses: whoever is cut off in between finds both states.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fs_pipeline.backup.parts import DEPOSITS, FILES, Parts, Place
from fs_pipeline.interruption import deferred
from fs_pipeline.warehouse.copying import put_back, settle, swap_in
from fs_pipeline.warehouse.home import SWAPPING


def clear_staged(parts: Parts) -> None:
    """Empty folders in which to put things together."""
    for place in parts.places():
        _remove(place.staged)
        place.staged.mkdir(mode=0o700, parents=True)


def swap(parts: Parts) -> None:
    """Put what is staged in the place of what stands."""
    mark = parts.settings.home / SWAPPING
    with deferred():
        mark.touch(mode=0o600)
        for place in parts.places():
            _move_all(place, place.root, place.aside)
        if parts.database is None:
            swap_in(parts.settings.database_url)
        for place in parts.places():
            _move_all(place, place.staged, place.root)
        for part in (FILES, DEPOSITS):
            if parts.folder(part) is None:
                _send(parts, part)


def undo(parts: Parts) -> None:
    """Put back what stood before a swap that did not end well; a remote store keeps what it was given."""
    with deferred():
        if parts.database is None:
            put_back(parts.settings.database_url)
        for place in parts.places():
            if place.aside.is_dir():
                for path in place.ours(place.aside):
                    _remove(place.root / path.name)
                    path.rename(place.root / path.name)
                _remove(place.aside)
        unmark(parts)


def unmark(parts: Parts) -> None:
    """Let other commands work again."""
    (parts.settings.home / SWAPPING).unlink(missing_ok=True)


def forget_before(parts: Parts) -> None:
    """Have what stood before go, and what was left of putting things together."""
    for place in parts.places():
        _remove(place.aside)
        _remove(place.staged)
    if parts.database is None:
        settle(parts.settings.database_url)


def is_half_done(parts: Parts) -> bool:
    """Whether a swap was cut off."""
    return (parts.settings.home / SWAPPING).exists()


def _move_all(place: Place, source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in place.ours(source):
        path.rename(target / path.name)


def _send(parts: Parts, part: str) -> None:
    """Have a remote store hold what was put together for it, and nothing else."""
    store, folder = parts.store(part), parts.staged_store(part)
    wanted = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    for name, path in wanted.items():
        store.put(name, path)
    for name in store.list(""):
        if name not in wanted:
            store.delete(name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
