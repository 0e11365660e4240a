"""Metres: the projection of each département, and the change from degrees to it.

Anything that measures a distance or an area takes what ``to_projected`` gives, never degrees.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fs_pipeline.data import read_csv

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
    from pyproj import Transformer

WGS84 = 4326
_METROPOLITAN_CODE_LENGTH = 2  # 01, 2A; overseas codes have three characters


@cache
def epsg_of(departement: str) -> int:
    """EPSG code of the projection used for `departement` (``33``, ``2A``, ``974``).

    Raises
    ------
    ValueError
        When the code is neither metropolitan nor in ``data/projections.csv``.
    """
    table = {row["departement"]: int(row["epsg"]) for row in read_csv("projections.csv")}
    if departement in table:
        return table[departement]
    if len(departement) == _METROPOLITAN_CODE_LENGTH:
        return table["metropole"]
    raise ValueError(f"département « {departement} » inconnu\u00a0: attendu 01 à 95, 2A, 2B ou un code d’outre-mer")


def to_projected(
    longitude: ArrayLike, latitude: ArrayLike, departement: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres east and north, in the projection of `departement`, of points in degrees (EPSG:4326).

    A missing coordinate (NaN) stays NaN; a scalar gives arrays without dimension.
    """
    return _transform(longitude, latitude, WGS84, epsg_of(departement))


def to_degrees(x: ArrayLike, y: ArrayLike, departement: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude in degrees (EPSG:4326) of metres in the projection of `departement`."""
    return _transform(x, y, epsg_of(departement), WGS84)


def _transform(x: ArrayLike, y: ArrayLike, source: int, target: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    first, second = _transformer(source, target).transform(
        np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    )
    return _missing(first), _missing(second)


def _missing(values: ArrayLike) -> NDArray[np.float64]:
    """PROJ says infinity where it cannot say."""
    import numpy as np

    numbers = np.asarray(values, dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


@cache
def _transformer(source: int, target: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)
