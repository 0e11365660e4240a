"""Lists of other countries, and lists of France that look foreign."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.survey.conftest import HEADERS, PLACES, rules

BELGIAN = (
    ("1000", "Bruxelles"), ("4000", "Liège"), ("5000", "Namur"), ("7000", "Mons"), ("6000", "Charleroi"),
    ("6500", "Beaumont"), ("6600", "Bastogne"), ("6700", "Arlon"), ("5500", "Dinant"), ("1300", "Wavre"),
    ("7500", "Tournai"), ("5580", "Rochefort"), ("6460", "Chimay"),
)  # fmt: skip
SWISS = (
    ("1200", "Genève"), ("1003", "Lausanne"), ("2000", "Neuchâtel"), ("1950", "Sion"), ("1700", "Fribourg"),
    ("2800", "Delémont"), ("1260", "Nyon"), ("1920", "Martigny"), ("1630", "Bulle"), ("1110", "Saint-Prex"),
    ("1870", "Monthey"),
)  # fmt: skip
GERMAN = (
    ("10115", "Berlin"), ("67655", "Kaiserslautern"), ("66111", "Saarbrücken"), ("54290", "Trier"),
    ("76131", "Karlsruhe"), ("79098", "Freiburg"), ("50667", "Köln"), ("80331", "München"), ("20095", "Hamburg"),
    ("60311", "Frankfurt"), ("01067", "Dresden"),
)  # fmt: skip
QUEBEC = tuple(
    (f"H2X {number}Y4", town)
    for number, town in enumerate(
        ("Montréal", "Québec", "Sherbrooke", "Trois-Rivières", "Gatineau", "Saguenay", "Saint-Jérôme", "Laval",
         "Longueuil", "Lévis")
    )
)  # fmt: skip
GUYANE = tuple(
    ("97300", town)
    for town in ("Cayenne", "Kourou", "Matoury", "Mana", "Maripasoula", "Grand-Santi", "Camopi", "Roura", "Sinnamary",
                 "Régina", "Papaïchton")
)  # fmt: skip
CALEDONIA = tuple(
    (None, town)
    for town in ("Nouméa", "Dumbéa", "Païta", "Koné", "Koumac", "Poindimié", "Bourail", "La Foa", "Pouembout", "Lifou")
)
CORSICAN = (
    ("20000", "Aiacciu"), ("20250", "Corti"), ("20137", "Portivechju"), ("20100", "Sartè"), ("20169", "Bonifaziu"),
    ("20220", "L’Isula"), ("20110", "Prupià"), ("20240", "Ghisunaccia"), ("20221", "Cervioni"), ("20230", "San Niculau"),
)  # fmt: skip


def listed(towns: tuple[tuple[str | None, str], ...]) -> list[tuple[str | None, ...]]:
    return [
        (f"Espace public numérique de {town}", f"Rue de la Station {number}", postcode, town, None, None, None)
        for number, (postcode, town) in enumerate(towns, start=1)
    ]


@pytest.mark.parametrize("departement", [None, "33"])
@pytest.mark.parametrize("towns", [BELGIAN, SWISS, GERMAN, QUEBEC], ids=["belgian", "swiss", "german", "quebec"])
def test_a_list_of_another_country_is_refused_with_the_reason(
    check: Callable, workbook: Callable, towns, departement
) -> None:
    report = check(workbook([HEADERS, *listed(towns)]), departement)
    assert report.verdict == "refused"
    assert "en France" in report.reason
    assert set(rules(report)) - {"column_doubtful"} == {"table_elsewhere"}
    assert report.places == []


@pytest.mark.parametrize("towns", [BELGIAN, SWISS], ids=["belgian", "swiss"])
def test_names_that_communes_of_france_bear_too_do_not_place_a_foreign_list(
    check: Callable, workbook: Callable, towns
) -> None:
    names_alone = [(*row[:2], None, *row[3:]) for row in listed(towns)]
    assert check(workbook([HEADERS, *names_alone]), None).verdict == "refused"


def test_towns_that_stand_in_the_address_say_that_a_list_is_foreign(check: Callable, workbook: Callable) -> None:
    rows = [(name, f"{street}, {postcode} {town}") for name, street, postcode, town, *_ in listed(BELGIAN)]
    assert check(workbook([("Nom", "Adresse"), *rows]), None).verdict == "refused"


def test_points_alone_say_that_a_list_is_foreign(check: Callable, workbook: Callable) -> None:
    rows = [(f"Espace {number}", f"Rue {number}", 50.4 + number / 100, 5.2 + number / 50) for number in range(12)]
    assert check(workbook([("Nom", "Adresse", "Latitude", "Longitude"), *rows]), None).verdict == "refused"
    here = [(name, street, latitude - 4, 2.0) for name, street, latitude, _ in rows]
    assert check(workbook([("Nom", "Adresse", "Latitude", "Longitude"), *here]), None).verdict != "refused"


@pytest.mark.parametrize(
    ("towns", "departement"),
    [(GUYANE, "973"), (GUYANE, None), (CALEDONIA, None), (CORSICAN, "2A"), (CORSICAN, None)],
)
def test_a_survey_from_far_or_in_another_tongue_is_none_of_another_country(
    check: Callable, workbook: Callable, towns, departement
) -> None:
    report = check(workbook([HEADERS, *listed(towns)]), departement)
    assert not {"table_elsewhere", "table_perhaps_elsewhere"} & set(rules(report))
    assert len(report.places) + report.set_aside.total() == len(towns)


def test_a_short_table_is_asked_about_and_not_refused(check: Callable, workbook: Callable) -> None:
    misspelt = [
        (*row[:2], None, town, *row[4:])
        for row, town in zip(listed(BELGIAN[:4]), ("Langonn s/G", "Bazzas vil", "Pessacq ctr", "Mérign"), strict=True)
    ]
    report = check(workbook([HEADERS, *misspelt]))
    assert report.verdict == "warnings"
    assert "table_perhaps_elsewhere" in rules(report)
    assert len(report.places) == 4


def test_a_survey_that_does_not_say_where_its_places_are_is_asked_for_that_alone(
    check: Callable, workbook: Callable
) -> None:
    rows = [(f"Espace public {number}", f"{number} rue de la Paix") for number in range(1, 15)]
    report = check(workbook([("Nom", "Adresse"), *rows]))
    assert report.verdict == "warnings"
    assert not {"table_elsewhere", "table_perhaps_elsewhere"} & set(rules(report))


def test_a_survey_with_a_foreign_sheet_is_read_and_the_sheet_is_told(check: Callable, workbook: Callable) -> None:
    report = check(workbook({"Gironde": [HEADERS, *PLACES], "Belgique": [HEADERS, *listed(BELGIAN)]}))
    assert report.verdict == "warnings"
    assert [problem.sheet for problem in report.problems if problem.rule == "table_elsewhere"] == ["Belgique"]
    assert {place.sheet for place in report.places} == {"Gironde"}
