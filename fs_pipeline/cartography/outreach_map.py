"""Who goes to whom, as a small map: stops and actors' territories on the communes by minutes, drawn as SVG in millimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.cartography.labels import Label, place_labels
from fs_pipeline.cartography.layers import minutes_class
from fs_pipeline.cartography.palette import INK, OCHRE
from fs_pipeline.cartography.projected import in_metres, simplified, together
from fs_pipeline.cartography.static_map import (
    LABEL_SIZE,
    PATTERNS,
    SCALE_STRIP,
    StaticMap,
    draw_communes,
    draw_scale,
    fit,
    label_text,
    path_data,
    svg,
    undrawn,
)  # fmt: skip
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.territory.projection import to_projected

if TYPE_CHECKING:
    import geopandas as gpd

_SIMPLIFY = 0.15  # mm


def draw_outreach(
    communes: gpd.GeoDataFrame,
    outreach: pd.DataFrame,
    rounds: pd.DataFrame,
    departement: str,
    thresholds: Thresholds,
    *,
    width: float = 92.0,
    max_height: float = 104.0,
) -> StaticMap:
    """A diamond a stop, a dashed line round the communes that actors name, over the classes of minutes.

    Parameters
    ----------
    communes
        The layer (see ``layers.py``): insee, name, minutes, geometry (EPSG:4326).
    outreach
        insee, actors: the communes that an actor's territory names; missing where these readers may not know.
    rounds
        insee, commune, longitude, latitude (degrees) of each stop. One without a point these readers may have stands in the
        middle of its commune; one without a commune of the map is not drawn.
    departement
        Chooses the projection.
    thresholds
        Between which classes of minutes change.
    width, max_height
        Millimetres.
    """
    import shapely

    areas = in_metres(communes, departement)
    there = areas != np.array(None)
    if not there.any():
        return undrawn("Aucune commune n’est située.", width)
    frame, height = fit(shapely.total_bounds(list(areas[there])), width, max_height)
    areas = simplified(areas, _SIMPLIFY / frame.scale)
    classes = [minutes_class(minutes, thresholds) for minutes in communes["minutes"]]
    drawn = [PATTERNS, *draw_communes(areas, classes, frame)]
    reached = communes["insee"].isin(outreach.loc[outreach["actors"].fillna(0) > 0, "insee"]).to_numpy()
    polygonal = np.isin(shapely.get_type_id(areas), (3, 6))
    if (reached & polygonal).any():
        edge = path_data(together(areas[reached & polygonal]), frame)
        drawn.append(
            f'<path d="{edge}" fill="none" stroke="#FFFFFF" stroke-width="1.1"/>'
            f'<path d="{edge}" fill="none" stroke="{INK}" stroke-width="0.5" stroke-dasharray="1.4 0.8"/>'
        )
    for shape in areas[reached & there & ~polygonal]:
        x, y = frame.to_paper(*np.atleast_2d(shapely.get_coordinates(shape)).T)
        drawn.append(
            f'<circle cx="{x[0]:.2f}" cy="{y[0]:.2f}" r="1.7" fill="none" stroke="{INK}" stroke-width="0.5" '
            'stroke-dasharray="1.4 0.8"/>'
        )
    spots = _spots(rounds, communes["insee"], areas, departement)
    x, y = frame.to_paper(spots["x"].to_numpy(float), spots["y"].to_numpy(float))
    inside = (x >= 0) & (x <= width) & (y >= 0) & (y <= height - SCALE_STRIP)
    marks = list(zip(x[inside].tolist(), y[inside].tolist(), strict=True))
    drawn += [stop_mark(a, b) for a, b in marks]
    names = [str(name).replace("'", "’") if isinstance(name, str) else "" for name in spots.loc[inside, "commune"]]
    wanted = [Label(a, b, name) for (a, b), name in zip(marks, names, strict=True) if name]
    drawn += [label_text(one) for one in place_labels(wanted, marks, LABEL_SIZE, (width, height - SCALE_STRIP))]
    drawn.append(draw_scale(frame, height))
    return StaticMap(_own_ids(svg(width, height, "".join(drawn))), width, height)


def _own_ids(drawing: str) -> str:
    """Patterns under names of their own: two maps of one page may not share them."""
    for name in ("hachures", "loin"):
        drawing = drawing.replace(f'id="{name}"', f'id="{name}-aller"').replace(f"url(#{name})", f"url(#{name}-aller)")
    return drawing


def stop_mark(x: float, y: float) -> str:
    """The sign of a stop, centred on x, y: a diamond, which no place has."""
    corners = f"{x:.2f},{y - 1.5:.2f} {x + 1.5:.2f},{y:.2f} {x:.2f},{y + 1.5:.2f} {x - 1.5:.2f},{y:.2f}"
    return f'<polygon points="{corners}" fill="#FFFFFF" stroke="{OCHRE}" stroke-width="0.6"/>'


def _spots(rounds: pd.DataFrame, insees: pd.Series, areas: NDArray[np.object_], departement: str) -> pd.DataFrame:
    """x, y (metres) and commune of each stop that can be drawn, the same spot once."""
    import shapely

    middles = {
        insee: shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        for insee, shape in zip(insees, areas, strict=True)
        if shape is not None
    }
    x = np.full(len(rounds), np.nan)
    y = np.full(len(rounds), np.nan)
    own = rounds[["longitude", "latitude"]].notna().all(axis=1).to_numpy()
    if own.any():
        degrees = rounds.loc[own, ["longitude", "latitude"]].to_numpy(dtype=float)
        x[own], y[own] = to_projected(degrees[:, 0], degrees[:, 1], departement)
    for place, insee in enumerate(rounds["insee"]):
        if not own[place] and insee in middles:
            x[place], y[place] = middles[insee]
    spots = pd.DataFrame({"x": x, "y": y, "commune": rounds["commune"].to_numpy()})
    return spots.dropna(subset=["x", "y"]).drop_duplicates(["x", "y"]).reset_index(drop=True)
