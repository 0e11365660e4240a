"""« Qui va vers qui »: said from the survey, in every form, and only to whom may know where stops and actors are."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import commune_layer
from fs_pipeline.cartography.outreach_map import draw_outreach
from fs_pipeline.coverage.outreach import outreach
from fs_pipeline.editions.edition import EDITIONS, Edition
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import THRESHOLDS, empty_tables, tiny_contours, tiny_tables
from tests.unit.briefing.test_documents import packed, pdf_pages


def with_territory(text: str = "Œuvres, L’Épine") -> SlotTables:
    tables = tiny_tables()
    actors = tables.survey_actors.assign(territory=[text, None])
    told = outreach(
        tables.communes,
        tables.int_commune_minutes,
        tables.survey_rounds,
        actors,
        tables.places,
        tables.departement_name,
    )
    return tables.having(survey_actors=actors, outreach=told[0], outreach_counts=told[1])


def said(tables: SlotTables, edition: Edition = "internal") -> dict[str, str]:
    return {line.key: spaced(line.said) for line in build_brief(tables, edition).outreach.lines}


def test_who_lives_far_and_whom_nobody_goes_to_is_counted_with_stops_and_actors() -> None:
    tables = with_territory()
    rows = tables.outreach.set_index("insee")
    beyond = rows["beyond_near"].sum()
    alone = rows.loc[(rows["stops"] == 0) & (rows["actors"] == 0), "beyond_near"].sum()
    assert 0 < alone < beyond
    lines = said(tables)
    assert lines["nobody"].startswith(f"{alone:,.0f}".replace(",", " ") + " habitants de ")
    assert lines["actors"] == "2 ; des communes ou intercommunalités : 1 ; territoire non dit : 1"
    assert lines["outreach_mode"] == "maraude (1), permanence (1)"


def test_whoever_covers_the_whole_departement_reaches_no_commune_by_it() -> None:
    everywhere = with_territory("Tout le département")
    assert said(everywhere)["nobody"] == said(with_territory("Nord du département"))["nobody"]
    assert "tout le département : 1" in said(everywhere)["actors"]


def test_the_public_is_told_that_where_actors_go_is_reserved() -> None:
    lines = said(with_territory().let_out("public"), "public")
    assert lines["actors"] == "2 ; leur territoire est réservé"
    assert lines["nobody"].endswith("où vont les acteurs est réservé")
    brief = build_brief(with_territory().let_out("public"), "public")
    assert [one.code for one in brief.outreach.marks] == ["stop"]
    assert "réservé" in brief.outreach.trust
    assert "Épine" not in brief.outreach.alt.partition("permanence")[2]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_chapter_says_the_same_in_the_pdf_and_in_the_page(edition: Edition) -> None:
    tables = with_territory()
    files = packed(tables, edition)
    page, paper = said_by(files["dossier.html"]), spaced(" ".join(pdf_pages(files["dossier.pdf"])))
    for line in said(tables.let_out(edition), edition).values():
        assert line in page
        assert line in paper


def test_a_survey_without_a_round_or_an_actor_has_no_chapter_and_names_it_once() -> None:
    brief = build_brief(empty_tables(), "internal")
    assert brief.left_out.count("«\u00a0Qui va vers qui\u00a0»") == 1
    other = "«\u00a0Ce que l’enquête et les listes nationales disent autrement\u00a0»"
    assert f"«\u00a0Qui va vers qui\u00a0» et {other}, aucune enquête n’a été déposée" in brief.left_out
    files = packed(empty_tables())
    paper = spaced(" ".join(pdf_pages(files["dossier.pdf"])))
    assert paper.count("« Qui va vers qui »") == said_by(files["dossier.html"]).count("« Qui va vers qui »") == 1
    nobody = tiny_tables().having(survey_rounds=pd.DataFrame(), survey_actors=pd.DataFrame())
    assert "ne déclare ni tournée ni acteur" in build_brief(nobody, "internal").left_out


def test_the_map_marks_a_stop_at_its_point_or_else_in_its_commune_and_edges_the_communes_of_an_actor() -> None:
    tables = with_territory()
    layer = commune_layer(tables.communes, tables.int_commune_minutes, THRESHOLDS, tiny_contours(), None)

    def drawn(rounds: pd.DataFrame, told: pd.DataFrame = tables.outreach) -> str:
        return draw_outreach(layer, told, rounds, "00", THRESHOLDS).svg

    whole = drawn(tables.survey_rounds)
    assert whole.count("#8A5A00") == 1
    assert "stroke-dasharray" in whole
    coarse = drawn(tables.survey_rounds.assign(latitude=None, longitude=None))
    assert coarse.count("#8A5A00") == 1
    lost = tables.survey_rounds.assign(latitude=None, longitude=None, insee=None)
    assert "#8A5A00" not in drawn(lost)
    assert "stroke-dasharray" not in drawn(tables.survey_rounds, tables.outreach.assign(actors=None))
