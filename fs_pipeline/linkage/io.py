"""A list of places as a CSV file, read as text, and nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

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
_POINT = ("latitude", "longitude")


class UnreadableList(ValueError):
    """The file is no list of places; the message is one French line."""


def read_list(path: Path) -> pd.DataFrame:
    """The canonical columns of a list, text or None, latitude and longitude as floats; extra columns stay.

    Raises
    ------
    UnreadableList
        No such file, no column id, an id that is empty or given twice.
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
    for name in _POINT:
        text = stripped[name].astype("string").str.replace(",", ".", regex=False)
        stripped[name] = pd.to_numeric(text, errors="coerce").astype("float64")
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
