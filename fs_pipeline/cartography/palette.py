"""Colours of the printed and drawn maps and pages, checked for contrast and in greyscale."""

from __future__ import annotations

from fs_pipeline.coverage.thresholds import Thresholds

INK = "#1B2430"
GREY = "#55606E"
BLUE = "#17477E"
VERMILION = "#B23A1E"
OCHRE = "#8A5A00"
OTHER_PLACE = "#7C8794"
ROAD = "#8C7046"
RULE = "#C3CBD4"
TRACK = "#DDE3EA"
PANEL = "#F1F4F7"
ALERT_TINT = "#F8E9E3"
HOUR_BAR = "#6E93BA"
CLASS_FILLS = {"near": "#E6EDF4", "between": "#9DB8D3", "far": "#B9502F", "not_computed": "#F4F5F7"}
# Share of a département's population within the near threshold, darker where fewer are near.
SHARE_FILLS = {
    "95+": "#E6EDF4",
    "80-95": "#9DB8D3",
    "60-80": "#5C85AF",
    "0-60": "#B9502F",
    "not_computed": "#F4F5F7",
}
ROLE_LABELS = {
    "fixed": "France services",
    "antenne": "antenne de France services",
    "itinerant": "bus ou itinérance",
    "other": "autre lieu recensé",
}
ROLE_SINGULAR = ROLE_LABELS | {"antenne": "antenne", "itinerant": "itinérant", "other": "autre lieu"}
# Share near an open place at an hour: from this share on, fill, ink on it.
HOUR_TONES = (
    (0.0, "#FFFFFF", GREY),
    (0.005, "#E6EDF4", INK),
    (0.20, "#BCD0E4", INK),
    (0.50, "#7BA0C6", INK),
    (0.80, "#2F629B", "#FFFFFF"),
    (0.95, BLUE, "#FFFFFF"),
)
SHARE_LABELS = {
    "95+": "95\u202f% et plus",
    "80-95": "de 80 à 95\u202f%",
    "60-80": "de 60 à 80\u202f%",
    "0-60": "moins de 60\u202f%",
    "not_computed": "non calculé",
}
NAMED = {
    "ink": INK,
    "grey": GREY,
    "blue": BLUE,
    "vermilion": VERMILION,
    "ochre": OCHRE,
    "other_place": OTHER_PLACE,
    "rule": RULE,
    "track": TRACK,
    "panel": PANEL,
    "alert_tint": ALERT_TINT,
    "hour_bar": HOUR_BAR,
}


def class_labels(thresholds: Thresholds) -> dict[str, str]:
    """Class of minutes -> its French name, near to far."""
    near, far = thresholds
    return {
        "near": f"{near}\u00a0minutes ou moins",
        "between": f"de {near} à {far}\u00a0minutes",
        "far": f"plus de {far}\u00a0minutes",
        "not_computed": "non calculé",
    }


def for_templates() -> dict[str, object]:
    """The named colours and the classes' fills, as the page templates read them."""
    return NAMED | {"classes": CLASS_FILLS, "shares": SHARE_FILLS, "tones": HOUR_TONES}
