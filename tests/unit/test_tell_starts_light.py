"""A timer runs `tell` each minute: what it does not need of the heaviest libraries and rooms is not loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TELL = """
import sys
from fs_pipeline.cli import main
code = main(["tell", "--dry-run"])
heavy = {"geopandas", "scipy", "numba", "great_expectations", "osmium", "typst", "shapely"}
rooms = {"fs_pipeline." + name for name in ("definitions", "assets", "cartography", "roads", "linkage", "access")}
print(code, sorted((heavy | rooms) & set(sys.modules)))
"""


def test_what_tells_of_incidents_loads_neither_maps_nor_roads_nor_assets(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        env=os.environ | {"FS_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["Rien à signaler.", "0 []"]
