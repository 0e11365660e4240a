"""The map as an image that stands alone: its title, legend, scale, sources and date are on it."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from fs_pipeline.briefing.national import NationalBrief
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography import palette
from fs_pipeline.cartography.glyphs import Printed, drawable
from fs_pipeline.cartography.static_map import StaticMap
from fs_pipeline.cartography.typeset import drawn


def write_image(brief: Brief | NationalBrief, static_map: StaticMap) -> bytes:
    """PNG; same view and map, same bytes."""
    said = _of_nation(brief) if isinstance(brief, NationalBrief) else _of_departement(brief)
    return _typeset(json.dumps(Printed().tree(said), ensure_ascii=False), static_map.svg)


def write_outreach_image(brief: Brief, drawn_map: StaticMap) -> bytes:
    """The small map of who goes to whom with its legend, as PNG."""
    classes = [_line("class", one.code, one.label) for one in brief.outreach.classes]
    marks = [_line(one.code, one.code, one.label) for one in brief.outreach.marks]
    said = {
        "title": f"{brief.departement_name}\u00a0: {brief.outreach.title[:1].lower()}{brief.outreach.title[1:]}",
        "about": brief.outreach.lead,
        "legends": [("Temps de trajet", classes), ("Aller vers", marks)],
        "notes": [brief.outreach.trust, *_fictional(brief)],
    }
    return _typeset(json.dumps(Printed().tree(said), ensure_ascii=False), drawn_map.svg)


@lru_cache(maxsize=4)  # partners and the public mostly see the same map
def _typeset(said: str, svg: str) -> bytes:
    values = {"image": said, "map": drawable(svg), "palette": json.dumps(palette.for_templates())}
    return drawn(files("fs_pipeline.briefing") / "templates" / "carte.typ", values)


def _of_departement(brief: Brief) -> dict[str, object]:
    classes = [_line("class", one.code, one.label, one.detail) for one in brief.map.classes]
    roles = [_line("place", one.code, f"{one.label} ({one.text})") for one in brief.map.roles]
    said = (brief.map.method, brief.map.not_drawn, brief.map.sources)
    return {
        "title": f"{brief.departement_name}\u00a0: {brief.map.title[:1].lower()}{brief.map.title[1:]}",
        "about": brief.map.lead,
        "legends": [("Temps de trajet", classes), ("Lieux", roles)],
        "notes": [text for text in said if text] + _fictional(brief),
    }


def _of_nation(brief: NationalBrief) -> dict[str, object]:
    classes = [_line("share", one.code, one.label, one.detail) for one in brief.map_classes]
    return {
        "title": brief.map_title,
        "about": f"{brief.campaign}, données au {brief.reference_date}",
        "legends": [(f"Habitants à {brief.near}\u00a0min", classes)],
        "notes": [brief.map_trust, *_fictional(brief)],
    }


def _line(kind: str, code: str, label: str, detail: str = "") -> dict[str, str]:
    return {"kind": kind, "code": code, "label": label, "detail": detail}


def _fictional(brief: Brief | NationalBrief) -> list[str]:
    return [f"{brief.banner}."] if brief.banner else []
