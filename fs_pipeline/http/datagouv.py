"""A data.gouv.fr dataset as a location: ``https://www.data.gouv.fr/api/1/datasets/<name>/#<pattern>``.

Publishers add a file a week or a month to one dataset, so what is declared is the dataset and which of its files is
meant: those whose title or address matches the pattern (a regular expression). Form of the answer: the platform's
public API, version 1 (``resources``: title, url, last_modified, created_at).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag

from fs_pipeline.http.dates import date_in_name
from fs_pipeline.http.fetch import Limits, fetch, is_remote
from fs_pipeline.http.problems import Unreachable, UnreadableSource

_API = "/api/1/datasets/"
_DAY_LENGTH = len("2022-12-01")


@dataclass(frozen=True, slots=True)
class Resource:
    """One published file of a dataset."""

    url: str
    as_of: str  # ISO date: in its name, else of its last change


def is_dataset(location: str) -> bool:
    """Whether a location is a dataset rather than a file."""
    return is_remote(location) and _API in location


def newest_resource(location: str, folder: Path, title: str, reference_date: str, limits: Limits) -> Resource:
    """The newest matching file not after an ISO date, else the newest.

    Raises
    ------
    SourceProblem
        When the dataset cannot be read or none of its files matches, in French, with what to do.
    """
    address, pattern = urldefrag(location)
    fetched = fetch(address, folder, title=title, limits=limits)
    assert fetched.path is not None
    try:
        listed = json.loads(fetched.path.read_bytes())["resources"]
        wanted = re.compile(unquote(pattern), re.IGNORECASE)
        found = [_resource(entry) for entry in listed if any(map(wanted.search, _names(entry)))]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"la fiche data.gouv.fr est illisible ({type(error).__name__})"
        raise UnreadableSource(title, what, "vérifier l’adresse du jeu de données dans sources.toml") from error
    if not found:
        what = f"aucun fichier du jeu de données ne répond à «\u00a0{unquote(pattern)}\u00a0»"
        raise Unreachable(
            title, what, "ouvrir la page du jeu de données et corriger le motif après # dans sources.toml"
        )
    old_enough = [resource for resource in found if resource.as_of <= reference_date]
    return max(old_enough or found, key=lambda resource: (resource.as_of, resource.url))


def _names(entry: dict[str, str]) -> list[str]:
    return [entry.get("title") or "", entry["url"]]


def _resource(entry: dict[str, str]) -> Resource:
    named = [date_in_name(entry["url"].rpartition("/")[2]), date_in_name(entry.get("title") or "")]
    changed = (entry.get("last_modified") or entry["created_at"])[:_DAY_LENGTH]
    precise = (day for day in named if day and not day.endswith("-01-01"))  # a year alone says too little
    return Resource(entry["url"], next(precise, changed))
