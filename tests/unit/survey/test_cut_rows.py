"""Rows that a line end cut in two: put together where their cells say how, told as the end of a row elsewhere."""

from __future__ import annotations

import pytest

from tests.unit.survey.conftest import HEADERS, PLACES, rules

HEAD = (
    "Nom",
    "Statut",
    "Adresse",
    "Code postal",
    "Commune",
    "Téléphone",
    "Courriel",
    "Latitude",
    "Longitude",
    "Activités",
)
BAZAS = ("33430", "Bazas", "06 39 98 01 02", "fs.bazas@exemple.fr", 44.43, -0.21)


def _rows(many: int = 3) -> list[tuple[object, ...]]:
    return [
        (f"Mairie de Langon {n}", ("Public", "Privé")[n % 2], f"{n + 1} rue Haute", "33210", "Langon",
         f"05 36 49 12 {n:02}", f"m{n}@exemple.fr", 44.55, -0.25, "Ateliers" if n % 3 else None)
        for n in range(many)
    ]  # fmt: skip


def _told(report, row: int) -> list[str]:
    return [problem.rule for problem in report.problems if problem.row == row and problem.severity != "info"]


@pytest.mark.parametrize("cut", [["zae Joncquier"], ["bâtiment B", "zae Joncquier"]])
def test_the_rest_of_a_row_cut_by_a_line_end_is_read_with_it(check, workbook, cut):
    whole = ("Relais", "Public", "252 rue Gay Lussac")
    rest = [(text, *[None] * 9) for text in cut[:-1]] + [(f'{cut[-1]}"', *BAZAS)]
    report = check(workbook([HEAD, *_rows(), (*whole, *[None] * 7), *rest]))
    place = report.places[-1]
    assert (place.name, place.postcode, place.commune, place.phone, place.email) == (
        "Relais", "33430", "Bazas", "+33639980102", "fs.bazas@exemple.fr",
    )  # fmt: skip
    assert place.address.startswith("252 rue Gay Lussac")
    assert (place.latitude, place.longitude) == (44.43, -0.21)
    assert len(report.places) == 4
    assert rules(report).count("row_continues") == len(cut)


def test_what_is_wrong_in_the_rest_of_a_row_is_told_where_it_stands(check, workbook):
    rest = ("zae Joncquier", "33430", "Bazas", "06 39 98", "fs.bazas@exemple.fr", 44.43, -0.21)
    report = check(workbook([HEAD, *_rows(), ("Relais", "Public", "252 rue Gay Lussac", *[None] * 7), rest]))
    told = [(problem.cell, problem.value) for problem in report.problems if problem.rule == "phone_unreadable"]
    assert told == [("D6", "06 39 98")]


def test_a_shifted_row_under_a_whole_one_is_no_rest_of_it(check, workbook):
    report = check(workbook([HEAD, *_rows(), ("zae Joncquier", *BAZAS, *[None] * 3)]))
    assert _told(report, 5) == ["column_shifted"]
    assert len(report.places) == 3


@pytest.mark.parametrize(
    "end",
    [
        (",Réseau des tiers-lieux,,Centre de documentation,",),
        ("Programmation de soirées", "Coworking ; atelier bijoux ; atelier bois"),
    ],
)
def test_the_end_of_a_row_is_no_place_and_is_told(check, workbook, end):
    report = check(
        workbook(
            [HEAD, *_rows(36), (*end, *[None] * (10 - len(end))), ("Relais", "Public", "1 rue Basse", *BAZAS, None)]
        )
    )
    assert "row_is_an_end" in _told(report, 38)
    assert len(report.places) == 37
    assert not [place for place in report.places if place.commune is None]


@pytest.mark.parametrize("alone", [("Relais de Bazas", "Public"), ("Le Kiosque", None), ("Médiathèque", "Communal")])
def test_a_place_that_says_no_more_than_its_name_stays_one(check, workbook, alone):
    report = check(workbook([HEAD, *_rows(36), (*alone, *[None] * 8)]))
    assert alone[0] in {place.name for place in report.places}
    assert "row_is_an_end" not in rules(report)


def test_a_list_of_names_has_no_ends(check, workbook):
    names = [
        (f"{kind} de {town}",) + (None,) * 6 for kind in ("Mairie", "Relais", "Atelier") for town in ("Bazas", "Langon")
    ]
    report = check(workbook([HEADERS, *PLACES, *names]))
    assert "row_is_an_end" not in rules(report)
