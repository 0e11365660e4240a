"""Write ``fs_pipeline/data/barriers.csv`` and ``outline.csv.gz``: the waters and borders that a straight line may not cross.

Run by hand with a GeoParquet of communes' contours (columns ``code``, ``nom``, geometry in EPSG:4326)::

    python tools/build_barriers.py communes-contours-2018.parquet

A barrier is where the communes of one bank touch those of the other, so that every town hall is on its own side. Which
waters, and how far they go, is written below: reviewed, not computed. Bridges are in ``crossings.csv``, written by hand.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).resolve().parent.parent / "fs_pipeline" / "data"
IGN = "IGN Admin Express 2018, Licence Ouverte 2.0 (outline)"
DRAWN = "drawn by hand"
COARSE = 0.0015  # degrees lost by the simplest line that is still the river
COARSE_OUTLINE = 0.002
GRID = 0.0001
SMALLEST = 2e-5  # square degrees, about 0.2 km²: an islet is nobody's way
NOTE = "reviewed by nobody yet"

Line = list[tuple[float, float]]


@dataclass(frozen=True)
class Water:
    """A water as it flows, roughly, and what its banks are when the town halls' sides of that rough line are not enough."""

    barrier: str
    name_fr: str
    guide: Line
    width: float  # degrees on each side of the guide in which the true line runs
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


WATERS = (
    Water(
        "gironde",
        "la Garonne ou l’estuaire de la Gironde",
        [
            (-0.536, 44.880), (-0.545, 44.92), (-0.555, 44.965), (-0.575, 45.02), (-0.61, 45.06), (-0.68, 45.12),
            (-0.71, 45.20), (-0.75, 45.28), (-0.80, 45.36), (-0.90, 45.45), (-1.02, 45.53), (-1.12, 45.60),
        ],
        0.05,
        right=("33182", "33119", "33004"),
    ),
    Water(
        "dordogne",
        "la Dordogne",
        [
            (-0.33, 44.93), (-0.38, 44.935), (-0.42, 44.955), (-0.457, 44.963), (-0.50, 44.99), (-0.54, 45.02),
            (-0.575, 45.035),
        ],
        0.03,
        left=("33004",),
    ),
    Water(
        "loire",
        "l’estuaire de la Loire",
        [
            (-1.598, 47.190), (-1.66, 47.20), (-1.73, 47.213), (-1.80, 47.225), (-1.90, 47.25), (-1.98, 47.285),
            (-2.05, 47.295), (-2.17, 47.285), (-2.25, 47.25),
        ],
        0.03,
        right=("44074", "44047", "44109"),
    ),
    Water(
        "cayenne",
        "la rivière de Cayenne",
        [(-52.43, 4.85), (-52.38, 4.905), (-52.345, 4.955)],
        0.05,
    ),
    Water("mahury", "le Mahury", [(-52.35, 4.74), (-52.28, 4.82), (-52.24, 4.88)], 0.05),
)  # fmt: skip
# The Seine bends too much for a guide: its left bank downstream of Rouen, by name, beside all of Eure and Calvados.
SEINE_LEFT = (
    "Petit-Couronne Grand-Couronne Moulineaux Bouille Mauny Bardouville Anneville-Ambourville Yville-sur-Seine "
    "Berville-sur-Seine Heurteauville Mailleraye-sur-Seine Arelaune-en-Seine Vatteville-la-Rue Grand-Quevilly "
    "Petit-Quevilly Saint-Nicolas-de-Bliquetuit Notre-Dame-de-Bliquetuit Guerbaville Oissel Orival Elbeuf Saint- "
    "Étienne-du-Rouvray Londe Sotteville-lès-Rouen Sotteville-sous-le-Val Cléon Freneuse Tourville-la-Rivière "
    "Saint-Aubin-lès-Elbeuf Caudebec-lès-Elbeuf Saint-Pierre-lès-Elbeuf "
)
SEINE_BOX = (0.05, 49.30, 1.045, 49.56)
# Upstream of Rouen, which holds both banks, as far as the bridge of Oissel: Sotteville-lès-Rouen to Oissel, and those opposite.
SEINE_UPSTREAM_LEFT = ("76681", "76575", "76484")
SEINE_UPSTREAM_RIGHT = ("76103", "76005", "76069", "76313", "76039", "76705", "76178")
DRAWN_LINES = (
    (
        "grand_rhone",
        "le Grand Rhône",
        [
            (4.625, 43.66), (4.62, 43.63), (4.65, 43.58), (4.70, 43.54), (4.735, 43.48), (4.745, 43.42), (4.79, 43.38),
            (4.85, 43.33),
        ],
    ),
    ("thau", "l’étang de Thau", [(3.545, 43.335), (3.60, 43.375), (3.675, 43.425)]),
)  # fmt: skip


def main(contours_path: str) -> None:
    """Write both files; stop where a barrier is no line."""
    contours = gpd.read_parquet(contours_path).set_index("code")
    halls = pd.read_csv(DATA / "town_halls.csv.gz", dtype=str).set_index("insee").astype(float)
    rows = [(water.barrier, water.name_fr, IGN, _banks(water, contours, halls)) for water in WATERS]
    rows.append(("seine", "la Seine", IGN, _seine(contours)))
    upstream = _touching(
        contours.loc[[*SEINE_UPSTREAM_LEFT]], contours.loc[[*SEINE_UPSTREAM_RIGHT]], shapely.box(1, 49, 2, 50)
    )
    rows.append(("seine_upstream", "la Seine en amont de Rouen", IGN, upstream))
    rows += [(barrier, name, DRAWN, shapely.LineString(line)) for barrier, name, line in DRAWN_LINES]
    with (DATA / "barriers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["barrier", "name_fr", "source", "note", "line_4326"])
        for barrier, name, source, line in rows:
            assert not line.is_empty, barrier
            writer.writerow([barrier, name, source, NOTE, _wkt(line, 4)])
    _write_outline(contours)


def _banks(water: Water, contours: gpd.GeoDataFrame, halls: pd.DataFrame) -> BaseGeometry:
    guide = shapely.LineString(water.guide)
    corridor = guide.buffer(water.width, cap_style="flat")
    near = contours[contours.intersects(corridor) & contours.index.isin(halls.index)]
    points = halls.loc[near.index].to_numpy()
    along = shapely.line_locate_point(guide, shapely.points(points))
    start, end = (
        shapely.get_coordinates(shapely.line_interpolate_point(guide, np.clip(along + step, 0, guide.length)))
        for step in (-0.002, 0.002)
    )
    flow, there = end - start, points - start
    left = flow[:, 0] * there[:, 1] - flow[:, 1] * there[:, 0] > 0
    left = (left | near.index.isin(water.left)) & ~near.index.isin(water.right)
    return _touching(near[left], near[~left], corridor)


def _seine(contours: gpd.GeoDataFrame) -> BaseGeometry:
    near = contours[contours.intersects(shapely.box(*SEINE_BOX)) & contours.index.str[:2].isin(["14", "27", "76"])]
    left = ~near.index.str.startswith("76") | near["nom"].str.removeprefix("La ").str.removeprefix("Le ").isin(
        SEINE_LEFT.split()
    )
    return _touching(near[left], near[~left], shapely.box(*SEINE_BOX))


def _touching(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame, within: BaseGeometry) -> BaseGeometry:
    """The line along which two groups of communes touch."""
    edges = shapely.intersection(one.geometry.union_all().boundary, other.geometry.union_all().boundary)
    parts = [part for part in shapely.get_parts(shapely.intersection(edges, within)) if part.geom_type == "LineString"]
    merged = shapely.line_merge(shapely.MultiLineString(parts))
    return shapely.simplify(merged, COARSE)


def _write_outline(contours: gpd.GeoDataFrame) -> None:
    parts = shapely.get_parts(shapely.coverage_union_all(contours.geometry.to_numpy()))
    # An island of two kilometres keeps its shape.
    lost = np.minimum(COARSE_OUTLINE, np.sqrt(shapely.area(parts)) / 20)
    whole = [shapely.simplify(part, tolerance) for part, tolerance in zip(parts, lost, strict=True)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["part", "source", "outline_4326"])
    together = shapely.get_parts(shapely.union_all(whole, grid_size=GRID))
    kept = sorted((part for part in together if part.area > SMALLEST), key=lambda part: -part.area)
    assert shapely.is_valid(shapely.multipolygons(kept))
    for number, part in enumerate(kept):
        writer.writerow([number, IGN, _wkt(part, 4)])
    (DATA / "outline.csv.gz").write_bytes(gzip.compress(text.getvalue().encode("utf-8"), mtime=0))


def _wkt(shape: BaseGeometry, decimals: int) -> str:
    text = shapely.to_wkt(shape, rounding_precision=decimals, trim=True)
    return text.replace(", ", ",").replace(" (", "(")


if __name__ == "__main__":
    main(*sys.argv[1:])
