"""The week as a grid: which share of the population is near an open place, by weekday and hour, drawn as SVG in millimetres.

A cell says the share in per cent, what buses add, and what unknown hours might add. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from fs_pipeline.cartography.palette import BLUE, GREY, INK, PANEL, RULE
from fs_pipeline.cartography.static_map import FONT, StaticMap

DAY_NAMES = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
}
WEEK_NAMES = {"every": "", "odd": "Semaines impaires", "even": "Semaines paires"}
CLASSES = (  # from this share on: fill, ink
    (0.95, "#17477E", "#FFFFFF"),
    (0.80, "#2F629B", "#FFFFFF"),
    (0.50, "#7BA0C6", INK),
    (0.20, "#BCD0E4", INK),
    (0.005, "#E6EDF4", INK),
    (0.0, "#FFFFFF", GREY),
)
_CLASS_NAMES = ("95\u00a0% et plus", "80 à 95", "50 à 80", "20 à 50", "moins de 20", "personne")
_LEFT, _TOP, _ROW, _GAP = 17.0, 6.0, 8.2, 4.0
_NBSP = "\u00a0"


def draw_hours(by_hour: pd.DataFrame, *, service: str, threshold: int = 20, width: float = 170.0) -> StaticMap:
    """The usual week of one service, odd and even weeks one under the other where they differ.

    Parameters
    ----------
    by_hour
        ``coverage_by_hour`` of one slot: service, threshold, period, week_parity, weekday, hour, share,
        share_with_buses, share_unknown.
    service
        Which of its services (``label:france_services``).
    threshold
        Minutes.
    width
        Millimetres.

    Returns
    -------
    StaticMap
        Its SVG and size; a sentence instead of a grid where nothing was computed. Sundays are left out when nobody
        receives then.
    """
    rows = by_hour[
        (by_hour["service"] == service) & (by_hour["threshold"] == threshold) & (by_hour["period"] == "usual")
    ]
    if rows.empty:
        return _said("Couverture par heure non calculée", width)
    title = _title(rows, service, threshold)
    parts = [_text(0, 3.4, title.partition(" ; ")[0] + ", en %", size=3.0, fill=GREY)]
    top = 5.0
    hours = sorted(int(hour) for hour in rows["hour"].unique())
    weeks = [week for week in WEEK_NAMES if (rows["week_parity"] == week).any()]
    days = _days(rows)
    step = (width - _LEFT - 0.2) / len(hours)
    for week in weeks:
        cells = rows[rows["week_parity"] == week].set_index(["weekday", "hour"]).to_dict("index")
        if WEEK_NAMES[week]:
            parts.append(_text(0, top + 3.6, WEEK_NAMES[week], size=3.0, weight=600))
            top += 5.0
        parts += [
            _text(_LEFT + (column + 0.5) * step, top + 4.2, f"{hour}{_NBSP}h", anchor="middle", fill=GREY)
            for column, hour in enumerate(hours)
        ]
        for line, day in enumerate(days):
            y = top + _TOP + line * _ROW
            parts.append(_text(_LEFT - 2.0, y + _ROW / 2 + 1.0, DAY_NAMES[day], anchor="end"))
            parts += [_cell(cells[day, hour], _LEFT + i * step, y, step) for i, hour in enumerate(hours)]
        top += _TOP + len(days) * _ROW + _GAP
    parts += _legend(rows, top, width)
    return _svg(parts, width, top + 12.0, title)


def _days(rows: pd.DataFrame) -> list[str]:
    somebody = rows[(rows["share_with_buses"] > 0) & (rows["weekday"] == "Su")]
    return [day for day in DAY_NAMES if day != "Su" or len(somebody)]


def _cell(row: Mapping[Any, Any], x: float, y: float, step: float) -> str:
    share, buses, unknown = (float(row[name]) for name in ("share", "share_with_buses", "share_unknown"))
    _, fill, ink = next(one for one in CLASSES if share >= one[0])
    box = _box(x, y, step, _ROW, fill)
    more = [f"+{_points(buses - share)}"] if buses - share >= 0.005 else []
    more += [f"?{_points(unknown)}"] if unknown >= 0.01 else []
    middle = x + step / 2
    main = _text(middle, y + (3.9 if more else 5.3), _points(share), anchor="middle", fill=ink, size=3.1, weight=600)
    return box + main + (_text(middle, y + 6.9, " ".join(more), anchor="middle", fill=ink, size=2.2) if more else "")


def _points(share: float) -> str:
    """Whole per cent, never rounded up to all nor down to nobody."""
    if 0.0 < share < 0.01:
        return "<1"
    return ">99" if 0.99 < share < 1.0 else f"{share * 100:.0f}"


def _legend(rows: pd.DataFrame, top: float, width: float) -> list[str]:
    parts, x = [], _LEFT
    for (_, fill, _), name in zip(CLASSES, _CLASS_NAMES, strict=True):
        parts.append(_box(x, top, 4.0, 3.0, fill))
        parts.append(_text(x + 5.0, top + 2.5, name, size=2.4))
        x += 24.0
    marks = []
    if (rows["share_with_buses"] - rows["share"] >= 0.005).any():
        marks.append("+n\u00a0: ce que les bus ajoutent, à leurs arrêts et à leurs heures")
    if (rows["share_unknown"] >= 0.01).any():
        marks.append("?n\u00a0: population dont les seuls lieux proches ont des horaires inconnus")
    places, buses, silent = (int(rows[name].iloc[0]) for name in ("places", "buses", "without_hours"))
    marks.append(f"n\u00a0=\u00a0{places} lieux fixes et {buses} bus, dont {silent} aux horaires inconnus")
    for line, sentence in enumerate((" · ".join(marks[:-1]), marks[-1])):
        parts.append(_text(_LEFT, top + 6.6 + 3.4 * line, sentence, size=2.4, fill=GREY))
    return parts


def _title(rows: pd.DataFrame, service: str, threshold: int) -> str:
    best = rows.sort_values("share", ascending=False).iloc[0]
    how = {"road": "par la route", "estimated": "temps estimé"}[str(best["method"])]
    place = "d’une France services ouverte" if service == "label:france_services" else "d’un lieu ouvert"
    return (
        f"Part de la population à {threshold} minutes ou moins {place} ({how}) ; "
        f"au mieux {_points(float(best['share']))} % le {DAY_NAMES[best['weekday']]} à {int(best['hour'])} h"
    )


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{fill}" '
        f'stroke="{RULE}" stroke-width="0.2"/>'
    )


def _text(
    x: float, y: float, text: str, *, size: float = 2.75, anchor: str = "start", fill: str = INK, weight: int = 400
) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def _said(sentence: str, width: float) -> StaticMap:
    frame = f'<rect width="{width}" height="14" fill="{PANEL}"/>'
    return _svg([frame, _text(4, 8.5, sentence, fill=BLUE)], width, 14.0, sentence)


def _svg(parts: list[str], width: float, height: float, title: str) -> StaticMap:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height:.2f}mm" '
        f'viewBox="0 0 {width} {height:.2f}" font-family="{FONT}" role="img"><title>{escape(title)}</title>'
        + "".join(parts)
        + "</svg>"
    )
    return StaticMap(svg, width, height)
