"""France by département: the mainland and Corsica, the five overseas départements and the heart of Paris as insets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.cartography.palette import INK, SHARE_FILLS
from fs_pipeline.cartography.projected import in_metres, simplified, together
from fs_pipeline.cartography.static_map import PATTERNS, Frame, StaticMap, fit, path_data, svg, text

if TYPE_CHECKING:
    import geopandas as gpd

_OVERSEAS = {"971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "976": "Mayotte"}
_CENTRE = ("75", "92", "93", "94")
_GAP = 2.0
_INSET_LABEL = 4.0
_SIMPLIFY = 0.15  # mm
_NOTE_HEIGHT = 12.0


def departement_shapes(contours: gpd.GeoDataFrame, departement_of: Callable[[str], str | None]) -> gpd.GeoDataFrame:
    """One row a département (``departement`` and geometry, EPSG:4326), gathered from the contours of its communes."""
    import geopandas as gpd

    codes = contours["insee"].map(departement_of)
    whole = {code: together(shapes) for code, shapes in contours.geometry.groupby(codes.to_numpy(), sort=True)}
    return gpd.GeoDataFrame({"departement": list(whole)}, geometry=list(whole.values()), crs=4326)


def share_class(share: float | None) -> str:
    """The class of the map a share of the population falls in."""
    if share is None or np.isnan(share):
        return "not_computed"
    return "95+" if share >= 0.95 else "80-95" if share >= 0.8 else "60-80" if share >= 0.6 else "0-60"


def draw_france(
    shapes: gpd.GeoDataFrame | None, classes: Mapping[str, str], *, width: float = 130.0, max_height: float = 120.0
) -> StaticMap:
    """The départements filled by class; those that `classes` lacks are not computed.

    Parameters
    ----------
    shapes
        ``departement_shapes``, or None where no contour is known.
    classes
        Département to a key of ``SHARE_FILLS``.
    """
    if shapes is None or shapes.empty:
        said = text(width / 2, 7, "Aucun contour n’est disponible.", anchor="middle")
        return StaticMap(svg(width, _NOTE_HEIGHT, said), width, _NOTE_HEIGHT)
    codes = shapes["departement"]
    mainland = shapes[codes.str.len() == len("75")]
    drawn, height = [PATTERNS], 0.0
    if len(mainland):
        areas = in_metres(mainland, "75")
        frame, height = fit(_bounds(areas), width, max_height, strip=0.0)
        drawn += _draw(areas, mainland["departement"].tolist(), classes, frame)
    insets = [(name, shapes[codes == code], code) for code, name in _OVERSEAS.items() if (codes == code).any()]
    if codes.isin(_CENTRE).any():
        insets.append(("Paris et autour", shapes[codes.isin(_CENTRE)], "75"))
    if insets:
        side = (width - _GAP * (len(insets) - 1)) / len(insets)
        side = min(side, 24.0)
        top = height + _GAP
        for place, (name, inset, code) in enumerate(insets):
            left = place * (side + _GAP)
            areas = in_metres(inset, code)
            frame, _ = fit(_bounds(areas), side, side, strip=0.0)
            drawn.append(
                f'<g transform="translate({left:.2f} {top:.2f})"><rect width="{side:.2f}" height="{side:.2f}" '
                'fill="none" stroke="#C3CBD4" stroke-width="0.2"/>'
            )
            drawn += _draw(areas, inset["departement"].tolist(), classes, frame)
            drawn.append(text(side / 2, side + 3.2, name, anchor="middle") + "</g>")
        height = top + side + _INSET_LABEL
    return StaticMap(svg(width, height, "".join(drawn)), width, height)


def _bounds(areas: NDArray[np.object_]) -> NDArray[np.float64]:
    import shapely

    bounds: NDArray[np.float64] = shapely.total_bounds(list(areas))
    return bounds


def _draw(areas: NDArray[np.object_], codes: list[str], classes: Mapping[str, str], frame: Frame) -> list[str]:
    drawn = []
    for area, code in zip(simplified(areas, _SIMPLIFY / frame.scale), codes, strict=True):
        name = classes.get(code, "not_computed")
        fill = {"not_computed": "url(#hachures)", "0-60": "url(#loin)"}.get(name, SHARE_FILLS[name])
        drawn.append(
            f'<path d="{path_data(area, frame)}" fill="{fill}" fill-rule="evenodd" stroke="{INK}" stroke-width="0.18"/>'
        )
    return drawn
