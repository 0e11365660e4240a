"""Draw reported problems of surveys, each with the row it speaks of: `python -m tools.draw_problems SURVEYS SEED N OUT.md`.

SURVEYS is a folder of the real files; each is checked for each of its départements, and of what is told twice (a regional
file, a cause of many rows) one is kept. SEED is any text (the hash of the last commit), from which alone the draw follows. A
reader judges a problem by the file and the message alone. What is written holds what surveys hold: it stays out of the
repository; verdicts may be kept by the problem's id (see tests/unit/claims).
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from fs_pipeline.survey.opening.cells import column_letters
from tools.draw_claims import in_order

DEPARTEMENTS = {
    "16-bus-france-services.xlsx": ("16",),
    "33-gironde.xlsx": ("33",),
    "51-epernay-formulaire.xlsx": ("51",),
    "64-pyrenees-atlantiques.csv": ("64",),
    "974-la-reunion.xlsx": ("974",),
    "centre-val-de-loire.csv": ("18", "28", "36", "37", "41", "45"),
    "normandie-hors-14.csv": ("27", "50", "61", "76"),
    "provence-alpes-cote-d-azur.csv": ("04", "05", "06", "13", "83", "84"),
}
_WRONG = {"error", "warning"}
_ALPHABETS = ("utf-8-sig", "cp1252")
Problem = dict[str, str]


def main(arguments: list[str]) -> int:
    """Write the drawn problems; the ids are printed."""
    folder, seed, many, out = arguments
    told = reported(Path(folder))
    text = []
    for number, problem_id in enumerate(in_order([*told], seed)[: int(many)], 1):
        print(problem_id)
        text.append(f"## {number}. {problem_id}\n\n{told[problem_id]}\n")
    Path(out).write_text("\n".join(text), encoding="utf-8")
    return 0


def reported(folder: Path) -> dict[str, str]:
    """By id (file/sheet/cell/rule), the words of each problem that a clerk is told, and the row it speaks of."""
    found: dict[str, str] = {}
    for name, departements in DEPARTEMENTS.items():
        sheets = dict(_sheets(folder / name))
        for departement in departements:
            causes: set[str] = set()
            for problem in _problems(folder / name, departement):
                if problem["severity"] not in _WRONG or problem["group"] in causes:
                    continue
                causes |= {problem["group"]} - {None}
                problem_id = f"{name}/{problem['sheet'] or ''}/{problem['cell'] or ''}/{problem['rule']}"
                rows = sheets.get(problem["sheet"] or "", next(iter(sheets.values())))
                found.setdefault(problem_id, f"{_words(problem, departement)}\n\n{_row(rows, problem['row'])}")
    return found


def _problems(path: Path, departement: str) -> list[Problem]:
    command = [sys.executable, "-m", "fs_pipeline.cli", "check", str(path), "--department", departement, "--json", "-"]
    problems: list[Problem] = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)["problems"]
    return problems


def _words(problem: Problem, departement: str) -> str:
    group = " (une ligne pour plusieurs cases)" if problem["group"] else ""
    place = f" [{problem['place']}]" if problem["place"] else ""
    return (
        f"**{problem['severity']}, case {problem['cell']}, colonne « {problem['column']} »{place}{group} : "
        f"« {problem['value']} » : {problem['message']}** À écrire : {problem['suggestion']} (enquête du {departement})"
    )


def _row(rows: list[list[str]], row: object) -> str:
    """The row of the file, what is empty left out."""
    at = int(str(row)) - 1 if row is not None else -1
    if not 0 <= at < len(rows):
        return "(pas de ligne)"
    cells = [f"{column_letters(column)}={cell}" for column, cell in enumerate(rows[at]) if cell.strip()]
    return f"Ligne {at + 1} : " + " | ".join(cells)


def _sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Name and rows of each sheet, as a spreadsheet shows them."""
    if path.suffix == ".xlsx":
        for sheet in load_workbook(path, data_only=True).worksheets:
            yield (
                sheet.title,
                [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)],
            )
        return
    for alphabet in _ALPHABETS:
        try:
            text = path.read_text(encoding=alphabet)
        except UnicodeDecodeError:
            continue
        delimiter = max(";,\t", key=text.splitlines()[0].count)
        yield "", list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
