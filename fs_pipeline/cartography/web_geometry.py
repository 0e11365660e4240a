"""Contours small enough to travel inside one page: simplified, in ten-thousandths of a degree, each point as a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fs_pipeline.cartography.projected import simplified, together

if TYPE_CHECKING:
    import geopandas as gpd

    from fs_pipeline.coverage.thresholds import Thresholds

UNITS_A_DEGREE = 10_000
_TOLERANCE = 0.0015  # degrees: under a pixel where a whole département is shown


def compact_contours(communes: gpd.GeoDataFrame) -> list[list[list[int]]]:
    """One list of rings a commune, none where it has no contour.

    A ring is ``[x0, y0, dx1, dy1, …]`` in ten-thousandths of a degree of longitude and latitude (EPSG:4326): the first
    point, then steps. Holes are rings like the others: pages fill by the even-odd rule.
    """
    import shapely

    shapes = communes.geometry.to_numpy().astype(object)
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    drawn = simplified(shapes, _TOLERANCE)
    return [_rings(shape) if area else [] for shape, area in zip(drawn, areas, strict=True)]


def compact_borders(communes: gpd.GeoDataFrame, thresholds: Thresholds) -> dict[str, list[list[int]]]:
    """Rings around all communes (``all``) and around those within each threshold, as in `compact_contours`."""
    import shapely

    shapes = communes.geometry.to_numpy().astype(object)
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    drawn, minutes = simplified(shapes, _TOLERANCE), communes["minutes"].to_numpy(dtype=np.float64)
    chosen = {"all": areas, "near": areas & (minutes <= thresholds.near), "far": areas & (minutes <= thresholds.far)}
    return {name: _rings(together(drawn[inside])) if inside.any() else [] for name, inside in chosen.items()}


def _rings(shape: object) -> list[list[int]]:
    import shapely

    rings = []
    for part in shapely.get_parts(shape):
        for ring in shapely.get_rings(part):
            points = np.rint(shapely.get_coordinates(ring)[:-1] * UNITS_A_DEGREE).astype(int)
            moved = np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)]
            points = points[moved]
            if len(points) > 2:
                steps = np.vstack([points[:1], np.diff(points, axis=0)])
                rings.append(steps.ravel().tolist())
    return rings
