"""The contours and points of communes, read from a reference source (a path or a URL).

Nothing geometric is shipped: contours are large and have their own vintage and licence.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from fs_pipeline.territory.model import departement_of_code

if TYPE_CHECKING:
    import geopandas as gpd

# geo.api.gouv.fr, Admin Express, INSEE
_CODE_NAMES = (
    "insee",
    "code",
    "INSEE_COM",
    "insee_com",
    "codgeo",
    "code_insee",
)
_LONGITUDE_NAMES = ("longitude", "lon", "lng")
_LATITUDE_NAMES = ("latitude", "lat")


def read_contours(path_or_url: str | Path, departements: Iterable[str] | None = None) -> gpd.GeoDataFrame:
    """One row a commune of the source's own vintage: insee and geometry_4326.

    GeoParquet, GeoPackage, GeoJSON or a shapefile, in any projection it declares. Codes stay those of the source: a
    commune merged since keeps its old contour, to be gathered with ``Territory.current_insees``.

    Raises
    ------
    ValueError
        When the file has no column of commune codes.
    """
    import geopandas as gpd

    source = str(path_or_url)
    frame = gpd.read_parquet(source) if source.endswith(".parquet") else gpd.read_file(source)
    code = _first(frame, _CODE_NAMES, source)
    kept = frame[[code, frame.geometry.name]].rename(columns={code: "insee"})
    if departements is not None:
        wanted = set(departements)
        kept = kept[[departement_of_code(insee) in wanted for insee in kept["insee"]]]
    located = kept.set_crs(4326) if kept.crs is None else kept.to_crs(4326)
    return located.rename_geometry("geometry_4326").reset_index(drop=True)


def read_points(path_or_url: str | Path) -> pd.DataFrame:
    """One row a commune: insee, longitude, latitude (degrees), from a CSV file, compressed or not.

    Raises
    ------
    ValueError
        When the file lacks a code or a coordinate.
    """
    source = str(path_or_url)
    frame = pd.read_csv(source, dtype=object, keep_default_na=False)
    points = pd.DataFrame({"insee": frame[_first(frame, _CODE_NAMES, source)]})
    for name, spellings in (("longitude", _LONGITUDE_NAMES), ("latitude", _LATITUDE_NAMES)):
        points[name] = pd.to_numeric(frame[_first(frame, spellings, source)], errors="coerce")
    return points.dropna().drop_duplicates("insee").reset_index(drop=True)


def _first(frame: pd.DataFrame, spellings: tuple[str, ...], source: str) -> str:
    for name in spellings:
        if name in frame.columns:
            return name
    file = source.rpartition("/")[2]
    raise ValueError(f"{file}\u00a0: aucune colonne parmi {', '.join(spellings)}; vérifier le fichier déclaré")
