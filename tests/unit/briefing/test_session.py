"""The sheet of the meeting: decisions and questions come from the chapters, and a short form has it on its second page."""

from dataclasses import replace

import pandas as pd
import pypdfium2
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.chapter_session import DECISIONS
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.pdf import write_short_pdf
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.view_session import Session
from fs_pipeline.editions.edition import Edition
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.sample import empty_tables, lever, tiny_tables
from tests.unit.briefing.test_documents import packed


def with_levers(**changes: object) -> SlotTables:
    moves = [
        lever("new_place", FRANCE_SERVICES, "86002", 4310.0, hours=24.0),
        lever("new_place", FRANCE_SERVICES, "86003", 3000.0, hours=24.0),
        lever("longer_hours", FRANCE_SERVICES, "86002", 900.0, window="lunch", hours=10.0),
    ]
    return tiny_tables(levers=pd.DataFrame(moves), **changes)


def sheet(edition: Edition = "internal", **changes: object) -> Session:
    return build_brief(with_levers(**changes), edition).session


def promised(due_on: str | None, status: str | None) -> pd.DataFrame:
    row = dict.fromkeys(declaration("survey_actors").names)
    said = {"name": "Amis d’Ambre", "commitment": "Ouvrir le jeudi", "due_on": due_on, "status": status}
    return pd.DataFrame([row | said])


def test_one_decision_of_each_kind_of_lever_comes_first() -> None:
    session = sheet()
    acts = [one.act.partition("\u00a0:")[0] for one in session.decisions]
    assert acts[:2] == ["Ouvrir une France services", "Ouvrir pendant le déjeuner"]
    assert len(acts) == DECISIONS
    assert session.decisions[0].why == "au moins 4\u202f310\u00a0habitants, 24\u00a0h par semaine"


@pytest.mark.parametrize(
    ("due_on", "status", "late"),
    [("2022-06-30", "en cours", True), ("2022-06-30", None, True), ("2022-06-30", "Fait en mai", False),
     ("2023-06-30", "en cours", False), (None, "en cours", False)],
)  # fmt: skip
def test_a_promise_whose_day_is_past_is_given_another_day(due_on: str | None, status: str | None, late: bool) -> None:
    acts = [one.act for one in sheet(survey_actors=promised(due_on, status)).decisions]
    assert ("Redonner une date\u00a0: Ouvrir le jeudi, Amis d’Ambre" in acts) == late


def test_each_operator_is_asked_once_about_what_most_places_refuse() -> None:
    brief = build_brief(tiny_tables(), "internal")
    questions = brief.session.questions
    assert [one.operator for one in questions] == list(dict.fromkeys(row.group for row in brief.matrix.rows))
    for question in questions:
        refused = {row.demarche: int(row.counts[4]) for row in brief.matrix.rows if row.group == question.operator}
        asked = question.known.split("\u00a0»")[0].removeprefix("«\u00a0")
        assert refused[asked] == max(refused.values())
        assert question.red.startswith(str(sum(refused.values())))


def test_a_question_counts_nothing_where_no_survey_speaks() -> None:
    silent = tiny_tables().demarche_matrix.assign(evidence="by_label")
    session = build_brief(tiny_tables(demarche_matrix=silent), "internal").session
    assert session.asked_of_all.endswith("par le label, rien de confirmé ni d’infirmé.")  # of each, said once
    assert "0 en général" not in session.asked_of_all
    for one in session.questions:
        assert one.red == ""
        assert one.known.endswith("\u00a0»")


def test_a_decision_names_where_as_much_would_be_gained() -> None:
    move = lever("new_place", FRANCE_SERVICES, "86002", 4310.0, hours=24.0) | {"alternatives": "86003"}
    brief = build_brief(tiny_tables(levers=pd.DataFrame([move])), "internal")
    assert "gain du même ordre" in brief.levers.rows[0].note
    assert brief.session.decisions[0].why.endswith(f"\u202f; {brief.levers.rows[0].note}")


def test_a_question_that_all_are_asked_is_said_once() -> None:
    session = sheet()
    assert bool(session.asked_of_all) == (not any(one.asked for one in session.questions))


def test_the_agenda_says_what_nobody_declared_and_leads_nowhere_for_it() -> None:
    nobody = tiny_tables().having(survey_rounds=pd.DataFrame(), survey_actors=pd.DataFrame())
    (undeclared,) = (one for one in build_brief(nobody, "internal").session.agenda if one.anchor is None)
    assert undeclared.what.startswith("Aller vers")
    assert undeclared.what.endswith("(rien n’est déclaré)")
    assert all(one.anchor for one in sheet().agenda)


def test_where_no_act_gains_anyone_the_chapter_is_left_out_and_the_map_says_so() -> None:
    tables = tiny_tables()
    brief = build_brief(tables.having(levers=tables.levers.iloc[:0]), "internal")
    assert f"«\u00a0{brief.levers.title}\u00a0», aucun temps de trajet" in brief.left_out
    assert brief.levers.empty is not None
    assert brief.levers.empty.startswith("Aucun geste")


def test_the_public_and_a_slot_without_figures_have_no_sheet() -> None:
    assert sheet("public").decisions == sheet("public").questions == ()
    assert sheet("public").left_out
    bare = build_brief(empty_tables(), "internal").session
    assert (bare.decisions, bare.questions) == ((), ())
    assert bare.left_out


@pytest.mark.parametrize("edition", ["internal", "partners", "public"])
def test_the_short_form_is_two_pages_for_those_who_meet(edition: Edition) -> None:
    files = packed(with_levers(), edition)
    assert ("dossier-court.pdf" in files) == (edition != "public")
    if edition != "public":
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(files["dossier-court.pdf"])]
        assert ["À retenir" in text for text in pages] == [True, False]
        assert ["Décisions à prendre" in text for text in pages] == [False, True]


def test_a_full_sheet_of_long_names_stays_on_its_page() -> None:
    brief = build_brief(tiny_tables(), "internal")
    session = brief.session
    long = "Ouvrir une France services\u00a0: Saint-Quelque-Chose-sur-Rivière-en-Plaine-et-Coteaux"
    full = replace(
        session,
        decisions=tuple(replace(session.decisions[0], act=long) for _ in range(5)),
        questions=tuple(
            replace(one, known=f"«\u00a0{long}\u00a0»\u00a0: aucune aide confirmée.") for one in session.questions
        ),
    )
    assert len(pypdfium2.PdfDocument(write_short_pdf(replace(brief, session=full)))) == 2
