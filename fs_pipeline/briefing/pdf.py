"""The view model as a tagged PDF (PDF/UA-1), set with Typst."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files

from fs_pipeline.briefing.national import NationalBrief
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography import palette
from fs_pipeline.cartography.static_map import StaticMap
from fs_pipeline.cartography.typeset import typeset


def write_pdf(brief: Brief | NationalBrief, static_map: StaticMap) -> bytes:
    """The dossier, or the nation's brief, on A4; its date is the campaign's, so that the same view gives the same bytes.

    Raises
    ------
    typst.TypstError
        When the pages don't compile or break PDF/UA-1.
    """
    values = {
        "brief": json.dumps(asdict(brief), ensure_ascii=False),
        "map": static_map.svg,
        "palette": json.dumps(palette.for_templates()),
    }
    name = "dossier.typ" if isinstance(brief, Brief) else "national.typ"
    return typeset(files("fs_pipeline.briefing") / "templates" / name, values, dated=brief.iso_date)
