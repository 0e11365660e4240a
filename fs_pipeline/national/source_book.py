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

from fs_pipeline.http.reach import is_remote
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
    internal_hosts: tuple[str, ...] = ()  # servers of the network, to which an answer may lead
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
        When the file is absent, is not TOML, or holds something else than a path or a web address for a source.
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
    if not isinstance(sources, dict):
        raise UnreadableSourceBook(
            f'Dans « {path.name} », [sources] doit être une table : clé = "un chemin ou une adresse".'
        )
    accepted = _texts(content, "accept_halved", '["la_poste"]', path)
    return SourceBook(
        is_whole=True,
        accepts_halved=accepted,
        internal_hosts=_texts(content, "internal_hosts", '["machine.exemple.fr:8080"]', path),
        reference_date=_date(content, "campaign_reference_date", path),
        deadline=_date(content, "campaign_deadline", path),
        locations={key: _resolve(key, value, path) for key, value in sources.items()},
        unknown=tuple(sorted({*sources, *accepted} - set(_DECLARATIONS))),
    )


def _texts(content: Mapping[str, object], key: str, example: str, path: Path) -> tuple[str, ...]:
    texts = content.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise UnreadableSourceBook(f"Dans « {path.name} », {key} doit être une liste : {example}.")
    return tuple(texts)


def _date(content: Mapping[str, object], key: str, path: Path) -> str | None:
    date = content.get(key)
    if date is None:
        return None
    if not isinstance(date, datetime.date):
        raise UnreadableSourceBook(f"Dans « {path.name} », {key} doit être une date sans guillemets : 2022-12-01.")
    return date.isoformat()[:10]


def _resolve(key: str, location: object, path: Path) -> str | None:
    if not isinstance(location, str):
        raise UnreadableSourceBook(f"Dans « {path.name} », la source « {key} » doit être un texte entre guillemets.")
    if not location:
        return None
    if location == DECLARED or is_remote(location) or location.startswith("file://"):
        return location
    if "://" in location or "\0" in location:
        raise UnreadableSourceBook(
            f"Dans « {path.name} », la source « {key} » doit être un chemin, ou une adresse en https:// ou http://."
        )
    return str((path.parent / location).resolve())
