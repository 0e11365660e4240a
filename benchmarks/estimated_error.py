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
from numpy.typing import NDArray

from fs_pipeline.access.country import country_of
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.straight_line import minutes_of
from fs_pipeline.access.ways import straight_m
from fs_pipeline.roads.reading import read_roads
from fs_pipeline.sphere import Floats
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
KNOWN = Path(__file__).with_name("known_roads.csv")
TOLD_AT = 20.0  # minutes
MANY = 20  # roads, of which a twentieth may be left out
SHORTEST_MIN = 2.0  # what is shorter is a street, and no question of a brief
ROADS = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "roads"


def main() -> None:
    """Print one line a file."""
    for name in ("andorra.osm.pbf", "st_germain_en_laye.graphml.gz", "meudon_small.graphml"):
        roads = read_roads(ROADS / name)
        draw = np.random.default_rng(20).choice(np.flatnonzero(roads.on_network), 412, replace=False)
        points = pd.DataFrame({"longitude": roads.longitude[draw], "latitude": roads.latitude[draw]})
        places, homes = points.head(12), points.tail(400)
        by_road = minutes_between(places, homes, roads=roads)
        country = country_of(*homes.to_numpy().T)
        estimated = minutes_of(straight_m(homes.to_numpy(), places.to_numpy()), country[:, None])
        told = np.isfinite(by_road) & (by_road >= SHORTEST_MIN)
        same_side = (estimated[told] <= TOLD_AT) == (by_road[told] <= TOLD_AT)
        kinds = ", ".join(sorted(set(country)))
        print(f"{name} ({kinds}): {spread(estimated[told] / by_road[told])}, same side {same_side.mean():.1%}")
    for draw_number, told in pd.read_csv(KNOWN, dtype={"insee": str}).groupby("draw"):
        ratio, country = known_ratio(told)
        for kind in sorted({*country}):
            print(f"roads told by readers of draw {draw_number} ({kind}): {spread(ratio[country == kind])}")
    told = pd.read_csv(KNOWN, dtype={"insee": str})
    ratio, country = known_ratio(told)
    for kind in sorted({*country}):
        of = country == kind
        middle = np.median(ratio[of])
        bands = *fitted_band(ratio[of]), *fitted_band_of_all(ratio[of], told["insee"].str[:2][of])
        print(f"{kind}, {of.sum()} roads, middle {middle:.2f}: one trip +%g %%, -%g %%, all +%g %%, -%g %%" % bands)


def spread(ratio: Floats) -> str:
    """How many ratios of the estimate to the time it stands for, their middle and the range of eight in ten."""
    low, middle, high = np.quantile(ratio, [0.1, 0.5, 0.9])
    return f"{len(ratio)} times, estimate over time {middle:.2f}, 8 of 10 between {low:.2f} and {high:.2f}"


def fitted_band(ratio: Floats) -> tuple[float, float]:
    """Per cent of speed, faster and slower, that a country's roads ask of one trip (docs/adr/0032).

    Nineteen roads in twenty are inside (all, of fewer than 20), outward to 5 points, 20 at the least.
    """
    return _outward(*np.quantile(ratio, [0.025, 0.975] if len(ratio) >= MANY else [0.0, 1.0]))


def fitted_band_of_all(ratio: Floats, departement: pd.Series) -> tuple[float, float]:
    """Per cent of speed, faster and slower, that they ask of all trips of a département together (docs/adr/0032).

    Two standard deviations of what parts the middles of départements once the spread of their own roads is taken off
    (analysis of variance of the logarithm, one way, unequal groups: Searle, Casella and McCulloch 1992, 3.6).
    """
    groups = pd.Series(np.log(ratio)).groupby(departement.to_numpy())
    count, mean = groups.size().to_numpy(dtype=np.float64), groups.mean().to_numpy()
    roads, departements = count.sum(), len(count)
    within = groups.var(ddof=0).mul(groups.size()).sum() / (roads - departements)
    between = (count * (mean - np.log(ratio).mean()) ** 2).sum() / (departements - 1)
    alike = (roads - (count**2).sum() / roads) / (departements - 1)
    two = 2.0 * np.sqrt(max(between - within, 0.0) / alike)
    return _outward(np.exp(-two), np.exp(two))


def _outward(low: float, high: float) -> tuple[float, float]:
    faster, slower = (max(20.0, 5.0 * np.ceil(20.0 * wide)) for wide in (high - 1.0, 1.0 - low))
    return faster, slower


def known_ratio(told: pd.DataFrame) -> tuple[Floats, NDArray[np.object_]]:
    """The estimate over the middle of what the two readers said, of each road, and the country where it starts."""
    communes = load_territory().communes.set_index("insee").loc[told["insee"]]
    country = country_of(*(communes[axis].to_numpy(dtype=np.float64) for axis in ("longitude", "latitude")))
    estimated = minutes_of(1000.0 * told["straight_km"].to_numpy(), country)
    return estimated / told[["minutes_first", "minutes_second"]].mean(axis=1).to_numpy(), country


if __name__ == "__main__":
    main()
