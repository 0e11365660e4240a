"""`run --survey` looks at each file before it drops any."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pandas as pd
import pytest

from fs_pipeline.cli import main
from fs_pipeline.deposits.keeping import Deposit, refused_last
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, names_of
from fs_pipeline.settings import Settings


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("absent", "n’existe pas"),
        ("pipe", "Ce n’est pas un fichier"),
        ("folder", "C’est un dossier"),
        ("three gigabytes", "dépasse 60 Mo"),
        ("empty", "est vide"),
        ("dangling link", "n’existe pas"),
        ("~$enquete.xlsx", "renommez-le"),
        ("enquete.xlsx.part", "renommez-le"),
        (".enquete.csv", "renommez-le"),
    ],
)
def test_what_is_no_survey_stops_the_command_before_anything_is_dropped(tmp_path, monkeypatch, capsys, kind, said):
    monkeypatch.delenv("FS_HOME", raising=False)
    good = tmp_path / "bonne.csv"
    good.write_text("Nom;Commune\nMairie;Bazas\n")
    survey = tmp_path / (kind if "." in kind else "enquete.xlsx")
    if kind == "pipe":
        os.mkfifo(survey)
    elif kind == "folder":
        survey.mkdir()
    elif kind == "dangling link":
        survey.symlink_to("nowhere")
    elif kind != "absent":
        with survey.open("wb") as file:
            file.truncate({"three gigabytes": 3 << 30, "empty": 0}.get(kind, 10))
    out = str(tmp_path / "out")
    surveys = ["--survey", str(good), "--survey", str(survey)]
    assert main(["run", "--campaign", "2022-12", "--department", "33", *surveys, "--out", out]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error
    assert not (tmp_path / "out" / "var" / "deposits").exists()


def test_two_surveys_of_one_name_are_not_taken_for_one(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("FS_HOME", raising=False)
    surveys = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "enquete.csv").write_text(folder)
        surveys += ["--survey", str(tmp_path / folder / "enquete.csv")]
    assert main(["run", "--campaign", "2022-12", "--department", "33", *surveys, "--out", str(tmp_path / "out")]) == 2
    assert "deux enquêtes portent le nom « enquete.csv »" in capsys.readouterr().err


def test_a_survey_is_dropped_under_the_name_it_goes_by_here(tmp_path):
    pipeline = Pipeline(Settings.at(tmp_path / "home"))
    survey = tmp_path / os.fsdecode(b"enqu\xeate\n.csv")
    survey.write_bytes(b"rows")
    assert names_of([survey]) == ["enquête .csv"]
    deposit(pipeline, Slot("2022-12", "33"), survey)
    assert [entry.path for entry in pipeline.deposits.look("2022-12/33")] == ["2022-12/33/enquête .csv"]


def test_a_survey_that_was_refused_shows_in_the_exit_code_until_a_good_version_comes():
    rows = [
        Deposit("2022-12", "33", "enquete.csv", bytes([day])).row(datetime(2023, 1, day, tzinfo=UTC), verdict, "1")
        for day, verdict in ((1, "accepted"), (2, "refused"), (3, "warnings"))
    ]
    assert [refused_last(pd.DataFrame(rows[:count])) for count in (1, 2, 3)] == [False, True, False]
    assert not refused_last(pd.DataFrame(rows).head(0))
