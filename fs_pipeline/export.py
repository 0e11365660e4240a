"""What a run copies below ``--out``: the newest version of each folder, and no file of an older one beside it.

A list at the root of ``--out``, in the form of ``sha256sum``, says what was written there: only a file that it lists, and
that nobody has changed since, is ever removed.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fs_pipeline.cartography import web_libraries
from fs_pipeline.interruption import deferred
from fs_pipeline.outputs import write_bytes
from fs_pipeline.resources import Pipeline

LIST = ".fs-pipeline"


@dataclass(frozen=True)
class Export:
    """What became of the files below ``--out``; the paths begin with it."""

    written: Sequence[Path]
    removed: Sequence[Path]  # ours, of an older version
    strange: Sequence[Path]  # in a folder of ours, but not ours, or changed by somebody: left there


def export(pipeline: Pipeline, campaign: str, departements: Sequence[str], out: Path) -> Export:
    """Copy the newest publication of each slot and of the nation, and the feedback, below `out`.

    All is copied aside first: what stood in `out` gives way at once, or not at all.
    """
    publications = pipeline.warehouse.read("publications", {"campaign": campaign})
    newest = publications.sort_values("published_at").groupby(["departement", "edition"]).tail(1)
    folders = {
        f"{row.path}/": out / campaign / str(row.departement) / str(row.edition)
        for row in newest.itertuples()
        if row.departement in {*departements, "FR"}
    } | {f"feedback/{campaign}/{code}/": out / campaign / code / "retour" for code in departements}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", suffix=".part", dir=out) as aside:
        copies: dict[Path, Path] = {}
        for source, target in folders.items():
            for path in pipeline.files.list(source.rstrip("/")):
                copy = Path(aside) / str(len(copies))
                copy.write_bytes(pipeline.files.read(path))
                copies[copy] = target / path.removeprefix(source)
        copies |= _libraries(Path(aside), copies.values())
        new = {path.relative_to(out).as_posix(): _digest(copy) for copy, path in copies.items()}
        with deferred():
            for copy, written in copies.items():
                written.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(copy, written)
            listed = _read(out / LIST)
            removed, strange = _clear(out, folders.values(), new, listed)
            write_bytes(out / LIST, _listing({name: listed[name] for name in listed if (out / name).is_file()} | new))
    return Export(list(copies.values()), removed, strange)


def _libraries(aside: Path, written: Collection[Path]) -> dict[Path, Path]:
    """The library of each web map, beside its page: one file on the disk however many folders have it, where disks allow."""
    pages = [path.parent for path in written if path.parts[-2:] == (web_libraries.FOLDER, web_libraries.PAGE)]
    copies: dict[Path, Path] = {}
    for name, content in web_libraries.files().items() if pages else ():
        first = aside / name
        first.write_bytes(content)
        for number, folder in enumerate(pages):
            copy = aside / f"{number}-{name}"
            try:
                copy.hardlink_to(first)
            except OSError:  # a disk without links
                shutil.copyfile(first, copy)
            copies[copy] = folder / name
    return copies


def _clear(
    out: Path, folders: Collection[Path], new: Collection[str], listed: Mapping[str, str]
) -> tuple[list[Path], list[Path]]:
    """Of what lies in `folders` and is not `new`: what was ours, removed, and what is left there."""
    removed, strange = [], []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() or path.is_symlink()):
        name = path.relative_to(out).as_posix()
        if name in new:
            continue
        if name in listed and not path.is_symlink() and _digest(path) == listed[name]:
            path.unlink()
            removed.append(path)
        else:
            strange.append(path)
    return removed, strange


def _read(path: Path) -> dict[str, str]:
    """Name -> digest; nothing where there is no list of ours."""
    if path.is_symlink() or not path.is_file():
        return {}
    lines = (line.partition("  ") for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return {name: digest for digest, _, name in lines}


def _listing(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
