"""The contours and points of communes, read from a reference source.

Nothing geometric is shipped: contours are large and have their own vintage and licence.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from fs_pipeline.safe_text import safe_tree
from fs_pipeline.territory.model import Territory, departement_of_code
from fs_pipeline.territory.vector import GZIP, PARQUET, is_layer, magic
from fs_pipeline.unpacking import Bounded

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
_MOST = 2_000_000_000  # bytes unpacked; the contours of all communes in full detail are 300 million
_LONGITUDE_NAMES = ("longitude", "lon", "lng")
_LATITUDE_NAMES = ("latitude", "lat")


def read_contours(path: str | Path, departements: Iterable[str] | None = None) -> gpd.GeoDataFrame:
    """One row a commune of the source's own vintage: insee and geometry_4326.

    GeoParquet, GeoPackage, GeoJSON (also compressed) or a shapefile, in any projection. Codes stay those of the source: a
    commune merged since keeps its old contour, to be gathered with ``Territory.current_insees``.

    Raises
    ------
    ValueError
        When the file has no column of commune codes, or does not hold its own geometry.
    """
    import geopandas as gpd

    source = Path(path)
    kind = magic(source)
    if kind.startswith(PARQUET):
        frame = gpd.read_parquet(source)
    else:
        if kind.startswith(GZIP):
            with gzip.open(source) as packed:
                Bounded(packed, _MOST).refuse_bomb()
        frame = gpd.read_file(f"/vsigzip/{source}" if kind.startswith(GZIP) else source)
    code = _first(frame, _CODE_NAMES, source.name)
    kept = frame[[code, frame.geometry.name]].rename(columns={code: "insee"})
    kept["insee"] = kept["insee"].map(safe_tree)
    if departements is not None:
        wanted = set(departements)
        kept = kept[[departement_of_code(insee) in wanted for insee in kept["insee"]]]
    located = kept.set_crs(4326) if kept.crs is None else kept.to_crs(4326)
    return located.rename_geometry("geometry_4326").reset_index(drop=True)


def contours_by_departement(contours: gpd.GeoDataFrame, territory: Territory) -> dict[str, gpd.GeoDataFrame]:
    """Contours as ``read_contours`` gives them, by the département in which each commune is today."""
    current = territory.current_insees(contours["insee"])
    departements = current.map(territory.departement_of, na_action="ignore")
    return dict(iter(contours.groupby(departements.fillna(contours["insee"].map(departement_of_code)))))


def outlines(contours: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Contours, their code first, as rows of text that a fingerprint can take in: code and wkb, sorted."""
    if contours is None:
        return pd.DataFrame()
    table = pd.DataFrame({"code": contours.iloc[:, 0].to_numpy(), "wkb": contours.geometry.to_wkb(hex=True).to_numpy()})
    return table.sort_values(["code", "wkb"], kind="stable", ignore_index=True)


def read_points(path: str | Path) -> pd.DataFrame:
    """One row a commune: insee, longitude, latitude (degrees), from CSV, GeoJSON or geo.api.gouv.fr's JSON (``centre``).

    The file may be compressed with gzip. A GeoPackage, a shapefile or Parquet may be in any projection.

    Raises
    ------
    ValueError
        When the file lacks a code or a coordinate, or unpacks to more than any list of communes.
    """
    source = Path(path)
    if is_layer(source):
        drawn = read_contours(source)
        points = drawn.geometry
        located = pd.DataFrame({"insee": drawn["insee"], "longitude": points.x, "latitude": points.y})
        return located.dropna().drop_duplicates("insee").reset_index(drop=True)
    content = source.read_bytes()
    if content.startswith(GZIP):
        with gzip.open(source) as packed:
            content = Bounded(packed, _MOST).read()
    if content.lstrip()[:1] in {b"[", b"{"}:
        frame = _points_of_json(json.loads(content))
    else:
        frame = pd.read_csv(io.BytesIO(content), dtype=object, keep_default_na=False)
    points = pd.DataFrame({"insee": frame[_first(frame, _CODE_NAMES, source.name)].map(safe_tree)})
    for name, spellings in (("longitude", _LONGITUDE_NAMES), ("latitude", _LATITUDE_NAMES)):
        points[name] = pd.to_numeric(frame[_first(frame, spellings, source.name)], errors="coerce")
    return points.dropna().drop_duplicates("insee").reset_index(drop=True)


def _points_of_json(document: Any) -> pd.DataFrame:  # noqa: ANN401 - JSON
    """Features with a point, or records with ``centre``."""
    records = document["features"] if isinstance(document, dict) else document
    rows = []
    for record in records:
        point = record.get("geometry") or record.get("centre") or {}
        longitude, latitude = (point.get("coordinates") or (None, None))[:2]
        rows.append({**(record.get("properties") or record), "longitude": longitude, "latitude": latitude})
    return pd.DataFrame(rows)


def _first(frame: pd.DataFrame, spellings: tuple[str, ...], file: str) -> str:
    for name in spellings:
        if name in frame.columns:
            return name
    raise ValueError(f"{file}\u00a0: aucune colonne parmi {', '.join(spellings)}; vérifier le fichier déclaré")
