"""Démarches, actors, rounds and the meeting, wherever a survey says them."""

from __future__ import annotations

import pytest

from tests.unit.survey.conftest import HEADERS, PLACES, content_of, rules


def test_a_table_of_demarches_names_places_levels_and_appointments(check, workbook):
    rows = [
        ["Lieu", "Démarche", "Niveau d’aide", "Sur rendez-vous", "Horaires"],
        ["Mairie de Langon", "RSA", "accompagnement", "oui", "mardi 14h-17h"],
        ["mairie de langon", "carte grise", "orientation", "sans rendez-vous", None],
        ["CCAS de Pessac", "APL ; prime d’activité", "aide sur place", None, None],
    ]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Démarches": rows}))
    stated = [(r.row, r.survey_place_id, r.demarche_id, r.level, r.appointment) for r in report.demarches]
    assert stated == [
        (2, "Lieux:2", "R50282", "accompaniment", True),
        (3, "Lieux:2", "R48603", "orientation", False),
        (4, "Lieux:4", "R1292", "accompaniment", None),
        (4, "Lieux:4", "R42726", "accompaniment", None),
    ]
    assert report.demarches[0].opening_hours == "Tu 14:00-17:00"
    assert report.verdict == "accepted"


def test_an_unknown_demarche_and_an_unknown_level_are_listed_for_the_vocabulary(check, workbook):
    rows = [["Lieu", "Démarche", "Niveau d’aide"], ["Mairie de Langon", "Permis de chasse au dahu", "à voir"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Démarches": rows}))
    told = {(problem.rule, problem.value) for problem in report.problems}
    assert {("demarche_unknown", "Permis de chasse au dahu"), ("level_unknown", "à voir")} <= told
    record = report.demarches[0]
    assert (record.demarche_id, record.level) == (None, None)


def test_a_demarche_of_a_place_that_is_nowhere_is_said_once(check, workbook):
    rows = [["Lieu", "Démarche", "Niveau d’aide"], ["Bibliothèque de Nulle-Part", "RSA", "orientation"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Démarches": rows}))
    assert rules(report).count("place_of_demarche_unknown") == 1
    assert report.demarches[0].survey_place_id is None


def test_demarches_of_a_place_set_aside_do_not_cascade(check, workbook):
    dax = ("Mairie de Dax", "1 rue Saint-Pierre", "40100", "Dax", None, None, None)
    rows = [["Lieu", "Démarche", "Niveau d’aide"], ["Mairie de Dax", "RSA", "orientation"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES, dax], "Démarches": rows}))
    assert "place_of_demarche_unknown" not in rules(report)
    assert report.demarches == []


def test_demarches_as_columns_of_the_places(check, workbook):
    heads = ["Nom", "Commune", "RSA", "Carte grise", "Passeport", "Accès PMR"]
    rows = [
        ["Mairie de Langon", "Langon", "X", "orientation", "non", "oui"],
        ["CCAS de Pessac", "Pessac", "accompagnement", "oui", None, "non"],
    ]
    report = check(workbook([heads, *rows]))
    stated = {(r.place, r.demarche_id): r.level for r in report.demarches}
    assert stated == {
        ("Mairie de Langon", "R50282"): None,
        ("Mairie de Langon", "R48603"): "orientation",
        ("Mairie de Langon", "R42946"): "none",
        ("CCAS de Pessac", "R50282"): "accompaniment",
        ("CCAS de Pessac", "R48603"): None,
    }
    marked = [problem.cell for problem in report.problems if problem.rule == "level_of_mark_unknown"]
    assert marked == ["C1", "D1"]


def test_a_group_title_above_ticked_columns_says_their_level(check, workbook):
    groups = [None, None, "Accompagnement", None]
    heads = ["Nom", "Commune", "RSA", "Carte grise"]
    rows = [["Mairie de Langon", "Langon", "X", None], ["CCAS de Pessac", "Pessac", "X", "X"]]
    report = check(workbook([groups, heads, *rows], merged=["C1:D1"]))
    assert [r.level for r in report.demarches] == ["accompaniment"] * 3


def test_the_kinds_of_tick_all_say_the_same(check, workbook):
    heads = ["Nom", "Commune", "RSA", "Passeport"]
    ticks = ["X", "x", "oui", "Oui", "1", "✓", "vrai"]
    rows = [[f"Lieu {number}", "Langon", tick, "non"] for number, tick in enumerate(ticks)]
    report = check(workbook([heads, *rows]))
    assert sum(r.demarche_id == "R50282" for r in report.demarches) == len(ticks)
    assert "level_unknown" not in rules(report)


def test_actors_with_their_territory_publics_and_commitment(check, workbook):
    rows = [
        [
            "Nom de l’association",
            "Correspondant",
            "Tél",
            "Mail",
            "Territoire",
            "Publics",
            "Mode d’aller-vers",
            "Engagement",
            "Échéance",
        ],
        [
            "Les Amis",
            "Chargée de mission",
            639980104,
            "amis@exemple.fr",
            "Médoc",
            "jeunes",
            "bus",
            "Une permanence",
            "30/06/2023",
        ],
    ]
    (actor,) = check(workbook({"Acteurs": rows})).actors
    assert (actor.phone, actor.due_on, actor.outreach_mode) == ("+33639980104", "2023-06-30", "bus")


def test_rounds_with_their_stop_weekday_parity_and_hours(check, workbook):
    rows = [
        ["Tournée", "Lieu d’arrêt", "Commune", "Jour", "Semaine", "Horaires"],
        ["Bus", "Place de la mairie", "Langon", "Mardi", "paire", "9h30-12h"],
        ["Bus", "Halle", "Bazas", "le jeudi", "impaire", "14h-17h"],
        ["Bus", "Halle", "Dax", "jeudi", "impaire", "14h-17h"],
    ]
    report = check(workbook({"Tournées": rows}))
    stops = [(r.stop, r.insee, r.weekday, r.week_parity, r.opening_hours) for r in report.rounds]
    assert stops == [
        ("Place de la mairie", "33227", "Tu", "even", "09:30-12:00"),
        ("Halle", "33036", "Th", "odd", "14:00-17:00"),
    ]


@pytest.mark.parametrize("upright", [True, False])
def test_the_meeting_as_labels_or_as_a_table(check, workbook, upright):
    said = [
        ("Date de la réunion", "15/11/2022"),
        ("Lieu de la réunion", "Préfecture"),
        ("Participants", "CAF ; CPAM"),
        ("Décisions", "Un bus"),
    ]
    rows = said if upright else list(zip(*said, strict=True))
    (meeting,) = check(workbook({"Réunion": rows})).meeting
    assert (meeting.held_on, meeting.venue, meeting.present) == ("2022-11-15", "Préfecture", "CAF ; CPAM")


def test_a_kind_of_place_that_the_list_lacks_is_said_once(check, workbook):
    rows = [
        ["Nom", "Commune", "Type"],
        *[[f"Lieu {n}", "Langon", kind] for n, kind in enumerate(["Yourte", "yourte", "Mairie", "Autre"])],
    ]
    report = check(workbook(rows))
    told = [(p.cell, p.value) for p in report.problems if p.rule == "place_type_unknown"]
    assert told == [("C2", "Yourte")]


def test_labels_and_publics_of_places_are_stored_as_codes_beside_the_contract(check, workbook):
    rows = [
        ["Nom", "Commune", "Labels nationaux", "Public cible", "Précisez le public"],
        ["Lieu 1", "Langon", "France services, CnFS", "Jeunes, Yourtes", None],
        ["Lieu 2", "Bazas", "Aidants Connect", "Tous publics", "seniors"],
        ["Lieu 3", "Pessac", None, "yourtes, familles", None],
    ]
    report = check(workbook(rows))
    stored = list(report.records()["survey_places"])
    assert [row["labels"] for row in stored] == ["france_services|conseillers_numeriques", "aidants_connect", None]
    assert [row["publics"] for row in stored] == ["jeunes", "tous_publics|seniors", "familles"]
    assert [(p.rule, p.cell) for p in report.problems] == [("word_outside_list", "D2")]
    assert "Yourtes" in report.problems[0].message
    content = content_of(report)
    assert not {"labels", "publics"} & (content["columns"].keys() | content["places"][0].keys())


def test_a_column_whose_cells_name_no_public_is_no_list_of_publics_whatever_its_header(check, workbook):
    rows = [["Nom", "Commune", "Accueil du public"], *[[f"Lieu {n}", "Langon", f"{n} agents"] for n in range(4)]]
    report = check(workbook(rows))
    assert rules(report) == ["extra_column_kept"]


def test_what_the_lists_of_actors_lack_stands_as_written_and_is_listed(check, workbook):
    rows = [
        ["Nom de l’association", "Type d’acteur", "Publics", "Mode d’aller-vers", "Engagement"],
        ["Les Amis", "Association", "jeunes et seniors", "Porte à porte, bus", None],
        ["Le Cercle", "Confrérie", "gens de mer", "montgolfière", None],
    ]
    report = check(workbook({"Acteurs": rows}))
    told = [(actor.kind, actor.publics, actor.outreach_mode) for actor in report.actors]
    assert told == [
        ("association", "jeunes|seniors", "door_to_door|bus"),
        ("Confrérie", "gens de mer", "montgolfière"),
    ]
    assert {(p.field, p.value) for p in report.problems if p.rule == "word_outside_list"} == {
        ("kind", "Confrérie"),
        ("publics", "gens de mer"),
        ("outreach_mode", "montgolfière"),
    }
