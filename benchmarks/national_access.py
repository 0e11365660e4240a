"""Everyone in France to a France services of December 2022, estimated, in one call: `python benchmarks/national_access.py`.

Prints seconds, the 101 départements' shares at 20 and 30 minutes in brief, and the national ones beside the published
figures. Nothing is tuned to them; what stands between them is printed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.coverage.shares import shares
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.sphere import NearestPoint
from fs_pipeline.territory.contours import read_points
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
PUBLISHED_AT = Thresholds(20, 30)  # minutes of the published figures
PUBLISHED_20, PUBLISHED_10_KM = (
    0.95,
    0.931,
)  # 2023, mode of travel not stated; 2024 list, metropolitan, as the crow flies


def starts(*, former: bool = False) -> pd.DataFrame:
    """One row a point of demand of the 101 départements: id, departement, longitude, latitude, population.

    Those of former communes too where `former`, as where ``town_halls`` is given.
    """
    territory = load_territory()
    frame = territory.with_points(read_points(DATA / "reference" / "communes-cog-2026.csv.gz")).communes
    kept = frame[frame["departement"].isin(territory.departement_codes)]
    halls = read_points(DATA / "reference" / "chefs-lieux-2020.csv.gz") if former else None
    if halls is not None:
        halls = halls.assign(current_insee=territory.current_insees(halls["insee"])).dropna(subset=["current_insee"])
    points = demand_points(kept, halls=halls).merge(kept[["insee", "departement"]], on="insee")
    return points.rename(columns={"point_id": "id"})[["id", "departement", "longitude", "latitude", "population"]]


def france_services() -> pd.DataFrame:
    """The fixed places of the list, as the pipeline tells them from buses; antennes included."""
    file = DATA / "national" / "france-services-2022-12-01.csv"
    rows = read_snapshot("france_services", file, load_territory()).places.rename(columns={"source_id": "id"})
    return rows[rows["kind"] == "fixed"].reset_index(drop=True).assign(**FRANCE_SERVICES.columns)


def main() -> None:
    """Print time and figures."""
    load_territory()  # the module's imports
    load_territory.cache_clear()
    start = time.perf_counter()
    load_territory()
    seconds = time.perf_counter() - start
    print(f"the territory is read in {seconds:.2f} s")
    assert seconds < 0.5
    demand, places = starts(), france_services()
    start = time.perf_counter()
    minutes = minutes_to_nearest(places, demand, roads=None)
    by_departement = {
        code: shares(minutes[minutes["demand_id"].isin(people["id"])], people, PUBLISHED_AT)
        for code, people in demand.groupby("departement")
    }
    whole = shares(minutes, demand, PUBLISHED_AT)
    seconds = time.perf_counter() - start
    print(f"{len(demand):,} points, {len(places):,} fixed places, 101 départements and the nation: {seconds:.1f} s")
    rows = pd.concat(by_departement, names=["departement"]).reset_index()
    for threshold in PUBLISHED_AT:
        found = rows[rows["threshold"] == threshold].set_index("departement")["share"].dropna().sort_values()
        assert found.between(0, 1).all()
        lowest = ", ".join(f"{code} {share:.1%}" for code, share in found.head(4).items())
        row = whole[whole["threshold"] == threshold].iloc[0]
        print(
            f"at {threshold} minutes: {row['share']:.1%} of the population ({row['share_low']:.1%} to {row['share_high']:.1%})"
        )
        print(f"  {len(found)} départements, median {found.median():.1%}, lowest {lowest}")
    with_former = starts(former=True)
    former = shares(minutes_to_nearest(places, with_former, roads=None), with_former, PUBLISHED_AT).iloc[0]
    print(
        f"with former town halls ({len(with_former):,} points): {former['share']:.1%} ({former['share_low']:.1%} to "
        f"{former['share_high']:.1%}) at {former['threshold']} minutes"
    )
    row = whole[whole["threshold"] == PUBLISHED_AT.near].iloc[0]
    print(f"  not computed: {row['population_not_computed']:,.0f} inhabitants of {row['points_not_computed']} points")
    print(f"  unreached: {row['population_unreached']:,.0f} inhabitants of {row['points_unreached']} points")
    gap = (row["share"] - PUBLISHED_20) * 100
    print(f"published under 20 minutes: {PUBLISHED_20:.0%} (2023); ours minus theirs: {gap:+.1f} points")
    mainland = demand[~demand["departement"].str.startswith("97")].dropna(subset=["longitude"])
    located = places.dropna(subset=["longitude", "latitude"])
    metres, _ = NearestPoint(located["longitude"].to_numpy(), located["latitude"].to_numpy()).query(
        mainland["longitude"].to_numpy(), mainland["latitude"].to_numpy()
    )
    within = float(np.average(metres <= 10_000, weights=mainland["population"].fillna(0)))
    print(
        f"metropolitan population within 10 km as the crow flies: {within:.1%}; with the list of 2024: {PUBLISHED_10_KM:.1%}"
    )
    print(
        "between them: a list a year older (2,683 places, 2,840 at the end of 2023); commune points and not homes; buses not\n"
        "counted; an estimate whose speeds nobody reviewed yet; a published figure whose mode of travel is not stated"
    )


if __name__ == "__main__":
    main()
