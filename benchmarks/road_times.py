"""Minutes by road on Andorra beside Valhalla's: `python benchmarks/road_times.py [--pairs 60]`.

Needs a wheel of Valhalla's bindings (`pip install pyvalhalla-weekly`, PyPI); it builds its tiles from the same file. OSRM's
bindings come without a wheel. Printed: seconds of each, and our minutes over theirs between the same junctions.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.access.reach import minutes_between
from fs_pipeline.roads.reading import read_roads

ROOT = Path(__file__).resolve().parent.parent
FILE = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "roads" / "andorra.osm.pbf"


def valhalla_minutes(points: pd.DataFrame, folder: Path) -> tuple[np.ndarray, float, float]:
    """Minutes between all points, seconds to build the tiles, seconds to answer."""
    import valhalla

    (folder / "tiles").mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=str(folder / "tiles"), verbose=False)
    config["service_limits"]["auto"]["max_matrix_location_pairs"] = len(points) ** 2
    config_file = folder / "valhalla.json"
    config["mjolnir"].pop("tile_extract", None)
    config_file.write_text(json.dumps(config))
    start = time.perf_counter()
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    subprocess.run([build, "-c", config_file, FILE.resolve()], check=True, capture_output=True, cwd=folder)
    built = time.perf_counter() - start
    extract = folder / "tiles.tar"
    with tarfile.open(extract, "w") as archive:
        archive.add(folder / "tiles", arcname=".")
    config["mjolnir"]["tile_extract"] = str(extract)
    config_file.write_text(json.dumps(config))
    where = [{"lat": row.latitude, "lon": row.longitude} for row in points.itertuples()]
    actor = valhalla.Actor(str(config_file))
    start = time.perf_counter()
    answer = actor.matrix({"sources": where, "targets": where, "costing": "auto"})
    seconds = time.perf_counter() - start
    rows = answer["sources_to_targets"]
    times = [[cell["time"] if cell["time"] is not None else np.nan for cell in row] for row in rows]
    return np.array(times, dtype=float) / 60.0, built, seconds


def main() -> None:
    """Print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50, help="points; all pairs of them are asked")
    options = parser.parse_args()
    start = time.perf_counter()
    roads = read_roads(FILE)
    read = time.perf_counter() - start
    chosen = np.random.default_rng(7).choice(np.flatnonzero(roads.on_network), options.pairs, replace=False)
    points = pd.DataFrame({"longitude": roads.longitude[chosen], "latitude": roads.latitude[chosen]})
    start = time.perf_counter()
    ours = minutes_between(points, points, roads=roads, limit_min=600.0)
    seconds = time.perf_counter() - start
    print(f"ours      read and contracted in {read:.2f} s, {ours.size:,} times in {seconds:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        try:
            theirs, built, answered = valhalla_minutes(points, Path(folder))
        except ImportError:
            print("valhalla  not installed: pip install pyvalhalla-weekly")
            return
    print(f"valhalla  tiles in {built:.2f} s, {theirs.size:,} times in {answered:.3f} s")
    both = np.isfinite(ours) & np.isfinite(theirs) & (theirs > 3.0)
    low, median, high = np.quantile(ours[both] / theirs[both], [0.1, 0.5, 0.9])
    print(f"our minutes over Valhalla's, {both.sum():,} ways of more than 3 minutes: median {median:.2f},")
    print(f"  8 in 10 between {low:.2f} and {high:.2f}")
    mine, yours = np.isfinite(ours), np.isfinite(theirs)
    print(f"reached by one alone: ours {int((mine & ~yours).sum())}, Valhalla {int((~mine & yours).sum())}")


if __name__ == "__main__":
    main()
