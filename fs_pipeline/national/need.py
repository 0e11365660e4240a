"""The sources of need: INSEE's population squares, priority quarters, the digital fragility index.

Each is optional. What is read is a proxy (age, poverty, place), never a rate of people who don't claim their rights.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.http.problems import EmptySource, TooLarge, UnreadableSource
from fs_pipeline.national.columns import rename_columns
from fs_pipeline.national.files import read_table
from fs_pipeline.national.sources import REFERENCES, Source
from fs_pipeline.safe_text import safe_tree
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.names import normalise
from fs_pipeline.territory.vector import magic
from fs_pipeline.unpacking import Bounded, UnpacksTooLarge
from fs_pipeline.warehouse.declared import declaration
from fs_pipeline.warehouse.frames import table_frame

NEED_SOURCES = ("population_squares", "priority_quarters", "digital_fragility")
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
_ID = re.compile(r"(?:CRS(?P<crs>\d+))?RES(?P<size>\d+)mN(?P<north>-?\d+)E(?P<east>-?\d+)")
_INSEE_LENGTH = 5
_CODES = re.compile(r"\b(?:\d{2}|2[AB]|97\d|98\d)\d{2,3}\b")


def read_squares(path: Path) -> pd.DataFrame:
    """One row an inhabited square of INSEE's Filosofi grid, 200 m or 1 km, as published since 2015.

    Parameters
    ----------
    path
        CSV (plain, compressed, or the one CSV of a zip), GeoPackage or Parquet.

    Returns
    -------
    pandas.DataFrame
        Columns of ``SQUARE_COLUMNS``: the square's middle in degrees; insee of the commune that holds most of its people
        (the first that INSEE lists); floats, NaN where the file has no such column; imputed is True where INSEE estimated
        the square from its neighbourhood to protect its households.

    Raises
    ------
    SourceProblem
        When a column is missing, an identifier is not a square's, or no row is left.
    """
    source = REFERENCES["population_squares"]
    raw = rename_columns(_read(path, source), source).table
    parts = raw["square_id"].astype(str).str.extract(_ID)
    if parts["size"].isna().any():
        what = "identifiants de carreaux inconnus (attendu CRS3035RES200mN…E…)"
        raise UnreadableSource(source.title_fr, what, "donner le fichier de carreaux tel que l’INSEE le publie")
    numbers = {name: _number(raw[name]) for name in raw.columns if name not in {"square_id", "insee", "imputed"}}
    longitude, latitude = _middles(parts)
    children = [numbers[name] for name in ("aged_0_3", "aged_4_5", "aged_6_10", "aged_11_17")]
    squares = pd.DataFrame(
        {
            "square_id": raw["square_id"].astype(object),
            "insee": raw["insee"].map(safe_tree).astype("string").str[:_INSEE_LENGTH].astype(object),
            "longitude": longitude,
            "latitude": latitude,
            "population": numbers["population"],
            "households": numbers["households"],
            "poor_households": numbers["poor_households"],
            "under_18": sum(children[1:], children[0]),
            "aged_65": numbers["aged_65_79"] + numbers["aged_80"],
            "aged_80": numbers["aged_80"],
            "imputed": _number(raw["imputed"]).eq(1.0),
        }
    )
    kept = squares[squares["population"] > 0].reset_index(drop=True)
    if kept.empty:
        raise EmptySource(source.title_fr, "aucun carreau habité", "vérifier le fichier déclaré")
    return kept[list(SQUARE_COLUMNS)]


def read_quarters(path: Path) -> pd.DataFrame:
    """One row a priority quarter and commune it stands on: quarter_id, name, insee, population (NaN where unsaid).

    A quarter on several communes has its inhabitants shared out equally: their number is not published by commune.
    """
    source = REFERENCES["priority_quarters"]
    table = rename_columns(read_table(path, source.title_fr, source.max_bytes), source).table
    codes = pd.Series([_CODES.findall(str(cell)) for cell in table["insee"]], index=table.index, dtype=object)
    rows = table.assign(insee=codes, population=_number(table["population"]))
    rows["population"] = rows["population"] / rows["insee"].str.len().clip(lower=1)
    spread = rows.explode("insee").dropna(subset=["insee"]).reset_index(drop=True)
    if spread.empty:
        raise EmptySource(source.title_fr, "aucun quartier rattaché à une commune", "vérifier le fichier déclaré")
    return spread[["quarter_id", "name", "insee", "population"]]


def read_fragility(path: Path) -> pd.DataFrame:
    """One row a commune: insee, index (the higher, the more fragile), as published."""
    source = REFERENCES["digital_fragility"]
    table = rename_columns(read_table(path, source.title_fr, source.max_bytes), source).table
    rows = pd.DataFrame({"insee": table["insee"], "index": _number(table["index"])}).dropna()
    if rows.empty:
        raise EmptySource(source.title_fr, "aucun indice de commune", "vérifier le fichier déclaré")
    return rows.drop_duplicates("insee").reset_index(drop=True)


def need_of_communes(
    territory: Territory,
    squares: pd.DataFrame | None,
    quarters: pd.DataFrame | None,
    fragility: pd.DataFrame | None,
) -> pd.DataFrame:
    """One row a current commune of which some source says something: rows of ``commune_need``.

    A source that is None leaves its columns NaN. A commune that a source of the whole of France does not hold has 0
    inhabitants in squares or no quarter only where the source covers its département; elsewhere it stays NaN.
    """
    blocks = []
    if squares is not None:
        counts = ["population", "households", "poor_households", "under_18", "aged_65", "aged_80"]
        summed = squares.assign(insee=territory.current_insees(squares["insee"])).groupby("insee")[counts]
        # A column that the vintage lacks stays unknown: the sum of nothing is not 0.
        blocks.append(summed.sum(min_count=1).rename(columns={"population": "squares_population"}))
    if quarters is not None:
        here = quarters.assign(insee=territory.current_insees(quarters["insee"])).groupby("insee")
        counted = here["population"].sum(min_count=1).rename("quarters_population")
        blocks.append(pd.concat([here.size().astype("float64").rename("quarters"), counted], axis=1))
    if fragility is not None:
        here = fragility.assign(insee=territory.current_insees(fragility["insee"])).groupby("insee")
        blocks.append(here["index"].mean().rename("fragility_index").to_frame())
    if not blocks:
        return table_frame("commune_need", [])
    found = pd.concat(blocks, axis=1).rename_axis("insee").reset_index()
    of_no_source = [name for name in declaration("commune_need").names if name not in found]
    return table_frame("commune_need", found.assign(**dict.fromkeys(of_no_source, np.nan)))


def _read(path: Path, source: Source) -> pd.DataFrame:
    """The declared columns of a large file, and no other: squares are millions."""
    wanted = {normalise(spelling) for spellings in source.columns.values() for spelling in spellings}

    def is_wanted(name: str) -> bool:
        return normalise(name) in wanted

    try:
        if path.suffix in {".gpkg", ".parquet"}:
            return _read_columns(path, is_wanted)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                (member,) = [name for name in archive.namelist() if name.lower().endswith(".csv")]
                with archive.open(member) as packed, io.BufferedReader(Bounded(packed, source.max_bytes)) as file:
                    return pd.read_csv(file, dtype=object, usecols=is_wanted, sep=None, engine="python")
        with path.open(encoding="utf-8") as plain:
            separator = max(",;", key=plain.readline().count)
        return pd.read_csv(path, dtype=object, usecols=is_wanted, sep=separator)
    except UnpacksTooLarge as error:
        raise TooLarge(source.title_fr, str(error), "relever max_bytes si la source a vraiment grandi") from error
    except (OSError, ValueError, zipfile.BadZipFile, RuntimeError) as error:
        what = f"le fichier {path.name} ne peut pas être lu ({type(error).__name__})"
        raise UnreadableSource(source.title_fr, what, "donner le CSV ou le GeoPackage que l’INSEE publie") from error


def _read_columns(path: Path, is_wanted: object) -> pd.DataFrame:
    assert callable(is_wanted)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        names = [name for name in pq.read_schema(path).names if is_wanted(name)]
        return pd.read_parquet(path, columns=names)
    import pyogrio

    magic(path)
    names = [name for name in pyogrio.read_info(path)["fields"] if is_wanted(name)]
    frame: pd.DataFrame = pyogrio.read_dataframe(path, columns=names, read_geometry=False)
    return frame


def _number(column: pd.Series) -> pd.Series:
    text = column.astype("string").str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("float64")


def _middles(parts: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Degrees of the squares' middles; an identifier gives the south-west corner in its own projection."""
    from pyproj import Transformer

    size = parts["size"].astype("float64")
    east, north = parts["east"].astype("float64") + size / 2, parts["north"].astype("float64") + size / 2
    longitude, latitude = np.full(len(parts), np.nan), np.full(len(parts), np.nan)
    projections = parts["crs"].fillna("3035")
    for crs in projections.unique():
        here = (projections == crs).to_numpy()
        transformer = Transformer.from_crs(int(crs), 4326, always_xy=True)
        longitude[here], latitude[here] = transformer.transform(east[here].to_numpy(), north[here].to_numpy())
    return pd.Series(longitude, index=parts.index), pd.Series(latitude, index=parts.index)
