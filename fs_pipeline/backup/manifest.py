"""What a backup says of itself: each file with its size and digest, under a seal; and whether it is still so.

``manifest.json`` is written last: a folder without it, or whose seal does not match, is no backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from fs_pipeline import french

MANIFEST = "manifest.json"
WAREHOUSE = "warehouse.db"
FORMAT = 1
_READ_AT_ONCE = 1 << 20
_NAMED = 3  # files in one sentence


class DamagedBackup(Exception):
    """A backup that is not what was made; the message is one French line."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup."""

    size: int  # bytes
    sha256: str
    modified: float | None = None  # seconds since 1970, where it means something: of two surveys the later one counts


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes
    ----------
    erasures
        Identifiers of what was deleted before it was made, and so is not in it.
    """

    made_at: str
    version: str
    database: str  # sqlite or postgresql, from which it was taken
    files: Mapping[str, Kept]
    erasures: tuple[str, ...]

    def written(self) -> bytes:
        """As ``manifest.json`` has it."""
        body = {
            "format": FORMAT,
            "made_at": self.made_at,
            "version": self.version,
            "database": self.database,
            "erasures": list(self.erasures),
            # Names that are no UTF-8 are lone surrogates here, which JSON writes as escapes.
            "files": {path: asdict(kept) for path, kept in sorted(self.files.items())},
        }
        return f"{json.dumps(body | {'seal': _seal(body)}, indent=1)}\n".encode()


def read_manifest(backup: Path) -> Manifest:
    """What a backup says of itself.

    Raises
    ------
    DamagedBackup
        When it says nothing, or not what was written.
    """
    try:
        body = json.loads((backup / MANIFEST).read_bytes())
        seal = body.pop("seal")
        form = body["format"]
        files = {path: Kept(**kept) for path, kept in body["files"].items()}
        manifest = Manifest(body["made_at"], body["version"], body["database"], files, tuple(body["erasures"]))
    except FileNotFoundError as error:
        raise DamagedBackup(
            f"« {backup} » n’est pas une sauvegarde entière : son « {MANIFEST} » manque. Elle a été interrompue, ou ce n’en est "
            "pas une ; prenez-en une autre."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedBackup(f"le « {MANIFEST} » de « {backup} » est abîmé : prenez une autre sauvegarde.") from error
    if seal != _seal(body):
        raise DamagedBackup(f"le « {MANIFEST} » de « {backup} » a été modifié depuis : prenez une autre sauvegarde.")
    if form != FORMAT:
        raise DamagedBackup(f"« {backup} » vient d’une version plus récente de fs_pipeline : mettez ce poste à jour.")
    return manifest


def changed(backup: Path, manifest: Manifest) -> list[str]:
    """French sentences of what is not as it was made: lacking, of another size or digest, or unknown."""
    lying = {path.relative_to(backup).as_posix() for path in backup.rglob("*") if not path.is_dir()} - {MANIFEST}
    lacking = sorted(manifest.files.keys() - lying)
    unknown = sorted(lying - manifest.files.keys())
    other = [
        path for path, kept in sorted(manifest.files.items()) if path in lying and not _is_as_kept(backup / path, kept)
    ]
    said = []
    for found, one, many in (
        (lacking, "fichier manque", "fichiers manquent"),
        (other, "fichier a changé", "fichiers ont changé"),
        (unknown, "fichier est de trop", "fichiers sont de trop"),
    ):
        if found:
            names = ", ".join(f"« {name} »" for name in found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
            said.append(f"{french.count(len(found), one, many)} : {names}")
    return said


def require_whole(backup: Path) -> Manifest:
    """The manifest of a backup whose every byte is as it was made.

    Raises
    ------
    DamagedBackup
        When one is not; it says which files.
    """
    manifest = read_manifest(backup)
    if said := changed(backup, manifest):
        raise DamagedBackup(
            f"la sauvegarde « {backup} » n’est pas entière ({' ; '.join(said)}) : rien n’en est repris, prenez-en une autre."
        )
    return manifest


def kept_as(path: Path) -> Kept:
    """What a manifest says of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while part := stream.read(_READ_AT_ONCE):
            digest.update(part)
            size += len(part)
    return Kept(size, digest.hexdigest())


def _is_as_kept(path: Path, kept: Kept) -> bool:
    return not path.is_symlink() and path.stat().st_size == kept.size and kept_as(path).sha256 == kept.sha256


def _seal(body: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
