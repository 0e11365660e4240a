"""Rows of a table of places that are none: notes, signatures, sections named after a commune; places no longer open."""

from __future__ import annotations

import pytest

from tests.unit.survey.conftest import HEADERS, PLACES, rules

NAMES = [place[0] for place in PLACES]


def names(report):
    return [place.name for place in report.places]


@pytest.mark.parametrize(
    "note",
    [
        ("Source : services de l’État, mars 2023",),
        ("(1) en août, fermé",),
        ("* à confirmer avec la CAF",),
        ("NB : le bus ne passe pas l’hiver",),
        ("Mis à jour le 3 mars 2023",),
        ("Observations : voir l’annexe",),
        ("Fait à Bordeaux", "le 4 mai 2023"),
        ("Pour la préfète,",),
    ],
)
def test_a_note_right_under_the_table_is_no_place_and_is_said(check, workbook, note):
    report = check(workbook([HEADERS, *PLACES, note]))
    assert names(report) == NAMES
    assert [(problem.row, problem.severity) for problem in report.problems] == [(5, "info")]


def test_what_says_nothing_of_a_place_under_an_empty_row_is_none_and_is_to_check(check, workbook):
    rows = [HEADERS, *PLACES, (), ("Jaune", "à revoir"), ("Bleu ciel", "sûr"), ("Espace de vie sociale",)]
    report = check(workbook(rows))
    assert names(report) == [*NAMES, "Espace de vie sociale"]
    assert [problem.row for problem in report.problems if problem.rule == "row_under_table_skipped"] == [6, 7]


def test_once_a_note_stands_under_the_table_what_follows_it_is_no_place(check, workbook):
    rows = [
        HEADERS,
        *PLACES,
        (),
        ("Légende : en gras, labellisé",),
        ("Le bureau des libertés", "M. Exemple"),
        ("Sous-total :", 3),
    ]
    report = check(workbook(rows))
    assert names(report) == NAMES
    assert {6, 7, 8} <= {problem.row for problem in report.problems}


@pytest.mark.parametrize("section", ["BAZAS", "Commune de Bazas", "Bazas (33430)", "Ville de Bazas :"])
def test_a_commune_alone_on_its_row_is_that_of_the_rows_below(check, workbook, section):
    heads = ["Nom", "Adresse", "Téléphone", "Horaires"]
    rows = [
        ["Langon", None, None, None],
        ["Le Carrousel", "3 rue Maubec", "05 56 76 55 25", "lundi 9h-12h"],
        [section, None, None, None],
        ["Cyber-café", "1 place du Foirail", "06 39 98 01 02", "mardi 9h-12h"],
        ["Point info", "2 place du Foirail, 33490 Saint-Macaire", "06 39 98 01 03", "mardi 9h-12h"],
    ]
    report = check(workbook([heads, *rows]))
    assert [(place.name, place.insee) for place in report.places] == [
        ("Le Carrousel", "33227"),
        ("Cyber-café", "33036"),
        ("Point info", "33435"),
    ]
    assert [problem.row for problem in report.problems if problem.rule == "title_row_skipped"] == [2, 4]


def test_another_title_ends_the_commune_of_the_one_before(check, workbook):
    heads = ["Nom", "Adresse", "Téléphone", "Horaires"]
    rows = [
        ["Bazas"],
        ["Cyber-café", "1 place du Foirail", None, None],
        ["Secteur nord :"],
        ["Relais", "3 rue Basse", None, None],
    ]
    report = check(workbook([heads, *rows]))
    assert [place.insee for place in report.places] == ["33036", None]


def test_communes_that_are_the_names_of_the_places_head_nothing(check, workbook):
    rows = [["Nom", "Adresse", "Téléphone", "Horaires"], ["Bazas"], ["Langon", "3 rue Maubec", "05 56 76 55 25", None]]
    assert names(check(workbook(rows))) == ["Bazas", "Langon"]


@pytest.mark.parametrize(
    ("title", "insee"), [("Bazas", "33036"), ("Commune de Langon", "33227"), ("Feuille 2", None), ("Dax", None)]
)
def test_a_sheet_named_after_a_commune_of_the_departement_says_where_its_places_are(check, workbook, title, insee):
    rows = [["Nom", "Adresse", "Téléphone"], ["Cyber-café", "1 place du Foirail", "06 39 98 01 02"]]
    report = check(workbook({title: rows}))
    assert [place.insee for place in report.places] == [insee]
    assert ("commune_from_sheet" in rules(report)) == (insee is not None)


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        ("fermé définitivement", "place_closed"),
        ("Fermée (juin 2021)", "place_closed"),
        ("ouverture prévue au printemps 2024", "place_planned"),
        ("À venir", "place_planned"),
    ],
)
@pytest.mark.parametrize("head", ["Situation", "Fonctionnement", "Statut au 1er janvier"])
def test_a_place_said_to_be_closed_or_planned_is_set_apart_with_what_is_said_of_it(check, workbook, state, rule, head):
    heads = [*HEADERS, head]
    rows = [(*place, word) for place, word in zip(PLACES, ["ouvert", "en service", state], strict=True)]
    demarches = [["Nom du lieu", "Démarche", "Niveau d’aide"], [NAMES[2], "RSA", "orientation"]]
    report = check(workbook({"Lieux": [heads, *rows], "Démarches": demarches}))
    assert [place.name for place in report.places if place.opening_hours != "off"] == NAMES[:2]
    assert len(report.places) == (3 if rule == "place_closed" else 2)  # a list that still has it must be told
    assert report.demarches == []
    assert {(problem.rule, problem.cell) for problem in report.problems} == {
        (rule, "H4"),
        ("row_of_place_set_aside", "A2"),
    }


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [
        (0, "Ancienne trésorerie (fermée en 2019)", "place_closed"),
        (0, "Guichet de Bazas (en projet)", "place_planned"),
        (6, "fermé pour travaux jusqu’en mai", "place_suspended"),
        (0, "Relais de Bazas, délocalisé à la salle des fêtes", "place_moved"),
        (0, "Maison des projets", None),
        (6, "fermé le mercredi, lundi 9h-12h", None),
        (0, "Le Futur (café associatif)", None),
    ],
)
def test_prose_closes_a_place_only_where_it_says_so_in_full(check, workbook, field, text, rule):
    place = [*PLACES[1]]
    place[field] = text
    report = check(workbook([HEADERS, PLACES[0], place]))
    assert [name for name in rules(report) if name.startswith("place_")] == ([rule] if rule else [])
    assert (len(report.places) == 1) == (rule == "place_planned")
    assert (report.places[-1].opening_hours == "off") == (rule == "place_closed")


def test_a_state_that_is_not_understood_is_said_and_its_place_kept(check, workbook):
    states = ["ouvert", "fermé", "voir avec la mairie"]
    report = check(
        workbook([[*HEADERS, "État"], *[(*place, state) for place, state in zip(PLACES, states, strict=True)]])
    )
    assert names(report) == NAMES
    assert report.places[1].opening_hours == "off"
    assert [(p.rule, p.cell) for p in report.problems] == [("place_closed", "H3"), ("cell_left_out", "H4")]


def test_a_survey_of_which_every_place_is_closed_is_not_said_to_be_another_departements(check, workbook):
    report = check(workbook([[*HEADERS, "État"], *[(*place, "fermé") for place in PLACES]]))
    assert {place.opening_hours for place in report.places} == {"off"}
    assert report.reason is None
