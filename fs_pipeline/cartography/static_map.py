"""The printed map of a département: minutes by commune and the places, drawn as SVG in millimetres.

Written by hand rather than plotted: text stays text, the bytes depend on the layers alone, and it takes 0.1 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from fs_pipeline.cartography.labels import Label, place_labels
from fs_pipeline.cartography.layers import minutes_class
from fs_pipeline.cartography.once import Once
from fs_pipeline.cartography.palette import BLUE, CLASS_FILLS, GREY, INK, OTHER_PLACE, ROAD
from fs_pipeline.cartography.projected import in_metres, simplified, together
from fs_pipeline.coverage.thresholds import Thresholds

if TYPE_CHECKING:
    import geopandas as gpd

FONT = "Source Sans 3, Source Sans Pro, Arial, sans-serif"
LABEL_SIZE = 2.75  # mm, 7.8 points
SCALE_STRIP = 10.0  # mm under the map for north and scale
_LINE = 1  # shapely's code of a line
_MARGIN = 2.0
_SIMPLIFY = 0.12  # mm
PATTERNS = (
    '<defs><pattern id="hachures" width="1.4" height="1.4" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="1.4" height="1.4" fill="#F4F5F7"/>'
    '<line x1="0" y1="0" x2="0" y2="1.4" stroke="#7C8794" stroke-width="0.3"/></pattern>'
    '<pattern id="loin" width="1.6" height="1.6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<rect width="1.6" height="1.6" fill="#B9502F"/>'
    '<line x1="0" y1="0" x2="0" y2="1.6" stroke="#8E3A20" stroke-width="0.35"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class StaticMap:
    """A drawn map and its size in millimetres."""

    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Frame:
    """From metres to millimetres of paper, y downwards."""

    scale: float  # mm a metre
    left: float
    top: float  # metres
    dx: float
    dy: float

    def to_paper(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Millimetres of points in metres."""
        return (x - self.left) * self.scale + self.dx, (self.top - y) * self.scale + self.dy


def draw_map(
    communes: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    departement: str,
    thresholds: Thresholds,
    once: Once | None = None,
    roads: gpd.GeoDataFrame | None = None,
    *,
    width: float = 130.0,
    max_height: float = 150.0,
    named: bool = True,
) -> StaticMap:
    """The map of two layers (see ``layers.py``), at most `width` x `max_height` millimetres.

    Its legend, its sources and its text are beside it, in the page that shows it. `named` writes the names of the
    communes that have a France services, where there is room; `roads` are lines, shown inside the communes. `once` draws
    communes no second time where another edition has the same ones.
    """
    import shapely

    once = once or Once()
    outlines = b"".join(shapely.to_wkb(shape) for shape in communes.geometry if shape is not None)
    areas, marks = once.alike(in_metres, outlines, communes, departement), in_metres(places, departement)
    known = [shape for shape in (*areas, *marks) if shape is not None]
    if not known:
        return undrawn("Aucune commune ni aucun lieu n’est situé.", width)
    extent = areas if any(shape is not None for shape in areas) else marks
    frame, height = fit(shapely.total_bounds(list(extent[extent != np.array(None)])), width, max_height)
    classes = [minutes_class(minutes, thresholds) for minutes in communes["minutes"]]
    coloured = f"{classes} {frame}".encode() + outlines
    parts = [PATTERNS, *once.alike(_draw_simplified, coloured, areas, classes, frame)]
    if roads is not None and len(roads):
        parts += once.alike(_draw_roads, outlines, in_metres(roads, departement), areas, frame)
    parts += _draw_places(marks, places, frame, named=named, box=(width, height))
    parts.append(draw_scale(frame, height))
    return StaticMap(svg(width, height, "".join(parts)), width, height)


def _draw_simplified(areas: NDArray[np.object_], classes: list[str], frame: Frame) -> list[str]:
    return draw_communes(simplified(areas, _SIMPLIFY / frame.scale), classes, frame)


def _draw_roads(lines: NDArray[np.object_], areas: NDArray[np.object_], frame: Frame) -> list[str]:
    """Main roads inside the communes that have contours; none where no commune has."""
    import shapely

    polygonal = np.isin(shapely.get_type_id(areas), (3, 6))
    if not polygonal.any():
        return []
    inside = shapely.intersection(shapely.multilinestrings(lines), together(areas[polygonal]))
    simple = shapely.simplify(inside, _SIMPLIFY / frame.scale)
    steps = []
    for line in shapely.get_parts(simple):
        if shapely.get_type_id(line) == _LINE:
            x, y = frame.to_paper(*shapely.get_coordinates(line).T)
            steps.append("M" + "L".join(f"{a:.2f} {b:.2f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)))
    path = f'd="{"".join(steps)}" fill="none" stroke-linejoin="round"'
    edge, core = 'stroke="#FFFFFF" stroke-width="0.6"', f'stroke="{ROAD}" stroke-width="0.3"'
    return [f"<path {path} {edge}/>", f"<path {path} {core}/>"] if steps else []


def undrawn(why: str = "La carte n’a pas pu être dessinée.", width: float = 130.0) -> StaticMap:
    """A sentence in the map's place."""
    return StaticMap(svg(width, 12.0, text(width / 2, 7, why, anchor="middle")), width, 12.0)


def fit(
    bounds: NDArray[np.float64], width: float, max_height: float, strip: float = SCALE_STRIP
) -> tuple[Frame, float]:
    """The frame in which `bounds` (metres) fill at most `width` x `max_height` mm above a `strip`, and the height."""
    x0, y0, x1, y1 = (float(value) for value in bounds)
    wide, high = max(x1 - x0, 2000.0), max(y1 - y0, 2000.0)
    scale = min((width - 2 * _MARGIN) / wide, (max_height - 2 * _MARGIN - strip) / high)
    height = high * scale + 2 * _MARGIN + strip
    left_over = (width - wide * scale) / 2
    return Frame(scale, x0, y1, left_over, _MARGIN), round(height, 2)


def draw_communes(shapes: NDArray[np.object_], classes: list[str], frame: Frame) -> list[str]:
    """Communes by their class of minutes, a disc where one has no contour, and the edge of them all."""
    import shapely

    type_ids = shapely.get_type_id(shapes)
    polygonal, drawn = np.isin(type_ids, (3, 6)), []
    for name, fill in CLASS_FILLS.items():
        chosen = np.array([given == name for given in classes], dtype=bool)
        paint = {"not_computed": "url(#hachures)", "far": "url(#loin)"}.get(name, fill)
        path = "".join(path_data(shape, frame) for shape in shapes[chosen & polygonal])
        if path:
            drawn.append(f'<path d="{path}" fill="{paint}" fill-rule="evenodd" stroke="#FFFFFF" stroke-width="0.16"/>')
        for point in shapes[chosen & (type_ids == 0)]:
            x, y = frame.to_paper(*np.atleast_2d(shapely.get_coordinates(point)).T)
            drawn.append(
                f'<circle cx="{x[0]:.2f}" cy="{y[0]:.2f}" r="1.1" fill="{paint}" stroke="{GREY}" stroke-width="0.12"/>'
            )
    if polygonal.any():
        whole = together(shapes[polygonal])
        drawn.append(f'<path d="{path_data(whole, frame)}" fill="none" stroke="{INK}" stroke-width="0.28"/>')
    return drawn


def path_data(shape: object, frame: Frame) -> str:
    """A polygon as SVG path data, in millimetres of `frame`."""
    import shapely

    steps = []
    rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]
    for ring in rings:
        x, y = frame.to_paper(*shapely.get_coordinates(ring)[:-1].T)
        points = [f"{a:.2f} {b:.2f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        if len(points) > 2:
            steps.append("M" + "L".join(points) + "Z")
    return "".join(steps)


def _draw_places(
    shapes: NDArray[np.object_], places: gpd.GeoDataFrame, frame: Frame, *, named: bool, box: tuple[float, float]
) -> list[str]:
    import shapely

    located = shapes != np.array(None)
    roles, communes = places["role"].tolist(), places["commune"].tolist()
    spots: dict[str, list[tuple[float, float, str]]] = {"other": [], "itinerant": [], "antenne": [], "fixed": []}
    for shape, there, role, commune in zip(shapes, located, roles, communes, strict=True):
        if there:
            x, y = frame.to_paper(*np.atleast_2d(shapely.get_coordinates(shape)).T)
            if 0 <= x[0] <= box[0] and 0 <= y[0] <= box[1] - SCALE_STRIP:  # a bus of elsewhere is not on this map
                spots[role].append(
                    (float(x[0]), float(y[0]), commune.replace("'", "’") if isinstance(commune, str) else "")
                )
    drawn = [mark(role, x, y) for role, found in spots.items() for x, y, _ in found]
    if named:
        wanted = [Label(x, y, name) for role in ("fixed", "antenne") for x, y, name in spots[role] if name]
        obstacles = [(x, y) for role in ("fixed", "antenne", "itinerant") for x, y, _ in spots[role]]
        drawn += map(label_text, place_labels(wanted, obstacles, LABEL_SIZE, (box[0], box[1] - SCALE_STRIP)))
    return drawn


def label_text(label: Label) -> str:
    """A name where it found room, with a white edge."""
    halo = ' stroke="#FFFFFF" stroke-width="0.7" stroke-linejoin="round" paint-order="stroke"'
    return text(label.x, label.y, label.name, anchor=label.anchor, extra=halo)


def mark(role: str, x: float, y: float) -> str:
    """The sign of a place, centred on x, y: disc, ring, triangle or small dot."""
    if role == "fixed":
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.05" fill="{BLUE}" stroke="#FFFFFF" stroke-width="0.3"/>'
    if role == "antenne":
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.9" fill="#FFFFFF" stroke="{BLUE}" stroke-width="0.5"/>'
    if role == "itinerant":
        corners = f"{x:.2f},{y - 1.3:.2f} {x + 1.2:.2f},{y + 0.9:.2f} {x - 1.2:.2f},{y + 0.9:.2f}"
        return f'<polygon points="{corners}" fill="#FFFFFF" stroke="{BLUE}" stroke-width="0.4"/>'
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.5" fill="{OTHER_PLACE}" stroke="#FFFFFF" stroke-width="0.12"/>'


def draw_scale(frame: Frame, height: float) -> str:
    """North and a length, at the foot of the map."""
    kilometres = next(km for km in (50, 20, 10, 5, 2, 1) if km * 1000 * frame.scale <= 40 or km == 1)
    length, y = kilometres * 1000 * frame.scale, height - 2.5
    north = f'<polygon points="4,{height - 9:.2f} 5,{height - 6.8:.2f} 3,{height - 6.8:.2f}" fill="{INK}"/>' + text(
        4, y, "N", anchor="middle", size=2.75
    )
    line = f"M10 {y - 1:.2f}V{y:.2f}H{10 + length:.2f}V{y - 1:.2f}"
    ends = f'<path d="{line}" fill="none" stroke="{INK}" stroke-width="0.35"/>'
    return (
        north
        + ends
        + text(10, y - 2, "0", anchor="middle")
        + text(10 + length, y - 2, f"{kilometres}\u00a0km", anchor="middle")
    )


def text(x: float, y: float, content: str, *, anchor: str = "start", size: float = LABEL_SIZE, extra: str = "") -> str:
    """Words on the map, never under 7.6 points."""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="{FONT}" font-size="{size}" font-weight="600" fill="{INK}" '
        f'text-anchor="{anchor}"{extra}>{escape(content)}</text>'
    )


def svg(width: float, height: float, content: str) -> str:
    """A drawing of that size in millimetres."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}">{content}</svg>'
    )
