"""The open tables of an edition: CSV for lists, GeoParquet for layers, Parquet for what is long."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from fs_pipeline.cartography.layers import LAYER_FILES, geoparquet
from fs_pipeline.cartography.once import Once

if TYPE_CHECKING:
    import geopandas as gpd

# table -> file; a table without rows (or that an edition holds back) makes no file
CSV_FILES = {
    "places": "lieux.csv",
    "indicators": "indicateurs.csv",
    "access_shares": "parts-acces.csv",
    "demarche_shares": "parts-demarches.csv",
    "demarche_matrix": "matrice.csv",
    "gaps": "ecarts.csv",
    "discrepancies": "differences.csv",
    "gap_areas": "zones.csv",
    "levers": "leviers.csv",
    "coverage_by_hour": "heures.csv",
    "commune_weeks": "semaines.csv",
    "access_method": "methode.csv",
    "access_changes": "evolutions.csv",
    "survey_actors": "acteurs.csv",
    "survey_rounds": "tournees.csv",
    "survey_meeting": "reunion.csv",
    "problems": "anomalies.csv",
    "link_pairs": "rapprochements.csv",
    "campaign_sources": "sources.csv",
    "demarches": "demarches.csv",
}
NATIONAL_CSV_FILES = {
    "slot_overview": "departements.csv",
    "national_indicators": "indicateurs.csv",
    "campaign_sources": "sources.csv",
}
PARQUET_FILES = {"coverage": "couverture.parquet", "access_minutes": "minutes.parquet"}
# Where things are kept on our side says nothing to a reader.
_INNER_COLUMNS = ("path", "deposit_id", "campaign", "departement")
_FORMULA = re.compile(r"^(?:[=@\t\r]|[+-](?![\d .]*\Z))")


def open_tables(
    let_out: Mapping[str, pd.DataFrame], layers: Mapping[str, gpd.GeoDataFrame], once: Once | None = None
) -> dict[str, bytes]:
    """File name to bytes; same tables, same bytes.

    Parameters
    ----------
    let_out
        Tables as ``editions.apply`` let them out: nothing is held back here.
    layers
        Layers drawn from those tables.
    once
        Makes once what the editions of a slot share.
    """
    once = once or Once()
    files = {name: once(csv, let_out[table]) for table, name in CSV_FILES.items() if len(let_out.get(table, ()))}
    for table, name in PARQUET_FILES.items():
        if len(let_out.get(table, ())):
            files[name] = once(_parquet, let_out[table])
    return files | {name: once(geoparquet, layers[layer]) for layer, name in LAYER_FILES.items()}


def national_tables(let_out: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """The nation's open tables: file name to bytes."""
    return {name: csv(let_out[table]) for table, name in NATIONAL_CSV_FILES.items() if len(let_out.get(table, ()))}


def _parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    _outer(frame).to_parquet(stream, index=False, compression="zstd")
    return stream.getvalue()


def csv(frame: pd.DataFrame) -> bytes:
    """UTF-8, comma, point, missing values empty; a text that a spreadsheet would run as a formula is quoted."""
    shown = _outer(frame)
    for column in shown.columns:
        if shown[column].dtype == object or isinstance(shown[column].dtype, pd.StringDtype):
            formulas = [text for text in shown[column].unique() if isinstance(text, str) and _FORMULA.match(text)]
            if formulas:
                shown = shown.assign(**{column: shown[column].replace({text: f"'{text}" for text in formulas})})
    return shown.to_csv(index=False, lineterminator="\r\n").encode()


def _outer(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=[column for column in _INNER_COLUMNS if column in frame])
