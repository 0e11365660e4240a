"""Straight lines that mean nothing: over an estuary, out of the communes' contours; and the ways round through a bridge.

``data/barriers.csv`` holds the waters that contours cover, ``data/outline.csv.gz`` the contours of all communes together,
``data/crossings.csv`` the bridges (and shores) by which one goes round. A ferry is named there and is no road.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from fs_pipeline.access.shapes import bends, corners, frame, pieces
from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats, chord_to_m, great_circle_m, unit_vectors

OUTSIDE_M = 500.0  # a straight line may leave the contours for so much: a bay, a bend of a border
LEG_M = 30_000.0  # of one straight line of a way round; a longer one is in no threshold
OUT_OF_CONTOURS = "la mer ou une frontière"
DIRECT_M = 60_000.0  # how far the next places are sought when the nearest one's line is refused
_FREE = -1
_KEPT = 16
_CELLS_A_DEGREE = 20

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Ways:
    """What stops straight lines, and the ways round.

    Attributes
    ----------
    names
        French, with its article, of each barrier.
    lines
        Each barrier (EPSG:4326), in the order of `names`.
    outside
        What lies outside of every commune, in small pieces; empty when nothing is known of it.
    inside
        The communes all together, in small pieces too.
    roads
        Each way round: a line of two points or more (EPSG:4326), every point of which can be gone to.
    corners
        float64 (corners, 2), degrees: where a way round turns, along a river or a shore.
    """

    names: tuple[str, ...]
    lines: tuple[shapely.Geometry, ...]
    outside: tuple[shapely.Geometry, ...]
    inside: tuple[shapely.Geometry, ...]
    roads: tuple[shapely.Geometry, ...]
    corners: Floats

    @classmethod
    def around(
        cls, barriers: dict[str, shapely.Geometry], outline: shapely.Geometry | None, roads: list[shapely.Geometry]
    ) -> Self:
        """From barriers by French name, the outline of all communes and the ways round."""
        outside = () if outline is None else tuple(pieces(frame(outline).difference(outline)))
        turns = [bends(line) for line in barriers.values()] + ([] if outline is None else [corners(outline)])
        inside = () if outline is None else tuple(pieces(outline))
        return cls(tuple(barriers), tuple(barriers.values()), outside, inside, tuple(roads), np.concatenate(turns))

    def refused(self, start: Floats, end: Floats) -> Ints:
        """What stops each straight line: −1, the position of a barrier, or ``len(names)`` when it leaves the contours.

        Parameters
        ----------
        start, end
            float64 (lines, 2): longitude and latitude, degrees.
        """
        found = np.full(len(start), _FREE, dtype=np.intp)
        if not len(start):
            return found
        found[self._may_be_stopped(start, end)] = 0
        near = np.flatnonzero(found == 0)
        found[near] = self._refused(start[near], end[near])
        return found

    def _refused(self, start: Floats, end: Floats) -> Ints:
        found = np.full(len(start), _FREE, dtype=np.intp)
        lines = shapely.linestrings(np.stack((start, end), axis=1))
        if self.outside and len(lines):
            near = np.unique(self._outside_tree.query(lines, predicate="intersects")[0])
            line, piece = self._inside_tree.query(lines[near], predicate="intersects")
            within = shapely.length(
                shapely.intersection(lines[near][line], np.asarray(self.inside, dtype=object)[piece])
            )
            inside = np.bincount(line, within, minlength=len(near))
            share = 1.0 - inside / np.maximum(shapely.length(lines[near]), 1e-12)  # a line along the shore is inside
            metres = great_circle_m(*start[near].T, *end[near].T)
            found[near[share * metres > OUTSIDE_M]] = len(self.names)
        if self.lines and len(lines):
            line, edge = self._edge_tree.query(lines, predicate="intersects")
            found[line] = self._barrier_of_edge[edge]
        return found

    def name_of(self, refused: int) -> str:
        """French, with its article, of what ``refused`` says."""
        return (*self.names, OUT_OF_CONTOURS)[refused]

    def round_m(self, points: Floats, others: Floats) -> Floats:
        """Metres from each point to each other through a way round, infinite where there is none: (points, others).

        The legs are straight lines that nothing stops, ``LEG_M`` at most each.
        """
        shortest = np.full((len(points), len(others)), np.inf)
        if not len(self._nodes) or not len(points) or not len(others):
            return shortest
        to_node, from_node = self._legs(points), self._legs(others)
        useful = np.flatnonzero(np.isfinite(to_node).any(axis=0))
        reach = np.full((len(points), len(self._nodes)), np.inf)
        for node in useful:
            reach = np.minimum(reach, to_node[:, [node]] + self._between_nodes[node])
        for node in np.flatnonzero(np.isfinite(reach).any(axis=0) & np.isfinite(from_node).any(axis=0)):
            rows, columns = np.flatnonzero(np.isfinite(reach[:, node])), np.flatnonzero(np.isfinite(from_node[:, node]))
            block = np.ix_(rows, columns)
            shortest[block] = np.minimum(shortest[block], reach[rows, node][:, None] + from_node[columns, node])
        return shortest

    def metres(self, points: Floats, others: Floats, asked: Bools) -> Floats:
        """Metres from each point to each other where `asked`, along the straight line or else a way round.

        Parameters
        ----------
        points, others
            float64 (n, 2): longitude and latitude, degrees.
        asked
            bool (points, others): the pairs that matter.

        Returns
        -------
        numpy.ndarray
            float64 (points, others), infinite where there is no way or nobody asked.
        """
        row, column = np.nonzero(asked)
        stopped = self.refused(points[row], others[column]) != _FREE
        found = np.where(asked, straight_m(points, others), np.inf)
        found[row[stopped], column[stopped]] = np.inf
        rows, columns = np.unique(row[stopped]), np.unique(column[stopped])
        block = np.ix_(rows, columns)
        through = np.where(asked[block], self.round_m(points[rows], others[columns]), np.inf)
        found[block] = np.minimum(found[block], through)
        return found

    def nearest(self, points: Floats, others: Floats) -> tuple[Floats, Ints]:
        """Metres from each point to the nearest other, by the rule of ``metres``, and its position; infinite without way."""
        through = self.round_m(points, others)
        straight = straight_m(points, others)
        bound = np.minimum(through.min(axis=1, initial=np.inf), DIRECT_M)
        row, column = np.nonzero(straight < bound[:, None])
        free = self.refused(points[row], others[column]) == _FREE
        through[row[free], column[free]] = straight[row[free], column[free]]
        position = through.argmin(axis=1)
        return through[np.arange(len(points)), position], position

    def _legs(self, points: Floats) -> Floats:
        """Metres of the straight line from each point to each node of the ways round, infinite where it is stopped."""
        asked = points.tobytes()
        if asked not in self._known_legs:
            if len(self._known_legs) >= _KEPT:
                self._known_legs.clear()
            self._known_legs[asked] = self._open_m(points, self._nodes, straight_m(points, self._nodes) <= LEG_M)
        return self._known_legs[asked]

    @cached_property
    def _known_legs(self) -> dict[bytes, Floats]:
        """Legs of the last sets of points: a slot asks of the same homes for each service."""
        return {}

    def _open_m(self, points: Floats, others: Floats, asked: Bools) -> Floats:
        """Metres of the straight lines that are `asked` and that nothing stops; infinite elsewhere."""
        row, column = np.nonzero(asked)
        stopped = self.refused(points[row], others[column]) != _FREE
        metres = np.where(asked, straight_m(points, others), np.inf)
        metres[row[stopped], column[stopped]] = np.inf
        return metres

    @cached_property
    def _nodes(self) -> Floats:
        return np.concatenate((shapely.get_coordinates(list(self.roads)), self.corners))

    @cached_property
    def _between_nodes(self) -> Floats:
        """Metres from each node to each by open lines and ways round."""
        near = straight_m(self._nodes, self._nodes) <= LEG_M
        metres = self._open_m(self._nodes, self._nodes, np.triu(near, 1))
        first = 0
        for road in self.roads:
            for node in range(first, first + shapely.get_num_coordinates(road) - 1):
                own = straight_m(self._nodes[[node]], self._nodes[[node + 1]])[0, 0]
                metres[node, node + 1] = own
            first += shapely.get_num_coordinates(road)
        return np.asarray(shortest_path(np.where(np.isfinite(metres), metres, 0.0), directed=False))

    @cached_property
    def _edges(self) -> tuple[NDArray[np.object_], Ints]:
        edges, barrier = [], []
        for position, line in enumerate(self.lines):
            for part in shapely.get_parts(line):
                ends = shapely.get_coordinates(part)
                edges.append(shapely.linestrings(np.stack((ends[:-1], ends[1:]), axis=1)))
                barrier.append(np.full(len(ends) - 1, position, dtype=np.intp))
        return np.concatenate(edges), np.concatenate(barrier)

    @cached_property
    def _edge_tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._edges[0])

    @property
    def _barrier_of_edge(self) -> Ints:
        return self._edges[1]

    def _may_be_stopped(self, start: Floats, end: Floats) -> Bools:
        """Whether anything that stops lines is in the box of each: a look in a table, for most lines are far inland."""
        summed, corner = self._cells
        low, high = np.minimum(start, end), np.maximum(start, end)
        size = np.array(summed.shape) - 1
        x0, y0 = np.clip(np.floor((low - corner) * _CELLS_A_DEGREE).astype(np.intp), 0, size).T
        x1, y1 = np.clip(np.floor((high - corner) * _CELLS_A_DEGREE).astype(np.intp) + 1, 0, size).T
        return np.asarray(summed[x1, y1] - summed[x0, y1] - summed[x1, y0] + summed[x0, y0] > 0)

    @cached_property
    def _cells(self) -> tuple[Ints, Floats]:
        """How many cells that hold anything stand before each corner of a grid, and where the grid begins."""
        shapes = np.array([*self.outside, *(self._edges[0] if self.lines else ())], dtype=object)
        if not len(shapes):
            return np.zeros((1, 1), dtype=np.intp), np.zeros(2)
        west, south, east, north = shapely.total_bounds(shapes)
        corner = np.floor(np.array([west, south]) * _CELLS_A_DEGREE) / _CELLS_A_DEGREE
        columns, rows = np.ceil((np.array([east, north]) - corner) * _CELLS_A_DEGREE).astype(np.intp) + 1
        held = np.zeros((columns + 1, rows + 1), dtype=np.intp)
        for shape, bounds in zip(shapes, shapely.bounds(shapes), strict=True):
            low = np.floor((bounds[:2] - corner) * _CELLS_A_DEGREE).astype(np.intp)
            high = np.floor((bounds[2:] - corner) * _CELLS_A_DEGREE).astype(np.intp) + 1
            x, y = (cells.ravel() for cells in np.mgrid[low[0] : high[0], low[1] : high[1]])
            wide = 1.0 / _CELLS_A_DEGREE
            boxes = shapely.box(
                corner[0] + x * wide, corner[1] + y * wide, corner[0] + (x + 1) * wide, corner[1] + (y + 1) * wide
            )
            met = shapely.intersects(boxes, shape)
            held[x[met] + 1, y[met] + 1] = 1
        return held.cumsum(axis=0).cumsum(axis=1), corner

    @cached_property
    def _inside_tree(self) -> shapely.STRtree:
        return shapely.STRtree(list(self.inside))

    @cached_property
    def _outside_tree(self) -> shapely.STRtree:
        return shapely.STRtree(list(self.outside))


@cache
def ways() -> Ways:
    """Those of the reviewed files."""
    barriers = {row["name_fr"]: shapely.from_wkt(row["line_4326"]) for row in read_csv("barriers.csv")}
    outline = shapely.multipolygons([shapely.from_wkt(row["outline_4326"]) for row in read_csv("outline.csv.gz")])
    roads = [shapely.from_wkt(row["way_4326"]) for row in read_csv("crossings.csv") if row["kind"] != "ferry"]
    return Ways.around(barriers, outline, roads)


def straight_m(points: Floats, others: Floats) -> Floats:
    """Metres of great circle from each point (longitude, latitude) to each other: (points, others); NaN without point."""
    cosines = unit_vectors(points[:, 0], points[:, 1]) @ unit_vectors(others[:, 0], others[:, 1]).T
    return chord_to_m(np.sqrt(np.maximum(2.0 - 2.0 * cosines, 0.0)))
