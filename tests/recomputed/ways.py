"""Straight lines that no one can follow, and the ways round: the rule of ``docs/methods.md`` written again, a point at a time.

Rests on barriers.csv, crossings.csv and outline.csv.gz, read as the files they are; no line of ``fs_pipeline``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

Floats = NDArray[np.float64]
EARTH_M = 6_371_008.8  # mean radius, IUGG
OUTSIDE_M, LEG_M, DIRECT_M = 500.0, 30_000.0, 60_000.0
BEND = 0.01  # degrees, of rivers
SHORE = 0.004
INLAND = 0.004
BANK = 0.004  # degrees from a river's middle to its bank
TILE = 0.5  # degrees


def metres(one: Floats, others: Floats) -> Floats:
    """Great circle (haversine) from a longitude and latitude to each of others."""
    (x, y), (lon, lat) = np.radians(one), np.radians(others).T
    half = np.sin((lat - y) / 2) ** 2 + np.cos(y) * np.cos(lat) * np.sin((lon - x) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(half)))


@dataclass
class Round:
    """What stops lines and how one goes round, from the reviewed files of `facts`."""

    facts: Path
    _legs: dict[tuple[float, float], Floats] = field(default_factory=dict)

    def _read(self, name: str, column: str) -> pd.DataFrame:
        rows = pd.read_csv(self.facts / name, dtype=str, keep_default_na=False)
        return rows.assign(shape=[shapely.from_wkt(text) for text in rows[column]])

    @cached_property
    def barriers(self) -> shapely.Geometry:
        """All waters together."""
        whole = shapely.union_all(self._read("barriers.csv", "line_4326")["shape"].to_numpy())
        shapely.prepare(whole)
        return whole

    @cached_property
    def outline(self) -> list[shapely.Polygon]:
        """The contours of all communes together, a polygon a part."""
        return [*self._read("outline.csv.gz", "outline_4326")["shape"]]

    @cached_property
    def tiles(self) -> shapely.STRtree:
        """The outline in squares, quick to ask."""
        squares = []
        for part in self.outline:
            west, south, east, north = (part.bounds[i] // TILE * TILE for i in range(4))
            for x in np.arange(west, east + TILE, TILE):
                for y in np.arange(south, north + TILE, TILE):
                    inside = shapely.clip_by_rect(part, x, y, x + TILE, y + TILE)
                    squares += [] if inside.is_empty else [inside]
        return shapely.STRtree(squares)

    @cached_property
    def nodes(self) -> Floats:
        """Ends of bridges and shore roads, where the outline (drawn to `SHORE`) turns inwards, inland of it, banks at bends."""
        corners = []
        for part in self.outline:
            coarse = shapely.simplify(part, SHORE)
            for number, ring in enumerate((coarse.exterior, *coarse.interiors)):
                points = np.array(ring.coords)[:-1]
                (x1, y1), (x2, y2) = (points - np.roll(points, 1, axis=0)).T, (np.roll(points, -1, axis=0) - points).T
                turn = x1 * y2 - y1 * x2
                inward = -1.0 if ring.is_ccw == (number == 0) else 1.0
                for at in np.flatnonzero(turn * inward > 0):
                    sides = np.array([[-y1[at], x1[at]], [-y2[at], x2[at]]])
                    away = (sides / np.hypot(*sides.T)[:, None]).sum(axis=0) * -inward
                    inland = points[at] + INLAND * away / np.hypot(*away)
                    on_land = any(one.contains(shapely.Point(inland)) for one in self.outline)
                    corners.append(np.array([inland if on_land else points[at]]))
        for line in self._read("barriers.csv", "line_4326")["shape"]:
            for part in getattr(line, "geoms", [line]):
                points = np.array(shapely.simplify(part, BEND).coords)
                for before, here, after in zip(points, points[1:], points[2:], strict=False):
                    (x, y), length = after - before, np.hypot(*(after - before))
                    corners.append(
                        np.array([here + np.array([-y, x]) / length * BANK, here - np.array([-y, x]) / length * BANK])
                    )
        return np.concatenate([np.array(line.coords) for line in self.roads] + corners)

    @cached_property
    def roads(self) -> list[shapely.LineString]:
        """Bridges and shore roads; ferries are none."""
        rows = self._read("crossings.csv", "way_4326")
        return [*rows.loc[rows["kind"] != "ferry", "shape"]]

    def open(self, one: Floats, others: Floats) -> NDArray[np.bool_]:
        """Whether the straight line to each of `others` crosses no barrier, and leaves the outline by 500 m at most."""
        lines = shapely.linestrings([[one, other] for other in others]) if len(others) else np.empty(0, dtype=object)
        line, tile = self.tiles.query(lines, predicate="intersects")
        inside = np.zeros(len(lines))
        if len(line):
            np.add.at(inside, line, shapely.length(shapely.intersection(lines[line], self.tiles.geometries[tile])))
        whole = shapely.length(lines)
        outside = np.where(whole > 0, 1 - inside / np.where(whole > 0, whole, 1.0), 0.0) * metres(one, others)
        return np.asarray(~shapely.intersects(self.barriers, lines) & (outside <= OUTSIDE_M))

    def legs(self, point: Floats) -> Floats:
        """Metres to each node along an open line of 30 km at most; infinite elsewhere."""
        key = (float(point[0]), float(point[1]))
        if key not in self._legs:
            length = metres(point, self.nodes)
            near = np.flatnonzero(length <= LEG_M)
            reached = near[self.open(point, self.nodes[near])]
            self._legs[key] = np.full(len(length), np.inf)
            self._legs[key][reached] = length[reached]
        return self._legs[key]

    @cached_property
    def between(self) -> Floats:
        """Metres from node to node by open lines, bridges and shore roads."""
        whole = np.array([self.legs(node) for node in self.nodes])
        whole = np.minimum(whole, whole.T)
        first = 0
        for road in self.roads:
            for node in range(first, first + len(road.coords) - 1):
                own = metres(self.nodes[node], self.nodes[[node + 1]])[0]
                whole[node, node + 1] = whole[node + 1, node] = own
            first += len(road.coords)
        edges = np.isfinite(whole) & (whole > 0.0)
        return np.asarray(shortest_path(csr_array(np.where(edges, whole, 0.0)), directed=False))

    def nearest(self, point: Floats, places: Floats, within_m: float = np.inf) -> float:
        """Metres from `point` to the nearest of `places`, whose straight lines are shorter than `within_m`."""
        straight = metres(point, places)
        order = np.argsort(straight, kind="stable")
        if len(order) and straight[order[0]] < within_m and self.open(point, places[order[:1]])[0]:
            return float(straight[order[0]])
        best, reach = np.inf, None
        for place in order:
            if straight[place] >= min(best, within_m):
                break
            if straight[place] <= DIRECT_M and self.open(point, places[[place]])[0]:
                best = straight[place]
                continue
            if reach is None:
                reach = (self.legs(point)[:, None] + self.between).min(axis=0)
            best = min(best, (reach + self.legs(places[place])).min())
        return float(best)
