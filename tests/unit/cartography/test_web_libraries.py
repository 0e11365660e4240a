"""What is vendored is what was published: file by file as data/vendored_files.csv says."""

from __future__ import annotations

import hashlib
from importlib import resources

from fs_pipeline.cartography import web_libraries
from fs_pipeline.data import read_csv

VENDOR = resources.files("fs_pipeline.cartography") / "web" / "vendor"


def test_every_vendored_file_is_the_one_that_was_read() -> None:
    rows = {row["file"]: row for row in read_csv("vendored_files.csv")}
    kept = {path.name for path in VENDOR.iterdir()}
    assert set(rows) <= kept
    assert {name for name in kept - set(rows) if not name.startswith("LICENSE")} == set()
    for name, row in rows.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == row["sha256"], name
    assert {f"LICENSE-{row['package']}.txt" for row in rows.values()} <= kept


def test_a_web_map_is_given_its_libraries_and_their_licences() -> None:
    files = web_libraries.files()
    assert {name for name in files if name.startswith("LICENSE")} == {"LICENSE-maplibre-gl.txt", "LICENSE-pmtiles.txt"}
    assert b"maplibre-gl-worker" in files["maplibre-gl.js"]
