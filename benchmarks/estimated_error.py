"""How far the estimate is from road times, where a road file allows to see it: `python benchmarks/estimated_error.py`.

Three road files, 12 places and 400 starts drawn among their junctions. The estimate is tuned to none of them, and what is
found on one is not carried over to another: a mountain country and two towns of Île-de-France are not France.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.coverage.method_card import estimate_error
from fs_pipeline.roads.reading import read_roads

ROOT = Path(__file__).resolve().parent.parent
TOLD_AT = (20, 30)  # minutes, those of docs/methods.md
ROADS = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "roads"


def main() -> None:
    """Print one line a file."""
    for name in ("andorra.osm.pbf", "st_germain_en_laye.graphml.gz", "meudon_small.graphml"):
        roads = read_roads(ROADS / name)
        draw = np.random.default_rng(20).choice(np.flatnonzero(roads.on_network), 412, replace=False)
        points = pd.DataFrame(
            {"id": draw.astype(str), "longitude": roads.longitude[draw], "latitude": roads.latitude[draw]}
        )
        places = points.head(12).assign(
            service=[f"s{number % 4}" for number in range(12)], demarche_id=""
        )  # three of each service
        error = estimate_error(places, points.tail(400).assign(population=1.0), roads, TOLD_AT)
        print(f"{name}: {error.sentence() if error else 'non calculé'}")


if __name__ == "__main__":
    main()
