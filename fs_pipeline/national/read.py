"""One door to all national sources: a file, any of its published shapes, becomes canonical places.

Fetching is ``http/``'s work; which snapshot a campaign takes is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fs_pipeline.http.datagouv import is_dataset
from fs_pipeline.http.dates import date_in_name
from fs_pipeline.http.problems import ChangedSource, EmptySource, SourceProblem, UnreadableSource
from fs_pipeline.http.snapshots import Ask
from fs_pipeline.national import (
    annuaire,
    data_inclusion,
    france_services,
    france_travail,
    la_poste,
    mediation_numerique,
)
from fs_pipeline.national.columns import Columns, rename_columns
from fs_pipeline.national.files import read_table
from fs_pipeline.national.places import Draft, finish
from fs_pipeline.national.sources import REFERENCES, SOURCES
from fs_pipeline.territory.model import Territory

_READERS: dict[str, Callable[[pd.DataFrame, Territory], Draft]] = {
    "france_services": france_services.read,
    "la_poste": la_poste.read,
    "france_travail": france_travail.read,
    "annuaire": annuaire.read,
    "mediation_numerique": mediation_numerique.read,
    "data_inclusion": data_inclusion.read,
}
PLACE_SOURCES = tuple(_READERS)
_NOWHERE = "ni commune ni département"
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class SourceReading:
    """Canonical places of one snapshot, and what a reviewer wants to know of it."""

    places: pd.DataFrame  # columns of ``places.COLUMNS``
    snapshot_date: str
    rows: int  # in the file
    unknown_columns: tuple[str, ...]  # published, and nowhere in sources.toml
    hollow_columns: tuple[str, ...]  # required, as published, and empty throughout
    set_aside: dict[str, int]  # reason in French to rows
    without_point: dict[str, int]  # reason in French to points not trusted
    decided: dict[str, int]  # how a doubtful kind was decided, in French, to rows


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
        ``EmptySource``, ``ChangedSource``, ``Truncated``, ``TooLarge`` or ``UnreadableSource``, each with what to do.
    ValueError
        When the date is neither given nor in the file's name.
    """
    snapshot_date = as_of or date_in_name(Path(path).name)
    if snapshot_date is None:
        raise ValueError(
            f"{Path(path).name}\u00a0: date inconnue; la donner (as_of) ou la mettre dans le nom du fichier"
        )
    columns = inspect_source(key, path)
    try:
        draft = _READERS[key](columns.table, territory)
        places = finish(draft.rows, key, territory, snapshot_date)
    except SourceProblem:
        raise
    except Exception as error:
        raise _unknown_content(key, error) from error
    outside = len(draft.rows) - len(places)
    if outside > len(draft.rows) * _MOST:
        what = f"{outside} lignes sur {len(draft.rows)} sans commune ni département reconnus"
        to_do = "comparer les colonnes du fichier à celles de sources.toml\u00a0: leur contenu a changé"
        raise ChangedSource(SOURCES[key].title_fr, what, to_do)
    set_aside = {**draft.set_aside, _NOWHERE: outside}
    return SourceReading(
        places=places,
        snapshot_date=snapshot_date,
        rows=len(columns.table),
        unknown_columns=columns.unknown,
        hollow_columns=columns.hollow,
        set_aside={reason: rows for reason, rows in set_aside.items() if rows},
        without_point=draft.without_point,
        decided=draft.decided,
    )


def _unknown_content(key: str, error: Exception) -> SourceProblem:
    """Whatever a publisher writes into a cell, its list is refused and the last good one serves."""
    what = f"un contenu que le lecteur ne connaît pas ({type(error).__name__})"
    return UnreadableSource(SOURCES[key].title_fr, what, f"ouvrir le fichier et corriger fs_pipeline/national/{key}.py")


def inspect_source(key: str, path: str | Path) -> Columns:
    """The raw table under our names, refused where it is empty or lacks a column."""
    source = SOURCES[key]
    try:
        raw = read_table(Path(path), source.title_fr, source.max_bytes)
    except SourceProblem:
        raise
    except Exception as error:
        raise _unknown_content(key, error) from error
    if raw.empty:
        raise EmptySource(source.title_fr, "aucune ligne", "garder le dernier fichier bon et prévenir l’éditeur")
    return rename_columns(raw, source)


def ask(key: str, location: str | None = None, *, as_of: str | None = None) -> Ask:
    """What ``http.snapshots.serve`` wants to know of a source, at its declared address or at another."""
    source = (SOURCES | REFERENCES)[key]
    place = source.url if location is None else location
    return Ask(
        source=key,
        title=source.title_fr,
        location=place,
        as_of=as_of or (None if is_dataset(place) else date_in_name(place.rpartition("/")[2])),
        expected_rows=source.expected_rows if place == source.url else 1,  # a given file may be an extract
        max_age_days=source.max_age_days,
        max_bytes=source.max_bytes,
    )
