"""INSEE's population squares (Filosofi), 200 m or 1 km, as published since 2015, and the commune of each.

What is known of need by commune is ``need.py``'s; minutes from squares are access/'s.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.http.problems import EmptySource, UnreadableSource
from fs_pipeline.national.columns import as_numbers, rename_columns
from fs_pipeline.national.layers import column_names, opened, read_columns
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.safe_text import safe_tree
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.names import normalise

if TYPE_CHECKING:
    import geopandas as gpd

SQUARE_COLUMNS = (
    "square_id",
    "insee",
    "longitude",
    "latitude",
    "population",
    "households",
    "poor_households",
    "under_18",
    "aged_65",
    "aged_80",
    "imputed",
)
_ID = re.compile(r"^(?:CRS(?P<crs>\d+))?RES(?P<size>\d+)mN(?P<north>-?\d+)E(?P<east>-?\d+)$")
_EUROPE = "3035"  # LAEA, of identifiers that name no projection
_INSEE_LENGTH = 5
_MARGIN = 0.1  # degrees around the squares, in which a contour may be the nearest
_TOO_FAR_M = 300_000.0  # the largest commune is 250 km long; another projection is thousands of kilometres off
_SOURCE = REFERENCES["population_squares"]


def read_squares(path: Path) -> pd.DataFrame:
    """One row an inhabited square of INSEE's Filosofi grid, 200 m or 1 km, as published since 2015.

    Parameters
    ----------
    path
        CSV, GeoPackage, shapefile or Parquet, plain, compressed, or all those of a zip.

    Returns
    -------
    pandas.DataFrame
        Columns of ``SQUARE_COLUMNS``: the square's middle in degrees; insee of the commune that holds most of its people
        (the first that INSEE lists), of the file's own vintage, None where the file has no such column (2015, 1 km);
        floats, NaN where the file has no such column; imputed is True where INSEE estimated the square from its
        neighbourhood to protect its households.

    Raises
    ------
    SourceProblem
        When a column is missing, an identifier is not a square's or comes twice, two grids are mixed, or no row is left.
    """
    raw = rename_columns(_read(path), _SOURCE).table
    grid = _grid(raw["square_id"])
    if grid["size"].nunique() > 1 or raw["square_id"].duplicated().any():
        what = "les mêmes habitants comptés deux fois\u00a0: carreaux en double, ou de deux tailles"
        raise UnreadableSource(_SOURCE.title_fr, what, "ne donner que les fichiers d’une grille, 200 m ou 1 km")
    numbers = {name: as_numbers(raw[name]) for name in raw.columns if name not in {"square_id", "insee", "imputed"}}
    longitude, latitude = _middles(grid)
    children = [numbers[name] for name in ("aged_0_3", "aged_4_5", "aged_6_10", "aged_11_17")]
    codes = raw["insee"].map(safe_tree, na_action="ignore").astype("string").str[:_INSEE_LENGTH].astype(object)
    squares = pd.DataFrame(
        {
            "square_id": raw["square_id"].astype(object),
            "insee": codes.where(codes.notna(), None),
            "longitude": longitude,
            "latitude": latitude,
            "population": numbers["population"],
            "households": numbers["households"],
            "poor_households": numbers["poor_households"],
            "under_18": sum(children[1:], children[0]),
            "aged_65": numbers["aged_65_79"] + numbers["aged_80"],
            "aged_80": numbers["aged_80"],
            "imputed": as_numbers(raw["imputed"]).eq(1.0),
        }
    )
    kept = squares[squares["population"] > 0].reset_index(drop=True)
    if kept.empty:
        raise EmptySource(_SOURCE.title_fr, "aucun carreau habité", "vérifier le fichier déclaré")
    return kept[list(SQUARE_COLUMNS)]


def place_squares(squares: pd.DataFrame, territory: Territory, contours: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """The same squares, each with its current commune; None where none holds it.

    A square without a code has the commune in whose contour its middle is; a middle in the sea, that of the nearest
    contour that the square can touch (half its diagonal). A square with a code keeps that commune, unless it lies
    hundreds of kilometres from it: then something in the file is wrong, and it has none.

    Parameters
    ----------
    squares
        ``read_squares``.
    contours
        ``territory.contours.read_contours`` (insee, geometry_4326), of any vintage; None where they are not known, and
        then every square must have its code.

    Raises
    ------
    UnreadableSource
        When squares without a code are to be placed and no contours are given, or when no square at all is where it
        should be: the file's projection is another than its identifiers say, or the contours are another country's.
    """
    codes = squares["insee"].copy()
    bare = codes.isna()
    if bare.any():
        if contours is None:
            what = f"{french.count(int(bare.sum()), 'carreau', 'carreaux')} sans code de commune"
            to_do = "déclarer les contours des communes (contours) dans sources.toml, ou donner un millésime qui a les codes"
            raise UnreadableSource(_SOURCE.title_fr, what, to_do)
        codes[bare] = _contour_of(squares[bare], contours)
    current = territory.current_insees(codes)
    placed = squares.assign(insee=current.mask(_is_elsewhere(squares, current, territory), None))
    if placed["insee"].isna().all():
        what = f"aucun des {french.count(len(placed), 'carreau', 'carreaux')} n’est dans une commune connue"
        to_do = (
            "vérifier que le fichier est dans la projection que disent ses identifiants, et de quel territoire il est"
        )
        raise UnreadableSource(_SOURCE.title_fr, what, to_do)
    return placed


def unplaced_squares(placed: pd.DataFrame | None) -> str | None:
    """What to tell of squares that no commune holds, after ``place_squares``; None where there are none."""
    lost = None if placed is None else placed[placed["insee"].isna()]
    if lost is None or lost.empty:
        return None
    people = french.count(float(lost["population"].sum()), "habitant")
    return (
        f"{_SOURCE.title_fr}\u00a0: {french.count(len(lost), 'carreau', 'carreaux')} ({people}) n’ont pas pu être placés dans "
        f"une commune, dont {lost['square_id'].iloc[0]}\u202f; ils ne comptent nulle part. À faire\u00a0: vérifier que les "
        "contours couvrent le même territoire, et les codes de commune du fichier."
    )


def placed_inhabitants(placed: pd.DataFrame) -> pd.DataFrame:
    """The squares that have a commune, as ``access.demand`` takes them.

    Returns
    -------
    pandas.DataFrame
        id (of the square), insee (current commune), longitude, latitude (degrees, of its middle), population (inhabitants,
        INSEE's decimals kept). Squares without a commune are not in it: ``unplaced_squares`` counts them.
    """
    kept = placed[placed["insee"].notna()].rename(columns={"square_id": "id"})
    return kept[["id", "insee", "longitude", "latitude", "population"]].reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    """The declared columns of a large file, or of each one of an archive, and no other: squares are millions."""
    wanted = {normalise(spelling) for spellings in _SOURCE.columns.values() for spelling in spellings}
    frames = []
    to_do = "donner le CSV, le GeoPackage ou le shapefile que l’INSEE publie (une archive .7z est à ouvrir d’abord)"
    with opened(path, _SOURCE, to_do) as files:
        for file in files:
            names = column_names(file)
            rename_columns(pd.DataFrame(columns=names), _SOURCE)  # a vintage never seen is told by all it has
            frames.append(read_columns(file, [name for name in names if normalise(name) in wanted]))
    return pd.concat(frames, ignore_index=True)


def _grid(square_ids: pd.Series) -> pd.DataFrame:
    """crs (text), and size, east, north (metres, of the middle) of squares by their identifiers."""
    parts = square_ids.astype(str).str.extract(_ID)
    unknown = square_ids[parts["size"].isna()]
    if len(unknown):
        what = (
            f"{french.count(len(unknown), 'identifiant')} de carreau inconnus, dont «\u00a0{str(unknown.iloc[0])[:60]}\u00a0» "
            "(attendu CRS3035RES200mN…E…)"
        )
        raise UnreadableSource(_SOURCE.title_fr, what, "donner le fichier de carreaux tel que l’INSEE le publie")
    size = parts["size"].astype("float64")
    return pd.DataFrame(
        {
            "crs": parts["crs"].fillna(_EUROPE),
            "size": size,
            "east": parts["east"].astype("float64") + size / 2,  # an identifier gives the south-west corner
            "north": parts["north"].astype("float64") + size / 2,
        }
    )


def _middles(grid: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Degrees of the squares' middles, each in its own projection."""
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    longitude, latitude = np.full(len(grid), np.nan), np.full(len(grid), np.nan)
    for crs in grid["crs"].unique():
        here = (grid["crs"] == crs).to_numpy()
        try:
            transformer = Transformer.from_crs(int(crs), 4326, always_xy=True)
        except CRSError as error:
            what = f"la projection CRS{crs} des identifiants de carreaux n’existe pas"
            to_do = "donner le fichier de carreaux tel que l’INSEE le publie"
            raise UnreadableSource(_SOURCE.title_fr, what, to_do) from error
        east, north = grid["east"].to_numpy()[here], grid["north"].to_numpy()[here]
        longitude[here], latitude[here] = transformer.transform(east, north)
    return pd.Series(longitude, index=grid.index), pd.Series(latitude, index=grid.index)


def _contour_of(squares: pd.DataFrame, contours: gpd.GeoDataFrame) -> pd.Series:
    """Code of the contour that holds a square's middle, else of the nearest within half its diagonal; None elsewhere."""
    import geopandas as gpd

    grid = _grid(squares["square_id"])
    west, south = squares[["longitude", "latitude"]].min() - _MARGIN
    east, north = squares[["longitude", "latitude"]].max() + _MARGIN
    around = contours.cx[west:east, south:north][["insee", "geometry_4326"]]
    found = pd.Series(None, index=squares.index, dtype=object)
    for crs in grid["crs"].unique():
        cells = grid[grid["crs"] == crs]
        middles = gpd.GeoDataFrame(
            cells[["size"]], geometry=gpd.points_from_xy(cells["east"], cells["north"]), crs=int(crs)
        )
        reach = cells["size"] / np.sqrt(2)
        near = gpd.sjoin_nearest(
            middles, around.to_crs(int(crs)), max_distance=float(reach.max()), distance_col="distance_m"
        )
        near = near[near["distance_m"] <= reach.reindex(near.index)].sort_values(["distance_m", "insee"])
        first = near[~near.index.duplicated()]["insee"]
        found[first.index] = first
    return found


def _is_elsewhere(squares: pd.DataFrame, current: pd.Series, territory: Territory) -> pd.Series:
    """Whether a square is too far from its commune's point to be in it; False where either is unknown."""
    points = territory.communes.set_index("insee")[["longitude", "latitude"]].reindex(current)
    away = great_circle_m(
        squares["longitude"].to_numpy(),
        squares["latitude"].to_numpy(),
        points["longitude"].to_numpy(),
        points["latitude"].to_numpy(),
    )
    return pd.Series(away > _TOO_FAR_M, index=squares.index)
