"""Where each national or reference source is for this installation; without a file, the declared addresses.

A source set to the empty string is absent on purpose: what needs it then says "not computed" or "estimated".
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class UnreadableSourceBook(ValueError):
    """A sources.toml that cannot be used; the message is French and names the line or the key."""


@dataclass(frozen=True, slots=True)
class SourceBook:
    """Locations by source key: a path, a URL, or None where the source is absent on purpose."""

    reference_date: str | None = None
    locations: Mapping[str, str | None] = field(default_factory=dict)

    def location(self, key: str, declared: str | None = None) -> str | None:
        """Where `key` is: as the file says, else as declared."""
        return self.locations.get(key, declared)


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
    date = content.get("campaign_reference_date")
    if date is not None and not isinstance(date, datetime.date):
        raise UnreadableSourceBook(
            f"Dans « {path.name} », campaign_reference_date doit être une date sans guillemets : 2022-12-01."
        )
    sources = content.get("sources", {})
    for key, value in sources.items():
        if not isinstance(value, str):
            raise UnreadableSourceBook(
                f"Dans « {path.name} », la source « {key} » doit être un texte entre guillemets."
            )
    return SourceBook(
        reference_date=date.isoformat()[:10] if date else None,
        locations={key: _resolve(value, path.parent) for key, value in sources.items()},
    )


def _resolve(location: str, folder: Path) -> str | None:
    if not location:
        return None
    return location if "://" in location else str((folder / location).resolve())
