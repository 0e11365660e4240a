"""Both layers in one GeoPackage, with the styles that QGIS draws them in as soon as it opens it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from fs_pipeline.release.layer_styles import LayerStyle, qml, sld

if TYPE_CHECKING:
    import geopandas as gpd

_GEOMETRY = "geom"
# As QGIS itself makes it (QgsOgrProvider): what it looks for by name, and column by column.
_LAYER_STYLES = """
create table layer_styles (
  id integer primary key autoincrement not null, f_table_catalog text(256), f_table_schema text(256),
  f_table_name text(256), f_geometry_column text(256), styleName text(30), styleQML text, styleSLD text,
  useAsDefault boolean, description text, owner text(30), ui text(30),
  update_time datetime default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""


def geopackage(layers: Mapping[str, gpd.GeoDataFrame], styles: Sequence[LayerStyle], day: str) -> bytes:
    """A GeoPackage 1.2 of `layers` by table name; same layers, same day, same bytes on one machine.

    Parameters
    ----------
    day
        ISO date, which stands wherever the format wants the moment of the last change.
    """
    moment = f"{day}T00:00:00.000Z"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        _write_layers(layers, path, moment)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(_LAYER_STYLES)
            connection.execute(
                "insert into gpkg_contents (table_name, data_type, identifier, last_change) values (?, ?, ?, ?)",
                ("layer_styles", "attributes", "layer_styles", moment),
            )
            connection.executemany(
                "insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, styleSLD, useAsDefault, description, owner, update_time)"
                " values ('', '', ?, ?, ?, ?, ?, ?, ?, '', ?)",
                [
                    (one.layer, _GEOMETRY, one.name, qml(one), sld(one), one.by_default, one.description, moment)
                    for one in styles
                ],
            )
        return path.read_bytes()


def _write_layers(layers: Mapping[str, gpd.GeoDataFrame], path: Path, moment: str) -> None:
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        for number, (name, layer) in enumerate(layers.items()):
            kinds = set(layer.geom_type.dropna())
            pyogrio.write_dataframe(
                layer,
                path,
                layer=name,
                driver="GPKG",
                append=number > 0,
                # What is mixed, or has no geometry at all, has no type that could be inferred.
                geometry_type=None if kinds and kinds <= {"Polygon", "MultiPolygon"} else _only(kinds),
                dataset_options={"VERSION": "1.2"},  # a QGIS of three years ago warns of anything later
                layer_options={"GEOMETRY_NAME": _GEOMETRY},
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _only(kinds: set[str]) -> str:
    return "Point" if kinds <= {"Point"} else "Unknown"
