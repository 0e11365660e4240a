"""Rows seen beside one another: one place written several ways, a row a service or a half-day, and those that differ."""

from __future__ import annotations

import pytest

from tests.unit.survey.conftest import rules

HEADERS = ("Nom", "Adresse", "Code postal", "Commune", "Téléphone", "Horaires", "Ateliers", "Public")
FIRST = (
    "Mission locale du Sud",
    "4 rue du Docteur Roux",
    "33210",
    "Langon",
    "05 36 49 12 34",
    "lundi 9h-12h",
    "CV",
    "jeunes",
)


def other(**said):
    return tuple(said.get(name, value) for name, value in zip(HEADERS, FIRST, strict=True))


@pytest.mark.parametrize(
    "row",
    [
        other(Nom="MISSION LOCALE SUD", Adresse="4, r. du Dr Roux"),
        other(Nom="M.L. du Sud : mission locale", Adresse="4 rue docteur Roux"),
        other(Adresse="4 rue du docteur roux", Commune="LANGON", Téléphone=None),
        FIRST,
    ],
)
def test_a_place_written_again_otherwise_is_said(check, workbook, row):
    report = check(workbook([HEADERS, FIRST, row]))
    assert len(report.places) == 2
    assert [p.row for p in report.problems if p.rule == "rows_describe_same_place"] == [3]


@pytest.mark.parametrize(
    "row",
    [
        other(Nom="Secours du Sud", Téléphone="06 39 98 01 02"),
        other(Commune="Bazas", **{"Code postal": "33430"}),
        other(Adresse="12 rue Haute", Téléphone="06 39 98 01 02"),
        other(Nom="Épicerie solidaire"),
    ],
)
def test_neighbours_and_namesakes_are_two_places(check, workbook, row):
    report = check(workbook([HEADERS, FIRST, row]))
    assert len(report.places) == 2
    assert "rows_describe_same_place" not in rules(report)


def test_a_row_a_service_or_a_half_day_is_one_place(check, workbook):
    rows = [FIRST, other(Ateliers="Tableur", Public="seniors"), other(Horaires="mardi 14h-17h")]
    report = check(workbook([HEADERS, *rows]))
    (place,) = report.places
    assert place.opening_hours == "Mo 09:00-12:00; Tu 14:00-17:00"
    assert place.publics == "jeunes|seniors"
    assert place.more_rows == (3, 4)
    assert rules(report).count("service_rows_gathered") == 1


def test_rows_that_contradict_one_another_are_not_gathered(check, workbook):
    report = check(workbook([HEADERS, FIRST, other(Téléphone="06 39 98 01 02", Ateliers="Tableur")]))
    assert len(report.places) == 2
    assert "rows_describe_same_place" in rules(report)
