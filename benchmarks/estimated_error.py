"""How far the estimate is from road times, where a road file allows to see it: `python benchmarks/estimated_error.py`.

Three road files, 12 places and 400 starts drawn among their junctions. The estimate is tuned to none of them, and what is
found on one is not carried over to another: a mountain country and two towns of Île-de-France are not France. Then the
roads of ``known_roads.csv``: the minutes that each of two readers apart gave of a road, beside the estimate.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.access.country import country_of
from fs_pipeline.access.straight_line import minutes_of
from fs_pipeline.coverage.method_card import estimate_error
from fs_pipeline.roads.reading import read_roads
from fs_pipeline.sphere import Floats
from fs_pipeline.territory.shipped import load_territory

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
    for draw_number, told in pd.read_csv(Path(__file__).with_name("known_roads.csv"), dtype={"insee": str}).groupby(
        "draw"
    ):
        ratio = known_ratio(told)
        print(
            f"{len(ratio)} roads told by readers of draw {draw_number}: estimate over minutes told {np.median(ratio):.2f}, "
            f"8 of 10 between {np.quantile(ratio, 0.1):.2f} and {np.quantile(ratio, 0.9):.2f}"
        )


def known_ratio(told: pd.DataFrame) -> Floats:
    """The estimate over the middle of what the two readers said, of each road."""
    communes = load_territory().communes.set_index("insee").loc[told["insee"]]
    country = country_of(*(communes[axis].to_numpy(dtype=np.float64) for axis in ("longitude", "latitude")))
    estimated = minutes_of(1000.0 * told["straight_km"].to_numpy(), country)
    return estimated / told[["minutes_first", "minutes_second"]].mean(axis=1).to_numpy()


if __name__ == "__main__":
    main()
