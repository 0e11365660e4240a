"""The dossier as a Word document: every claim is in it, its structure is styles, and the same view gives the same bytes."""

import io
import zipfile
from dataclasses import replace

import docx
import docxtpl
import jinja2
import pytest
from docx.document import Document

from fs_pipeline.briefing import kept_template
from fs_pipeline.briefing.claims import claims
from fs_pipeline.briefing.docx import write_docx
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.image import write_image
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography.static_map import undrawn
from fs_pipeline.editions.edition import EDITIONS, Edition
from tests.unit.briefing.sample import empty_tables, tiny_tables
from tests.unit.briefing.test_claims import whole_tables
from tools.build_dossier_docx import TEMPLATE, template

MARKUP = "<b>Foyer</b> & {{ 7 * 7 }} {% raw %} \x0b"


def written(brief: Brief) -> Document:
    return docx.Document(io.BytesIO(write_docx(brief, write_image(brief, undrawn()))))


def words(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([paragraph.text for paragraph in document.paragraphs] + cells).split())


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("whole", [True, False])
def test_every_figure_of_every_claim_is_in_the_document(edition: Edition, whole: bool) -> None:
    brief = build_brief((whole_tables() if whole else empty_tables()).let_out(edition), edition)
    said = words(written(brief))
    shown = {row.demarche_id for row in brief.matrix.chosen}
    told = [one for one in claims(brief) if one.section != "matrix" or one.name in shown]
    assert len(told) > (50 if whole else 5)
    for claim in told:
        missing = [word for word in claim.text.split() if word.strip("().") not in said]
        assert not missing, (claim.id, missing)


def test_its_structure_is_styles() -> None:
    document = written(build_brief(whole_tables(), "internal"))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.text]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") == 13
    assert all(run.font.size is None and run.font.bold is None for one in document.paragraphs for run in one.runs)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader"), table.cell(0, 0).text
    assert document.inline_shapes[0]._inline.docPr.get("descr")
    assert document.core_properties.language == "fr-FR"


def test_what_comes_from_a_survey_is_text_whatever_it_looks_like() -> None:
    brief = build_brief(tiny_tables(), "internal")
    brief = replace(brief, findings=((MARKUP, "."),), findings_evidence=brief.findings_evidence[:1])
    assert "<b>Foyer</b> & {{ 7 * 7 }} {% raw %}" in words(written(brief))


def test_the_same_view_gives_the_same_bytes_and_no_date_of_today() -> None:
    brief = build_brief(tiny_tables(), "internal")
    drawn = write_image(brief, undrawn())
    content = write_docx(brief, drawn)
    assert content == write_docx(brief, drawn)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {part.date_time[0] for part in archive.infolist()} == {1980}
        assert b"2022-11-15" in archive.read("docProps/core.xml")


def test_the_template_is_what_its_tool_writes() -> None:
    assert TEMPLATE.read_bytes() == template(), "python tools/build_dossier_docx.py"


@pytest.mark.parametrize("told", ["Un lieu.", "Un lieu\nsur deux lignes,\tun autre."])
def test_a_template_compiled_once_fills_in_as_docxtpl_does_each_time(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = replace(build_brief(tiny_tables(), "internal"), campaign=told)
    drawn = write_image(brief, undrawn())
    kept = write_docx(brief, drawn)
    monkeypatch.setattr(kept_template, "KeptTemplate", docxtpl.DocxTemplate)
    monkeypatch.setattr(kept_template, "environment", jinja2.Environment)
    assert kept == write_docx(brief, drawn)
