"""A list of places as a CSV file, read as text, and nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from fs_pipeline import french
from fs_pipeline.safe_text import safe
from fs_pipeline.tabular.reading import UnevenRow, read_frame

COLUMNS = (
    "id",
    "name",
    "address",
    "address_extra",
    "postcode",
    "insee",
    "commune",
    "latitude",
    "longitude",
    "phone",
    "email",
    "website",
    "siret",
    "type",
    "opening_hours",
)
_POINT = {"latitude": 90, "longitude": 180}  # the most degrees there are

_DECISIONS = {"match": "même lieu", "review": "à trancher", "related": "l’un accueille l’autre"}


class UnreadableList(ValueError):
    """The file is no list of places; the message is one French line."""


def read_list(path: Path) -> pd.DataFrame:
    """The canonical columns of a list, text or None, latitude and longitude as floats; extra columns stay.

    Raises
    ------
    UnreadableList
        No such file, no column id, an id that is empty or given twice, a point that is not in degrees.
    """
    frame = _read(Path(path))
    frame.columns = [safe(str(name)).strip().lower() for name in frame.columns]
    if "id" not in frame.columns:
        raise UnreadableList(f"{path} : la colonne « id » manque ; la première ligne doit nommer les colonnes.")
    for name in COLUMNS:
        if name not in frame.columns:
            frame[name] = None
    frame = frame.astype(object)
    stripped = frame.apply(
        lambda column: column.map(lambda cell: safe(cell).strip() or None if isinstance(cell, str) else None)
    ).astype(object)
    stripped = stripped.where(stripped.notna(), None)
    if stripped["id"].isna().any():
        line = int(stripped["id"].isna().to_numpy().argmax()) + 2
        raise UnreadableList(f"{path} : ligne {line}, la colonne « id » est vide.")
    twice = stripped["id"][stripped["id"].duplicated()]
    if len(twice):
        raise UnreadableList(f"{path} : l’identifiant « {twice.iloc[0]} » est donné à deux lignes.")
    for name, most in _POINT.items():
        text = stripped[name].astype("string").str.replace(",", ".", regex=False)
        degrees = pd.to_numeric(text, errors="coerce").astype("float64")
        if (beyond := degrees.abs() > most).any():
            row = int(beyond.to_numpy().argmax())
            raise UnreadableList(
                f"{path} : ligne {row + 2}, colonne « {name} », « {stripped[name].iloc[row]} » n’est pas en degrés (au plus "
                f"{most}) : convertir les points en longitude et latitude (WGS 84), ou vider les deux colonnes."
            )
        stripped[name] = degrees
    rest = [name for name in stripped.columns if name not in COLUMNS]
    ordered: pd.DataFrame = stripped[[*COLUMNS, *rest]].reset_index(drop=True)
    return ordered


def _read(path: Path) -> pd.DataFrame:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableList(f"{path} : ce fichier n’existe pas.") from error
    except OSError as error:
        raise UnreadableList(f"{path} : ce fichier ne peut pas être lu ({error.strerror}).") from error
    if not content.strip():
        raise UnreadableList(f"{path} : ce fichier est vide.")
    if b"\0" in content:
        raise UnreadableList(f"{path} : ce fichier n’est pas un texte CSV.")
    try:
        return read_frame(content)
    except UnevenRow as error:
        raise UnreadableList(f"{path} : enregistrement {error.number}, plus de valeurs que de colonnes.") from error


def told(lists: Sequence[pd.DataFrame], found: pd.DataFrame) -> str:
    """What was read and what was found, in one French line: a list that has nothing to compare is never silent."""
    rows = " et ".join(
        f"{french.count(len(rows), 'ligne')} ({french.number(int(rows[list(_POINT)].notna().all(axis=1).sum()))} avec un point)"
        for rows in lists
    )
    if "decision" not in found:
        return f"{rows}\u202f: {french.count(found['cluster_id'].nunique(), 'lieu', 'lieux')}."
    counts = found["decision"].value_counts()
    pairs = ", ".join(
        f"{french.number(int(counts.get(decision, 0)))} {words}" for decision, words in _DECISIONS.items()
    )
    return f"{rows}\u202f: {pairs}."
