"""What a clerk reads: one cause, one line; the place named; what is proposed, and in which form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from fs_pipeline.survey.causes import causes_of, written_rows
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.feedback.sheets import problems_csv
from tests.unit.survey.conftest import HEADERS, PLACES, rules


def without_zero(count: int) -> list[tuple[object, ...]]:
    return [
        (f"Mairie {number}", f"{number} rue Haute", "33210", "Langon", 556765500 + number, None, None)
        for number in range(1, count + 1)
    ]


def test_a_rule_that_a_column_hits_often_is_one_line_with_its_rows(check: Callable, workbook: Callable) -> None:
    report = check(workbook([HEADERS, *PLACES, *without_zero(12)]))
    lines = [line for line in report.summary().splitlines() if "zéro" in line]
    assert len(lines) == 1
    assert "12 cases : lignes 5 à 16." in lines[0]
    rows = [row for row in csv.reader(io.StringIO(problems_csv(report.problems)), delimiter=";") if "zéro" in row[6]]
    assert len(rows) == 1


def test_each_cell_of_a_cause_stays_marked_and_in_the_json(check: Callable, workbook: Callable, tmp_path: Path) -> None:
    report = check(workbook([HEADERS, *PLACES, *without_zero(12)]))
    out = tmp_path / "copie.xlsx"
    write_annotated(report, out)
    sheet = openpyxl.load_workbook(out)["Lieux"]
    assert sum(cell.comment is not None for row in sheet.iter_rows(min_row=5) for cell in row) == 12
    told = [problem for problem in json.loads(report.written())["problems"] if problem["rule"] == "phone_lost_zero"]
    assert len(told) == 12
    assert {problem["group"] for problem in told} == {1}
    assert [problem["place"] for problem in told] == [f"Mairie {number}" for number in range(1, 13)]


def test_what_is_rare_is_a_line_each_with_its_place(check: Callable, workbook: Callable) -> None:
    report = check(workbook([HEADERS, *PLACES, *without_zero(3)]))
    lines = [line for line in report.summary().splitlines() if "zéro" in line]
    assert [f"Mairie {number}" in line for number, line in enumerate(lines, start=1)] == [True] * 3
    assert all(problem["group"] is None for problem in json.loads(report.written())["problems"])


def test_what_asks_nothing_of_the_clerk_is_apart(check: Callable, workbook: Callable, tmp_path: Path) -> None:
    headers = [*HEADERS, *(f"Question {number}" for number in range(15))]
    report = check(workbook([headers, *((*place, *["bla"] * 15) for place in PLACES)]))
    extra = [cause for cause in causes_of(report.problems) if cause.first.rule == "extra_column_kept"]
    assert len(extra) == 1
    assert "15 colonnes" in extra[0].message
    out = tmp_path / "copie.xlsx"
    write_annotated(report, out)
    book = openpyxl.load_workbook(out)
    said = {name: [cell.value for row in book[name].iter_rows() for cell in row] for name in book.sheetnames}
    assert extra[0].message in said["Pour information"]
    assert extra[0].message not in said["À corriger"]


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        ([3], "ligne 3"), ([3, 5, 6, 7, 20], "lignes 3, 5 à 7 et 20"), ([3, 4], "lignes 3 et 4"),
        (list(range(0, 100, 2)), "lignes " + ", ".join(map(str, range(0, 50, 2))) + "… et 25 autres"),
    ],
)  # fmt: skip
def test_rows_are_written_as_people_do(rows: list[int], written: str) -> None:
    assert written_rows(rows) == written


@pytest.mark.parametrize(
    ("others", "proposed"),
    [
        (("05 56 76 55 25", "05 56 00 00 11"), "05 56 76 55 01"),
        (("05.56.76.55.25", "05.56.00.00.11"), "05.56.76.55.01"),
        (("0556765525", "0556000011"), "0556765501"),
        (("+33 5 56 76 55 25", "+33 5 56 00 00 11"), "+33 5 56 76 55 01"),
    ],
)
def test_a_phone_is_proposed_in_the_form_of_its_column(check, workbook, others, proposed) -> None:
    rows = [(f"Lieu {phone}", "1 rue Haute", "33210", "Langon", phone) for phone in others]
    report = check(workbook([HEADERS[:5], *rows, *(row[:5] for row in without_zero(1))]))
    assert [problem.suggestion for problem in report.problems if problem.rule == "phone_lost_zero"] == [proposed]


@pytest.mark.parametrize(
    ("town", "proposed"),
    [("BAZAS2000", "Bazas"), ("Langon-les-Vignes", "Langon"), ("Le Plan de Bazas", "Bazas"), ("Xylophonie", None)],
)
def test_the_commune_that_a_name_begins_or_ends_with_is_asked_about(check, workbook, town, proposed) -> None:
    report = check(workbook([HEADERS, *PLACES, ("Relais", "1 rue Haute", None, town)]))
    problem = next(problem for problem in report.problems if problem.rule == "commune_unknown")
    assert problem.proposal == proposed
    assert (problem.place, problem.cell) == ("Relais", "D5")


def test_a_row_that_names_no_commune_is_asked_about_the_one_at_its_point(check, workbook) -> None:
    head = ("Nom", "Adresse", "Commune", "Latitude", "Longitude")
    rows = [
        ("Mairie", "1 rue Haute", "Langon", 44.5541, -0.2459),
        ("Relais", "2 rue Gay Lussac", None, 44.4325, -0.2117),
    ]
    report = check(workbook([head, *rows]))
    problem = next(problem for problem in report.problems if problem.rule == "commune_missing")
    assert (problem.cell, problem.proposal) == ("C3", "Bazas")
    assert report.places[1].address == "2 rue Gay Lussac"


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("médiathèque@exemple.fr", "mediatheque@exemple.fr"), ("contact@@exemple.fr", "contact@exemple.fr"),
        ("contact @ exemple,fr", "contact@exemple.fr"), ("voir le site", None), ("contact@exemple", None),
    ],
)  # fmt: skip
def test_a_mailbox_that_cannot_be_written_to_is_proposed_mended(check, workbook, written, proposed) -> None:
    report = check(workbook([HEADERS, *PLACES, ("Relais", "1 rue Haute", "33430", "Bazas", None, written, None)]))
    assert report.places[-1].email is None
    assert [problem.proposal for problem in report.problems if problem.rule == "email_unreadable"] == [proposed]


def test_a_row_whose_cells_all_stand_elsewhere_is_told_once(check, workbook) -> None:
    head = (
        "Nom",
        "Structure porteuse",
        "SIRET",
        "Adresse",
        "CP",
        "Commune",
        "Courriel",
        "Téléphone",
        "Latitude",
        "Longitude",
    )
    rows = [
        (name, "Association Relais", None, street, code, town, mail, phone, 44.5, -0.2)
        for name, street, code, town, phone, mail, _ in PLACES
    ]
    cut = ("zae Joncquier", "33430", "Bazas", "fs.bazas@exemple.fr", "06 39 98 01 02", 44.43, -0.21, None, None, None)
    report = check(workbook([head, *rows, cut]))
    assert [problem.rule for problem in report.problems if problem.row == 5] == ["column_shifted"]
    assert len(report.places) == 3


def test_a_cedex_of_the_commune_typed_without_its_zero_is_no_other_commune(check, workbook) -> None:
    head = ("Nom", "Adresse", "Code postal", "Commune")
    rows = [("Préfecture", "28 rue Saint-Arey", "5011", "Gap"), ("Mairie", "1 place de l’Église", "5000", "Gap")]
    report = check(workbook([head, *rows]), "05")
    assert "insee_contradicts_commune" not in rules(report)
    assert {place.commune for place in report.places} == {"Gap"}
