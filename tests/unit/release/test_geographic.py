"""The layers in formats of GIS: the same rows, drawn by QGIS in our colours as soon as it opens them."""

from __future__ import annotations

import io
import itertools
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest

from fs_pipeline.cartography.layers import Layers, geoparquet
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.release.geojson import geojson
from fs_pipeline.release.layer_styles import qml, sld, styles
from tests.unit.briefing.sample import empty_tables, tiny_contours, tiny_tables
from tests.unit.release.exported import exported


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "carte.gpkg"
    path.write_bytes(exported(tiny_tables())["carte.gpkg"])
    return path


def test_both_layers_are_in_the_package_with_their_styles(package):
    assert [name for name, _ in pyogrio.list_layers(package)] == ["lieux", "communes", "layer_styles"]
    places = gpd.read_file(package, layer="lieux")
    assert len(places) == len(tiny_tables().places)
    assert {"confirmed"} <= set(places["evidence"])
    assert gpd.read_file(package, layer="communes").geom_type.isin({"Polygon", "MultiPolygon"}).all()


def test_each_layer_has_one_default_style_that_names_a_column_of_it(package):
    told = pyogrio.read_dataframe(package, layer="layer_styles")
    assert told.groupby("f_table_name")["useAsDefault"].sum().eq(1).all()
    for row in told.to_dict("records"):
        layer = gpd.read_file(package, layer=row["f_table_name"])
        drawn = ET.fromstring(row["styleQML"])
        column = drawn.find("renderer-v2").get("attr")
        values = {one.get("value") for one in drawn.iter("category")}
        assert set(layer[column]) <= values
        symbols = {one.get("name") for one in drawn.iter("symbol")}
        assert {one.get("symbol") for one in drawn.iter("category")} == symbols
        described = ET.fromstring(row["styleSLD"])
        assert {one.text for one in described.iter("{http://www.opengis.net/ogc}PropertyName")} == {column}
        literals = [one.text for one in described.iter("{http://www.opengis.net/ogc}Literal")]
        assert values <= set(literals)


def test_the_package_is_whole_and_bears_the_day_of_the_campaign(package):
    with closing(sqlite3.connect(package)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert {day[:10] for (day,) in connection.execute("select last_change from gpkg_contents")} == {"2022-11-15"}
        assert {day[:10] for (day,) in connection.execute("select update_time from layer_styles")} == {"2022-11-15"}


def test_a_style_is_drawn_for_points_where_no_contour_is_known():
    told = styles(Thresholds(20, 30), areas=False)
    assert all("SimpleMarker" in qml(one) and "PointSymbolizer" in sld(one) for one in told)


def test_a_slot_without_a_place_has_its_layers_all_the_same(tmp_path):
    path = tmp_path / "vide.gpkg"
    path.write_bytes(exported(empty_tables())["carte.gpkg"])
    assert gpd.read_file(path, layer="lieux").empty
    assert len(gpd.read_file(path, layer="communes")) == 12


def test_a_place_without_a_point_keeps_its_row_in_every_format(tmp_path):
    tables = tiny_tables()
    places = tables.places.copy()
    places.loc[places.index[0], ["latitude", "longitude"]] = None
    files = exported(tables.having(places=places))
    (first, *_) = json.loads(files["lieux.geojson"])["features"]
    assert first["properties"]["place_id"] == "P0000"
    assert first["geometry"] is None
    (tmp_path / "carte.gpkg").write_bytes(files["carte.gpkg"])
    for read in (
        gpd.read_file(io.BytesIO(files["lieux.geojson"])),
        gpd.read_file(tmp_path / "carte.gpkg", layer="lieux"),
    ):
        assert read.geometry.isna().sum() == 1
        assert len(read) == len(places)


def test_outer_rings_of_geojson_go_counterclockwise():
    turned = tiny_contours().set_geometry(tiny_contours().geometry.reverse())
    for contours in (tiny_contours(), turned):
        for feature in json.loads(exported(tiny_tables(), contours=contours)["communes.geojson"])["features"]:
            (ring,) = feature["geometry"]["coordinates"]
            area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring))
            assert area > 0


def test_geojson_is_read_back_as_the_same_layer():
    tables = tiny_tables().let_out("public")
    layer = Layers(tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours())[
        "communes"
    ]
    read = gpd.read_file(io.BytesIO(geojson(layer)))
    assert read.crs == layer.crs
    assert read.geometry.geom_equals(layer.geometry).all()
    assert list(read["minutes"]) == pytest.approx(list(layer["minutes"]), nan_ok=True)
    assert list(read["name"]) == list(layer["name"])


def test_geoparquet_covers_each_geometry_with_a_box_and_nothing_with_none():
    tables = tiny_tables()
    places = tables.places.copy()
    places.loc[places.index[0], ["latitude", "longitude"]] = None
    layer = Layers(places, tables.communes, tables.int_commune_minutes, tables.thresholds)["places"]
    content = geoparquet(layer)
    table = pq.read_table(io.BytesIO(content))
    about = json.loads(table.schema.metadata[b"geo"])
    assert about["version"] == "1.1.0"
    assert about["columns"]["geometry"]["covering"] == {
        "bbox": {edge: ["bbox", edge] for edge in ("xmin", "ymin", "xmax", "ymax")}
    }
    boxes = table.column("bbox").to_pylist()
    assert [box is None for box in boxes] == [shape is None for shape in table.column("geometry").to_pylist()]
    assert boxes[1]["xmin"] == pytest.approx(layer.geometry[1].x)
    read = gpd.read_parquet(io.BytesIO(content))
    assert list(read.columns) == list(layer.columns)
    assert read.geometry.isna().sum() == 1
    assert geoparquet(layer) == content
