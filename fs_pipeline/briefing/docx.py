"""The view model as a Word document that a cabinet may edit: its looks are the styles of ``dossier.docx``, its template."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from fs_pipeline.briefing.view import Brief
from fs_pipeline.briefing.words import EVIDENCE_CODES

if TYPE_CHECKING:
    from docx.document import Document

_MAP_MM = 176
_SMALL_MM = 150
_LETTERS = dict(zip(EVIDENCE_CODES, "●○◇▷☒?", strict=True))  # the signs that the page and the PDF draw
# Of a ZIP archive (PKWARE, APPNOTE 4.3.7 and 4.3.12): midnight of 1 January 1980, its earliest; and the octets of a part's entry
# in the list at its end, before its name.
_FIRST_DAY, _LISTED = struct.pack("<2H", 0, 1 << 5 | 1), 46


def write_docx(brief: Brief, drawn: bytes | None, outreach_drawn: bytes | None = None) -> bytes:
    """The dossier as DOCX, with the maps' images (PNG) where they could be drawn; same view and images, same bytes."""
    from docx.shared import Mm
    from docxtpl import InlineImage

    from fs_pipeline.briefing.kept_template import KeptTemplate, environment

    template = KeptTemplate(str(files("fs_pipeline.briefing") / "templates" / "dossier.docx"))
    images = [
        "" if one is None else InlineImage(template, io.BytesIO(one), width=Mm(wide))
        for one, wide in ((drawn, _MAP_MM), (outreach_drawn, _SMALL_MM))
    ]
    values = {"brief": brief, "drawn": images[0], "outreach_drawn": images[1], "letters": _LETTERS}
    template.render(values, environment(), autoescape=True)
    document = template.docx
    _fit(document)
    alts = [alt for one, alt in ((drawn, brief.map.alt), (outreach_drawn, brief.outreach.alt)) if one is not None]
    _describe(document, brief, alts)
    stream = io.BytesIO()
    document.save(stream)
    return still(stream.getvalue())


def still(archive: bytes) -> bytes:
    """A ZIP archive of which no part is dated: what the headers say of the day is rewritten, and nothing is squeezed again."""
    written = bytearray(archive)
    with zipfile.ZipFile(io.BytesIO(archive)) as given:
        listed = given.start_dir
        for part in given.infolist():
            written[part.header_offset + 10 : part.header_offset + 14] = _FIRST_DAY
            written[listed + 12 : listed + 16] = _FIRST_DAY
            listed += _LISTED + sum(struct.unpack_from("<3H", written, listed + 28))  # name, extra field, comment
    return bytes(written)


def _fit(document: Document) -> None:
    """Give the grid of each table the widths of its own cells: a loop over columns leaves them all alike."""
    for table in document.tables:
        for column, cell in zip(table._tbl.tblGrid.gridCol_lst, table._tbl.tr_lst[0].tc_lst, strict=False):
            column.w = cell.width or column.w


def _describe(document: Document, brief: Brief, alts: Sequence[str]) -> None:
    """What a reader's machine says of the file, and of each map, in their order, to whoever does not see it."""
    about = document.core_properties
    about.title = f"{brief.title} – {brief.departement_name}, {brief.campaign}"
    about.author = about.last_modified_by = brief.departement_name
    about.language, about.comments = "fr-FR", ""
    about.created = about.modified = datetime.datetime.fromisoformat(brief.iso_date)
    for shape, alt in zip(document.inline_shapes, alts, strict=True):
        shape._inline.docPr.set("descr", alt)  # python-docx has no word for it
