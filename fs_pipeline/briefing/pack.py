"""The files of a dossier for one edition, each made alone: PDF, page, web map, the map as an image, what it claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from fs_pipeline.briefing.annex import write_annex
from fs_pipeline.briefing.claims import write_claims
from fs_pipeline.briefing.docx import write_docx
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.image import write_image, write_outreach_image
from fs_pipeline.briefing.map_page import write_map_page
from fs_pipeline.briefing.national import NationalBrief, NationalTables, build_national
from fs_pipeline.briefing.national_map import NationalLayers, write_national_map
from fs_pipeline.briefing.pdf import write_pdf, write_short_pdf
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.view import Brief
from fs_pipeline.briefing.web_map import ARCHIVE, PAGE, write_web_map
from fs_pipeline.cartography.alone import Failed, each_alone
from fs_pipeline.cartography.once import Once
from fs_pipeline.cartography.outreach_map import draw_outreach
from fs_pipeline.cartography.static_map import StaticMap, draw_map, undrawn
from fs_pipeline.editions.edition import Edition

if TYPE_CHECKING:
    import geopandas as gpd


def pack(
    tables: SlotTables,
    edition: Edition,
    layers: Mapping[str, gpd.GeoDataFrame],
    once: Once | None = None,
    failed: Failed | None = None,
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
    failed
        Takes the files that could not be made, which are left out; None raises instead.
    """
    once = once or Once()
    let_out = tables.let_out(edition)

    def brief() -> Brief:
        return once(build_brief, let_out, edition, once)

    def static_map() -> StaticMap:
        told = (let_out.departement, let_out.thresholds, once)
        return once(draw_map, layers["communes"], layers["places"], *told, layers["roads"])

    def page() -> bytes:
        return write_map_page(brief(), let_out, layers["places"], layers["communes"], once)

    def outreach_map() -> StaticMap | None:
        if brief().outreach.left_out is not None:
            return None
        told = (let_out.outreach, let_out.survey_rounds, let_out.departement, let_out.thresholds)
        return _drawn(lambda: once(draw_outreach, layers["communes"], *told))

    def web_map(name: str) -> bytes:
        return once(write_web_map, brief(), let_out, layers["places"], layers["communes"], once)[name]

    makers = {**_makers(brief, static_map, once, outreach_map), "carte.html": page}
    makers |= {name: partial(web_map, name) for name in (PAGE, ARCHIVE)}
    makers["dossier.docx"] = lambda: write_docx(
        brief(), _image(brief, static_map, once), _small(brief, outreach_map, once)
    )
    makers["annexes.xlsx"] = lambda: write_annex(let_out, edition)
    if not let_out.withholds("levers"):  # whoever may not read them holds no meeting
        makers["dossier-court.pdf"] = lambda: write_short_pdf(brief())
    return each_alone(makers, failed)


def national_pack(
    let_out: NationalTables,
    edition: Edition,
    static_map: StaticMap,
    failed: Failed | None = None,
    layers: Callable[[], NationalLayers] | None = None,
    once: Once | None = None,
) -> dict[str, bytes]:
    """File name to bytes, of the nation's brief; see `pack`.

    `layers` reads what the départements published in this edition, of which the web map is made; None makes no map.
    """
    own, shared = Once(), once or Once()

    def brief() -> NationalBrief:
        return own(build_national, let_out, edition)

    makers = _makers(brief, lambda: static_map, own)
    if layers is not None:
        read = layers

        def web_map(name: str) -> bytes:
            return own(write_national_map, brief(), own(read), let_out.commune_need, let_out.thresholds, shared)[name]

        makers |= {name: partial(web_map, name) for name in (PAGE, ARCHIVE)}
    return each_alone(makers, failed)


def _makers(
    brief: Callable[[], Brief | NationalBrief],
    static_map: Callable[[], StaticMap],
    once: Once,
    outreach_map: Callable[[], StaticMap | None] = lambda: None,
) -> dict[str, Callable[[], bytes]]:
    return {
        "carte.png": lambda: once(write_image, brief(), static_map()),
        "dossier.pdf": lambda: write_pdf(brief(), _drawn(static_map), outreach_map()),
        "dossier.html": lambda: write_html(brief(), _drawn(static_map), outreach_map()),
        "affirmations.json": lambda: write_claims(brief()),
    }


def _drawn(static_map: Callable[[], StaticMap]) -> StaticMap:
    """The map; where it fails, its own file's failure is noted, and the words go out without it."""
    try:
        return static_map()
    except Exception:
        return undrawn()


def _image(brief: Callable[[], Brief], static_map: Callable[[], StaticMap], once: Once) -> bytes | None:
    """The map as an image, None where it fails, as in `_drawn`."""
    try:
        return once(write_image, brief(), static_map())
    except Exception:
        return None


def _small(brief: Callable[[], Brief], drawn: Callable[[], StaticMap | None], once: Once) -> bytes | None:
    """The map of outreach as an image; None where the chapter is left out, or where it fails."""
    try:
        chosen = drawn()
        return None if chosen is None else once(write_outreach_image, brief(), chosen)
    except Exception:
        return None
