"""A file of geometry shows what it holds, and opens no other."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from fs_pipeline.territory.contours import read_contours
from fs_pipeline.territory.vector import magic

SECRET = {
    "type": "FeatureCollection",
    "name": "secret",
    "features": [
        {"type": "Feature", "properties": {"code": "01053"}, "geometry": {"type": "Point", "coordinates": [5.2, 46.2]}}
    ],
}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.geojson"
    path.write_text(json.dumps(SECRET))
    return path


def leading_to(path: Path) -> dict[str, bytes]:
    layer = f'<OGRVRTLayer name="secret"><SrcDataSource>{path}</SrcDataSource></OGRVRTLayer>'
    command = f"gdal vector pipeline ! read {path} ! write --output-format stream streamed_dataset"
    return {
        "a virtual layer": f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>".encode(),
        "a service": b"<OGRWFSDataSource><URL>http://127.0.0.1:9/wfs</URL></OGRWFSDataSource>",
        "a chain of commands": json.dumps({"type": "gdal_streamed_alg", "command_line": command}).encode(),
        "nothing known": b"insee;nom\n",
        "nothing": b"",
    }


@pytest.mark.parametrize("kind", leading_to(Path("x")))
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_names_others_is_refused_whatever_it_is_called(secret, tmp_path, kind, packed):
    content = leading_to(secret)[kind]
    for name in ("contours.geojson", "contours.gpkg", "contours.shp"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if packed else content)
        with pytest.raises(ValueError, match="attendu GeoJSON"):
            read_contours(path)


def test_a_virtual_layer_in_a_zip_is_refused(secret, tmp_path):
    path = tmp_path / "contours.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("contours.vrt", leading_to(secret)["a virtual layer"])
    with pytest.raises(ValueError, match="attendu GeoJSON"):
        read_contours(path)


def test_a_damaged_archive_is_said_to_be_damaged(tmp_path):
    path = tmp_path / "contours.geojson.gz"
    path.write_bytes(gzip.compress(json.dumps(SECRET).encode() * 50)[:60])
    with pytest.raises(ValueError, match="abîmé"):
        magic(path)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet", "a.shp", "a.shp.zip"])
def test_every_format_that_is_read_holds_its_own_geometry(tmp_path, name):
    frame = gpd.GeoDataFrame({"code": ["01053"]}, geometry=[box(5, 46, 5.1, 46.1)], crs=4326)
    path = tmp_path / name
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    assert list(read_contours(path)["insee"]) == ["01053"]
