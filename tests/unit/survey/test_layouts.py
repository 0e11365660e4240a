"""Sheets laid out otherwise than a row a place: on their side, a form a sheet, démarches across places, without headers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.check import check_workbook
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.opening.cells import Sheet, Workbook
from fs_pipeline.territory.shipped import load_territory
from tests.unit.survey.conftest import HEADERS, PLACES, rules

NAMES = [place[0] for place in PLACES]


def names(report):
    return [place.name for place in report.places]


def aside(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def test_places_side_by_side_are_read_and_their_cells_told_where_they_are(check, workbook, tmp_path):
    wrong = [*PLACES[1]]
    wrong[4] = "12 34"
    path = workbook({"Recensement": [["Gironde"], *aside([HEADERS, PLACES[0], wrong, PLACES[2]])]})
    report = check(path)
    assert names(report) == NAMES
    assert report.places[2].opening_hours == "Th 09:00-12:00"
    assert [(p.cell, p.row, p.column) for p in report.problems if p.rule == "phone_unreadable"] == [
        ("C6", 6, "Téléphone")
    ]
    assert "sheet_on_its_side" in rules(report)
    write_annotated(report, tmp_path / "copie.xlsx")
    assert names(check(tmp_path / "copie.xlsx")) == NAMES


def form(place, number=None):
    labels = ["Dénomination", "Adresse postale", "CP", "Ville", "Tél.", "Adresse mail", "Horaires d’ouverture"]
    rows = [[number, "Votre structure", None], [None, None, None]]
    return rows + [[None, f"{label} :", value] for label, value in zip(labels, place, strict=True)]


def test_a_form_a_sheet_is_a_place_a_sheet(check, workbook):
    report = check(workbook({f"Fiche {number}": form(place, number) for number, place in enumerate(PLACES, start=1)}))
    assert names(report) == NAMES
    assert [place.postcode for place in report.places] == ["33210", "33430", "33600"]
    assert not [problem for problem in report.problems if problem.severity != "info"]


def test_group_titles_beside_labels_are_read_with_them(check, workbook):
    days = ["Lundi", "Mardi", "Jeudi"]
    rows = [
        ["Le lieu", "Nom", "Relais du Ciron", "Le Local"],
        [None, "Commune", "Villandraut", "Bazas"],
        [None, "Téléphone", "06 39 98 01 02", "06 39 98 01 03"],
        *[["Ouverture" if day == "Lundi" else None, day, "9h-12h", None] for day in days],
    ]
    report = check(workbook(rows, merged=["A1:A3", "A4:A6"]))
    assert [(place.name, place.commune, place.opening_hours) for place in report.places] == [
        ("Relais du Ciron", "Villandraut", "Mo-Tu,Th 09:00-12:00"),
        ("Le Local", "Bazas", None),
    ]


def test_a_list_of_what_is_asked_is_no_survey(check, workbook):
    rows = [
        ["Nom", "Le nom affiché"],
        ["Adresse", "Numéro et rue"],
        ["Commune", "Nom officiel"],
        ["Téléphone", "Dix chiffres"],
    ]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Notice": rows}))
    assert names(report) == NAMES


def test_decisions_below_one_another_beside_one_label_are_all_kept(check, workbook):
    rows = [
        ["Date", "3 mai 2023"],
        ["Présents", "CAF"],
        ["Décisions", "Former deux agents"],
        [None, "Imprimer le guide"],
    ]
    (meeting,) = check(workbook({"Lieux": [HEADERS, *PLACES], "Comité": rows})).meeting
    assert (meeting.held_on, meeting.decisions) == ("2023-05-03", "Former deux agents\nImprimer le guide")


TERRITORY, WORDS = load_territory(), Vocabulary()
CELLS = st.none() | st.sampled_from([*PLACES[0], *PLACES[1], "idem", "?", "12", "néant"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, min_size=len(HEADERS), max_size=len(HEADERS)), max_size=5))
def test_a_sheet_says_the_same_on_its_side(more):
    rows = [list(HEADERS), *map(list, PLACES), *more]
    found = [
        check_workbook(
            Workbook("enquete.xlsx", "xlsx", (Sheet("Lieux", cells),)),
            territory=TERRITORY,
            departement="33",
            vocabulary=WORDS,
        )
        for cells in (rows, aside(rows))
    ]
    assert found[0].places == found[1].places
    upright, turned = ({(p.rule, p.cell) for p in report.problems if p.cell} for report in found)
    assert {rule for rule, _ in upright} == {rule for rule, _ in turned}


def test_headers_that_end_in_a_year_or_a_date_are_headers(check, workbook):
    heads = [*HEADERS[:4], *[f"Passages {year}" for year in range(2017, 2023)], "Effectif au 31/12/2022"]
    rows = [[*place[:4], *range(100, 106), 2] for place in PLACES]
    assert names(check(workbook([heads, *rows]))) == NAMES


@pytest.mark.parametrize("merged", [["A1:A2", "B1:D1"], []])
def test_a_header_that_stands_above_the_others_takes_no_row_of_values_with_it(check, workbook, merged):
    rows = [["Type de lieu", "Coordonnées", None, None], [None, "Nom", "Code postal", "Ville"]]
    values = [["Mairie", "Mairie annexe", "33210", "Langon"], ["Association", "Le Local", "33430", "Bazas"]]
    report = check(workbook([*rows, *values], merged=merged))
    assert [(place.name, place.type) for place in report.places] == [
        ("Mairie annexe", "Mairie"),
        ("Le Local", "Association"),
    ]


def test_three_header_rows_are_read_together(check, workbook):
    rows = [
        ["Nom", "Commune", "Accueil", None, None, None],
        [None, None, "Lundi", None, "Jeudi", None],
        [None, None, "matin", "après-midi", "matin", "après-midi"],
        ["Mairie", "Langon", "9h-12h", "14h-17h", None, "14h-16h"],
        ["Le Local", "Bazas", None, "14h-17h", "9h-12h", None],
    ]
    report = check(workbook(rows, merged=["C1:F1", "C2:D2", "E2:F2"]))
    assert [(place.name, place.opening_hours) for place in report.places] == [
        ("Mairie", "Mo 09:00-12:00,14:00-17:00; Th 14:00-16:00"),
        ("Le Local", "Mo 14:00-17:00; Th 09:00-12:00"),
    ]


ACROSS = [
    ["Aide apportée", *NAMES],
    ["Carte grise", "orientation", "X", None],
    ["APL", "accompagnement", "X", "non"],
    ["Une démarche inconnue", None, "X", "information"],
]


@pytest.mark.parametrize("rows", [ACROSS, aside(ACROSS)])
def test_demarches_across_places_are_read_either_way(check, workbook, rows):
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Qui fait quoi": [["Mars 2023"], *rows]}))
    assert names(report) == NAMES
    stated = {(record.place, record.demarche_id): record.level for record in report.demarches if record.demarche_id}
    assert stated == {
        (NAMES[0], "R48603"): "orientation",
        (NAMES[1], "R48603"): None,
        (NAMES[0], "R1292"): "accompaniment",
        (NAMES[1], "R1292"): None,
        (NAMES[2], "R1292"): "none",
    }
    assert all(record.survey_place_id for record in report.demarches)
    assert rules(report).count("level_of_mark_unknown") == 1
    assert "demarche_unknown" in rules(report)


def test_a_sheet_without_headers_goes_on_with_another_that_has_them(check, workbook):
    report = check(workbook({"Avant": [HEADERS, PLACES[0]], "Après": [row[:6] for row in PLACES[1:]]}))
    assert names(report) == NAMES
    assert [place.sheet for place in report.places] == ["Avant", "Après", "Après"]
    assert [problem.sheet for problem in report.problems if problem.rule == "headers_of_another_sheet"] == ["Après"]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([["06 39 98 01 02"], ["06 39 98 01 03"]], "sheet_not_read"),
        ([["APL :", "voir avec la CAF"], ["Carte grise :", "voir ANTS"]], "sheet_not_read"),
        ([["Version", "1"], ["Auteur", "bureau 4"]], "sheet_not_understood"),
    ],
)
def test_a_sheet_that_is_left_unread_is_to_check_where_it_speaks_of_places(check, workbook, rows, rule):
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Autre": rows}))
    assert [name for name in rules(report) if name.startswith("sheet_not")] == [rule]


def test_cells_of_a_table_pasted_from_a_text_are_taken_apart(check, workbook):
    heads = ["Lieu et coordonnées", "Téléphone et mail", "Ouverture"]
    rows = [
        [f"{place[0]}\n{place[1]}\n{place[2]} {place[3].upper()}", f"{place[5]}\n{place[4]}", place[6]]
        for place in PLACES
    ]
    rows.append(["Le Local\n3 rue Basse - 33430 Bazas", "12 34 ; local@exemple.fr", None])
    report = check(workbook([heads, *rows]))
    read = [(place.name, place.postcode, place.phone, place.email) for place in report.places]
    assert read[0] == ("Mairie de Langon", "33210", "+33556765525", "mairie@exemple.fr")
    assert [name for name, *_ in read] == [*NAMES, "Le Local"]
    assert [place.opening_hours for place in report.places][1] == "Tu 14:00-17:00"
    assert "cells_hold_several_fields" in rules(report)
    assert {problem.cell for problem in report.problems if problem.row == 5} == {"B5"}


def test_an_address_on_two_lines_stays_one_address(check, workbook):
    rows = [["Nom", "Adresse"], *[[place[0], f"{place[1]}\n{place[2]} {place[3]}"] for place in PLACES]]
    report = check(workbook(rows))
    assert [place.postcode for place in report.places] == ["33210", "33430", "33600"]
    assert report.places[0].address == "14 allées Jean-Jaurès"
    assert "cells_hold_several_fields" not in rules(report)


MORE = [("Relais du Ciron", "1 rue Haute", "33430", "Bazas", "06 39 98 01 09", None, "mardi 9h-12h"),
        ("Mairie de Sore", "2 rue Basse", "33430", "Bazas", "06 39 98 01 08", None, None)]  # fmt: skip


@pytest.mark.parametrize("last", ["RSA", "Effectif", "Lundi"])
def test_a_second_table_with_other_words_begins_with_its_header(check, workbook, last):
    other = ("Structure", "Adresse postale", "CP", "Ville", "Tél.", "Mail", "Horaires", last, f"{last} 2")
    first = (*HEADERS, last, f"{last} 2")
    report = check(workbook([first, *PLACES, (), ("Arrondissement n° 2",), other, *MORE]))
    assert names(report) == [*NAMES, "Relais du Ciron", "Mairie de Sore"]


def test_a_second_table_under_group_titles_begins_with_them(check, workbook):
    groups = ("Identification", "Localisation", None, None, "Contact", None, "Accueil")
    report = check(workbook([groups, HEADERS, *PLACES, (), ("Secteur sud",), groups, HEADERS, *MORE]))
    assert names(report) == [*NAMES, "Relais du Ciron", "Mairie de Sore"]


def test_a_row_under_a_commune_s_name_is_no_header_whatever_words_it_has(check, workbook):
    heads = ("Nom", "Type", "Adresse", "Téléphone", "Horaires")
    row = (
        "Maison de services de Bazas",
        "Maison de services",
        "7 quai de la Gare",
        "06 39 98 01 02",
        "sur rendez-vous",
    )
    report = check(workbook([heads, ("Bazas",), row, ("Langon",), ("CCAS", "CCAS", "52 bis rue Haute", None, None)]))
    assert [(place.name, place.commune) for place in report.places] == [(row[0], "Bazas"), ("CCAS", "Langon")]


def test_a_title_between_places_is_one_beside_an_empty_column_too(check, workbook):
    rows = [HEADERS, PLACES[0], ("Arrondissement de Langon",), PLACES[1], ("SECTEUR NORD :",), PLACES[2]]
    report = check(workbook([(None, *row) for row in rows]))
    assert names(report) == NAMES
    assert rules(report).count("title_row_skipped") == 2


def test_a_third_table_that_has_the_first_one_s_header_again_is_one(check, workbook):
    other = ("Nom", "Commune", "Courriel", None, "SIRET")
    first = ("Nom", None, "Commune", "Courriel", "SIRET")
    rows = [first, ("CCAS", None, "Bazas", "ccas@exemple.fr", None), (), ("Secteur 2",), other,
            ("Mairie", "Langon", "mairie@exemple.fr", None, None), (), ("Secteur 3",), first,
            ("Poste", None, "Pessac", "poste@exemple.fr", None)]  # fmt: skip
    report = check(workbook(rows))
    found = [(place.name, place.commune) for place in report.places]
    assert found == [("CCAS", "Bazas"), ("Mairie", "Langon"), ("Poste", "Pessac")]


def test_a_form_that_says_a_name_and_a_street_alone_is_read(check, workbook):
    labels = ["Nom de la structure", "Adresse", "Téléphone", "Référent"]
    forms = [["CCAS de Cérons", "46 av. Georges Pompidou 33720 Cérons", None, "Mme Petit"],
             ["Mairie annexe", "5 route de Paris 33720 Cérons", "05 56 00 00 01", "M. Martin"]]  # fmt: skip
    sheets = {f"Fiche {number}": aside([labels, form]) for number, form in enumerate(forms, start=1)}
    assert names(check(workbook(sheets))) == ["CCAS de Cérons", "Mairie annexe"]


CODES = [["A", "O"], ["N", "A"], ["O", "A"]]
HELP = {"A": "accompaniment", "O": "orientation", "N": "none"}


def levels(report):
    return sorted((d.place, d.demarche.partition(" (")[0], d.level) for d in report.demarches)


def coded(headers=("CAF", "CPAM")):
    return [[*HEADERS, *headers], *([*place, *codes] for place, codes in zip(PLACES, CODES, strict=True))]


EXPLAINED = sorted((name, operator, HELP[code]) for name, codes in zip(NAMES, CODES, strict=True)
                   for operator, code in zip(("CAF", "CPAM"), codes, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    "sheets",
    [
        {"Lieux": [*coded(), [None], ["A = accompagnement, O = orientation, N = pas d’aide"]]},
        {"Lieux": [*coded(), [None], ["Légende : A : accompagnement / O : orientation / N : non"]]},
        {"Lieux": [*coded(), [None], ["A", "Accompagnement"], ["O", "Orientation"], ["N", "Non proposé"]]},
        {"Lieux": [["Aide (A : accompagnement ; O : orientation ; N : non)"], [None], *coded()]},
        {"Lieux": coded(("CAF (A = accompagnement, O = orientation, N = non)", "CPAM (A/O/N)"))},
        {"Lieux": coded(), "Légende": [["A", "Accompagnement"], ["O", "Orientation"], ["N", "Non"]]},
        {
            "Lieux": [
                [*row, None, text]
                for row, text in zip(
                    coded(), ["Légende", "A = accompagnement", "O = orientation", "N = non"], strict=True
                )
            ]
        },
    ],
    ids=["beneath", "announced", "in cells", "above", "in a header", "on a sheet", "beside"],
)
def test_letters_mean_what_the_legend_says_wherever_it_stands(check, workbook, sheets):
    report = check(workbook(sheets))
    assert names(report) == NAMES
    assert levels(report) == EXPLAINED
    assert not [problem for problem in report.problems if problem.severity != "info"]


def test_figures_and_other_letters_have_a_legend_too(check, workbook):
    figures = {"A": 2, "O": 1, "N": 0}
    rows = [row[:-2] + [figures.get(code, code) for code in row[-2:]] for row in coded()]
    report = check(workbook({"Lieux": [*rows, [None], ["2 = accompagnement ; 1 = orientation ; 0 = rien"]]}))
    assert levels(report) == EXPLAINED


def test_columns_of_letters_that_nobody_explains_say_that_they_are_not_read(check, workbook):
    report = check(workbook({"Lieux": [row[:-2] + [f"{code}z" if row[0] != "Nom" else code for code in row[-2:]]
                                       if position else row for position, row in enumerate(coded())]}))  # fmt: skip
    assert not report.demarches
    told = [(p.column, p.severity) for p in report.problems if p.rule == "demarches_not_read"]
    assert told == [("CAF", "warning"), ("CPAM", "warning")]


LISTS = [("CAF, CPAM", "ANTS"), ("Caf ; MSA", None), (None, "CAF\nCPAM")]
LISTED = sorted(
    [(NAMES[0], "CAF", "accompaniment"), (NAMES[0], "CPAM", "accompaniment"), (NAMES[0], "ANTS", "orientation"),
     (NAMES[1], "Caf", "accompaniment"), (NAMES[1], "MSA", "accompaniment"),
     (NAMES[2], "CAF", "orientation"), (NAMES[2], "CPAM", "orientation")]
)  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        ("Accompagnement", "Orientation"),
        ("Démarches accompagnées", "Démarches pour lesquelles vous orientez"),
        ("Aide en ligne sur place", "Redirection vers un autre lieu"),
    ],
)
def test_a_column_a_level_lists_the_demarches_at_that_level(check, workbook, headers):
    rows = [[*place, *lists] for place, lists in zip(PLACES, LISTS, strict=True)]
    report = check(workbook({"Lieux": [[*HEADERS, *headers], *rows]}))
    assert names(report) == NAMES
    assert levels(report) == LISTED


@pytest.mark.parametrize("between", [" / ", "\n", " ; ", ". "])
@pytest.mark.parametrize("header", ["Démarches", "Services proposés", "Domaines d’intervention"])
def test_a_cell_that_lists_by_level_gives_each_demarche_its_own(check, workbook, header, between):
    cells = [
        between.join(
            f"{level} : {listed}"
            for level, listed in zip(("Accompagnement", "Orientation"), lists, strict=True)
            if listed
        ).replace("CAF\nCPAM", "CAF, CPAM")
        for lists in LISTS
    ]
    rows = [[*place, cell] for place, cell in zip(PLACES, cells, strict=True)]
    report = check(workbook({"Lieux": [[*HEADERS, header], *rows]}))
    assert levels(report) == LISTED


def test_what_a_list_by_level_names_and_nobody_knows_is_said(check, workbook):
    rows = [[*place, listed] for place, listed in zip(PLACES, ["CAF, zorglub", "CPAM", "MSA"], strict=True)]
    report = check(workbook({"Lieux": [[*HEADERS, "Accompagnement"], *rows]}))
    assert [p.rule for p in report.problems if "zorglub" in str(p.message) + str(p.value)] == ["demarche_unknown"]


def test_a_sheet_of_levels_and_lists_is_never_passed_over(check, workbook):
    lists = [["Niveau d’aide", "Ce qui est proposé"], ["Accompagnement", "CAF, CPAM"], ["Orientation", "ANTS, MSA"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Aide": lists}))
    assert [(p.sheet, p.severity) for p in report.problems if p.rule == "sheet_not_read"] == [("Aide", "warning")]


def test_rows_a_service_are_one_place_whatever_their_column_is_called(check, workbook):
    rows = [[*place, service] for place in PLACES for service in ("CAF", "CPAM", "MSA")]
    report = check(workbook({"Lieux": [[*HEADERS, "Service"], *rows]}))
    assert names(report) == NAMES
    assert len(report.demarches) == 9


def test_operators_named_in_a_column_of_something_else_are_no_demarches(check, workbook):
    rows = [[*place, named] for place, named in zip(PLACES, ["La Poste", "CAF", "MSA"], strict=True)]
    report = check(workbook({"Lieux": [[*HEADERS, "Autre - typologie"], *rows]}))
    assert not report.demarches
    assert "demarches_not_read" not in rules(report)
