"""Letters that a file lost, signs that Word pastes: read, and said with their cell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from fs_pipeline.deposits.memory import read_answers
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.problems import Problem
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.survey.tables.lost_letters import SAID
from tests.unit.survey.conftest import HEADERS, PLACES, content_of, rules
from tests.unit.survey.nasty import ods, ods_row

HEAD = "Nom;Commune;Téléphone;Horaires\n"


def lost(report: CheckReport) -> list[Problem]:
    return [problem for problem in report.problems if problem.rule == "letter_lost"]


def csv_file(folder: Path, rows: str) -> Path:
    path = folder / "enquete.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def test_a_lost_letter_is_said_with_its_cell_what_was_read_and_what_to_type(check: Callable, tmp_path: Path) -> None:
    report = check(csv_file(tmp_path, "M�diath�que de Bazas;Bazas;05 56 00 00 01;lundi � vendredi 9h-12h\n"))
    (place,) = report.places
    assert (place.name, place.opening_hours) == ("Médiathèque de Bazas", "Mo-Fr 09:00-12:00")
    name, hours = lost(report)
    assert (name.cell, name.column, name.value) == ("A2", "Nom", "M�diath�que de Bazas")
    assert "« Médiathèque de Bazas »" in name.message
    assert name.suggestion
    assert hours.cell == "D2"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "json", "geojson"])
def test_every_format_has_the_same_door(kind: str, check: Callable, workbook: Callable, tmp_path: Path) -> None:
    name = "\uf0b7 M\u0092Bar\u200bek \ufffdcole"
    path = tmp_path / f"enquete.{kind}"
    if kind == "xlsx":
        path = workbook([("Nom", "Commune"), (name, "Bazas")])
    elif kind == "ods":
        ods(path, ods_row("Nom", "Commune") + ods_row(name, "Bazas"))
    else:
        record = {"Nom": name, "Commune": "Bazas\ud83d"}
        feature = {"type": "Feature", "geometry": None, "properties": record}
        path.write_text(json.dumps([record] if kind == "json" else {"features": [feature]}), encoding="utf-8")
    report = check(path)
    assert report.places[0].name == "• M’Barek école"
    assert report.places[0].commune == "Bazas"
    assert lost(report)[0].cell == "A2"


def test_a_file_that_lost_all_its_accents_is_said_in_few_lines(check: Callable, tmp_path: Path) -> None:
    rows = "".join(f"�cole n� {number};Bazas;;\n" * 2 for number in range(SAID + 20))
    report = check(csv_file(tmp_path, rows))
    said = lost(report)
    assert len(said) == SAID
    assert len({problem.value for problem in said}) == SAID
    counted = [problem.message for problem in report.problems if problem.rule == "file_lost_letters"]
    assert "100" in counted[0]
    assert "40" in counted[1]


def test_letters_lost_in_rows_of_another_departement_are_theirs_to_mend(check: Callable, tmp_path: Path) -> None:
    report = check(csv_file(tmp_path, "Mairie;Bazas;;\nBiblioth�que;Marseille;;\n"))
    assert "row_of_another_departement" in rules(report)
    assert lost(report) == []


def test_the_copy_given_back_shows_what_was_lost_until_it_is_mended(
    check: Callable, workbook: Callable, tmp_path: Path
) -> None:
    rows = [HEADERS, ("Biblioth�que", *PLACES[0][1:3], "L�ngon", *PLACES[0][4:])]
    copy = tmp_path / "annote.xlsx"
    write_annotated(check(workbook(rows)), copy)
    sheet = openpyxl.load_workbook(copy)["Lieux"]
    assert sheet["A2"].value == "Biblioth�que"
    assert "perdu" in sheet["A2"].comment.text
    again = check(copy)
    assert "A2" in [problem.cell for problem in lost(again)]


def test_halves_of_characters_and_controls_stop_neither_the_report_nor_its_copy(cases: Path, tmp_path: Path) -> None:
    out, copy = tmp_path / "o.json", tmp_path / "o.xlsx"
    command = [sys.executable, "-m", "fs_pipeline.cli", "check", str(cases / "hostile" / "07-surrogats.json")]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*command, "--json", out, "--annotated", copy], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    (place,) = json.loads(out.read_text(encoding="utf-8"))["places"]
    assert (place["name"], place["commune"], place["address"]) == ("Mairie", "Talence", "rue")
    printed = subprocess.run([*command, "--json", "-"], env=environment, capture_output=True, check=True).stdout
    assert json.loads(printed)["places"] == [place]


@pytest.mark.parametrize("case", ["01a-emoji-arret", "01b-puce-word-reunion", "01c-lettres-perdues"])
def test_signs_of_word_and_of_phones_are_read(case: str, check: Callable, cases: Path) -> None:
    report = check(cases / "hostile" / f"{case}.xlsx")
    said = json.dumps(content_of(report)["tables"], ensure_ascii=False)
    assert "\uf0b7" not in said
    assert "�" not in said
    assert len(lost(report)) == (case == "01c-lettres-perdues")


def test_what_was_remembered_of_columns_passes_the_door_too() -> None:
    assert read_answers(b'{"nom\\ud800 du lieu": "name"}') == {"nom du lieu": "name"}


ROWS = "Médiathèque de Bazas;Bazas;05 56 00 00 01;lundi à vendredi 9h-12h\nMairie de Cérons;Cérons;05 56 00 00 02;\n"


@pytest.mark.parametrize("spoilt", ["Mairie", "lundi à"])
def test_a_letter_of_another_alphabet_spoils_no_other(check: Callable, tmp_path: Path, spoilt: str) -> None:
    """A UTF-8 file into which somebody pasted one word as Windows writes it, on a line with accents of its own or not."""
    path = tmp_path / "enquete.csv"
    content = (HEAD + ROWS).encode()
    path.write_bytes(content.replace(spoilt.encode(), b"\xe9t\xe9 " + spoilt.encode()))
    first, second = check(path).places
    assert (first.name, second.commune) == ("Médiathèque de Bazas", "Cérons")
    assert second.name == ("été Mairie de Cérons" if spoilt == "Mairie" else "Mairie de Cérons")


@pytest.mark.parametrize("alphabet", ["cp1252", "mac_roman", "cp850"])
def test_a_file_of_one_other_alphabet_is_read_in_it(check: Callable, tmp_path: Path, alphabet: str) -> None:
    path = tmp_path / "enquete.csv"
    path.write_bytes((HEAD + ROWS).encode(alphabet))
    assert [place.name for place in check(path).places] == ["Médiathèque de Bazas", "Mairie de Cérons"]


def test_what_an_export_writes_to_keep_a_zero_is_no_part_of_the_cell(check: Callable, tmp_path: Path) -> None:
    path = tmp_path / "enquete.csv"
    path.write_text(
        'Nom;Code postal;Commune;Téléphone\n="Mairie ""annexe""";="01000";Bourg-en-Bresse;"=""0465710011"""\n',
        encoding="utf-8",
    )
    (place,) = check(path, "01").places
    assert (place.name, place.postcode, place.phone) == ('Mairie "annexe"', "01000", "+33465710011")


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Coordonnées géographiques", ("[-0.2113 , 44.4319]", "[-0.3350 , 44.6361]")),
        ("geom", ("44.4319,-0.2113", "44.6361,-0.3350")),
        ("Coordonnées", ("44.4319, -0.2113", "44.6361, -0.3350")),
        ("Latitude;Longitude", ("44.4319°N;0.2113°O", "44.6361° N;0.3350° O")),
    ],
)
def test_points_are_read_with_their_units_and_never_as_a_phone(
    check: Callable, tmp_path: Path, head: str, cells: tuple[str, str]
) -> None:
    path = tmp_path / "enquete.csv"
    lines = [f"Nom;Commune;{head}", f"Médiathèque;Bazas;{cells[0]}", f"Mairie;Cérons;{cells[1]}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = check(path).places
    assert (first.latitude, first.longitude, second.latitude) == (44.4319, -0.2113, 44.6361)
    assert (first.phone, second.phone) == (None, None)


def test_a_text_of_windows_with_few_accents_but_a_y_with_two_dots_is_read_as_such(check, tmp_path):
    """« L’HAŸ » has bytes that are French letters in the Macintosh's alphabet too."""
    path = tmp_path / "enquete.csv"
    rows = [
        "Nom;Adresse;Ville",
        "CCAS de L'Haÿ-les-Roses;1 rue d'Éole;L'HAŸ-LES-ROSES",
        "Mairie;2 rue Émile;L'HAŸ-LES-ROSES",
    ]
    path.write_bytes("\n".join(rows).encode("cp1252"))
    report = check(path, "94")
    assert [(place.name, place.commune) for place in report.places] == [
        ("CCAS de L'Haÿ-les-Roses", "L'Haÿ-les-Roses"),
        ("Mairie", "L'Haÿ-les-Roses"),
    ]
