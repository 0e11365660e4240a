"""A source's raw columns under our names, whatever the publisher calls them this year.

Names are compared without case, accents and punctuation: ``X._groupe`` and ``x groupe`` are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from fs_pipeline.http.problems import ChangedSource
from fs_pipeline.national.sources import Source
from fs_pipeline.territory.names import normalise

_GEOJSON_POINT = ("point_longitude", "point_latitude")


@dataclass(frozen=True, slots=True)
class Columns:
    """The raw table under our names, every declared column present, and what was not recognised."""

    table: pd.DataFrame
    unknown: tuple[str, ...]
    hollow: tuple[str, ...] = ()  # required columns, as published, in which nothing stands


def rename_columns(raw: pd.DataFrame, source: Source) -> Columns:
    """Give the columns of `raw` our names; a declared column that is absent is all None.

    Raises
    ------
    ChangedSource
        When a required column is found under none of its names, or no row has a name.
    """
    published = {normalise(str(name)): str(name) for name in raw.columns}
    found: dict[str, str] = {}
    for ours, spellings in source.columns.items():
        for spelling in spellings:
            if normalise(spelling) in published:
                found[ours] = published[normalise(spelling)]
                break
    missing = [name for name in source.required if name not in found]
    if missing:
        expected = ", ".join("/".join(source.columns[name]) for name in missing)
        raise ChangedSource(
            source.title_fr,
            f"colonne absente\u00a0: {expected}; colonnes reçues\u00a0: {', '.join(published.values())}",
            "ajouter le nouveau nom de la colonne dans sources.toml",
        )
    hollow = tuple(found[name] for name in source.required if raw[found[name]].isna().all())
    if len(raw) and found.get("name") in hollow:
        what = f"colonne vide du haut en bas\u00a0: {found['name']}"
        raise ChangedSource(source.title_fr, what, "prévenir l’éditeur\u00a0; rien n’a été remplacé")
    known = {normalise(name) for name in (*source.ignored, *_GEOJSON_POINT)}
    unknown = tuple(name for key, name in published.items() if name not in found.values() and key not in known)
    table = {name: raw[found[name]] if name in found else None for name in source.columns}
    points = {name: raw[name] for name in _GEOJSON_POINT if name in raw.columns}
    return Columns(pd.DataFrame({**table, **points}, index=raw.index, dtype=object), unknown, hollow)


def as_numbers(column: pd.Series) -> pd.Series:
    """Floats of published cells, a decimal comma read as a point; NaN where there is no number."""
    text = column.astype("string").str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("float64")
