"""Priority quarters (QPV) as published, each with the communes it stands on: by their codes, else by their names."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from fs_pipeline import french
from fs_pipeline.http.problems import ChangedSource, EmptySource
from fs_pipeline.national.columns import as_numbers, rename_columns
from fs_pipeline.national.files import read_table
from fs_pipeline.national.layers import column_names, is_drawn, opened, read_columns
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.safe_text import safe_tree
from fs_pipeline.territory.model import Territory

QUARTER_COLUMNS = ("quarter_id", "name", "codes", "communes", "population")
_CODES = re.compile(r"\b(?:\d{2}|2[AB]|97\d|98\d)\d{2,3}\b")
_NAMES = re.compile(r"\s*[,;/|]\s*")
_DEPARTEMENT = re.compile(r"^Q[PN]0?(97\d|98\d|\d{2}|2[AB])", re.IGNORECASE)  # QP009001, QN00101M, QP02A001, QP971001
_SOURCE = REFERENCES["priority_quarters"]


def read_quarters(path: Path) -> pd.DataFrame:
    """One row a priority quarter, as published; what is drawn is not read.

    Parameters
    ----------
    path
        CSV, GeoJSON, GeoPackage, or shapefile (in a zip).

    Returns
    -------
    pandas.DataFrame
        quarter_id; name; codes and communes (tuples: INSEE codes and names of the communes it stands on, empty where the
        file has none); population (NaN where unsaid).

    Raises
    ------
    SourceProblem
        When the quarters' code is missing, no column names a commune, or no row is left.
    """
    table = rename_columns(_read(path), _SOURCE).table
    if table["insee"].isna().all() and table["commune"].isna().all():
        expected = "/".join((*_SOURCE.columns["insee"], *_SOURCE.columns["commune"]))
        what = f"aucune colonne ne dit la commune des quartiers (attendu {expected})"
        raise ChangedSource(_SOURCE.title_fr, what, "ajouter le nouveau nom de la colonne dans sources.toml")
    quarters = pd.DataFrame(
        {
            "quarter_id": table["quarter_id"],
            "name": table["name"],
            "codes": [tuple(_CODES.findall(str(cell))) for cell in table["insee"]],
            "communes": [_names(cell) for cell in table["commune"]],
            "population": as_numbers(table["population"]),
        }
    )
    kept = quarters[quarters["quarter_id"].notna()].reset_index(drop=True)
    if kept.empty:
        raise EmptySource(_SOURCE.title_fr, "aucun quartier", "vérifier le fichier déclaré")
    return kept[list(QUARTER_COLUMNS)]


def place_quarters(quarters: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """One row a quarter and current commune it stands on: quarter_id, name, insee (None where unknown), population.

    A commune is known by its code, current or old, else by its name in the département that the quarter's code begins
    with. A quarter on several communes has its inhabitants shared out equally: their number is not published by commune.
    """
    said = zip(quarters["codes"], quarters["communes"], quarters["quarter_id"], strict=True)
    found = [_communes(codes, names, quarter_id, territory) for codes, names, quarter_id in said]
    rows = quarters.assign(insee=pd.Series(found, index=quarters.index, dtype=object))
    rows["population"] = rows["population"] / rows["insee"].str.len()
    spread = rows.explode("insee").reset_index(drop=True)
    spread["insee"] = spread["insee"].astype(object).where(spread["insee"].notna(), None)
    return spread[["quarter_id", "name", "insee", "population"]]


def unplaced_quarters(placed: pd.DataFrame | None) -> str | None:
    """What to tell of quarters on no known commune, after ``place_quarters``; None where there are none."""
    lost = None if placed is None else placed[placed["insee"].isna()]
    if lost is None or lost.empty:
        return None
    shown = ", ".join(f"{row.quarter_id} ({row.name})" for row in lost.head(3)[["quarter_id", "name"]].itertuples())
    return (
        f"{_SOURCE.title_fr}\u00a0: {french.count(len(lost), 'quartier')} sur aucune commune connue, dont {shown}\u202f; "
        "ils ne comptent nulle part. À faire\u00a0: corriger leur commune dans le fichier, ou donner une liste qui a les codes."
    )


def _read(path: Path) -> pd.DataFrame:
    if not is_drawn(path):
        return read_table(path, _SOURCE.title_fr, _SOURCE.max_bytes)
    with opened(path, _SOURCE, "donner le CSV, le GeoJSON ou le shapefile publié") as files:
        tables = [
            read_columns(file, column_names(file))
            if is_drawn(file)
            else read_table(file, _SOURCE.title_fr, _SOURCE.max_bytes)
            for file in files
        ]
    return pd.concat(tables, ignore_index=True).map(safe_tree)


def _names(cell: object) -> tuple[str, ...]:
    return tuple(name for name in _NAMES.split(str(cell).strip()) if name) if isinstance(cell, str) else ()


def _communes(
    codes: tuple[str, ...], names: tuple[str, ...], quarter_id: str, territory: Territory
) -> list[str | None]:
    """Current communes, each once; a None where one is unknown, and where nothing is said."""
    known = [territory.current_insee(code) for code in codes]
    if not any(known):
        departement = _DEPARTEMENT.match(quarter_id)
        known = [_by_name(name, departement.group(1) if departement else None, territory) for name in names]
    return list(dict.fromkeys(known)) or [None]


def _by_name(name: str, departement: str | None, territory: Territory) -> str | None:
    """The one commune of that name, in the département where it is known; None where there is none or several."""
    found = [
        insee
        for insee in territory.by_name(name, former=True)
        if departement is None or territory.departement_of(insee) == departement.upper()
    ]
    return found[0] if len(found) == 1 else None
