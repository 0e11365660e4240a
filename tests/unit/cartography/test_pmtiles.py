"""An archive of tiles, read back by GDAL's own reader; its numbers are those of the specification."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.cartography.pmtiles import archive, tile_number
from fs_pipeline.cartography.tiles import TiledLayer, cut, together

ZOOMS = (5, 8)


def grid(side: int = 6) -> gpd.GeoDataFrame:
    """Squares of a tenth of a degree, with what a tile may hold of each."""
    boxes = [
        shapely.box(2 + x / 10, 46 + y / 10, 2.1 + x / 10, 46.1 + y / 10) for x in range(side) for y in range(side)
    ]
    told = {"n": np.arange(len(boxes)), "name": [f"L’Épine {n}" for n in range(len(boxes))]}
    return gpd.GeoDataFrame(told | {"minutes": np.arange(len(boxes)) / 4}, geometry=boxes, crs=4326)


def written(folder: Path, *layers: TiledLayer) -> Path:
    path = folder / "one.pmtiles"
    told = {"vector_layers": [layer.told() for layer in layers]}
    path.write_bytes(archive(together(layers), ZOOMS, (2.0, 46.0, 3.0, 47.0), told))
    return path


@pytest.mark.parametrize(
    ("tile", "number"),  # of the specification, version 3
    [
        ((0, 0, 0), 0), ((1, 0, 0), 1), ((1, 0, 1), 2), ((1, 1, 1), 3), ((1, 1, 0), 4), ((2, 0, 0), 5),
        ((12, 3423, 1763), 19078479),
    ],
)  # fmt: skip
def test_a_tile_has_the_number_of_the_specification(tile: tuple[int, int, int], number: int) -> None:
    assert tile_number(tile) == number


@given(st.integers(1, 7))
def test_tiles_that_follow_each_other_touch(zoom: int) -> None:
    side = 1 << zoom
    tiles = sorted(((zoom, x, y) for x in range(side) for y in range(side)), key=tile_number)
    numbers = [tile_number(tile) for tile in tiles]
    assert numbers == list(range(numbers[0], numbers[0] + side * side))
    steps = pairwise(tiles)
    assert {abs(x - a) + abs(y - b) for (_, x, y), (_, a, b) in steps} == {1}


def test_every_tile_of_every_zoom_is_read_back_with_what_was_written(tmp_path: Path) -> None:
    areas, points = grid(), grid().assign(geometry=lambda rows: rows.representative_point())
    path = written(tmp_path, cut(areas, "areas", ZOOMS), cut(points, "points", ZOOMS))
    assert {name for name, _ in pyogrio.list_layers(path)} == {"areas", "points"}
    for zoom in range(ZOOMS[0], ZOOMS[1] + 1):
        for name, layer in (("areas", areas), ("points", points)):
            read = pyogrio.read_dataframe(path, layer=name, ZOOM_LEVEL=zoom)
            told = {(row["n"], row["name"], row["minutes"]) for row in read.to_dict("records")}
            assert told == set(zip(layer["n"], layer["name"], layer["minutes"], strict=True)), (zoom, name)
    read = pyogrio.read_dataframe(path, layer="points").to_crs(4326).drop_duplicates("n").sort_values("n")
    assert np.abs(shapely.get_coordinates(read.geometry) - shapely.get_coordinates(points.geometry)).max() < 0.001


def test_the_same_layers_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path, cut(grid(), "areas", ZOOMS)).read_bytes()
    assert written(tmp_path, cut(grid(), "areas", ZOOMS)).read_bytes() == first


def test_what_lacks_a_shape_or_a_value_is_not_in_the_tiles(tmp_path: Path) -> None:
    layer = grid()
    layer.loc[0, "geometry"] = None
    layer.loc[1, ["name", "minutes"]] = [None, np.nan]
    read = pyogrio.read_dataframe(written(tmp_path, cut(layer, "areas", ZOOMS)), layer="areas")
    assert set(read["n"]) == set(range(1, len(layer)))
    unknown = read[read["n"] == 1]
    assert unknown["name"].isna().all()
    assert unknown["minutes"].isna().all()


def test_an_archive_of_nothing_opens() -> None:
    empty = archive({}, ZOOMS, (-1.0, 45.0, 1.0, 46.0), {"vector_layers": []})
    assert empty.startswith(b"PMTiles\x03")
    assert empty[100:102] == bytes(ZOOMS)


def test_an_archive_of_very_many_tiles_has_leaves_and_loses_none(tmp_path: Path) -> None:
    (tile,) = [data for (zoom, _, _), data in cut(grid(1), "areas", (8, 8)).tiles.items() if zoom == 8][:1]
    generator = np.random.default_rng(0)
    places = {(14, int(x), int(y)) for x, y in generator.integers(0, 1 << 14, (9000, 2))}
    path = tmp_path / "many.pmtiles"
    path.write_bytes(archive(dict.fromkeys(places, tile), (14, 14), (-180.0, -85.0, 180.0, 85.0), {"vector_layers": [
        {"id": "areas", "fields": {"n": "Number"}, "minzoom": 14, "maxzoom": 14}]}))  # fmt: skip
    assert int.from_bytes(path.read_bytes()[48:56], "little") > 0, "there is a leaf"
    assert pyogrio.read_info(path, layer="areas", force_feature_count=True)["features"] == len(places)
