"""Which column is which: headers cut short or that say nothing, numbers that are no house's, points in one cell."""

from __future__ import annotations

import pytest

from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.values.service_types import read_service_type
from tests.unit.survey.conftest import HEADERS, PLACES, content_of, rules

WHERE = HEADERS[:4]


def columns(report):
    return {name: header for name, header in content_of(report)["columns"].items() if header}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("DAT_MaJ", "updated_on"),
        ("cod_post", "postcode"),
        ("comp_adresse", "address_extra"),
        ("nom_etab", "name"),
        ("hor_ouv", "opening_hours"),
        ("code_ins", "insee"),
    ],
)
def test_words_cut_short_say_together_what_the_whole_ones_do(header, field):
    scores = field_scores(header, "places")
    assert max(scores, key=scores.get, default=None) == field


@pytest.mark.parametrize("numbers", [[1, 2, 3], [0, 1, 2], ["12", "7", "30"]])
def test_a_number_before_an_address_that_has_its_own_is_no_house(check, workbook, numbers):
    places = [("Le Local", "3 rue Basse", "33430", "Bazas"), *[place[:4] for place in PLACES[:2]]]
    rows = [["N°", *WHERE], *[[number, *place] for number, place in zip(numbers, places, strict=True)]]
    report = check(workbook(rows))
    assert [place.address for place in report.places] == [
        "3 rue Basse",
        "14 allées Jean-Jaurès",
        "3 place de la Cathédrale",
    ]


def test_house_numbers_stay_house_numbers(check, workbook):
    rows = [["Nom", "Numéro", "Rue", "Ville"]]
    rows += [
        ["Mairie", 14, "allées Jean-Jaurès", "Langon"],
        ["Poste", 3, "rue Basse", "Bazas"],
        ["CCAS", 2, "rue Haute", "Pessac"],
    ]
    assert [place.address for place in check(workbook(rows)).places] == [
        "14 allées Jean-Jaurès",
        "3 rue Basse",
        "2 rue Haute",
    ]


@pytest.mark.parametrize(
    "written", ["44.5534 ; -0.2497", "[-0.2497, 44.5534]", "44,5534 / -0,2497", "Point (-0.2497 44.5534)"]
)
@pytest.mark.parametrize("header", ["localisation", "xy", "Position"])
def test_a_point_in_one_cell_is_a_point_whatever_its_header(check, workbook, written, header):
    rows = [[*WHERE, header], *[[*place[:4], written] for place in PLACES]]
    report = check(workbook(rows))
    assert {(place.latitude, place.longitude, place.phone) for place in report.places} == {(44.5534, -0.2497, None)}
    assert "coordinates_swapped" not in rules(report)


def test_dates_under_a_header_that_says_nothing_are_asked_about(check, workbook):
    days = ["03/05/2022", "12/06/2022", "mai", "2022-07-01"]
    rows = [[*WHERE, "Revu"], *[[*place[:4], day] for place, day in zip([*PLACES, PLACES[0]], days, strict=True)]]
    report = check(workbook(rows))
    assert columns(report)["updated_on"] == "Revu"
    assert [place.updated_on for place in report.places[:2]] == ["2022-05-03", "2022-06-12"]
    assert {"column_doubtful", "date_unreadable"} <= set(rules(report))


@pytest.mark.parametrize("header", ["Labellisé le", "Signature de la convention", "Date d’inauguration", "Ouverture"])
def test_dates_of_something_else_are_no_date_of_the_row(check, workbook, header):
    rows = [[*WHERE, header], *[[*place[:4], "03/05/2022"] for place in PLACES]]
    assert "updated_on" not in columns(check(workbook(rows)))


def test_identifiers_may_be_long(check, workbook):
    rows = [
        ["identifiant", *WHERE],
        *[[f"{'0a1b2c3d' * 8}-{number}", *place[:4]] for number, place in enumerate(PLACES)],
    ]
    assert columns(check(workbook(rows)))["local_id"] == "identifiant"


def test_a_list_of_communes_with_ticks_takes_no_tick_for_a_name(check, workbook):
    heads = ["Ville", "Adresse", "Téléphone", "Ordinateur"]
    rows = [["Langon", "1 rue Haute", "05 56 76 55 25", "X"], ["Bazas", "2 rue Basse", "06 39 98 01 02", "non"]]
    report = check(workbook([heads, *rows]))
    assert [(place.name, place.insee) for place in report.places] == [("Langon", "33227"), ("Bazas", "33036")]
    assert "column_doubtful" in rules(report)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Missions locales", "mission_locale"),
        ("Centres sociaux / maisons de quartiers", "centre_social"),
        ("Espaces publics numériques", "epn"),
        ("Maisons des solidarités", "maison_des_solidarites"),
        ("Trésoreries", "centre_finances_publiques"),
    ],
)
def test_a_kind_of_place_may_be_in_the_plural(written, code):
    assert read_service_type(written).value == code


def test_a_second_column_of_phones_or_mails_is_heard_where_the_first_is_empty(check, workbook):
    heads = [*WHERE, "Téléphone", "Mobile", "Télécopie", "Courriel", "Autre mail"]
    rows = [
        [*PLACES[0][:4], "05 56 76 55 25", "06 39 98 01 01", "05 36 49 12 34", None, "accueil@exemple.fr"],
        [*PLACES[1][:4], None, "06 39 98 01 02", "05 36 49 12 35", "bazas@exemple.fr", "autre@exemple.fr"],
        [*PLACES[2][:4], None, None, "05 36 49 12 36", None, None],
    ]
    report = check(workbook([heads, *rows]))
    assert [place.phone for place in report.places] == ["+33556765525", "+33639980102", None]
    assert [place.email for place in report.places] == ["accueil@exemple.fr", "bazas@exemple.fr", None]
    assert [p.cell for p in report.problems if p.rule == "spare_column_read"] == ["F1", "I1"]


def test_a_wrong_number_in_the_second_column_is_told_there(check, workbook):
    rows = [[*WHERE, "Fixe", "Portable"]]
    rows += [[*place[:4], place[4], "06 39 98 01 01"] for place in PLACES] + [
        ["Le Local", None, "33430", "Bazas", None, "06 39"]
    ]
    report = check(workbook(rows))
    assert [p.cell for p in report.problems if p.rule == "phone_unreadable"] == ["F5"]
