"""A deposit is received: kept, judged, answered; what its sender said about a header serves the next one."""

from __future__ import annotations

import json
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from fs_pipeline.assets.survey import receive
from fs_pipeline.cli import main
from fs_pipeline.deposits.keeping import Deposit
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.survey.opening.reader import UnreadableFile
from tests.rows import filled

CSV = "Dispositif;Adresse;Commune;Zorg\nMairie de Langon;14 allées Jean-Jaurès;Langon;Commune\nCCAS;3 rue du Port;Bazas;EPCI\n"


@pytest.fixture
def pipeline(tmp_path):
    return Pipeline(Settings.at(tmp_path))


def test_a_deposit_is_answered_with_a_report_a_list_and_a_workbook(pipeline):
    report = receive(pipeline, Deposit("2022-12", "33", "enquete.csv", CSV.encode()))
    where = "feedback/2022-12/33/enquete.csv"
    assert json.loads(pipeline.files.read(f"{where}.json"))["verdict"] == report.verdict == "warnings"
    assert pipeline.files.read(f"{where}.csv").startswith(b"\xef\xbb\xbf")
    assert pipeline.files.read(f"{where}.annote.xlsx")[:2] == b"PK"


def test_a_file_that_is_no_table_is_kept_with_its_verdict_and_its_reason(pipeline):
    report = receive(pipeline, Deposit("2022-12", "33", "lettre.xlsx", b"%PDF-1.7 whatever"))
    assert report.verdict == "refused"
    assert "PDF" in report.reason
    assert list(pipeline.warehouse.read("deposits")["verdict"]) == ["refused"]
    assert "PDF" in pipeline.files.read("feedback/2022-12/33/lettre.xlsx.json").decode()


def test_an_answer_is_remembered_for_that_departement_only(pipeline, tmp_path):
    first = receive(pipeline, Deposit("2022-12", "33", "enquete.csv", CSV.encode()))
    doubtful = [problem["cell"] for problem in first.records()["problems"] if problem["rule"] == "column_doubtful"]
    assert doubtful == ["A1"]
    copy = tmp_path / "copie.xlsx"
    copy.write_bytes(pipeline.files.read("feedback/2022-12/33/enquete.csv.annote.xlsx"))
    book = openpyxl.load_workbook(copy)
    sheet = book["Colonnes"]
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, 3).value == "Zorg":
            sheet.cell(row, 5).value = "Structure porteuse"
        if sheet.cell(row, 3).value == "Dispositif":
            sheet.cell(row, 5).value = "Nom du lieu"
    book.save(copy)
    receive(pipeline, Deposit("2022-12", "33", "enquete.xlsx", copy.read_bytes()))
    again = receive(pipeline, Deposit("2023-06", "33", "enquete.csv", CSV.encode()))
    assert "column_doubtful" not in {problem["rule"] for problem in again.records()["problems"]}
    assert again.records()["survey_places"][0]["carrier"] == "Commune"
    elsewhere = receive(pipeline, Deposit("2023-06", "2A", "enquete.csv", CSV.encode()))
    assert elsewhere.answers == {}
    assert not pipeline.files.exists("memory/columns/2A.json")


def test_the_answers_of_one_deposit_are_undone_by_one_command(pipeline, tmp_path, monkeypatch, capsys):
    text = CSV.replace("Zorg", "Téléphone").replace(";Commune\n", ";05 56 12\n").replace("EPCI", "05 56 00 00 11")
    deposit = Deposit("2022-12", "33", "enquete.csv", text.encode())
    receive(pipeline, deposit)
    copy = tmp_path / "copie.xlsx"
    copy.write_bytes(pipeline.files.read("feedback/2022-12/33/enquete.csv.annote.xlsx"))
    book = openpyxl.load_workbook(copy)
    sheet = book["À corriger"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Gravité")
    titles = {cell.value: cell.column for cell in sheet[head]}
    for row in range(head + 1, sheet.max_row + 1):
        sheet.cell(row, titles["Votre réponse"]).value = "vérifié"
    book.save(copy)

    def asked(received):
        return "phone_unreadable" in {problem["rule"] for problem in received.records()["problems"]}

    returned = Deposit("2022-12", "33", "rendu.xlsx", copy.read_bytes())
    assert not asked(receive(pipeline, returned))
    assert not asked(receive(pipeline, deposit))
    monkeypatch.setenv("FS_HOME", str(tmp_path))
    assert main(["answers", "show", "--department", "33"]) == 0
    assert returned.deposit_id in capsys.readouterr().out
    assert main(["answers", "undo", "--department", "33", "--deposit", "rendu.xlsx"]) == 0
    assert asked(receive(pipeline, deposit))
    assert asked(receive(pipeline, returned))


def test_a_survey_is_read_with_the_demarches_of_its_campaigns_day(pipeline, monkeypatch):
    asked = []

    def read(path, **job):
        asked.append(job["on"])
        raise UnreadableFile("empty")

    monkeypatch.setitem(vars(pipeline), "readers", SimpleNamespace(read=read))
    pipeline.warehouse.upsert(
        "campaigns", filled("campaigns", pd.DataFrame([{"campaign": "2027-02", "reference_date": "2027-02-14"}]))
    )
    for campaign in ("2027-02", "2027-03"):
        receive(pipeline, Deposit(campaign, "33", "enquete.csv", CSV.encode()))
    assert asked == ["2027-02-14", "2027-03-01"]
