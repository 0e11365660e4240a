"""`fs-pipeline backup`: what an installation holds at one moment, in a folder of its own, while it goes on working.

The ledger of erasures first, then the database, then the files: what the database names was written before, and what was
erased before is in neither. What is deleted meanwhile makes the backup unsound, which its own check finds.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fs_pipeline import __version__
from fs_pipeline.backup.checking import faults_beside
from fs_pipeline.backup.manifest import MANIFEST, WAREHOUSE, DamagedBackup, Kept, Manifest, kept_as, read_manifest
from fs_pipeline.backup.parts import DEPOSITS, FILES, HOME, Parts
from fs_pipeline.deposits.erasures import LEDGER, Ledger
from fs_pipeline.settings import Settings, UnusableSettings
from fs_pipeline.survey.opening.reader import MAX_BYTES
from fs_pipeline.warehouse.connecting import parsed_url
from fs_pipeline.warehouse.copying import copy_sqlite, is_sqlite, save
from fs_pipeline.warehouse.dropped import NotTaken
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.home import ASIDE, STAGED, SWAPPING

_UNDER_WAY = ".part"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and what of the drop folder is not in it (links, pipes, what is too large)."""

    folder: Path
    manifest: Manifest
    left_out: int
    removed: tuple[Path, ...] = ()


def back_up(settings: Settings, backups: Path, *, keep: int | None = None) -> Made:
    """Make a backup in a new folder of `backups`, named by the moment.

    Parameters
    ----------
    keep
        How many of the whole backups stay there, the newest; None leaves all.

    Raises
    ------
    UnusableSettings
        When there is nothing to back up, or `backups` is inside of what is backed up.
    DamagedBackup
        When something was deleted or changed meanwhile.
    """
    parts, backups = Parts(settings), backups.resolve()
    _keep_apart(parts, backups)
    if (settings.home / SWAPPING).exists():
        raise UnusableSettings("une restauration a été interrompue : terminez-la avant de sauvegarder.")
    if parts.database is not None and not parts.database.is_file():
        raise UnusableSettings(f"il n’y a pas d’installation à sauvegarder dans « {settings.home} ».")
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = datetime.now(UTC)
    folder = backups / moment.strftime("%Y-%m-%dT%H%M%S.%fZ")
    aside = folder.with_name(folder.name + _UNDER_WAY)
    aside.mkdir(mode=0o700)
    try:
        ledger = Ledger(tuple(one / LEDGER for one in dict.fromkeys([settings.home, backups, *_told(settings)])))
        ledger.even()
        erased = tuple(erasure.erasure_id for erasure in ledger.read())
        save(settings.database_url, aside / WAREHOUSE)
        kept = {WAREHOUSE: kept_as(aside / WAREHOUSE)}
        kept |= _take_files(parts.store(FILES), aside)
        dropped, left_out = _take_dropped(parts.store(DEPOSITS), aside)
        kept |= dropped | _take_home(parts, aside)
        database = parsed_url(settings.database_url).get_backend_name()
        manifest = Manifest(moment.isoformat(timespec="microseconds"), __version__, database, kept, erased)
        if said := faults_beside(aside / WAREHOUSE, FileStore(str(aside / FILES))):
            raise DamagedBackup(
                f"ce qui est sauvegardé n’est pas entier, et la sauvegarde n’est pas gardée ({said[0]}) : « fs-pipeline verify » "
                "dit ce qui manque ; si une suppression était en cours, relancez la sauvegarde."
            )
        (aside / MANIFEST).write_bytes(manifest.written())
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return Made(folder, manifest, left_out, tuple(_expire(backups, keep)))


def _told(settings: Settings) -> Sequence[Path]:
    return [settings.backups] if settings.backups else []


def _keep_apart(parts: Parts, backups: Path) -> None:
    inside = [parts.settings.home, parts.folder(FILES), parts.folder(DEPOSITS)]
    for folder in inside:
        if folder is not None and (backups == folder or folder in backups.parents):
            raise UnusableSettings(
                f"« {backups} » est dans l’installation : donnez un dossier à part, d’un autre disque."
            )


def _take_files(store: FileStore, aside: Path) -> dict[str, Kept]:
    kept = {}
    for path in store.list(""):
        if path.split("/")[0] in {STAGED, ASIDE}:
            continue
        target = _made(aside / FILES / path)
        try:
            with store.local(path) as standing:
                shutil.copyfile(standing, target)
        except FileNotFoundError:  # deleted since it was listed; whether it is missed the check says
            continue
        kept[f"{FILES}/{path}"] = kept_as(target)
    return kept


def _take_dropped(store: FileStore, aside: Path) -> tuple[dict[str, Kept], int]:
    """Surveys as they lie there, with the time at which each was written."""
    kept, left_out = {}, 0
    for entry in store.look("", deep=3):
        try:
            content = store.read_untrusted(entry, MAX_BYTES) if entry.kind == "file" else None
        except (NotTaken, FileNotFoundError):
            content = None
        if content is None:
            left_out += 1
            continue
        target = _made(aside / DEPOSITS / entry.path)
        target.write_bytes(content)
        kept[f"{DEPOSITS}/{entry.path}"] = replace(kept_as(target), modified=entry.modified)
    return kept, left_out


def _take_home(parts: Parts, aside: Path) -> dict[str, Kept]:
    kept = {}
    for path in parts.of_home():
        name = path.relative_to(parts.settings.home).as_posix()
        target = _made(aside / HOME / name)
        try:
            if is_sqlite(path):
                copy_sqlite(path, target)
            else:
                shutil.copyfile(path, target)
        except FileNotFoundError:  # a log that was cleaned meanwhile
            continue
        kept[f"{HOME}/{name}"] = kept_as(target)
    return kept


def _made(path: Path) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _expire(backups: Path, keep: int | None) -> list[Path]:
    """Remove the older backups, and what was left of some that were cut off; nothing else that lies there."""
    if keep is None:
        return []
    made = []
    for path in sorted(backups.iterdir()):
        try:
            made.append((read_manifest(path).made_at, path))
        except (DamagedBackup, OSError):
            continue
    gone = [path for _, path in sorted(made)[: max(len(made) - keep, 0)]]
    for path in gone:
        shutil.rmtree(path)
    return gone
