"""Which land a point stands on: mainland France, an island without a bridge, a commune that no road reaches.

``data/landmasses.csv`` holds the outlines; between two lands a straight line means nothing. Bridged islands (Ré,
Oléron, Noirmoutier) are mainland.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats

MAINLAND = "mainland"


@dataclass(frozen=True, slots=True)
class Land:
    """One land: `where` is French with its preposition (« à Groix »)."""

    landmass: str
    kind: str  # mainland, island, roadless, territory
    where: str

    @property
    def has_roads(self) -> bool:
        """False where not even two points of the same commune are joined by a road."""
        return self.kind != "roadless"


@cache
def lands() -> Mapping[str, Land]:
    """Every known land by its code."""
    known = [Land(MAINLAND, "mainland", "sur le continent")]
    known += [Land(row["landmass"], row["kind"], row["where"]) for row in read_csv("landmasses.csv")]
    return {land.landmass: land for land in known}


def landmass_of(longitude: Floats, latitude: Floats) -> NDArray[np.object_]:
    """The land's code of each point (degrees); an island inside a territory's box is the island; None without point."""
    codes, outlines = _outlines()
    found = np.full(len(longitude), MAINLAND, dtype=object)
    located = np.isfinite(longitude) & np.isfinite(latitude)
    found[~located] = None
    for code, outline in zip(codes, outlines, strict=True):
        west, south, east, north = outline.bounds
        near = located & (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
        if near.any():
            positions = np.flatnonzero(near)
            inside = shapely.contains_xy(outline, longitude[positions], latitude[positions])
            found[positions[inside]] = code
    return found


@cache
def _outlines() -> tuple[tuple[str, ...], tuple[shapely.Geometry, ...]]:
    """Codes and outlines, the largest first, so that the smallest one has the last word."""
    rows = [(row["landmass"], shapely.from_wkt(row["outline_4326"])) for row in read_csv("landmasses.csv")]
    rows.sort(key=lambda row: -shapely.area(row[1]))
    for _, outline in rows:
        shapely.prepare(outline)
    return tuple(code for code, _ in rows), tuple(outline for _, outline in rows)
