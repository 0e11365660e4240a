"""Nothing is lost without a word: each row of a table is in a record or in a line of the report, and so is each cell."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.check import check_workbook
from fs_pipeline.survey.opening.cells import Sheet, Workbook
from fs_pipeline.territory.shipped import load_territory
from tests.unit.survey.conftest import HEADERS, PLACES, rules

NAMES = [place[0] for place in PLACES]


def told(report, sheet="Lieux"):
    found = {problem.row for problem in report.problems if problem.sheet == sheet}
    runs = (
        re.search(r"Lignes (\d+) à (\d+)", problem.message) for problem in report.problems if problem.sheet == sheet
    )
    return found.union(*(range(int(run[1]), int(run[2]) + 1) for run in runs if run))


def test_a_second_phone_and_other_hours_below_complete_the_place_above(check, workbook):
    more = [(None,) * 6 + ("mercredi 14h-17h",), (None,) * 4 + ("06 39 98 01 09", None, None)]
    report = check(workbook([HEADERS, PLACES[1], *more, PLACES[2]]))
    assert [place.name for place in report.places] == [NAMES[1], NAMES[2]]
    assert report.places[0].opening_hours == "Tu-We 14:00-17:00"
    assert report.places[0].phone == "+33639980102"
    assert {3, 4} <= told(report)
    assert rules(report).count("row_continues") == 2


def test_columns_a_day_are_completed_from_the_row_below_too(check, workbook):
    heads = ["Nom", "Commune", "Lundi", "Mardi", "Jeudi"]
    rows = [["Relais du Ciron", "Villandraut", "9h-12h", None, "9h-12h"], [None, None, "14h-16h", "10h-12h", None]]
    report = check(workbook([heads, *rows]))
    assert [place.opening_hours for place in report.places] == [
        "Mo 09:00-12:00,14:00-16:00; Tu 10:00-12:00; Th 09:00-12:00"
    ]


def test_a_row_without_a_name_that_says_where_it_is_is_another_place_that_lacks_its_name(check, workbook):
    report = check(
        workbook(
            [HEADERS, PLACES[0], (None, "2 rue Basse", None, "Bazas", None, None, None), (None, None, None, "Bazas")]
        )
    )
    missing = [problem.row for problem in report.problems if problem.rule in {"name_missing", "row_left_out"}]
    assert missing == [3, 4]


def test_no_row_completes_a_place_beyond_an_empty_row(check, workbook):
    report = check(workbook([HEADERS, PLACES[0], (), (None,) * 5 + ("autre@exemple.fr",)]))
    assert [problem.row for problem in report.problems if problem.rule == "row_left_out"] == [4]


def test_an_actors_second_contact_is_said(check, workbook):
    heads = ["Association", "Territoire", "Correspondant", "Téléphone"]
    rows = [["Les Voisins", "Médoc", "La présidente", "06 39 98 02 01"], [None, None, "Le trésorier", "06 39 98 02 02"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Acteurs": [heads, *rows]}))
    assert [actor.contact for actor in report.actors] == ["La présidente\nLe trésorier"]
    assert 3 in told(report, "Acteurs")


def test_a_meeting_with_a_row_a_decision_keeps_them_all(check, workbook):
    heads = ["Date", "Salle", "Présents", "Relevé de décisions"]
    rows = [
        ["3 mai 2023", "Sous-préfecture", "CAF", "Former deux agents"],
        [None, None, "MSA", "Imprimer le guide"],
        ["9 juin 2023", "Mairie", "CPAM", "Recommencer"],
    ]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Comité": [heads, *rows]}))
    assert [(m.row, m.held_on, m.present, m.decisions) for m in report.meeting] == [
        (2, "2023-05-03", "CAF\nMSA", "Former deux agents\nImprimer le guide"),
        (4, "2023-06-09", "CPAM", "Recommencer"),
    ]


def test_a_decision_above_any_date_is_said(check, workbook):
    rows = [["Date", "Présents", "Décisions"], [None, "CAF", "Un guide"], ["9/6/2023", "CPAM", "Recommencer"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Comité": rows}))
    assert 2 in told(report, "Comité")


def test_a_round_written_once_is_that_of_the_stops_below(check, workbook):
    heads = ["Circuit", "Arrêt", "Ville", "Jour de passage", "Créneau"]
    rows = [
        ["Le car bleu", "Foirail", "Bazas", "lundi", "9h-12h"],
        [None, "Halle", "Langon", "jeudi", "9h-12h"],
        [None, None, "Captieux", "vendredi", "9h-12h"],
        ["Le car vert", "Poste", "Sore", "samedi", "9h-12h"],
        [None, "Église", "Grignols", "mardi", "9h-12h"],
    ]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Tournées": [heads, *rows]}))
    assert [(stop.row, stop.round) for stop in report.rounds] == [
        (2, "Le car bleu"),
        (3, "Le car bleu"),
        (6, "Le car vert"),
    ]
    assert {3, 4, 5, 6} <= told(report, "Tournées")


def test_a_place_written_once_is_that_of_the_demarches_below(check, workbook):
    heads = ["Structure", "Procédure", "Type d’aide"]
    rows = [
        ["CCAS de Pessac", "APL", "accompagnement"],
        [None, "RSA", "orientation"],
        ["Mairie de Langon", None, "accompagnement"],
        [None, "carte grise", "orientation"],
    ]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Démarches": [heads, *rows]}))
    assert [(r.row, r.place) for r in report.demarches] == [
        (2, "CCAS de Pessac"),
        (3, "CCAS de Pessac"),
        (5, "Mairie de Langon"),
    ]
    assert [problem.row for problem in report.problems if problem.rule == "row_left_out"] == [4]
    assert "place_of_demarche_unknown" not in rules(report)


def test_rows_under_a_header_that_makes_no_table_are_said(check, workbook):
    other = [
        ["Effectif", "Nom", "Budget"],
        ["trois agents", "Dupré", "mille euros"],
        ["deux agents", "Martin", "cent euros"],
    ]
    report = check(workbook([HEADERS, *PLACES, (), ("Moyens",), *other]))
    assert {8, 9} & told(report) or "row_left_out" in rules(report)


def test_a_column_without_a_header_is_said_once(check, workbook):
    report = check(workbook([HEADERS, (*PLACES[0], "à rappeler"), (*PLACES[1], "vu en mai"), PLACES[2]]))
    found = [(problem.cell, problem.row) for problem in report.problems if problem.rule == "column_without_header"]
    assert found == [("H2", 2)]


TERRITORY, WORDS = load_territory(), Vocabulary()
TABLES = {
    "Lieux": (HEADERS, [*PLACES[0], "Note", "Total", "*", "Bazas", "12", "néant", "idem"]),
    "Démarches": (["Nom du lieu", "Démarche", "Niveau d’aide"], [NAMES[0], "RSA", "accompagnement", "X", "idem", "?"]),
    "Acteurs": (["Nom de l’acteur", "Territoire", "Téléphone", "Engagement"], ["MSA", "Médoc", "06 39 98 01 02", "un bus", "-"]),
    "Tournées": (["Tournée", "Lieu d’arrêt", "Commune", "Jour", "Horaires"], ["Bus", "Halle", "Langon", "lundi", "9h-12h", "S1"]),
    "Réunion": (["Date de la réunion", "Lieu de la réunion", "Décisions"], ["15/11/2022", "Mairie", "Un bus", "bientôt"]),
}  # fmt: skip
RECORDS = ("places", "demarches", "actors", "rounds", "meeting")


@st.composite
def sheets(draw):
    title = draw(st.sampled_from(list(TABLES)))
    heads, words = TABLES[title]
    rows = draw(
        st.lists(
            st.lists(st.none() | st.sampled_from(words), min_size=len(heads), max_size=len(heads)),
            min_size=1,
            max_size=7,
        )
    )
    return title, [list(heads), *rows]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
def test_each_row_is_in_a_record_or_in_a_line(sheet):
    title, rows = sheet
    book = {"Lieux": [list(HEADERS), *map(list, PLACES)], title: rows}
    workbook = Workbook("enquete.xlsx", "xlsx", tuple(Sheet(name, cells) for name, cells in book.items()))
    report = check_workbook(workbook, territory=TERRITORY, departement="33", vocabulary=WORDS)
    records = chain.from_iterable(getattr(report, name) for name in RECORDS)
    kept = {
        number
        for record in records
        if record.sheet == title
        for number in (record.row, *getattr(record, "more_rows", ()))
    }
    written = {number for number, row in enumerate(rows, start=1) if number > 1 and any(row) and row != rows[0]}
    whole = report.reason is not None or "sheet_not_understood" in rules(report)
    assert whole or written <= kept | told(report, title)


@pytest.mark.parametrize(
    ("field", "heads", "row"),
    [
        ("siret", ["Nom", "Commune", "SIRET"], ["Mairie", "Langon", "en cours"]),
        ("updated_on", ["Nom", "Commune", "Date de mise à jour"], ["Mairie", "Langon", "au printemps"]),
        ("website", ["Nom", "Commune", "Site web"], ["Mairie", "Langon", "sur demande"]),
    ],
)
def test_a_cell_of_which_no_value_is_made_is_said(check, workbook, field, heads, row):
    good = {"siret": "21330063500017", "updated_on": "07/12/2021", "website": "https://www.exemple.fr"}[field]
    report = check(workbook([heads, ["CCAS", "Bazas", good], ["Poste", "Pessac", good], row]))
    assert getattr(report.places[-1], field) is None
    assert "C4" in {problem.cell for problem in report.problems}
