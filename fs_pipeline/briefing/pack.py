"""The files of a dossier for one edition: PDF, page, web map, and the map as an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.map_page import write_map_page
from fs_pipeline.briefing.national import NationalBrief, NationalTables, build_national
from fs_pipeline.briefing.pdf import write_pdf
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography.once import Once
from fs_pipeline.cartography.static_map import StaticMap, draw_map
from fs_pipeline.cartography.typeset import draw_png
from fs_pipeline.editions.edition import Edition

if TYPE_CHECKING:
    import geopandas as gpd


def pack(
    tables: SlotTables, edition: Edition, layers: Mapping[str, gpd.GeoDataFrame], once: Once | None = None
) -> dict[str, bytes]:
    """File name to bytes; same tables and code, same bytes.

    Parameters
    ----------
    tables
        A slot's; what `edition` holds back is not read.
    layers
        Drawn from what `edition` lets out.
    once
        Makes once what the editions of a slot share.
    """
    once = once or Once()
    let_out = tables.let_out(edition)
    brief = build_brief(let_out, edition, once)
    static_map = once(draw_map, layers["communes"], layers["places"], let_out.departement)
    page = write_map_page(brief, let_out, layers["places"], layers["communes"], once)
    return _written(brief, static_map, once) | {"carte.html": page}


def national_pack(let_out: NationalTables, edition: Edition, static_map: StaticMap) -> dict[str, bytes]:
    """File name to bytes, of the nation's brief."""
    return _written(build_national(let_out, edition), static_map, Once())


def _written(brief: Brief | NationalBrief, static_map: StaticMap, once: Once) -> dict[str, bytes]:
    return {
        "dossier.pdf": write_pdf(brief, static_map),
        "dossier.html": write_html(brief, static_map),
        "carte.png": once(draw_png, static_map),
    }
