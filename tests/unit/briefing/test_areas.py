"""The chapters by area are there for many communes, the same in every form; few have them in the annexes only."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pandas as pd

from fs_pipeline.briefing import chapter_areas
from fs_pipeline.briefing.annex import write_annex
from fs_pipeline.briefing.claims import claims
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.pdf import write_pdf
from fs_pipeline.cartography.static_map import undrawn
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import tiny_tables
from tests.unit.briefing.test_documents import pdf_pages


def test_few_communes_are_read_whole_and_the_annexes_have_the_table() -> None:
    tables = tiny_tables()
    brief = build_brief(tables, "internal")
    assert brief.epcis.rows == brief.arrondissements.rows == ()
    book = openpyxl.load_workbook(io.BytesIO(write_annex(tables, "internal")))
    assert book["Intercommunalités"].max_row == len(tables.epci_access) + 2
    assert book["Arrondissements"].max_row == len(tables.arrondissement_access) + 2


def test_nine_hundred_communes_and_long_names_stay_in_the_page() -> None:
    tables = tiny_tables()
    name = "Communauté de communes des vallées, des plateaux et des coteaux de l’Exemple et de ses environs, en Région d’exercice"
    rows = pd.concat(
        [tables.epci_access.assign(epci=f"{n}", epci_name=f"{name} {n}") for n in range(40)], ignore_index=True
    )
    communes = pd.concat(
        [tables.communes.assign(insee=lambda c, n=n: f"{n:02d}" + c["insee"].str[2:]) for n in range(75)]
    )
    halves = pd.concat(
        [
            tables.arrondissement_access.assign(arrondissement=f"{n}", arrondissement_name=f"{name} {n}")
            for n in range(2)
        ],
        ignore_index=True,
    )
    many = replace(tables, tables={**tables.tables, "epci_access": rows, "arrondissement_access": halves})
    assert len(communes) > chapter_areas.MANY_COMMUNES
    told_of = many.having(communes=communes)
    said, parts = chapter_areas.epcis(told_of), chapter_areas.arrondissements(told_of)
    brief = replace(build_brief(many, "internal"), epcis=said, arrondissements=parts)
    page, paper = (
        said_by(write_html(brief, undrawn())),
        spaced(" ".join(pdf_pages(write_pdf(brief, undrawn(), undrawn())))),
    )
    told = [claim for claim in claims(brief) if claim.section in {"arrondissements", "epcis"}]
    assert len(told) == 42
    for claim, row in zip(told, (*parts.rows, *said.rows), strict=True):
        assert spaced(claim.text) in page
        assert spaced(row.near) in paper
    assert paper.index("Par arrondissement") < paper.index("Par intercommunalité")


def test_a_departement_of_one_arrondissement_is_not_divided() -> None:
    tables = tiny_tables()
    one = tables.arrondissement_access.head(1)
    many = pd.concat([tables.communes.assign(insee=lambda c, n=n: f"{n:03d}" + c["insee"].str[3:]) for n in range(75)])
    assert chapter_areas.arrondissements(tables.having(communes=many, arrondissement_access=one)).rows == ()
