"""What it costs not to know where people live: shares from town halls and from squares: `python benchmarks/demand_rules.py`.

La Réunion (squares of 1 km, 2017) and Corse (1 km, 2015) to the fixed France services of December 2022, estimated. Each rule
weighs the commune's own inhabitants; squares as INSEE publishes them are the measure.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from benchmarks.national_access import france_services
from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.coverage.shares import shares
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.national.squares import place_squares, placed_inhabitants, read_squares
from fs_pipeline.territory.contours import read_contours, read_points
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
TERRITORIES = {"La Réunion": ("974",), "Corse": ("2A", "2B")}
THRESHOLDS = Thresholds(20, 30)


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


def main() -> None:
    """Print the shares by rule, and how far each is from squares."""
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


if __name__ == "__main__":
    main()
