"""Layers cut into Mapbox vector tiles by GDAL, one layer at a time, and put together tile by tile."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fs_pipeline.cartography.pmtiles import Tile

if TYPE_CHECKING:
    import geopandas as gpd

# Nothing is left out of a tile for its size: GDAL would thin out what is too many, and the list would say more than the map.
_NO_LIMIT = {"MAX_SIZE": 50_000_000, "MAX_FEATURES": 10_000_000}


@dataclass(frozen=True, eq=False, slots=True)
class TiledLayer:
    """A layer in tiles.

    Attributes
    ----------
    name
        Its name in every tile.
    fields
        Its columns: ``Number``, ``String`` or ``Boolean``, as TileJSON calls them.
    zooms
        The first and the last zoom at which it is there.
    tiles
        Tile to bytes, not compressed.
    """

    name: str
    fields: Mapping[str, str]
    zooms: tuple[int, int]
    tiles: Mapping[Tile, bytes]

    def told(self) -> dict[str, object]:
        """Its entry of ``vector_layers``."""
        return {"id": self.name, "fields": dict(self.fields), "minzoom": self.zooms[0], "maxzoom": self.zooms[1]}


def cut(layer: gpd.GeoDataFrame, name: str, zooms: tuple[int, int]) -> TiledLayer:
    """Tiles of what of `layer` (EPSG:4326) has a shape, between two zooms; a column that lacks is not in the tile."""
    import pyogrio

    drawn = layer[~(layer.geometry.isna() | layer.geometry.is_empty)]
    fields = {
        str(column): "Boolean" if kind == "b" else "Number" if kind in "iuf" else "String"
        for column, kind in ((column, layer[column].dtype.kind) for column in layer.columns.drop(layer.geometry.name))
    }
    if drawn.empty:
        return TiledLayer(name, fields, zooms, {})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiles.mbtiles"
        pyogrio.write_dataframe(
            drawn.to_crs(3857),
            path,
            driver="MVT",
            layer=name,
            dataset_options=_NO_LIMIT
            | {
                "FORMAT": "MBTILES", "COMPRESS": "NO", "MINZOOM": zooms[0], "MAXZOOM": zooms[1], "SIMPLIFICATION": 0,
                "SIMPLIFICATION_MAX_ZOOM": 0, "TEMPORARY_DB": str(Path(folder) / "drawn.db"),
            },
        )  # fmt: skip
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("select zoom_level, tile_column, tile_row, tile_data from tiles").fetchall()
    # MBTiles counts rows from the south.
    return TiledLayer(
        name, fields, zooms, {(zoom, x, (1 << zoom) - 1 - row): bytes(data) for zoom, x, row, data in rows}
    )


def together(layers: Iterable[TiledLayer]) -> dict[Tile, bytes]:
    """One tile of all layers: a vector tile is the list of its layers, so that they need only stand one after the other."""
    found: dict[Tile, list[bytes]] = defaultdict(list)
    for layer in layers:
        for tile, data in layer.tiles.items():
            found[tile].append(data)
    return {tile: b"".join(parts) for tile, parts in found.items()}
