"""What draws the web maps in a browser: files of others, kept here as published (data/vendored_files.csv says which).

A web map's folder needs them beside its page, and no publication holds them: two megabytes a folder, 303 times. Whoever hands
a folder over puts them there (``fs_pipeline/export.py``).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

FOLDER, PAGE = "carte-web", "index.html"  # where a publication has its web map
_NAMES = (
    "maplibre-gl.js", "maplibre-gl-worker.js", "maplibre-gl.css", "pmtiles.js", "LICENSE-maplibre-gl.txt",
    "LICENSE-pmtiles.txt",
)  # fmt: skip


@cache
def files() -> dict[str, bytes]:
    """Name to bytes of what stands beside ``carte-web/index.html``."""
    return {name: vendored(name) for name in _NAMES}


@cache
def vendored(name: str) -> bytes:
    """A file of others, as published."""
    return (resources.files("fs_pipeline.cartography") / "web" / "vendor" / name).read_bytes()
