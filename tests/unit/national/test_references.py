"""Communes, contours and roads: given as a file, or kept from an address."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import NoSnapshot, Unreachable, UnreadableSource
from fs_pipeline.http.snapshots import Served
from fs_pipeline.national.references import reference_file, take_reference
from fs_pipeline.warehouse.files import FileStore
from tests.unit.http.bad_server import BadServer, body, running, status

LIMITS = Limits(connect_seconds=5, read_seconds=1.5, attempts=2, backoff_seconds=0.01)
SQUARE = {"type": "Polygon", "coordinates": [[[5, 46], [5.1, 46], [5.1, 46.1], [5, 46]]]}


@pytest.fixture
def server() -> Iterator[BadServer]:
    with running() as state:
        yield state


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "files"))


def features(geometry: dict[str, object], codes: tuple[str, ...] = ("01053", "01004")) -> bytes:
    listed = [{"type": "Feature", "properties": {"code": code, "nom": "Ici"}, "geometry": geometry} for code in codes]
    return json.dumps({"type": "FeatureCollection", "features": listed}).encode()


def take(key: str, location: str, store: FileStore) -> Served | None:
    return take_reference(key, location, store, today=date(2026, 11, 24), limits=LIMITS)


CASES = {
    "communes": features({"type": "Point", "coordinates": [5.2, 46.2]}),
    "contours": gzip.compress(features(SQUARE)),
    "roads": b"\x00\x00\x00\x0e\n\tOSMHeader and the rest",
}


@pytest.mark.parametrize("key", CASES)
def test_an_address_is_kept_and_serves_when_it_is_down(server, store, key):
    server.answers["/file"] = [body(CASES[key])]
    assert take(key, f"{server.url}/file", store).is_new
    server.answers["/file"] = [status(503)]
    served = take(key, f"{server.url}/file", store)
    assert "503" in served.message
    asked = len(server.requests)
    with reference_file(key, f"{server.url}/file", store) as path:
        assert path.read_bytes() == CASES[key]
    assert len(server.requests) == asked


def test_an_address_that_was_never_good_is_absent_afterwards(server, store):
    server.answers["/file"] = [body("<!doctype html>")]
    with pytest.raises(NoSnapshot, match=r"Contours des communes.*À faire"):
        take("contours", f"{server.url}/file", store)
    with reference_file("contours", f"{server.url}/file", store) as path:
        assert path is None


def test_a_given_file_is_read_where_it_is(tmp_path, store):
    file = tmp_path / "contours.geojson"
    file.write_bytes(features(SQUARE))
    assert take("contours", str(file), store) is None
    with reference_file("contours", str(file), store) as path:
        assert path == file
    assert store.list("") == []


def test_a_given_file_that_is_absent_or_no_geometry_is_refused_in_french(tmp_path, store):
    with pytest.raises(Unreachable, match=r"rien\.parquet n’existe pas"):
        take("contours", str(tmp_path / "rien.parquet"), store)
    with reference_file("contours", str(tmp_path / "rien.parquet"), store) as path:
        assert path is None
    wrong = tmp_path / "contours.parquet"
    wrong.write_text("rien")
    with pytest.raises(UnreadableSource, match=r"ne peut pas être lu.*À faire"):
        take("contours", str(wrong), store)


def test_a_source_left_out_is_absent(store):
    with reference_file("roads", None, store) as path:
        assert path is None
