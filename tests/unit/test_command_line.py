"""What a person reads who mistypes a command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from fs_pipeline.arguments import read_arguments
from fs_pipeline.checks.judge import suites
from fs_pipeline.cli import main
from fs_pipeline.commands import COMMANDS
from fs_pipeline.report import RunReport, console_of_width, print_checks


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "fs-pipeline : il manque FICHIER. Voir « fs-pipeline check --help »."),
        (["check", "a.csv", "--foo"], "fs-pipeline : option inconnue : --foo. Voir « fs-pipeline --help »."),
        (["normalise", "heures"], "SORTE ne connaît pas heures ; au choix : hours, phone, address, commune."),
    ],
)
def test_a_mistake_is_one_french_line_and_code_2(capsys, arguments, said):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    error = capsys.readouterr().err
    assert stopped.value.code == 2
    assert error.count("\n") == 1
    assert said in error


def test_help_says_usage_once(capsys):
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert capsys.readouterr().out.count("Utilisation :") == 1


@pytest.mark.parametrize("written", ["2a", " 2A", "2A"])
def test_a_departement_is_understood_as_people_write_it(tmp_path, capsys, written):
    survey = tmp_path / "enquete.csv"
    survey.write_text("Nom;Adresse;Code postal;Commune\nMairie;1 rue du Port;20000;Ajaccio\n", encoding="utf-8")
    assert main(["check", str(survey), "--department", written]) == 0
    assert "1 lieu lu" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--json", "--csv", "--annotated"])
def test_an_output_that_cannot_be_written_is_one_line_and_no_traceback(tmp_path, capsys, option):
    survey = tmp_path / "enquete.csv"
    survey.write_text("Nom;Adresse;Code postal;Commune\nMairie;1 rue du Port;20000;Ajaccio\n", encoding="utf-8")
    assert main(["check", str(survey), option, str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "c’est un dossier" in error


def test_a_failed_check_is_told_by_its_sentence(capsys):
    report = RunReport("2022-12", ("33",), failed_checks={"few_pairs_wait_for_a_person": 1, "rows_are_as_declared": 2})
    print_checks(console_of_width(), report)
    told = capsys.readouterr().out
    assert "Aucun rapprochement n’attend d’être tranché." in told
    assert "Chaque ligne est unique à son grain" in told
    assert not [check.name for checks in suites().values() for check in checks if check.name in told]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_values_in_any_bytes_come_back_as_json_to_any_terminal(encoding):
    lines = "lundi \ufffd vendredi 9h\u00a0-\u200b12h 📍".encode() + b"\nlundi 9h\x9612h\n\xff\n"
    command = [sys.executable, "-m", "fs_pipeline.cli", "normalise", "hours"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    printed = subprocess.run(command, input=lines, env=environment, capture_output=True, check=True).stdout
    found = [json.loads(line) for line in printed.decode().splitlines()]
    assert [one["value"] for one in found] == ["Mo-Fr 09:00-12:00", "Mo 09:00-12:00", None]
    assert found[0]["input"].endswith("12h 📍")


def test_every_command_that_the_help_lists_is_one_that_can_be_run(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--help"])
    listed = re.findall(r"^    (\w+)(?:  .*)?$", capsys.readouterr().out, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
