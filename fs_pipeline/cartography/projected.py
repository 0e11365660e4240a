"""Layers in metres, simplified together so that neighbours keep one common border."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.territory.projection import to_projected

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


def in_metres(frame: gpd.GeoDataFrame, departement: str) -> NDArray[np.object_]:
    """The geometries of `frame` in the projection of `departement`; None where there is none."""
    import shapely

    shapes = frame.geometry.to_numpy().astype(object)

    def project(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_projected(coordinates[:, 0], coordinates[:, 1], departement))

    projected: NDArray[np.object_] = shapely.transform(shapes, project)
    projected[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
    return projected


def simplified(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Polygons with fewer points, common borders kept common; anything else is left as it is."""
    import shapely

    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    result: NDArray[np.object_] = shapes.copy()
    if areas.any():
        result[areas] = shapely.coverage_simplify(list(shapes[areas]), tolerance)
    return result


def together(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """The area that polygons cover, as one; quick where their borders are the same points, as published ones mostly are.

    Where two of them overlap by a hair, which the quick way refuses, the slow one is taken.
    """
    import shapely

    areas = list(shapes)
    try:
        return shapely.coverage_union_all(areas)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapely.make_valid(areas))
