"""A data.gouv.fr dataset as a location: ``https://www.data.gouv.fr/api/1/datasets/<name>/#<pattern>``.

Publishers add a file a week or a month to one dataset, so what is declared is the dataset and which of its files is
meant: those whose title or address matches the pattern (a regular expression). Form of the answer: the platform's
public API, version 1 (``resources``: title, url, last_modified, created_at). Whoever may write there is a stranger: an
entry whose address or date is not one is left out, and told where no other is left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from fs_pipeline.http.dates import date_in_name, iso_date
from fs_pipeline.http.fetch import download
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import ForbiddenAddress, SourceProblem, Unreachable, UnreadableSource
from fs_pipeline.http.reach import Misled, Reach, is_remote, led, shown

_API = "/api/1/datasets/"
_LONGEST = 2_000  # characters of a title or an address that a pattern is tried on
_MAX_BYTES = 20_000_000  # of a dataset's page


@dataclass(frozen=True, slots=True)
class Resource:
    """One published file of a dataset."""

    url: str
    as_of: str  # ISO date: in its name, else of its last change


def is_dataset(location: str) -> bool:
    """Whether a location is a dataset rather than a file."""
    return is_remote(location) and _API in location


def newest_resource(
    location: str,
    folder: Path,
    title: str,
    reference_date: str,
    limits: Limits,
    reach: Reach | None = None,
) -> Resource:
    """The newest matching file not after an ISO date, else the newest.

    Raises
    ------
    SourceProblem
        When the dataset cannot be read, or none of its files matches and can be used, in French, with what to do.
    """
    address, fragment = urldefrag(location)
    pattern = unquote(fragment)
    small = replace(limits, max_bytes=min(limits.max_bytes, _MAX_BYTES))
    fetched = download(address, folder, reach or Reach.of(address), title=title, limits=small)
    assert fetched.path is not None
    try:
        listed = list(json.loads(fetched.path.read_bytes())["resources"])
        wanted = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise Unreachable(title, f"le motif «\u00a0{pattern}\u00a0» n’en est pas un", _CORRECT) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable(title, error) from error
    usable: list[Resource] = []
    problem: SourceProblem = Unreachable(
        title, f"aucun fichier du jeu de données ne répond à «\u00a0{pattern}\u00a0»", _CORRECT
    )
    for entry in listed:
        try:
            if any(map(wanted.search, _names(entry))):
                usable.append(_resource(entry, address, title))
        except SourceProblem as error:
            problem = error
        except (KeyError, TypeError, AttributeError) as error:
            problem = _unreadable(title, error)
    if not usable:
        raise problem
    old_enough = [resource for resource in usable if resource.as_of <= reference_date]
    return max(old_enough or usable, key=lambda resource: (resource.as_of, resource.url))


_WARN = "prévenir l’éditeur, ou indiquer dans sources.toml l’adresse du fichier lui-même"
_CORRECT = "ouvrir la page du jeu de données et corriger le motif après # dans sources.toml"


def _unreadable(title: str, error: Exception) -> SourceProblem:
    what = f"la fiche data.gouv.fr est illisible ({type(error).__name__})"
    return UnreadableSource(title, what, "vérifier l’adresse du jeu de données dans sources.toml")


def _names(entry: Mapping[str, Any]) -> list[str]:
    return [(entry.get("title") or "")[:_LONGEST], entry["url"][:_LONGEST]]


def _resource(entry: Mapping[str, Any], address: str, title: str) -> Resource:
    url: str = entry["url"]
    try:
        if not is_remote(url):
            raise Misled("l’adresse obtenue n’est pas du web")
        url = led(address, url)
    except Misled as error:
        raise ForbiddenAddress(title, f"fiche data.gouv.fr\u00a0: {error}", _WARN) from error
    named = [date_in_name(url.rpartition("/")[2]), date_in_name(entry.get("title") or "")]
    precise = (day for day in named if day and not day.endswith("-01-01"))  # a year alone says too little
    changed = entry.get("last_modified") or entry.get("created_at")
    as_of = next(precise, None) or iso_date(changed)
    if as_of is None:
        what = f"fiche data.gouv.fr\u00a0: «\u00a0{shown(str(changed))}\u00a0» n’est pas une date"
        raise UnreadableSource(title, what, _WARN)
    return Resource(url, as_of)
