"""A layer as GeoJSON (RFC 7946): degrees, outer rings counterclockwise, a row without a point with a null geometry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd


def geojson(layer: gpd.GeoDataFrame) -> bytes:
    """A feature a row, one a line; every column is a property, null where it is missing. Same layer, same bytes."""
    import shapely

    shapes = shapely.to_geojson(shapely.orient_polygons(layer.geometry.to_numpy()))
    table = layer.drop(columns=layer.geometry.name).astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    features = ",\n".join(
        f'{{"type":"Feature","properties":{_json(row)},"geometry":{"null" if shape is None else shape}}}'
        for row, shape in zip(rows, shapes, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()


def _json(row: object) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
