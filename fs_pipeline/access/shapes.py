"""The outline of a country and the line of a river, as ways round them are sought: frame, bends, corners, small pieces.

Shapes are in degrees (EPSG:4326).
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.polygon import orient

from fs_pipeline.sphere import Floats

_PIECE = 60  # vertices of a piece of what lies outside: small pieces are quick to cut
_BEND = 0.01  # degrees, about 1 km: the river's bends that are smaller turn no way
_SHORE = 0.004  # degrees, about 400 m: a gulf of a kilometre still has a head, and one goes round by it
_INLAND = 0.004  # degrees: how far from the shore one passes
_BANK = 0.004  # degrees from a river's middle to its bank
_MARGIN = 0.7  # degrees around the contours in which what lies outside is known


def frame(outline: shapely.Geometry) -> shapely.Geometry:
    """The boxes of the outline's parts, with a margin."""
    west, south, east, north = shapely.bounds(shapely.get_parts(outline)).T
    boxes = shapely.box(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    return shapely.union_all(boxes)


def bends(line: shapely.Geometry) -> Floats:
    """Both banks of a river at each of its bends; a way is open between them only where it crosses nothing."""
    found = [np.empty((0, 2))]
    for part in shapely.get_parts(shapely.simplify(line, _BEND)):
        points = shapely.get_coordinates(part)
        along = points[2:] - points[:-2]
        across = np.column_stack((-along[:, 1], along[:, 0])) / np.hypot(*along.T)[:, None] * _BANK
        found += [points[1:-1] + across, points[1:-1] - across]
    return np.concatenate(found)


def corners(outline: shapely.Geometry) -> Floats:
    """Where the outline, drawn coarsely, turns inwards: the ends of capes of what lies outside, as one passes them inland.

    From the shore itself a way along it would leave the contours at each of its bends.
    """
    found = []
    for part in shapely.get_parts(shapely.simplify(outline, _SHORE)):
        turned = orient(part)  # the inside to the left of every ring
        for ring in (turned.exterior, *turned.interiors):
            points = shapely.get_coordinates(ring)[:-1]
            come, go = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
            inwards = come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0] < 0
            left = sum(np.column_stack((-side[:, 1], side[:, 0])) / np.hypot(*side.T)[:, None] for side in (come, go))
            inland = points + _INLAND * left / np.maximum(np.hypot(*left.T), 1e-9)[:, None]
            found.append(np.stack((points, inland), axis=1)[inwards])
    both = np.concatenate(found)
    shapely.prepare(outline)
    within = shapely.contains_xy(outline, both[:, 1, 0], both[:, 1, 1])
    turns: Floats = np.where(within[:, None], both[:, 1], both[:, 0])  # a tongue of land is too narrow for it
    return turns


def pieces(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """A polygon cut in halves until each piece has few vertices."""
    if shapely.is_empty(shape):
        return []
    if shapely.get_num_coordinates(shape) <= _PIECE:
        return [part for part in shapely.get_parts(shape) if shapely.area(part) > 0]
    west, south, east, north = shapely.bounds(shape)
    if east - west > north - south:
        middle = (west + east) / 2
        halves = ((west, south, middle, north), (middle, south, east, north))
    else:
        middle = (south + north) / 2
        halves = ((west, south, east, middle), (west, middle, east, north))
    return [piece for half in halves for piece in pieces(shapely.clip_by_rect(shape, *half))]
