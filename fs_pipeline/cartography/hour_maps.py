"""Who has an open place nearby, at six moments of the week: small maps side by side, drawn as SVG in millimetres.

Each commune bears one letter an hour (``commune_weeks``); nothing is computed here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.cartography.palette import INK, RULE
from fs_pipeline.cartography.projected import in_metres, simplified, together
from fs_pipeline.cartography.static_map import FONT, PATTERNS, Frame, StaticMap, fit, path_data, svg
from fs_pipeline.french import DAY_NAMES, DAYS

if TYPE_CHECKING:
    import geopandas as gpd

FIRST_HOUR, HOURS = 8, 12
FILLS = {"o": "#2F629B", "b": "#E0A526", "?": "url(#hachures)", ".": "#F3E3DA", "x": "#FFFFFF"}
NAMES = {
    "o": "un lieu fixe est ouvert à {near}\u00a0minutes ou moins",
    "b": "un bus seulement",
    "?": "horaires inconnus",
    ".": "aucun lieu ouvert",
    "x": "non calculé",
}
_PARITIES = {"every": "", "odd": ", semaine impaire", "even": ", semaine paire"}
_USUAL = (("Tu", 10), ("Tu", 12), ("We", 14), ("Fr", 17), ("Sa", 10))
_COLUMNS, _TITLE, _GAP, _LEGEND = 3, 6.0, 3.0, 9.0
_SIMPLIFY = 0.2  # mm


@dataclass(frozen=True, slots=True)
class Moment:
    """One hour of one week."""

    parity: str
    day: str
    hour: int

    @property
    def place(self) -> int:
        """Its letter's place in a week's text."""
        return DAYS.index(self.day) * HOURS + self.hour - FIRST_HOUR

    @property
    def title(self) -> str:
        """« mardi à 10 h, semaine impaire »."""
        return f"{DAY_NAMES[self.day]} à {self.hour}\u00a0h{_PARITIES[self.parity]}"


def moments(weeks: pd.DataFrame) -> tuple[Moment, ...]:
    """Five usual moments, and the one at which buses alone serve most communes (Thursday at 18 h without any bus)."""
    parities = [parity for parity in _PARITIES if (weeks["week_parity"] == parity).any()]
    if not parities:
        return ()
    shown = [Moment(parities[0], day, hour) for day, hour in _USUAL]
    counts: Counter[Moment] = Counter()
    for parity, week in zip(weeks["week_parity"], weeks["week"], strict=True):
        for place, letter in enumerate(week):
            if letter == "b":
                counts[Moment(parity, DAYS[place // HOURS], place % HOURS + FIRST_HOUR)] += 1
    rest = [(moment, count) for moment, count in counts.items() if moment not in shown]
    best = max(rest, key=lambda one: (one[1], -one[0].place, one[0].parity), default=None)
    return (*shown, best[0] if best else Moment(parities[0], "Th", 18))


def draw_hour_maps(
    communes: gpd.GeoDataFrame, weeks: pd.DataFrame, departement: str, near: int, *, width: float = 180.0
) -> StaticMap:
    """Six small maps of the communes' layer (see ``layers.py``), their titles, and one legend.

    Parameters
    ----------
    communes
        insee and geometry (EPSG:4326).
    weeks
        ``commune_weeks`` of the slot: insee, week_parity, week.
    departement
        Chooses the projection.
    near
        Minutes within which a place counts in `weeks`.
    width
        Millimetres.

    Returns
    -------
    StaticMap
        A commune of which nothing is said is drawn as not computed.
    """
    import shapely

    areas = in_metres(communes, departement)
    shown = moments(weeks)
    polygonal = np.isin(shapely.get_type_id(areas), (3, 6))
    if not shown or not polygonal.any():
        said = _text(2, 7, "Carte par heure non calculée\u00a0: ni contours, ni horaires.")
        return StaticMap(svg(width, 12.0, said), width, 12.0)
    side = (width - _GAP * (_COLUMNS - 1)) / _COLUMNS
    frame, height = fit(shapely.total_bounds(list(areas[polygonal])), side, side * 1.2, strip=0.0)
    drawn = [PATTERNS, _outlines(areas, polygonal, frame)]
    for number, moment in enumerate(shown):
        left = (number % _COLUMNS) * (side + _GAP)
        top = (number // _COLUMNS) * (height + _TITLE + _GAP)
        letters = _letters(communes["insee"], weeks, moment)
        uses = "".join(
            f'<use href="#c{place}" fill="{FILLS[letter]}"/>'
            for place, letter in enumerate(letters)
            if polygonal[place]
        )
        title = _text(left, top + 4.0, moment.title, weight=600)
        drawn.append(f'{title}<g transform="translate({left:.2f} {top + _TITLE:.2f})">{uses}<use href="#tour"/></g>')
    rows = -(-len(shown) // _COLUMNS)
    bottom = rows * (height + _TITLE + _GAP)
    drawn.append(_legend(bottom, near))
    return StaticMap(svg(width, bottom + _LEGEND, "".join(drawn)), width, bottom + _LEGEND)


def _outlines(areas: NDArray[np.object_], polygonal: NDArray[np.bool_], frame: Frame) -> str:
    """Each commune once, to be used with six fills, and the edge of them all."""

    shapes = simplified(areas, _SIMPLIFY / frame.scale)
    paths = "".join(
        f'<path id="c{place}" d="{path_data(shape, frame)}" fill-rule="evenodd" stroke="#FFFFFF" stroke-width="0.1"/>'
        for place, shape in enumerate(shapes)
        if polygonal[place]
    )
    edge = path_data(together(shapes[polygonal]), frame)
    return f'<defs>{paths}<path id="tour" d="{edge}" fill="none" stroke="{INK}" stroke-width="0.22"/></defs>'


def _letters(insees: pd.Series, weeks: pd.DataFrame, moment: Moment) -> list[str]:
    rows = weeks[weeks["week_parity"] == moment.parity]
    said = {insee: week[moment.place] for insee, week in zip(rows["insee"], rows["week"], strict=True)}
    return [said.get(insee, "x") for insee in insees]


def _legend(top: float, near: int) -> str:
    parts, x = [], 0.0
    for letter, pattern in NAMES.items():
        name = pattern.format(near=near)
        parts.append(
            f'<rect x="{x:.2f}" y="{top + 2:.2f}" width="4" height="3" fill="{FILLS[letter]}" stroke="{RULE}" '
            f'stroke-width="0.2"/>{_text(x + 5.0, top + 4.6, name)}'
        )
        x += 11.0 + 1.28 * len(name)
    return "".join(parts)


def _text(x: float, y: float, content: str, *, weight: int = 400) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="{FONT}" font-size="2.7" font-weight="{weight}" '
        f'fill="{INK}">{escape(content)}</text>'
    )
