"""The chapter by intercommunalité is there for many communes, the same in every form, and only in the annexes for few."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pandas as pd

from fs_pipeline.briefing import chapter_epci
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
    assert build_brief(tables, "internal").epcis.rows == ()
    book = openpyxl.load_workbook(io.BytesIO(write_annex(tables, "internal")))
    assert book["Intercommunalités"].max_row == len(tables.epci_access) + 2


def test_nine_hundred_communes_and_long_names_stay_in_the_page() -> None:
    tables = tiny_tables()
    name = "Communauté de communes des vallées, des plateaux et des coteaux de l’Exemple et de ses environs, en Région d’exercice"
    rows = pd.concat(
        [tables.epci_access.assign(epci=f"{n}", epci_name=f"{name} {n}") for n in range(40)], ignore_index=True
    )
    communes = pd.concat(
        [tables.communes.assign(insee=lambda c, n=n: f"{n:02d}" + c["insee"].str[2:]) for n in range(75)]
    )
    many = replace(tables, tables={**tables.tables, "epci_access": rows})
    assert len(communes) > chapter_epci.MANY_COMMUNES
    said = chapter_epci.epcis(many.having(communes=communes))
    brief = replace(build_brief(many, "internal"), epcis=said)
    page, paper = (
        said_by(write_html(brief, undrawn())),
        spaced(" ".join(pdf_pages(write_pdf(brief, undrawn(), undrawn())))),
    )
    told = [claim for claim in claims(brief) if claim.section == "epcis"]
    assert len(told) == 40
    for claim, row in zip(told, said.rows, strict=True):
        assert spaced(claim.text) in page
        assert spaced(row.near) in paper
    assert "par arrondissement : non calculé" in paper
