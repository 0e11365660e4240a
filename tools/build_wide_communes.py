"""Write ``fs_pipeline/data/wide_communes.csv``: how far the communes go whose town hall alone says little of where people live.

Run by hand with a GeoParquet of communes' contours (columns ``code``, geometry in EPSG:4326)::

    python tools/build_wide_communes.py communes-contours-2018.parquet

A commune is there if it took in others, or if it has ``VAST_KM2`` or more: the limit is measured by
``benchmarks/demand_rules.py`` beside the squares of Corse and La Réunion. Those counted at their arrondissements are not.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import shapely

from fs_pipeline.access.demand import municipal_arrondissements
from fs_pipeline.access.spread import VAST_KM2
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.territory.contours import read_contours
from fs_pipeline.territory.shipped import load_territory

OUT = Path(__file__).resolve().parent.parent / "fs_pipeline" / "data" / "wide_communes.csv"
MERGED = ("commune_fusionnee", "commune_deleguee", "commune_associee")
EQUAL_AREA = 6933


def main() -> None:
    """Read the contours, write the file."""
    territory = load_territory()
    contours = read_contours(sys.argv[1])
    contours = contours.assign(insee=territory.current_insees(contours["insee"]).to_numpy()).dropna(subset=["insee"])
    km2 = (contours.to_crs(EQUAL_AREA).area / 1e6).groupby(contours["insee"].to_numpy()).sum()
    former = territory.former[territory.former["kind"].isin(MERGED)]
    merged = {*former.loc[former["insee"] != former["current_insee"], "current_insee"]}
    apart = {*municipal_arrondissements()["current_insee"]}
    communes = territory.communes.dropna(subset=["longitude", "latitude"]).set_index("insee")
    shapes = contours.groupby("insee")["geometry_4326"].agg(list)
    rows = []
    for insee in sorted({*shapes.index} & {*communes.index} - apart):
        if insee in merged or km2[insee] >= VAST_KM2:
            edge = np.concatenate([shapely.get_coordinates(shape) for shape in shapes[insee]])
            hall = [np.full(len(edge), communes.loc[insee, axis], dtype=float) for axis in ("longitude", "latitude")]
            km = great_circle_m(*hall, edge[:, 0], edge[:, 1]).max() / 1000.0
            rows.append((insee, "merged" if insee in merged else "vast", f"{km2[insee]:.0f}", f"{km:.1f}"))
    with OUT.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("insee", "why", "area_km2", "reach_km"))
        writer.writerows(rows)
    print(
        f"{OUT.name}: {len(rows):,} communes, {len(merged - {row[0] for row in rows}):,} merged ones without a contour"
    )


if __name__ == "__main__":
    main()
