"""The table of démarches by place says each cell as it is known, in every form, and is left out where nobody said anything."""

from __future__ import annotations

import io
import re

import docx
import pandas as pd

from fs_pipeline.briefing.chapter_by_place import COLUMNS
from fs_pipeline.briefing.claims import claims
from fs_pipeline.briefing.docx import write_docx
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.pdf import write_pdf
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.words import EVIDENCE
from fs_pipeline.cartography.static_map import undrawn
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import tiny_tables
from tests.unit.briefing.test_documents import pdf_pages

LONG = "Maison de services au public et de la solidarité des vallées, des plateaux et des coteaux de l’Exemple et de ses environs"


def many_places(tables: SlotTables, count: int) -> SlotTables:
    """`count` places with the cells of the first, the last of them refusing most."""
    first, matrix = tables.places.iloc[[0]], tables.demarche_matrix
    cells = matrix[matrix["place_id"] == matrix["place_id"].iloc[0]]
    places, found = [], []
    for number in range(count):
        place = f"many-{number:02d}"
        places.append(first.assign(place_id=place, name=f"{LONG} {number:02d}", itinerant=number == count - 1))
        refused = cells.assign(place_id=place)
        refused.loc[refused.index[:number], "evidence"] = "none"
        found.append(refused)
    return tables.having(
        places=pd.concat(places, ignore_index=True), demarche_matrix=pd.concat(found, ignore_index=True)
    )


def test_each_cell_is_what_the_table_of_evidence_says() -> None:
    tables = tiny_tables()
    told = build_brief(tables, "internal").by_place
    known = tables.demarche_matrix.set_index(["demarche_id", "place_id"])["evidence"]
    assert told.rows
    for row in told.rows:
        for head, cell in zip(told.heads, row.cells, strict=True):
            assert cell.code == known.get((row.demarche_id, head.place_id), "unknown")
    told_of = set(
        tables.demarche_matrix.loc[tables.demarche_matrix["evidence"].isin(["confirmed", "none"]), "place_id"]
    )
    assert told_of <= {head.place_id for head in told.heads}


def test_every_form_says_the_same_cells() -> None:
    brief = build_brief(tiny_tables(), "internal")
    page = said_by(write_html(brief, undrawn()))
    told = [claim for claim in claims(brief) if claim.section == "by_place"]
    assert len(told) == len(brief.by_place.rows)
    for claim in told:
        assert spaced(claim.text) in page
    letters = dict(zip((code for code, _, _ in EVIDENCE), "●○◇▷☒?", strict=True))
    (table,) = [
        one
        for one in docx.Document(io.BytesIO(write_docx(brief, None))).tables
        if len(one.columns) == 2 + len(brief.by_place.heads) and one.cell(0, 2).text == brief.by_place.heads[0].name
    ]
    for line, row in zip(table.rows[1:], brief.by_place.rows, strict=True):
        assert [cell.text for cell in line.cells[2:]] == [letters[cell.code] for cell in row.cells]
    pdf = write_pdf(brief, undrawn(), undrawn())
    paper = spaced(" ".join(pdf_pages(pdf)))
    assert all(spaced(row.demarche) in paper for row in brief.by_place.rows)
    assert spaced(brief.by_place.trust) in paper


def test_of_many_places_those_that_refuse_most_are_shown_and_long_names_stay_in_the_page() -> None:
    brief = build_brief(many_places(tiny_tables(), 24), "internal")
    told = brief.by_place
    assert [head.place_id for head in told.heads] == [f"many-{number:02d}" for number in range(24 - COLUMNS, 24)]
    assert [head.goes_out for head in told.heads] == [False] * (COLUMNS - 1) + [True]
    assert all(len(head.name) <= 52 for head in told.heads)
    assert f"{COLUMNS}\u00a0lieux sur les 24" in told.trust
    pages = pdf_pages(write_pdf(brief, undrawn(), undrawn()))
    (shown,) = [page for page in pages if told.title in page]
    assert all(spaced(note.said) in spaced(shown) for note in told.notes)


def test_a_survey_that_says_nothing_has_no_such_page() -> None:
    tables = tiny_tables()
    said = tables.demarche_matrix["evidence"].isin(["confirmed", "orientation", "none"])
    brief = build_brief(
        tables.having(
            demarche_matrix=tables.demarche_matrix.assign(
                evidence=tables.demarche_matrix["evidence"].where(~said, "unknown")
            )
        ),
        "internal",
    )
    assert brief.by_place.rows == ()
    assert brief.by_place.title not in said_by(write_html(brief, undrawn()))
    assert not re.search(brief.by_place.title, " ".join(pdf_pages(write_pdf(brief, undrawn(), undrawn()))))
