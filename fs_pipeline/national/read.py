"""One door to all national sources: a file, any of its published shapes, becomes canonical places.

Fetching is ``http/``'s work; which snapshot a campaign takes is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fs_pipeline.http.problems import EmptySource
from fs_pipeline.http.snapshots import Ask
from fs_pipeline.national import annuaire, france_services, france_travail, la_poste
from fs_pipeline.national.columns import Columns, rename_columns
from fs_pipeline.national.files import read_table
from fs_pipeline.national.places import Draft, finish
from fs_pipeline.national.sources import SOURCES
from fs_pipeline.territory.model import Territory

_READERS: dict[str, Callable[[pd.DataFrame, Territory], Draft]] = {
    "france_services": france_services.read,
    "la_poste": la_poste.read,
    "france_travail": france_travail.read,
    "annuaire": annuaire.read,
}
PLACE_SOURCES = tuple(_READERS)
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?:-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class SourceReading:
    """Canonical places of one snapshot, and what a reviewer wants to know of it."""

    places: pd.DataFrame  # columns of ``places.COLUMNS``
    snapshot_date: str
    rows: int  # in the file
    unknown_columns: tuple[str, ...]  # published, and nowhere in sources.toml
    set_aside: dict[str, int]  # reason in French to rows
    without_point: dict[str, int]  # reason in French to points not trusted


def read_source(key: str, path: str | Path, territory: Territory, *, as_of: str | None = None) -> pd.DataFrame:
    """The places of ``read_snapshot``, for callers that want nothing else."""
    return read_snapshot(key, path, territory, as_of=as_of).places


def read_snapshot(key: str, path: str | Path, territory: Territory, *, as_of: str | None = None) -> SourceReading:
    """Read one file of the source `key`.

    Parameters
    ----------
    key
        One of ``PLACE_SOURCES``.
    path
        A local file, in any published shape, compressed or not.
    territory
        Gives each place its commune of today.
    as_of
        ISO date of the file; by default the date in its name (``…-2016-08.csv`` is the first of August).

    Raises
    ------
    SourceProblem
        ``EmptySource``, ``ChangedSource``, ``Truncated`` or ``UnreadableSource``, each with what to do.
    ValueError
        When the date is neither given nor in the file's name.
    """
    snapshot_date = as_of or date_in_name(Path(path).name)
    if snapshot_date is None:
        raise ValueError(
            f"{Path(path).name}\u00a0: date inconnue; la donner (as_of) ou la mettre dans le nom du fichier"
        )
    columns = inspect_source(key, path)
    draft = _READERS[key](columns.table, territory)
    places = finish(draft.rows, key, territory, snapshot_date)
    outside = len(draft.rows) - len(places)
    set_aside = {**draft.set_aside, "ni commune ni département": outside}
    return SourceReading(
        places=places,
        snapshot_date=snapshot_date,
        rows=len(columns.table),
        unknown_columns=columns.unknown,
        set_aside={reason: rows for reason, rows in set_aside.items() if rows},
        without_point=draft.without_point,
    )


def inspect_source(key: str, path: str | Path) -> Columns:
    """The raw table under our names, refused where it is empty or lacks a column."""
    source = SOURCES[key]
    raw = read_table(Path(path), source.title_fr)
    if raw.empty:
        raise EmptySource(source.title_fr, "aucune ligne", "garder le dernier fichier bon et prévenir l’éditeur")
    return rename_columns(raw, source)


def ask(key: str, location: str | None = None, *, as_of: str | None = None) -> Ask:
    """What ``http.snapshots.serve`` wants to know of a source, at its declared address or at another."""
    source = SOURCES[key]
    place = source.url if location is None else location
    return Ask(
        source=key,
        title=source.title_fr,
        location=place,
        as_of=as_of or date_in_name(place.rpartition("/")[2]),
        expected_rows=source.expected_rows if location is None else 1,  # a given file may be an extract
        max_age_days=source.max_age_days,
    )


def count_rows(key: str, path: Path) -> int:
    """Rows of a file of source `key`; raises as ``inspect_source`` where it is not what was declared."""
    return len(inspect_source(key, path).table)


def date_in_name(name: str) -> str | None:
    """``france-services-2022-12-01.csv`` is ``2022-12-01``; a month or a year alone is its first day."""
    found = _DATE_IN_NAME.findall(name)
    if not found:
        return None
    year, month, day = found[-1]
    return f"{year}-{month or '01'}-{day or '01'}"
