"""A few kilobytes that unpack to more than may come out are refused, wherever a reference is read."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from fs_pipeline.http.problems import TooLarge
from fs_pipeline.national import layers
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.national.squares import read_squares
from fs_pipeline.roads import graphml
from fs_pipeline.roads.reading import UnreadableRoads, read_roads
from fs_pipeline.territory import contours
from fs_pipeline.unpacking import Bounded, UnpacksTooLarge


def bomb(path: Path, size: int = 3_000_000) -> Path:
    path.write_bytes(gzip.compress(b'{"type": "FeatureCollection", "features": [' + b" " * size))
    return path


def test_what_fits_comes_out_and_not_one_byte_more() -> None:
    assert Bounded(io.BytesIO(b"abc"), 3).read() == b"abc"
    assert io.BufferedReader(Bounded(io.BytesIO(b"a\nb"), 3)).readlines() == [b"a\n", b"b"]
    with pytest.raises(UnpacksTooLarge, match="2 octets"):
        Bounded(io.BytesIO(b"abc"), 2).read()
    with pytest.raises(UnpacksTooLarge):
        io.BufferedReader(Bounded(io.BytesIO(b"abc"), 2)).read()


def test_contours_and_points_that_unpack_too_far_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contours, "_MOST", 1_000_000)
    for read in (contours.read_contours, contours.read_points):
        with pytest.raises(UnpacksTooLarge):
            read(bomb(tmp_path / "communes.geojson.gz"))


def test_roads_that_unpack_too_far_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphml, "Bounded", lambda stream: Bounded(stream, 1_000_000))
    path = tmp_path / "routes.graphml.gz"
    path.write_bytes(gzip.compress(b"<graphml>" + b" " * 3_000_000 + b"</graphml>"))
    with pytest.raises(UnreadableRoads, match=r"routes\.graphml\.gz.*octets"):
        read_roads(path)


def test_squares_that_unpack_too_far_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "carreaux.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("carreaux.csv", "idcar,ind\n" + "CRS3035RES200mN1E1,1\n" * 200_000)
    source = REFERENCES["population_squares"]
    monkeypatch.setattr(layers, "Bounded", lambda stream, most: Bounded(stream, 1_000_000))
    with pytest.raises(TooLarge, match="octets"):
        read_squares(path)
    assert source.max_bytes > 1_000_000
