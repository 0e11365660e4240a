"""What a version lacks: the files that could not be made, said in its folder and in ``slot_status``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fs_pipeline.assets.outcomes import SlotIncomplete
from fs_pipeline.cartography.alone import Failed
from fs_pipeline.editions.edition import EDITION_NAMES, EDITIONS, Edition
from fs_pipeline.resources import Pipeline

NOTE = "A-LIRE.txt"  # in the folder of a version that lacks a file, and in no other
_NO_VERSION = "nothing of a version could be made"
WHOLE = ""  # in the place of a file: the whole edition


class Lacking:
    """Per edition, the files that could not be made and why."""

    def __init__(self) -> None:
        self._failed: dict[Edition, Failed] = {edition: {} for edition in EDITIONS}

    def files(self, edition: Edition) -> Failed:
        """Where the failures of an edition are noted."""
        return self._failed[edition]

    def written(self, folders: Mapping[Edition, str]) -> dict[Edition, str]:
        """The folders of the editions of which something was written; the others keep their last version.

        Raises
        ------
        ExceptionGroup
            When nothing was.
        """
        written = {edition: folder for edition, folder in folders.items() if WHOLE not in self._failed[edition]}
        if not written:
            raise ExceptionGroup(_NO_VERSION, [failed[WHOLE] for failed in self._failed.values()])
        return written

    def tell(self, pipeline: Pipeline, campaign: str, departement: str, fingerprint: str) -> None:
        """Nothing where nothing lacks.

        Raises
        ------
        SlotIncomplete
            With the files that lack and where the last whole ones are; its cause holds every error.
        """
        errors = [error for failed in self._failed.values() for error in failed.values()]
        if not errors:
            return
        names = dict.fromkeys(name for failed in self._failed.values() for name in failed)
        said = [_said(name, [edition for edition in EDITIONS if name in self._failed[edition]]) for name in names]
        older = _last_whole(pipeline, campaign, departement, fingerprint, names)
        raise SlotIncomplete(f"Publié avec réserve : il manque {_listed(said)}. {older}") from ExceptionGroup(
            "files of a version that could not be made", errors
        )


def note(failed: Failed) -> str:
    """What the reader of a folder must know; the same failures, the same bytes."""
    lines = [
        "Cette version est publiée avec réserve : il y manque ce qui n’a pas pu être écrit.",
        *(f"- {name}" for name in failed),
        "Tous les autres fichiers de ce dossier sont à jour.",
    ]
    if "dossier.pdf" in failed and "dossier.html" not in failed:
        lines.append("dossier.html dit la même chose que dossier.pdf, et s’imprime depuis un navigateur.")
    return "\n".join(lines) + "\n"


def _said(name: str, editions: list[Edition]) -> str:
    where = "" if len(editions) == len(EDITIONS) else f" (édition {_listed(EDITION_NAMES[one] for one in editions)})"
    return f"{name}{where}" if name else f"tout{where}"


def _last_whole(pipeline: Pipeline, campaign: str, departement: str, fingerprint: str, names: Iterable[str]) -> str:
    """The day of the last version that has each file, for those who need one meanwhile."""
    known = pipeline.warehouse.read("publications", {"campaign": campaign, "departement": departement})
    older = known[known["fingerprint"] != fingerprint].sort_values("published_at", ascending=False)
    days: dict[str, list[str]] = {}
    for name in filter(None, names):
        for path, published_at in zip(older["path"], older["published_at"], strict=True):
            if pipeline.files.exists(f"{path}/{name}"):
                year, month, day = published_at[:10].split("-")
                days.setdefault(f"{day}/{month}/{year}", []).append(name)
                break
    kept = [f"{_listed(files)} : version du {day}" for day, files in days.items()]
    return (
        f"Le reste est à jour. Dernier bon fichier, qui reste en place : {' ; '.join(kept)}."
        if kept
        else "Le reste est à jour."
    )


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} et {last}" if most else last
