"""Help with démarches that a survey declares without saying which: where it is heard, and where it is not."""

from __future__ import annotations

from collections import Counter

import pytest


def said(report):
    return [place.general_help for place in report.places]


def told(report):
    return [(problem.rule, problem.cell) for problem in report.problems if problem.field == "general_help"]


def places(header, *cells):
    return [["Nom", "Commune", header], *[[f"Lieu {n}", "Langon", cell] for n, cell in enumerate(cells, start=1)]]


@pytest.mark.parametrize(
    "header",
    ["Demarchesadministratives", "Accompagné dans ses démarches", "Aide aux démarches administratives"],
)
def test_a_question_about_demarches_is_answered_by_how_often(check, workbook, header):
    answers = ("Souvent", "De temps en temps", "Exceptionnellement", "Pas du tout", None, "Oui", "non", "à voir")
    report = check(workbook(places(header, *answers)))
    assert said(report) == ["often", "sometimes", "rarely", "no", None, "yes", "no", None]
    assert told(report) == [("word_outside_list", "C9")]
    assert report.demarches == []


def test_a_list_of_services_says_yes_where_it_names_the_help_and_else_nothing(check, workbook):
    report = check(
        workbook(
            places(
                "services",
                "Accès à Internet en autonomie / Etre accompagné dans ses démarches administratives",
                "Accès à Internet en autonomie",
                "Devenir_autonome_dans_les_démar,Réaliser_des_démarches_administ",
                "Devenir autonome dans les démarches administratives",
                "numerique--realiser-des-demarches-administratives-avec-un-accompagnement;numerique--creer",
                "Réaliser ses démarches administratives en autonomie",
                "Pas d’accompagnement aux démarches administratives",
                "Souvent",
                "Oui",
            )
        )
    )
    assert said(report) == ["yes", None, "yes", None, "yes", None, None, None, None]
    assert told(report) == [("word_outside_list", "C7"), ("word_outside_list", "C8")]


def test_the_most_help_of_several_columns_is_kept(check, workbook):
    rows = [
        ["Nom", "Commune", "Aide aux démarches administratives", "Services"],
        ["Lieu 1", "Langon", "exceptionnellement", "Aide administrative"],
        ["Lieu 2", "Bazas", "parfois", "Wifi"],
    ]
    assert said(check(workbook(rows))) == ["yes", "sometimes"]


@pytest.mark.parametrize("header", ["Labels nationaux", "Accompagnement personnel", "Description"])
def test_labels_company_and_prose_are_no_help_declared(check, workbook, header):
    report = check(workbook(places(header, "France services", "France services")))
    assert said(report) == [None, None]


def test_what_the_real_surveys_say_of_help_in_general(real_data, check):
    found = {
        path.name: dict(Counter(filter(None, said(check(path, None)))))
        for path in sorted((real_data / "surveys").iterdir())
        if path.suffix != ".json" and "liens" not in path.name
    }
    assert found == {
        "16-bus-france-services.xlsx": {"yes": 12},
        "33-gironde.xlsx": {"yes": 212},
        "51-epernay-formulaire.xlsx": {"yes": 19},
        "64-pyrenees-atlantiques.csv": {"often": 36, "sometimes": 6, "rarely": 6, "no": 9},
        "974-la-reunion.xlsx": {},
        "centre-val-de-loire.csv": {},
        "normandie-hors-14.csv": {"yes": 217},
        "provence-alpes-cote-d-azur.csv": {"yes": 5},
    }
