"""The files of ``fs-pipeline access``: two CSV in, checked cell by cell, one Parquet out."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TextIO

import pandas as pd

from fs_pipeline.access.by_road import BEYOND_FILE_DEGREES
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.french import bounds
from fs_pipeline.outputs import written_whole
from fs_pipeline.reading_progress import ReadingProgress
from fs_pipeline.roads.reading import RoadGraph, UnreadableRoads, read_roads
from fs_pipeline.safe_text import safe
from fs_pipeline.tabular.reading import UnevenRow, read_frame

PLACE_HEADER = ("id", "service", "longitude", "latitude")
DEMAND_HEADER = ("id", "longitude", "latitude", "population")
TIME_COLUMNS = ["demand_id", "service", "minutes", "place_id", "snapped_m", "reached", "method", "road_class"]


class UnusableInput(ValueError):
    """A file that cannot be used; its text is French and fits one line."""


def compute_files(
    places: Path,
    demand: Path,
    out: Path,
    *,
    roads: Path | None = None,
    cache_dir: Path | None = None,
    progress: TextIO | None = None,
) -> str:
    """Write to `out` the minutes from each demand point to the nearest place of each service.

    Parameters
    ----------
    places
        CSV with id, service, longitude, latitude; a place without coordinates serves nobody.
    demand
        CSV with id, longitude, latitude, population.
    out
        Parquet, with exactly demand_id, service, minutes, place_id, snapped_m, reached, method, road_class.
    roads
        Road file, or None to estimate.
    cache_dir
        Where a built road network is kept.
    progress
        Where the reading of a large road file is told.

    Returns
    -------
    str
        What was computed, in French, one line.

    Raises
    ------
    UnusableInput
        When a file cannot be read, or a cell of it cannot be used.
    """
    # A service there is any word, and no démarche of ours.
    place_rows = _read(places, PLACE_HEADER).assign(demarche_id="")
    demand_rows = _read(demand, DEMAND_HEADER)
    _refuse(demand.name, demand_rows["id"].duplicated(), "id", "ce point de départ figure déjà plus haut")
    try:
        network = _network(roads, cache_dir, progress) if roads else None
    except UnreadableRoads as error:
        raise UnusableInput(str(error)) from error
    if network is not None:
        _refuse_elsewhere(network, demand.name, demand_rows)
    minutes = minutes_to_nearest(place_rows, demand_rows, roads=network)
    try:
        with written_whole(out) as aside:
            minutes[TIME_COLUMNS].to_parquet(aside, index=False)
    except OSError as error:
        raise UnusableInput(f"{out}\u00a0: écriture impossible ({error.strerror})") from error
    located = int(place_rows["longitude"].notna().sum())
    return (
        f"{len(demand_rows)} points de départ, {located} lieux situés sur {len(place_rows)}, "
        f"{int(minutes['reached'].sum())} temps calculés sur {len(minutes)} demandés"
    )


def _network(roads: Path, cache_dir: Path | None, progress: TextIO | None) -> RoadGraph:
    if progress is None:
        return read_roads(roads, cache_dir=cache_dir)
    return read_roads(roads, cache_dir=cache_dir, tell=ReadingProgress(progress, roads.name))


def _refuse_elsewhere(network: RoadGraph, name: str, demand: pd.DataFrame) -> None:
    """Refuse roads of another country than that of all starting points."""
    west, south, east, north = network.bounds
    margin = BEYOND_FILE_DEGREES
    longitude, latitude = demand["longitude"].dropna(), demand["latitude"].dropna()
    inside = longitude.between(west - margin, east + margin) & latitude.between(south - margin, north + margin)
    if len(longitude) and not inside.any():
        own = (longitude.min(), latitude.min(), longitude.max(), latitude.max())
        raise UnusableInput(
            f"{network.source}\u00a0: routes d’ailleurs ({bounds(network.bounds)})\u202f; aucun point de {name} n’y est "
            f"({bounds(own)}). Prendre l’extrait du bon pays"
        )


def _read(path: Path, header: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a CSV file with the columns of `header`, numbers as floats, NaN where a number is missing."""
    try:
        text = read_frame(path.read_bytes())
    except OSError as error:
        raise UnusableInput(f"{path.name}\u00a0: lecture impossible ({error.strerror})") from error
    except (UnevenRow, csv.Error) as error:
        raise UnusableInput(f"{path.name}\u00a0: ce n’est pas un CSV (nombre de colonnes variable\u202f?)") from error
    if text.columns.empty:
        raise UnusableInput(f"{path.name}\u00a0: fichier vide")
    text = text.rename(columns=lambda name: safe(str(name)).strip())
    missing = [column for column in header if column not in text]
    if missing:
        expected = ", ".join(header)
        raise UnusableInput(f"{path.name}\u00a0: colonne absente\u00a0: {', '.join(missing)} (attendu {expected})")
    if text.empty:
        raise UnusableInput(f"{path.name}\u00a0: aucune ligne sous l’en-tête")
    rows = pd.DataFrame({column: _column(path.name, text[column].map(safe).str.strip()) for column in header})
    lone = rows["longitude"].isna() != rows["latitude"].isna()
    _refuse(path.name, lone, None, "longitude et latitude vont ensemble, une seule est donnée")
    return rows


def _column(name: str, text: pd.Series) -> pd.Series:
    """A column of texts, none empty, or of numbers within their bounds."""
    column = str(text.name)
    if column not in _BOUNDS:
        _refuse(name, text == "", column, "valeur absente")
        return text.astype(object)
    low, high, expected = _BOUNDS[column]
    values = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").astype("float64")
    bad = (text != "") & ~values.between(low, high)
    if bad.any():
        _refuse(name, bad, column, f"« {text[bad].iloc[0][:30]} » n’est pas {expected}")
    return values


def _refuse(name: str, bad: pd.Series, column: str | None, why: str) -> None:
    """Name the first line at fault; the header is line 1."""
    if bad.any():
        where = f"ligne {int(bad.to_numpy().argmax()) + 2}" + (f", colonne {column}" if column else "")
        raise UnusableInput(f"{name}, {where}\u00a0: {why}")


_BOUNDS = {
    "longitude": (-180.0, 180.0, "un nombre de degrés entre −180 et 180"),
    "latitude": (-90.0, 90.0, "un nombre de degrés entre −90 et 90"),
    "population": (0.0, 1e9, "un nombre d’habitants, positif ou nul"),
}
