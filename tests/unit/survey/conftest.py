from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.check import check_file
from fs_pipeline.survey.opening.cells import index_of
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.territory.shipped import load_territory

Rows = Sequence[Sequence[Any]]
HEADERS = ("Nom", "Adresse", "Code postal", "Commune", "Téléphone", "Courriel", "Horaires")
PLACES = (
    ("Mairie de Langon", "14 allées Jean-Jaurès", "33210", "Langon",
     "05 56 76 55 25", "mairie@exemple.fr", "lundi-vendredi 9h-12h"),
    ("France services de Bazas", "3 place de la Cathédrale", "33430", "Bazas",
     "06 39 98 01 02", "fs.bazas@exemple.fr", "mardi 14h-17h"),
    ("CCAS de Pessac", "2 place de la Ve République", "33600", "Pessac",
     "06 39 98 01 03", "ccas@exemple.fr", "jeudi 9h-12h"),
)  # fmt: skip


@pytest.fixture(scope="session")
def check() -> Callable[..., CheckReport]:
    territory, vocabulary = load_territory(), Vocabulary()

    def run(path: Path, departement: str | None = "33", **options: Any) -> CheckReport:
        return check_file(path, territory=territory, departement=departement, vocabulary=vocabulary, **options)

    return run


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write sheets of rows to an XLSX file."""

    def write(sheets: dict[str, Rows] | Rows, name: str = "enquete.xlsx", merged: Sequence[str] = ()) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as book:
            for title, rows in (sheets if isinstance(sheets, dict) else {"Lieux": sheets}).items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    for column, value in enumerate(row):
                        if value is not None:
                            sheet.write(number, column, value)
                for reference in merged:
                    sheet.merge_range(reference, _first(rows, reference))
        return path

    return write


def _first(rows: Rows, reference: str) -> Any:
    row, column = index_of(reference.partition(":")[0])
    return rows[row][column]


def rules(report: CheckReport) -> list[str]:
    return [problem.rule for problem in report.problems]


def content_of(report: CheckReport) -> dict[str, Any]:
    """What ``fs-pipeline check --json`` writes."""
    content: dict[str, Any] = json.loads(report.written())
    return content
