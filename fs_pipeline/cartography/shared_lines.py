"""The lines between communes, each once, with the two that it parts: a limit runs where one is within and the other is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd

NOBODY = -1
_UNITS = 10_000_000  # a degree: two neighbours write a common point with the same digits


def shared_lines(shapes: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """``a``, ``b`` (places in `shapes`, in that order, ``NOBODY`` outside) and the lines between them (EPSG:4326).

    Parameters
    ----------
    shapes
        Polygons in degrees whose common borders are the same points; anything else has no line.
    """
    import geopandas as gpd
    import shapely

    areas = np.flatnonzero(np.isin(shapely.get_type_id(shapes), (3, 6)))
    parts, whose = shapely.get_parts(shapes[areas], return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return gpd.GeoDataFrame({"a": np.array([], int), "b": np.array([], int)}, geometry=[], crs=4326)
    within = ring_of[1:] == ring_of[:-1]
    owners = areas[whose[part_of[ring_of[1:][within]]]]
    codes = _codes(points)
    ends = np.sort(np.column_stack([codes[:-1][within], codes[1:][within]]), axis=1)
    starts = np.flatnonzero(within)
    kept = ends[:, 0] != ends[:, 1]
    ends, owners, starts = ends[kept], owners[kept], starts[kept]
    order = np.lexsort((owners, ends[:, 1], ends[:, 0]))
    ends, owners, starts = ends[order], owners[order], starts[order]
    first = np.r_[True, np.any(ends[1:] != ends[:-1], axis=1)]
    at = np.flatnonzero(first)
    second = np.minimum(at + 1, len(owners) - 1)
    b = np.where(np.diff(np.r_[at, len(owners)]) > 1, owners[second], NOBODY)
    pairs, pair_of = np.unique(np.column_stack([owners[at], b]), axis=0, return_inverse=True)
    by_pair = np.argsort(pair_of, kind="stable")
    segments = shapely.linestrings(np.stack([points[starts[at]], points[starts[at] + 1]], axis=1)[by_pair])
    lines = shapely.line_merge(shapely.multilinestrings(segments, indices=pair_of.ravel()[by_pair]))
    return gpd.GeoDataFrame({"a": pairs[:, 0], "b": pairs[:, 1]}, geometry=lines, crs=4326)


def _codes(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """One number a point."""
    x, y = np.rint((points + 180) * _UNITS).astype(np.int64).T
    codes: NDArray[np.int64] = (x << 32) | y
    return codes
