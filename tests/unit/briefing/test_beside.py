"""What stands beside a key figure is the same number in every form: page, plot, PDF and its text, Word, workbook, claims."""

from __future__ import annotations

import ctypes
import io
import json
import re
from collections.abc import Iterator

import docx
import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from fs_pipeline import french
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.key_figures import written
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view import Brief
from fs_pipeline.editions.edition import EDITIONS, Edition
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import comparisons, tiny_tables
from tests.unit.briefing.test_claims import whole_tables
from tests.unit.briefing.test_documents import packed

SCOPES = {"region": "région", "nation": "France", "previous": "novembre 2021"}
PLOT = re.compile(r'<svg class="dots".*?</svg>', re.DOTALL)


def rows_of(tables: SlotTables) -> dict[tuple[str, str], list[Row]]:
    wanted = ("key", "dimension", "scope", "territory", "territory_name", "value", "unit", "departements", "among")
    found: dict[tuple[str, str], list[Row]] = {}
    for row in records(tables.brief_comparisons, *wanted):
        found.setdefault((row["key"], row["dimension"]), []).append(row)
    return found


def alt_texts(page: pypdfium2.PdfPage) -> Iterator[str]:
    """What a screen reader is told of each figure of a page."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    waiting = [
        pdfium.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(pdfium.FPDF_StructTree_CountChildren(tree))
    ]
    while waiting:
        element = waiting.pop(0)
        if not element:
            continue
        length = pdfium.FPDF_StructElement_GetAltText(element, None, 0)
        if length > 2:
            buffer = ctypes.create_string_buffer(length)
            pdfium.FPDF_StructElement_GetAltText(element, buffer, length)
            yield spaced(buffer.raw.decode("utf-16-le").rstrip("\0"))
        many = pdfium.FPDF_StructElement_CountChildren(element)
        waiting += [pdfium.FPDF_StructElement_GetChildAtIndex(element, n) for n in range(many)]


@pytest.fixture(scope="module", params=EDITIONS)
def made(request: pytest.FixtureRequest) -> tuple[SlotTables, Brief, dict[str, bytes]]:
    edition: Edition = request.param
    tables = whole_tables().let_out(edition)
    return tables, build_brief(tables, edition), packed(tables, edition)


def test_each_form_says_the_numbers_of_the_table(made: tuple[SlotTables, Brief, dict[str, bytes]]) -> None:
    tables, brief, files = made
    document = pypdfium2.PdfDocument(files["dossier.pdf"])
    cover = spaced(document[0].get_textpage().get_text_range())
    alts = [alt for alt in alt_texts(document[0]) if alt.startswith("Points sur une ligne")]
    page = said_by(files["dossier.html"])
    table = next(
        [[spaced(cell.text) for cell in row.cells] for row in one.rows]
        for one in docx.Document(io.BytesIO(files["dossier.docx"])).tables
        if one.cell(0, 0).text.startswith("Chiffre, et ce qui est à côté")
    )
    told = {one["id"]: one for one in json.loads(files["affirmations.json"])["affirmations"]}
    found = rows_of(tables)
    assert len(alts) == len(table) - 1 == len(found) == len(brief.comparison.rows) == 2
    for place, (name, rows) in enumerate(found.items()):
        claim = told[f"beside/{'.'.join(name)}"]
        numbers = {one["name"]: one["value"] for one in claim["figures"]}
        cells = table[place + 1]
        for column, (scope, word) in enumerate(SCOPES.items(), start=2):
            row = next(row for row in rows if row["scope"] == scope)
            text = spaced(written(row["value"], row["unit"]))
            for said in (cover, page, alts[place], cells[0], spaced(claim["text"])):
                assert re.search(rf"{word} ?:? {text}", said, re.IGNORECASE), (scope, text, said)
            assert cells[column] == text
            assert numbers[scope] == row["value"]
        others = [row for row in rows if row["scope"] == "departement"]
        least, most = min(row["value"] for row in others), max(row["value"] for row in others)
        spread = spaced(f"de {french.share(least)} à {french.share(most)}")
        assert all(spread in said for said in (cover, page, alts[place], cells[5], spaced(claim["text"])))
        assert (numbers["least"], numbers["most"]) == (least, most)
        for row in others:
            assert f"{row['territory_name'].replace(chr(39), '’')} {spaced(french.share(row['value']))}" in alts[place]


def test_a_plot_holds_the_numbers_where_they_belong(made: tuple[SlotTables, Brief, dict[str, bytes]]) -> None:
    tables, brief, files = made
    plots = PLOT.findall(files["dossier.html"].decode())
    assert len(plots) == 2
    for plot, beside, rows in zip(plots, brief.comparison.rows, rows_of(tables).values(), strict=True):
        assert f'role="img" aria-label="{beside.alt}"' in plot
        low, high = (int(re.sub(r"\D", "", bound)) / 100 for bound in (beside.low, beside.high))
        centres = [float(x) for x in re.findall(r'cx="([\d.]+)"', plot)]
        read = sorted(low + (x - 10) / 200 * (high - low) for x in centres)
        own = next(figure.evidence.figures[0].value for figure in brief.figures if figure.beside is beside)
        expected = sorted([own, *(row["value"] for row in rows if row["scope"] in {"departement", "previous"})])
        assert read == pytest.approx(expected, abs=0.001)
        assert beside.marks[-1].code == "own"


def test_the_workbook_holds_the_rows_unrounded(made: tuple[SlotTables, Brief, dict[str, bytes]]) -> None:
    tables, _, files = made
    sheet = openpyxl.load_workbook(io.BytesIO(files["annexes.xlsx"]))["Chiffres à côté"]
    keys = [cell.value for cell in sheet[2]]
    written_values = [row[keys.index("value")] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert written_values == pytest.approx([row["value"] for rows in rows_of(tables).values() for row in rows])


def test_who_stands_and_who_does_not_yet_is_said_once() -> None:
    brief = build_brief(whole_tables(), "internal")
    assert spaced(brief.comparison.lead) == (
        "À côté : les 6 départements de la région Région d’exercice, 10 des 14 départements de France et la campagne de "
        "novembre 2021, calculés de la même façon. Chaque ligne a son échelle."
    )
    tables = tiny_tables()
    alone = tables.having(
        brief_comparisons=comparisons(tables.indicators).query("scope in ('region', 'nation')").assign(
            value=None, departements=1, reason="few"
        )
    )  # fmt: skip
    brief = build_brief(alone, "internal")
    assert not brief.comparison.rows
    assert not any(figure.beside or figure.not_beside for figure in brief.figures)
    assert "d’aucun autre" in brief.comparison.lead
    assert said_by(packed(alone)["dossier.html"]).count("d’aucun autre") == 1


def test_a_point_under_another_still_shows() -> None:
    tables = tiny_tables()
    rows = comparisons(tables.indicators)
    own = tables.indicators.set_index(["key", "dimension"])["value"]
    same = rows.assign(
        value=[own[key, dimension] for key, dimension in zip(rows["key"], rows["dimension"], strict=True)]
    )
    brief = build_brief(tables.having(brief_comparisons=same), "internal")
    for beside in brief.comparison.rows:
        assert len({mark.at for mark in beside.marks}) == 1
        assert {mark.code for mark in beside.marks} == {"other", "nation", "region", "previous", "own"}
        assert 0 <= beside.marks[0].at <= 1
        assert beside.low != beside.high
