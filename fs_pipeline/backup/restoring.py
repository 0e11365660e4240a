"""`fs-pipeline restore`: a backup in the place of whatever stands, without what was erased since it was made.

All of it is put together apart, erased anew, checked, and only then takes the place of the home that stands, which is kept
until the new one was found whole. A backup that is not as it was made is refused before anything is touched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fs_pipeline.backup.checking import beside, faults_of_home
from fs_pipeline.backup.manifest import WAREHOUSE, DamagedBackup, Manifest, kept_as, require_whole
from fs_pipeline.backup.parts import DEPOSITS, FILES, HOME, Parts
from fs_pipeline.backup.swapping import clear_staged, forget_before, is_half_done, swap, undo, unmark
from fs_pipeline.deposits.erasures import LEDGER, Erasure, Ledger
from fs_pipeline.deposits.retention import erase_again
from fs_pipeline.settings import Settings, UnusableSettings
from fs_pipeline.warehouse.copying import IN_USE, in_use, stage
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.home import SINCE, keep_private

_NO_LEDGER = (
    "aucun registre des suppressions n’accompagne cette sauvegarde : ce qui a été supprimé depuis reviendrait. Donnez celui de "
    "l’installation perdue (--erasures FICHIER), ou --no-erasures si rien n’a été supprimé depuis."
)


class Unrestored(Exception):
    """A backup that cannot be put in place; what stood still stands. The message is one French line."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Attributes
    ----------
    erased
        What was deleted after the backup was made, and so again.
    since
        Where the surveys lie that were in the drop folder and that the backup does not know; how many.
    """

    manifest: Manifest
    erased: tuple[Erasure, ...]
    since: tuple[Path, int]


def restore(
    settings: Settings, backup: Path, *, erasures: Path | None = None, without_erasures: bool = False
) -> Restored:
    """Put a backup in the place of whatever stands.

    Parameters
    ----------
    erasures
        A ledger besides those of the home, of the folder in which the backup lies and of FS_BACKUPS.
    without_erasures
        Whether to go on where there is no ledger at all.

    Raises
    ------
    DamagedBackup
        When the backup is not as it was made.
    UnusableSettings
        When something still works on what stands.
    Unrestored
        When what would stand is not whole, or there is no ledger.
    """
    parts, backup = Parts(settings), backup.resolve()
    manifest = require_whole(backup)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if in_use(settings.database_url):
        raise UnusableSettings(IN_USE)
    if is_half_done(parts):
        undo(parts)
    forget_before(parts)  # what a restore that ended well had no time to remove
    keep_private(settings.home)
    ledger = _ledgers(settings, backup, erasures)
    if not any(path.is_file() for path in ledger.paths) and not without_erasures:
        raise Unrestored(_NO_LEDGER)
    everything = ledger.read()
    erased = [one for one in everything if one.erasure_id not in manifest.erasures]
    try:
        clear_staged(parts)
        _stage_files(parts, backup, manifest)
        staged = stage(backup / WAREHOUSE, settings.database_url, _database_folder(parts))
        _erase(parts, staged, erased)
        if said := beside(staged, FileStore(str(parts.staged_store(FILES)))):
            raise Unrestored(f"ce qui serait restauré n’est pas entier ({said[0]}) : rien n’a été changé.")
        since = _keep_what_came_since(parts, manifest, everything)
        swap(parts)
    except BaseException:
        if is_half_done(parts):
            undo(parts)
        forget_before(parts)
        raise
    if said := faults_of_home(settings)[1:]:  # the first is the mark, which is there until all is found whole
        undo(parts)
        forget_before(parts)
        raise Unrestored(
            f"une fois en place, ce qui a été restauré n’est pas entier ({said[0]}) : l’état d’avant est remis."
        )
    unmark(parts)
    forget_before(parts)
    _ledgers(settings, backup, erasures).even()
    return Restored(manifest, tuple(erased), since)


def _ledgers(settings: Settings, backup: Path, given: Path | None) -> Ledger:
    if given is not None and not given.is_file():
        raise FileNotFoundError(2, "no ledger", str(given))
    folders = [settings.home, backup.parent, *([settings.backups] if settings.backups else [])]
    paths = [*(folder / LEDGER for folder in folders), *([given] if given else [])]
    return Ledger(tuple(dict.fromkeys(path.resolve() for path in paths)))


def _database_folder(parts: Parts) -> Path:
    place = parts.database_place
    return place.staged if place is not None else parts.home.staged


def _stage_files(parts: Parts, backup: Path, manifest: Manifest) -> None:
    """Copy every file to where it is put together; one that changed on its way is found here."""
    roots = {part: parts.staged_store(part) for part in (FILES, DEPOSITS)} | {HOME: parts.home.staged}
    for root in roots.values():
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, kept in manifest.files.items():
        if name == WAREHOUSE:
            continue
        part, _, path = name.partition("/")
        target = roots[part] / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(backup / name, target)
        if kept_as(target).sha256 != kept.sha256:
            raise DamagedBackup(f"« {name} » de la sauvegarde a changé pendant la restauration : rien n’a été changé.")
        if kept.modified is not None:
            os.utime(target, (kept.modified, kept.modified))


def _erase(parts: Parts, staged: str, erased: Sequence[Erasure]) -> None:
    """Bring the staged database to this version, and delete in it and beside it what was deleted since."""
    warehouse = Warehouse(staged, may_upgrade=True)
    try:
        if erased:
            files, drop = (FileStore(str(parts.staged_store(part))) for part in (FILES, DEPOSITS))
            done = erase_again(warehouse, files, drop, erased)
            if done.failed:
                raise Unrestored(
                    f"« {done.failed[0]} », supprimé depuis la sauvegarde, n’a pas pu l’être de nouveau : rien n’a été changé."
                )
    finally:
        warehouse.dispose()


def _keep_what_came_since(parts: Parts, manifest: Manifest, erased: Sequence[Erasure]) -> tuple[Path, int]:
    """Copy out of the drop folder the surveys that the backup does not know, but for those that were erased."""
    folder = parts.folder(DEPOSITS)
    kept = parts.settings.home / SINCE / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    if folder is None:  # a remote store's own versions keep them
        return kept, 0
    known = {file.sha256 for file in manifest.files.values()} | {one.sha256 for one in erased}
    count = 0
    for path in sorted(folder.glob("*/*/*")):
        if path.is_symlink() or not path.is_file() or kept_as(path).sha256 in known:
            continue
        target = kept / path.relative_to(folder)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy2(path, target)
        count += 1
    return kept, count
