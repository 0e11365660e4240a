"""The two layers every map draws: places as points, communes as polygons (or points where no contour is known)."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.cartography.once import Once
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.territory.shipped import load_territory

if TYPE_CHECKING:
    import geopandas as gpd

VERDICTS = ("confirmed", "by_label", "general", "orientation", "uncovered", "unknown", "not_computed")
_PLACE_COLUMNS = (
    "place_id",
    "name",
    "service_type",
    "operator",
    "kind",
    "carrier",
    "address",
    "postcode",
    "insee",
    "commune",
    "phone",
    "email",
    "website",
    "opening_hours",
    "week_parity",
    "itinerant",
    "labelled_on",
    "updated_on",
    "in_survey",
    "in_france_services",
    "host_place_id",
)
_ACCESS_COLUMNS = ("minutes", "minutes_low", "minutes_high", "place_id", "method", "reason")


class Layers(dict[str, "gpd.GeoDataFrame"]):
    """``places`` and ``communes`` in degrees (EPSG:4326), one row a place and a commune, sorted by their code.

    Each is drawn when it is first asked for: one that fails is no reason to lack the other.

    Parameters
    ----------
    places
        Golden places; one without coordinates is kept without geometry, so that no list loses it.
    communes
        insee, name, population, longitude, latitude.
    access
        ``int_commune_minutes``; the minutes to the nearest fixed France services are kept.
    thresholds
        Between which classes of minutes change; the column ``minutes_class`` says them: ``20-30``.
    contours
        insee and geometry_4326, of any vintage: the contours of merged communes are gathered.
    coverage
        Verdicts a point and démarche; those of each commune's median inhabitant are counted in ``confirmed_near`` …
        ``not_computed_far``.
    roads
        Stretches of main roads, degrees, (stretches, 2 ends, 2): the layer ``roads`` is their lines.
    once
        Draws what other editions have drawn no second time.
    """

    def __init__(
        self,
        places: pd.DataFrame,
        communes: pd.DataFrame,
        access: pd.DataFrame,
        thresholds: Thresholds,
        contours: gpd.GeoDataFrame | None = None,
        coverage: pd.DataFrame | None = None,
        *,
        roads: NDArray[np.float64] | None = None,
        once: Once | None = None,
    ) -> None:
        super().__init__()
        once = once or Once()
        self._draw = {
            "places": partial(once, place_layer, places),
            "communes": partial(once, commune_layer, communes, access, thresholds, contours, coverage),
            "roads": partial(once, road_layer, roads),
        }

    def __missing__(self, name: str) -> gpd.GeoDataFrame:
        self[name] = self._draw[name]()
        return self[name]


def road_layer(stretches: NDArray[np.float64] | None) -> gpd.GeoDataFrame:
    """Main roads as lines, joined end to end; no row where none is known."""
    import geopandas as gpd
    import shapely

    ends = np.empty((0, 2, 2)) if stretches is None else stretches
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends))))
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(lines, crs=4326))


def minutes_class(minutes: float | None, thresholds: Thresholds) -> str:
    """The class of the map a number of minutes falls in: ``near``, ``between``, ``far`` or ``not_computed``."""
    if minutes is None or np.isnan(minutes):
        return "not_computed"
    return "near" if minutes <= thresholds.near else "between" if minutes <= thresholds.far else "far"


def minutes_intervals(thresholds: Thresholds) -> dict[str, str]:
    """Class of the map -> how the column ``minutes_class`` of the layer says it."""
    near, far = thresholds
    return {"near": f"0-{near}", "between": f"{near}-{far}", "far": f"{far}+", "not_computed": "not_computed"}


def place_role(service_type: str | None, kind: str | None, *, in_france_services: bool) -> str:
    """How a place is drawn: ``fixed``, ``antenne`` or ``itinerant`` France services, else ``other``."""
    if not in_france_services and service_type != "france_services":
        return "other"
    return kind if kind in {"antenne", "itinerant"} else "fixed"


LAYER_FILES = {"places": "lieux.parquet", "communes": "communes.parquet"}


def geoparquet(layer: gpd.GeoDataFrame) -> bytes:
    """A layer as GeoParquet 1.1 with a covering column ``bbox``; same layer, same bytes."""
    stream = io.BytesIO()
    layer.to_parquet(stream, index=False, compression="zstd", schema_version="1.1.0", write_covering_bbox=True)
    return _without_empty_boxes(stream) if layer.geometry.isna().any() else stream.getvalue()


def _without_empty_boxes(stream: io.BytesIO) -> bytes:
    """A row without a geometry has no box: the specification wants a null there, GeoPandas writes a box of nulls."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import parquet

    table = parquet.read_table(stream)
    at, column = table.schema.get_field_index("bbox"), table.column("bbox").combine_chunks()
    boxes = pa.StructArray.from_arrays(
        column.flatten(), fields=list(column.type), mask=pc.is_null(table.column("geometry")).combine_chunks()
    )
    written = io.BytesIO()
    parquet.write_table(table.set_column(at, table.schema.field(at), boxes), written, compression="zstd")
    return written.getvalue()


def place_layer(places: pd.DataFrame) -> gpd.GeoDataFrame:
    """The layer of places; see `Layers`."""
    import geopandas as gpd

    table = places.reindex(columns=[*_PLACE_COLUMNS, "latitude", "longitude"])
    table = table.sort_values("place_id", kind="stable").reset_index(drop=True)
    x, y = _numbers(table["longitude"]), _numbers(table["latitude"])
    points = gpd.GeoSeries(_points(x, y), crs=4326)
    kept = table[list(_PLACE_COLUMNS)].copy()
    for column in ("in_survey", "in_france_services", "itinerant"):
        kept[column] = kept[column].map(lambda value: None if pd.isna(value) else bool(value)).astype("boolean")
    for column in _PLACE_COLUMNS:
        if column not in {"in_survey", "in_france_services", "itinerant"}:
            kept[column] = _text(kept[column])
    kept["role"] = [
        place_role(kind_of, kind, in_france_services=bool(listed) if pd.notna(listed) else False)
        for kind_of, kind, listed in zip(kept["service_type"], kept["kind"], kept["in_france_services"], strict=True)
    ]
    return gpd.GeoDataFrame(kept, geometry=points, crs=4326)


def commune_layer(
    communes: pd.DataFrame,
    access: pd.DataFrame,
    thresholds: Thresholds,
    contours: gpd.GeoDataFrame | None,
    coverage: pd.DataFrame | None,
) -> gpd.GeoDataFrame:
    """The layer of communes; see `Layers`."""
    import geopandas as gpd

    table = communes.reindex(columns=["insee", "name", "population", "longitude", "latitude"])
    table = table.sort_values("insee", kind="stable").reset_index(drop=True)
    kept = pd.DataFrame({name: _text(table[name]) for name in ("insee", "name")})
    kept["population"] = _numbers(table["population"])
    nearest = _nearest(access).reindex(kept["insee"]).reset_index(drop=True)
    for column in ("minutes", "minutes_low", "minutes_high"):
        kept[column] = _numbers(nearest[column])
    kept["nearest_place_id"] = _text(nearest["place_id"])
    kept["method"] = _text(nearest["method"]).fillna("not_computed")
    kept["reason"] = _text(nearest["reason"])
    intervals = minutes_intervals(thresholds)
    kept["minutes_class"] = [intervals[minutes_class(value, thresholds)] for value in kept["minutes"]]
    for name, counts in _verdicts(coverage, access).items():
        kept[name] = counts.reindex(kept["insee"]).fillna(0).astype("int64").to_numpy()
    points = gpd.GeoSeries(_points(_numbers(table["longitude"]), _numbers(table["latitude"])), crs=4326)
    if contours is not None and len(contours):
        shapes = _gathered(contours, kept["insee"]).reindex(kept["insee"]).to_numpy()
        points = gpd.GeoSeries(
            [point if shape is None else shape for point, shape in zip(points, shapes, strict=True)], crs=4326
        )
    return gpd.GeoDataFrame(kept, geometry=points, crs=4326)


def _gathered(contours: gpd.GeoDataFrame, insees: pd.Series) -> pd.Series:
    """One contour a current commune."""
    import shapely

    codes = contours["insee"].astype(object)
    unknown = ~codes.isin(set(insees))
    if unknown.any():
        codes = codes.where(~unknown, load_territory().current_insees(codes))
    shapes = pd.Series(contours.geometry.to_numpy(), index=codes.to_numpy(), dtype=object)
    shapes = shapes[shapes.index.isin(set(insees))].sort_index(kind="stable")
    several = shapes.index.duplicated(keep=False)
    alone = shapes[~several]
    merged = shapes[several].groupby(level=0).agg(lambda parts: shapely.union_all(list(parts)))
    return pd.concat([alone, merged])


def _nearest(access: pd.DataFrame) -> pd.DataFrame:
    table = access.reindex(columns=["insee", "service", *_ACCESS_COLUMNS])
    chosen = table[table["service"] == FRANCE_SERVICES.kind].drop_duplicates("insee")
    return chosen.set_index("insee")[list(_ACCESS_COLUMNS)]


def _verdicts(coverage: pd.DataFrame | None, access: pd.DataFrame) -> dict[str, pd.Series]:
    if coverage is None or coverage.empty:
        return {}
    medians = access.loc[access["service"] == FRANCE_SERVICES.kind, "point_id"]
    coverage = coverage[coverage["point_id"].isin(medians)]
    counts = {}
    for reach in Thresholds._fields:
        table = coverage.groupby(["insee", f"verdict_{reach}"]).size().unstack(fill_value=0)
        for verdict in VERDICTS:
            counts[f"{verdict}_{reach}"] = table.get(verdict, pd.Series(dtype="int64"))
    return counts


def _points(x: pd.Series, y: pd.Series) -> NDArray[np.object_]:
    import shapely

    points: NDArray[np.object_] = np.asarray(shapely.points(np.column_stack([x, y])), dtype=object)
    points[(x.isna() | y.isna()).to_numpy()] = None
    return points


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _text(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.notna(), None)
