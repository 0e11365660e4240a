"""Hours over several columns: days, openings and closings, and hours that say no day."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.unit.survey.conftest import content_of

ADDRESS = ("1 rue Haute", "33210", "Langon")
HEAD = ("Nom", "Adresse", "Code postal", "Commune")


def _rows(*cells: tuple[object, ...]) -> list[tuple[object, ...]]:
    names = ("Mairie de Langon", "CCAS de Langon", "Médiathèque de Langon")
    return [(name, *ADDRESS, *row) for name, row in zip(names, cells, strict=False)]


def _hours(report) -> list[str | None]:
    return [place["opening_hours"] for place in content_of(report)["places"]]


def test_two_columns_named_after_days_are_the_hours_of_those_days(check, workbook):
    rows = [(*HEAD, "Mardi", "Jeudi"), *_rows(("14h-17h", "9h-12h"), ("14h-16h", "9h-11h"), ("14h-17h", None))]
    assert _hours(check(workbook(rows))) == [
        "Tu 14:00-17:00; Th 09:00-12:00", "Tu 14:00-16:00; Th 09:00-11:00", "Tu 14:00-17:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        (
            "Heure d’ouverture matin",
            "Heure de fermeture matin",
            "Heure d’ouverture après-midi",
            "Heure de fermeture après-midi",
        ),
        ("Matin : début", "Matin : fin", "Après-midi : début", "Après-midi : fin"),
        ("Matin de", "Matin à", "Après-midi de", "Après-midi à"),
    ],
)
def test_openings_and_closings_are_paired_by_their_words(check, workbook, headers):
    rows = [
        (*HEAD, "Jours", *headers),
        *_rows(("lundi au jeudi", "9h", "12h", "14h", "17h"), ("mardi, jeudi", "9h", "12h", None, None),
               ("vendredi", "8h", "12h", "13h", "16h")),
    ]  # fmt: skip
    assert _hours(check(workbook(rows))) == [
        "Mo-Th 09:00-12:00,14:00-17:00", "Tu,Th 09:00-12:00", "Fr 08:00-12:00,13:00-16:00",
    ]  # fmt: skip


def test_a_day_that_a_spreadsheet_turned_into_dates_is_not_a_closed_day(check, workbook):
    date = dt.date(2022, 12, 9)
    rows = [(*HEAD, "Lundi", "Mardi", "Jeudi"), *_rows(*[(date, "14h-17h", "9h-12h")] * 3)]
    path = workbook([[cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row] for row in rows])
    report = content_of(check(path))
    assert [place["opening_hours"] for place in report["places"]] == [None] * 3
    told = [problem for problem in report["problems"] if problem["rule"] == "hours_are_dates"]
    assert [(problem["cell"], problem["suggestion"]) for problem in told] == [
        (f"E{row}", "9h-12h") for row in (2, 3, 4)
    ]


def test_the_cell_of_the_day_that_is_wrong_is_the_one_that_is_told(check, workbook):
    rows = [
        (*HEAD, "Lundi", "Mardi", "Vendredi"),
        *_rows(*[("9h-12h", "9h-12h", "9h-12h")] * 2, ("9h-12h", "9h-12h", "14h-12h")),
    ]
    report = content_of(check(workbook(rows)))
    assert report["places"][2]["opening_hours"] == "Mo-Tu 09:00-12:00"
    told = [
        (problem["cell"], problem["value"]) for problem in report["problems"] if problem["rule"].startswith("hours_")
    ]
    assert told == [("G4", "14h-12h")]


def test_hours_that_name_no_day_are_no_week(check, workbook):
    rows = [(*HEAD, "Horaires"), *_rows(("9h-12h",), ("9h-12h sauf mercredi matin",), ("lundi 9h-12h",))]
    report = content_of(check(workbook(rows)))
    assert [place["opening_hours"] for place in report["places"]] == [None, None, "Mo 09:00-12:00"]
    assert [problem["row"] for problem in report["problems"] if problem["rule"].startswith("hours_")] == [2, 3]


def test_a_stop_once_a_month_is_no_stop_a_week(check, workbook):
    places = [(*HEAD, "Horaires"), *_rows(*[("lundi 9h-12h",)] * 3)]
    rounds = [
        ("Tournée", "Lieu d’arrêt", "Commune", "Jour", "Horaires"),
        ("Bus", "Place de la mairie", "Langon", "mardi", "9h-12h"),
        ("Bus", "Salle des fêtes", "Bazas", "1er mercredi du mois", "14h-16h"),
        ("Bus", "Mairie", "Pessac", None, "14h-16h"),
    ]
    report = content_of(check(workbook({"Lieux": places, "Tournées": rounds})))
    read = [(row["weekday"], row["opening_hours"]) for row in report["tables"]["rounds"]]
    assert read[:2] == [("Tu", "09:00-12:00"), (None, "We[1] 14:00-16:00")]
    told = {(problem["row"], problem["rule"]) for problem in report["problems"] if problem["sheet"] == "Tournées"}
    assert {(3, "weekday_unreadable"), (4, "hours_without_days")} <= told


@pytest.mark.parametrize("header", ["Jours d’ouverture", "c_jours_semaine", "Jours de la semaine"])
def test_hours_without_days_have_those_that_another_column_of_their_row_tells(check, workbook, header):
    rows = [
        (*HEAD, "Horaires", header),
        *_rows(("9h-12h", "{Lundi,Jeudi,Mardi}"), ("mardi 14h-17h", "Lundi mardi"),
               ("9h-12h sauf le vendredi", "du lundi au vendredi")),
    ]  # fmt: skip
    report = content_of(check(workbook(rows)))
    assert [place["opening_hours"] for place in report["places"]][:2] == ["Mo-Tu,Th 09:00-12:00", "Tu 14:00-17:00"]
    assert report["places"][2]["opening_hours"] in ("Mo-Th 09:00-12:00", "Mo-Th 09:00-12:00; Fr off")
    assert not [problem for problem in report["problems"] if problem["rule"].startswith("hours_")]


@pytest.mark.parametrize(
    ("header", "days"),
    [
        ("Jours de fermeture", "lundi"),
        ("Jours de marché", "mardi, jeudi"),
        ("Jours d’ouverture", "lundi, inconnu"),
        ("Remarques", "lundi"),
    ],
)
def test_days_of_something_else_are_not_those_of_hours_without_days(check, workbook, header, days):
    rows = [(*HEAD, "Horaires", header), *_rows(("9h-12h", days), ("mardi 14h-17h", days), ("jeudi 9h-12h", None))]
    report = content_of(check(workbook(rows)))
    assert [place["opening_hours"] for place in report["places"]] == [None, "Tu 14:00-17:00", "Th 09:00-12:00"]
    assert [problem["row"] for problem in report["problems"] if problem["rule"] == "hours_without_days"] == [2]


def test_days_of_closing_are_not_joined_to_hours_as_those_of_opening(check, workbook):
    rows = [(*HEAD, "Jours de fermeture", "Horaires"), *_rows(*[("lundi", "9h-12h")] * 3)]
    report = content_of(check(workbook(rows)))
    assert [place["opening_hours"] for place in report["places"]] == [None] * 3
    assert "hours_without_days" in {problem["rule"] for problem in report["problems"]}


@pytest.mark.parametrize(
    ("title", "read"), [("Antenne de Langon", "Mo-Fr 08:30-12:00"), ("Antenne de Bazas", None), ("Site", None)]
)
def test_hours_headed_by_the_site_of_their_own_commune_are_the_places(check, workbook, title, read):
    hours = f"{title}\ndu lundi au vendredi de 8h30 à 12h"
    report = content_of(check(workbook([(*HEAD, "Horaires"), *_rows((hours,), ("mardi 14h-17h",), ("lundi 9h-12h",))])))
    assert report["places"][0]["opening_hours"] == read
    assert ("hours_elsewhere" in {problem["rule"] for problem in report["problems"]}) == (read is None)
