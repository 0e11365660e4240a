"""« vérifié »: heard, remembered, asked again when the cell changes, told, and undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from fs_pipeline.cli import main
from fs_pipeline.survey.accepted import ANSWER
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.report import CheckReport
from tests.unit.survey.conftest import HEADERS, PLACES, rules

DOUBTFUL = ("Relais de Bazas", "1 rue Haute", "33430", "Bazas", "05 56 12", None, "mardi 9h-")


def answered(report: CheckReport, out: Path, *, of: str, change: dict[str, object] | None = None) -> Path:
    """The returned workbook with « vérifié » beside the lines whose cell is in the column `of`."""
    write_annotated(report, out)
    book = openpyxl.load_workbook(out)
    sheet = book["À corriger"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == ANSWER for cell in row))
    titles = {cell.value: cell.column for cell in head}
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        if row[titles["Colonne"] - 1].value == of:
            sheet.cell(row[0].row, titles[ANSWER], "Vérifié")
    for cell, value in (change or {}).items():
        book["Lieux"][cell] = value
    book.save(out)
    return out


@pytest.fixture
def first(check: Callable, workbook: Callable) -> CheckReport:
    report: CheckReport = check(workbook([HEADERS, *PLACES, DOUBTFUL]))
    assert "phone_unreadable" in rules(report)
    return report


def test_what_is_verified_is_not_asked_again_and_told(check, first, tmp_path) -> None:
    report = check(answered(first, tmp_path / "rendu.xlsx", of="Téléphone"))
    assert "phone_unreadable" not in rules(report)
    told = [problem for problem in report.problems if problem.rule == "verified_now"]
    assert [(problem.place, problem.value) for problem in told] == [("Relais de Bazas", "05 56 12")]
    assert list(report.verified.values()) == ["Relais de Bazas, Téléphone : Ce numéro ne peut pas être composé."]
    assert any(rule.startswith("hours_") for rule in rules(report))  # of which nothing was answered


def test_it_is_asked_again_when_the_cell_changes_and_only_then(check, workbook, first, tmp_path) -> None:
    report = check(answered(first, tmp_path / "rendu.xlsx", of="Téléphone", change={"E5": "05 56 13"}))
    assert "phone_unreadable" in rules(report)
    known = check(answered(first, tmp_path / "autre.xlsx", of="Téléphone")).verified
    moved = check(workbook([HEADERS, DOUBTFUL, *PLACES]), verified=known)
    assert "phone_unreadable" not in rules(moved)
    assert "verified_before" in rules(moved)
    elsewhere = ("Relais de Langon", *DOUBTFUL[1:])
    assert "phone_unreadable" in rules(check(workbook([HEADERS, elsewhere, *PLACES]), verified=known))


def test_a_cause_of_many_cells_is_verified_at_once(check, workbook, tmp_path) -> None:
    rows = [(f"Relais {number}", *DOUBTFUL[1:4], f"05 56 {number}", None, None) for number in range(10, 24)]
    report = check(answered(check(workbook([HEADERS, *PLACES, *rows])), tmp_path / "rendu.xlsx", of="Téléphone"))
    assert "phone_unreadable" not in rules(report)
    assert len(report.verified) == 14


def test_a_mistake_that_is_sure_cannot_be_said_to_be_right(check, workbook, tmp_path) -> None:
    lost = ("Relais", "1 rue Haute", None, "Xylophonie", None, None, None)
    report = check(answered(check(workbook([HEADERS, *PLACES, lost])), tmp_path / "rendu.xlsx", of="Commune"))
    assert "commune_unknown" in rules(report)
    assert report.verified == {}


def test_the_command_line_remembers_in_a_file_and_undoes_one_deposit(first, tmp_path, capsys) -> None:
    source, memory, out = tmp_path / first.file, tmp_path / "reponses.json", tmp_path / "rapport.json"
    book = answered(first, tmp_path / "rendu.xlsx", of="Téléphone")

    def asked(path: Path) -> bool:
        assert main(["check", str(path), "--department", "33", "--memory", str(memory), "--json", str(out)]) == 0
        return "phone_unreadable" in {problem["rule"] for problem in json.loads(out.read_text())["problems"]}

    assert asked(source)
    assert not asked(book)
    assert not asked(source)
    capsys.readouterr()
    assert main(["answers", "show", "--memory", str(memory)]) == 0
    assert "Relais de Bazas, Téléphone" in capsys.readouterr().out
    assert main(["answers", "undo", "--memory", str(memory), "--deposit", "rendu.xlsx"]) == 0
    assert asked(source)
    assert asked(book)  # what was undone is not heard again of the same file
    assert main(["answers", "undo", "--memory", str(memory), "--deposit", "rendu.xlsx"]) == 2


@pytest.mark.parametrize("content", ["{}", "[]", "rien", '{"columns": 3, "journal": {}}'])
def test_a_file_that_holds_no_answers_is_refused_and_kept(first, tmp_path, capsys, content) -> None:
    memory = tmp_path / "reponses.json"
    memory.write_text(content)
    assert main(["check", str(tmp_path / first.file), "--memory", str(memory)]) == 2
    assert memory.read_text() == content
    assert "Traceback" not in capsys.readouterr().err
