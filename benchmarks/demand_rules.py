"""What it costs not to know where people live, by squares: `python benchmarks/demand_rules.py`.

La Réunion (squares of 1 km, 2017) and Corse (1 km, 2015) to the fixed France services of December 2022, estimated. Each rule
weighs the commune's own inhabitants; squares as INSEE publishes them are the measure. By them too, how far from the town hall
the people of a commune live, by its area: above which one is it wide (``fs_pipeline/data/wide_communes.csv``)?
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.national_access import france_services
from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.coverage.shares import shares
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.national.squares import place_squares, placed_inhabitants, read_squares
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.territory.contours import read_contours, read_points
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
TERRITORIES = {"La Réunion": ("974",), "Corse": ("2A", "2B")}
THRESHOLDS = Thresholds(20, 30)
AREAS_KM2 = (0, 20, 40, 60, 80, 100, 150, np.inf)
FAR_KM = 5.0  # from the town hall


def squares_of(departements: tuple[str, ...]) -> pd.DataFrame:
    """The squares of the file that holds these départements, each with its commune."""
    territory = load_territory()
    contours = read_contours(DATA / "reference" / "communes-contours-2018.parquet")
    for path in sorted((DATA / "need").iterdir()):
        if not path.name.startswith("filosofi"):
            continue
        placed = placed_inhabitants(place_squares(read_squares(path), territory, contours))
        inside = placed[placed["insee"].map(territory.departement_of).isin(departements)]
        if len(inside):
            return inside
    raise FileNotFoundError(departements)


def as_published(squares: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Each square a point, weighed so that a commune has its inhabitants; a commune without one at its town hall."""
    people = communes.set_index("insee")["population"].astype(float)
    among = squares.groupby("insee")["population"].transform("sum")
    weighed = squares["population"] / among * squares["insee"].map(people).to_numpy()
    rest = communes[~communes["insee"].isin(squares["insee"])].assign(id=lambda rows: rows["insee"])
    columns = ["id", "insee", "longitude", "latitude", "population"]
    return pd.concat([squares.assign(population=weighed)[columns], rest[columns]], ignore_index=True)


def far_from_hall(squares: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """By class of ``AREAS_KM2``: communes, inhabitants, and the share of these who live over ``FAR_KM`` from their town hall."""
    contours = read_contours(DATA / "reference" / "communes-contours-2018.parquet")
    own = load_territory().current_insees(contours["insee"]).to_numpy()
    km2 = (contours.to_crs(6933).area / 1e6).groupby(own).sum()
    hall = communes.set_index("insee").reindex(squares["insee"])
    ends = [one[axis].to_numpy(dtype=float) for one in (squares, hall) for axis in ("longitude", "latitude")]
    far = squares["population"].where(great_circle_m(*ends) > 1000.0 * FAR_KM, 0.0)
    area = pd.cut(squares["insee"].map(km2), AREAS_KM2, right=False)
    found = squares.assign(far=far).groupby(area.to_numpy(), observed=True)
    counted = found.agg(communes=("insee", "nunique"), inhabitants=("population", "sum"), far=("far", "sum"))
    return counted.assign(far=counted["far"] / counted["inhabitants"])


def main() -> None:
    """Print the shares by rule, and how far each is from squares; then where people live, by the area of their commune."""
    places, territory = france_services(), load_territory()
    halls = read_points(DATA / "reference" / "chefs-lieux-2020.csv.gz")
    halls = halls.assign(current_insee=territory.current_insees(halls["insee"])).dropna(subset=["current_insee"])
    for name, departements in TERRITORIES.items():
        communes = pd.concat(territory.in_departement(code) for code in departements)
        squares = squares_of(departements)
        rules = {
            "squares as published": as_published(squares, communes),
            "squares in cells of 2 km": demand_points(communes, squares).rename(columns={"point_id": "id"}),
            "town halls": demand_points(communes).rename(columns={"point_id": "id"}),
            "town halls, former ones too": demand_points(communes, halls=halls).rename(columns={"point_id": "id"}),
        }
        print(f"{name}: {len(communes)} communes, {len(squares):,} inhabited squares")
        measure: list[float] = []
        for rule, demand in rules.items():
            found = shares(minutes_to_nearest(places, demand, roads=None), demand, THRESHOLDS)["share"].tolist()
            measure = measure or found
            told = ", ".join(
                f"{share:.1%} at {limit} min ({100 * (share - true):+.1f} points)"
                for share, true, limit in zip(found, measure, THRESHOLDS, strict=True)
            )
            print(f"  {rule} ({len(demand):,} points): {told}")
    every = pd.concat(squares_of(departements) for departements in TERRITORIES.values())
    print(f"over {FAR_KM:.0f} km from their town hall, by the area of the commune (km²)")
    for area, row in far_from_hall(every, territory.communes).iterrows():
        print(f"  {area}: {row['communes']:.0f} communes, {row['inhabitants']:,.0f} inhabitants, {row['far']:.1%}")


if __name__ == "__main__":
    main()
