"""Commitments and the charter: each state has its word, a draft is called so, and the public reads no commitment."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.coverage.commitments import commitments
from fs_pipeline.editions.edition import EDITIONS, Edition
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import REFERENCE_DATE, empty_tables, tiny_tables
from tests.unit.briefing.test_documents import packed, pdf_pages


def with_promises() -> SlotTables:
    actors = pd.DataFrame(
        {
            "name": ["Mission locale", "Commune", None],
            "kind": ["mission_locale", "commune", None],
            "commitment": ["Ouvrir le samedi", "Former huit aidants", "Tenir une permanence"],
            "due_on": ["2022-10-01", "2022-12-31", None],
            "status": [None, "Tenu, feuille de présence", None],
        },
        dtype=object,
    )
    return tiny_tables().having(survey_actors=actors, commitments=commitments(actors, on=REFERENCE_DATE))


def test_commitments_are_counted_by_where_they_stand() -> None:
    said = build_brief(with_promises(), "internal").charter
    assert spaced(said.lead) == "3 engagements : 1 tenu, 1 en retard, 1 sans échéance."
    first = said.promises[0]
    assert (first.code, first.state, spaced(first.proof)) == (
        "late",
        "en retard",
        "45 jours de retard ; aucun avancement écrit",
    )
    assert [one.who for one in said.promises] == ["Mission locale", "acteur sans nom", "Commune"]


def test_an_item_is_called_a_draft_and_says_its_value_or_that_nobody_stated_it() -> None:
    items = {one.title: one for one in build_brief(tiny_tables(), "internal").charter.items}
    assert {one.draft for one in items.values()} == {"projet d’article"}
    assert spaced(items["Prendre des engagements écrits"].value) == "1 sur 2 (50 %)"
    assert items["Sortir des murs une fois par mois"].value == "non renseigné"


def test_the_public_reads_no_commitment_and_is_told_so() -> None:
    said = build_brief(with_promises().let_out("public"), "public").charter
    assert (said.promises, said.promises_trust) == ((), "")
    assert "réservé" in said.lead
    assert len(said.items) == 8


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_chapter_is_the_same_in_the_pdf_and_in_the_page(edition: Edition) -> None:
    tables = with_promises()
    said = build_brief(tables.let_out(edition), edition).charter
    files = packed(tables, edition)
    page, paper = said_by(files["dossier.html"]), spaced(" ".join(pdf_pages(files["dossier.pdf"])))
    for text in (said.lead, *(one.value for one in said.items), *(one.proof for one in said.promises)):
        assert spaced(text) in page
        assert spaced(text) in paper
    assert ("Ouvrir le samedi" in paper) == (edition != "public")


def test_a_slot_without_anything_leaves_the_chapter_out() -> None:
    assert build_brief(empty_tables(), "internal").charter.left_out
