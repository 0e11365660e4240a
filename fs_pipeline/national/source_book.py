"""Where each national or reference source is for this run; without a file, the declared addresses.

A file is the whole list of what the run takes, so that the same file gives the same result on any day and without a
network: a source that it leaves out, or sets to the empty string, is absent, and what needs it then says "not computed"
or "estimated".
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fs_pipeline.national.sources import REFERENCES, SOURCES

DECLARED = "declared"

_DECLARATIONS = SOURCES | REFERENCES


class UnreadableSourceBook(ValueError):
    """A sources.toml that cannot be used; the message is French and names the line or the key."""


@dataclass(frozen=True, slots=True)
class SourceBook:
    """Locations by source key: a path, a URL, or None where the source is absent."""

    reference_date: str | None = None
    deadline: str | None = None  # of the campaign: the last day to hand in a survey
    locations: Mapping[str, str | None] = field(default_factory=dict)
    accepts_halved: tuple[str, ...] = ()  # sources whose list was really reduced, somebody checked
    is_whole: bool = False  # read from a file: what it leaves out is absent
    unknown: tuple[str, ...] = ()  # keys of the file that name no source

    def location(self, key: str) -> str | None:
        """Where `key` is: as the file says; without a file, as declared."""
        if key in self.locations or self.is_whole:
            said = self.locations.get(key)
            return declared_url(key) if said == DECLARED else said
        return None if _DECLARATIONS[key].opt_in else declared_url(key)


def declared_url(key: str) -> str | None:
    """The declared address; None where there is none."""
    return _DECLARATIONS[key].url or None


def read_source_book(path: Path | None) -> SourceBook:
    """Read a sources.toml; relative paths are relative to the file.

    Raises
    ------
    UnreadableSourceBook
        When the file is absent, is not TOML, or holds something else than text for a source.
    """
    if path is None:
        return SourceBook()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableSourceBook(f"Le fichier des sources « {path.name} » ne peut pas être lu.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableSourceBook(f"Le fichier des sources « {path.name} » n’est pas du TOML : {error}.") from error
    sources = content.get("sources", {})
    for key, value in sources.items():
        if not isinstance(value, str):
            raise UnreadableSourceBook(
                f"Dans « {path.name} », la source « {key} » doit être un texte entre guillemets."
            )
    accepted = content.get("accept_halved", [])
    if not isinstance(accepted, list) or not all(isinstance(key, str) for key in accepted):
        raise UnreadableSourceBook(f'Dans « {path.name} », accept_halved doit être une liste : ["la_poste"].')
    return SourceBook(
        is_whole=True,
        accepts_halved=tuple(accepted),
        reference_date=_date(content, "campaign_reference_date", path),
        deadline=_date(content, "campaign_deadline", path),
        locations={key: _resolve(value, path.parent) for key, value in sources.items()},
        unknown=tuple(sorted({*sources, *accepted} - set(_DECLARATIONS))),
    )


def _date(content: Mapping[str, object], key: str, path: Path) -> str | None:
    date = content.get(key)
    if date is None:
        return None
    if not isinstance(date, datetime.date):
        raise UnreadableSourceBook(f"Dans « {path.name} », {key} doit être une date sans guillemets : 2022-12-01.")
    return date.isoformat()[:10]


def _resolve(location: str, folder: Path) -> str | None:
    if not location:
        return None
    return location if location == DECLARED or "://" in location else str((folder / location).resolve())
