"""What `backup`, `restore` and `verify` take, and what they say."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fs_pipeline import french
from fs_pipeline.settings import Settings, UnusableSettings

if TYPE_CHECKING:
    from fs_pipeline.backup.manifest import Manifest

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)
_SHOWN = 20  # faults, each on its line


def add_backup(commands: argparse._SubParsersAction[Parser]) -> None:
    """The three commands with what they take."""
    backup = commands.add_parser("backup", help="sauvegarder la base et les fichiers, sans rien arrêter")
    backup.add_argument(
        "folder", nargs="?", type=Path, metavar="DOSSIER", help="où sont les sauvegardes (sinon FS_BACKUPS)"
    )
    backup.add_argument("--keep", type=positive, metavar="N", help="ne garder que les N sauvegardes les plus récentes")
    restore_ = commands.add_parser(
        "restore", help="remettre une sauvegarde en place, sans ce qui a été supprimé depuis"
    )
    restore_.add_argument("backup", type=Path, metavar="SAUVEGARDE", help="le dossier d’une sauvegarde")
    which = restore_.add_mutually_exclusive_group()
    which.add_argument("--erasures", type=Path, metavar="FICHIER", help="un registre des suppressions de plus")
    which.add_argument("--no-erasures", action="store_true", help="rien n’a été supprimé depuis la sauvegarde")
    verify = commands.add_parser("verify", help="dire si l’installation, ou une sauvegarde, est entière")
    verify.add_argument("backup", nargs="?", type=Path, metavar="SAUVEGARDE", help="sinon, l’installation")


def made(options: argparse.Namespace, settings: Settings) -> str:
    """Make a backup; French lines of what was done."""
    from fs_pipeline.backup.saving import back_up

    folder = options.folder or settings.backups
    if folder is None:
        raise UnusableSettings("dites où sauvegarder : fs-pipeline backup DOSSIER, ou FS_BACKUPS dans l’environnement.")
    done = back_up(settings, folder, keep=options.keep)
    lines = [f"Sauvegarde : {done.folder}", _counted(done.manifest)]
    if done.left_out:
        said = french.count(done.left_out, "élément n’est pas sauvegardé", "éléments ne sont pas sauvegardés")
        lines.append(
            f"Dossier des dépôts : {said} (lien, sous-dossier, fichier trop grand), qu’aucune exécution ne lit."
        )
    lines += [f"Sauvegarde retirée : {path}" for path in done.removed]
    return "\n".join(lines)


def restored(options: argparse.Namespace, settings: Settings) -> str:
    """Put a backup in place; French lines of what was done."""
    from fs_pipeline.backup.restoring import restore

    done = restore(settings, options.backup, erasures=options.erasures, without_erasures=options.no_erasures)
    lines = [f"Restauré : {options.backup}, de {_moment(done.manifest)}", _counted(done.manifest)]
    lines.append(f"Supprimés depuis, et supprimés de nouveau : {french.count(len(done.erased), 'dépôt')}.")
    folder, count = done.since
    if count:
        lines.append(
            f"Enquêtes déposées depuis la sauvegarde : {count}, mises de côté dans {folder}. Déposez de nouveau celles qui "
            "comptent, puis supprimez ce dossier."
        )
    lines.append("L’installation est entière. Ce qui n’est plus à jour sera refait de lui-même, ou par « run ».")
    return "\n".join(lines)


def faults(options: argparse.Namespace, settings: Settings) -> list[str]:
    """What is not whole of what was asked about; none where all is."""
    from fs_pipeline.backup.checking import faults_of_backup, faults_of_home

    return faults_of_backup(options.backup) if options.backup else faults_of_home(settings)


def told(found: list[str], options: argparse.Namespace) -> str:
    """The same for a person."""
    what = f"La sauvegarde {options.backup}" if options.backup else "L’installation"
    if not found:
        return f"{what} est entière."
    lines = [f"{what} n’est pas entière\u00a0: {french.count(len(found), 'défaut')}."]
    lines += [f"  {fault}" for fault in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"  … et {len(found) - _SHOWN} de plus")
    return "\n".join(lines)


def _counted(manifest: Manifest) -> str:
    size = sum(kept.size for kept in manifest.files.values())
    return (
        f"{french.count(len(manifest.files), 'fichier')}, {french.number(size / 1e6, 1)} Mo, chacun avec son empreinte."
    )


def _moment(manifest: Manifest) -> str:
    return manifest.made_at[:16].replace("T", " à ") + " (UTC)"


def positive(text: str) -> int:
    """A number from 1, as an argument."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
