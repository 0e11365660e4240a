"""The view model as a tagged PDF (PDF/UA-1), set with Typst."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from importlib.resources import files

from fs_pipeline import french
from fs_pipeline.briefing.national import NationalBrief
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography import palette
from fs_pipeline.cartography.glyphs import Printed, drawable
from fs_pipeline.cartography.static_map import StaticMap
from fs_pipeline.cartography.typeset import typeset


def write_pdf(brief: Brief | NationalBrief, static_map: StaticMap, outreach_map: StaticMap | None = None) -> bytes:
    """The dossier, or the nation's brief, on A4; its date is the campaign's, so that the same view gives the same bytes.

    Raises
    ------
    typst.TypstError
        When the pages don't compile or break PDF/UA-1.
    """
    return _set(brief, "dossier.typ" if isinstance(brief, Brief) else "national.typ", static_map, outreach_map)


def write_short_pdf(brief: Brief) -> bytes:
    """The cover and the sheet of the meeting alone, on two pages; see `write_pdf`."""
    return _set(brief, "court.typ")


def _set(brief: Brief | NationalBrief, template: str, *maps: StaticMap | None) -> bytes:
    printed = Printed()
    said = printed.tree(_words(brief if isinstance(brief, NationalBrief) else _on_paper(brief)))
    if printed.left_out:
        caveats = said["meeting"]["caveats"] if isinstance(brief, Brief) else said["caveats"]
        caveats.append(_left_out(len(printed.left_out)))
    values = {
        "brief": json.dumps(said, ensure_ascii=False),
        "palette": json.dumps(palette.for_templates()),
    }
    drawn = zip(("map", "outreach_map"), maps, strict=False)
    values |= {name: drawable(one.svg) for name, one in drawn if one is not None}
    return typeset(files("fs_pipeline.briefing") / "templates" / template, values, dated=brief.iso_date)


def _on_paper(brief: Brief) -> Brief:
    """Without the démarches that the page alone lists."""
    return replace(brief, matrix=replace(brief.matrix, rows=()))


def _words(view: object) -> object:
    """The view without what its words rest on, which is not printed."""
    if is_dataclass(view):
        return {one.name: _words(getattr(view, one.name)) for one in fields(view) if "evidence" not in one.name}
    return [_words(item) for item in view] if isinstance(view, list | tuple) else view


def _left_out(signs: int) -> tuple[str, str]:
    """Said once, among what the reader must doubt."""
    counted = french.count(signs, "signe")
    are = "sont laissés" if signs > 1 else "est laissé"
    rest = f"{counted} (émoji, autre alphabet) {are} de côté sur papier{french.NARROW}; le dossier en page web montre tout."
    return ("Tout ne s’imprime pas.", rest)
