"""One survey file, read whole: its verdict, its tables, every problem with its cell. One code path for every caller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from fs_pipeline.survey.cells import Workbook, column_letters
from fs_pipeline.survey.layout import Block, find_blocks
from fs_pipeline.survey.other_tables import (
    Record,
    Words,
    read_actors,
    read_demarches,
    read_meeting,
    read_rounds,
)
from fs_pipeline.survey.places import Place, read_places
from fs_pipeline.survey.problems import Problem, problem_of
from fs_pipeline.survey.reader import read_workbook
from fs_pipeline.survey.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.reading import Note
from fs_pipeline.warehouse.tables import PLACE_FIELDS

FEEDBACK_SHEET = "À corriger"  # the sheet that annotate.py adds; a workbook handed in again still holds it
OTHER_TABLES = ("demarches", "actors", "rounds", "meeting")
_SHOWN_PROBLEMS = 15


@dataclass
class CheckReport:
    """What one file holds. `workbook` and `blocks` are what the annotated copy is drawn from."""

    file: str
    departement: str | None
    workbook: Workbook
    blocks: list[Block] = field(default_factory=list)
    main: Block | None = None  # the table of places that has most rows
    places: list[Place] = field(default_factory=list)
    others: dict[str, list[Record]] = field(default_factory=lambda: {table: [] for table in OTHER_TABLES})
    problems: list[Problem] = field(default_factory=list)
    reason: str | None = None  # French, why the file is refused
    set_aside: Counter[str] = field(default_factory=Counter)  # rows of other départements, by sentence

    @property
    def verdict(self) -> str:
        """``accepted``, ``warnings`` (something is worth correcting) or ``refused``."""
        if self.reason:
            return "refused"
        return "warnings" if any(problem.severity != "info" for problem in self.problems) else "accepted"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The stored tables of a deposit, without its slot: survey_places, …, problems."""
        sheets = {block.table: block.sheet.name for block in self.blocks}
        frames = {"survey_places": pd.DataFrame([self._stored(place) for place in self.places], dtype=object)}
        for table in OTHER_TABLES:
            records = [{"sheet": sheets.get(table), **record} for record in self.others[table]]
            frames[f"survey_{table}"] = pd.DataFrame(records, dtype=object)
        frames["problems"] = pd.DataFrame([problem.to_json() for problem in self.problems], dtype=object)
        return {name: frame for name, frame in frames.items() if len(frame)}

    def _stored(self, place: Place) -> dict[str, object]:
        kind = "itinerant" if place["itinerant"] else "fixed"
        return {
            "survey_place_id": f"{place['sheet']}:{place['row']}",
            **{key: value for key, value in place.items() if key != "service_type"},
            "service_type": place["service_type"],
            "kind": kind,
        }

    def to_json(self) -> dict[str, Any]:
        """As ``fs-pipeline check --json`` writes it."""
        main = self.main
        return {
            "file": self.file,
            "verdict": self.verdict,
            "reason": self.reason,
            "sheet": main.sheet.name if main else None,
            "header_row": main.header_row + 1 if main else None,
            "rows": sum(any(cell is not None for cell in row) for row in main.sheet.rows[main.first : main.last])
            if main
            else 0,
            "columns": columns_of(main) if main else {},
            "places": [
                {"row": place["row"], **{name: place.get(name) for name in PLACE_FIELDS}} for place in self.places
            ],
            "tables": self.others,
            "problems": [problem.to_json() for problem in self.problems],
        }

    def summary(self) -> str:
        """What a person reads in the terminal: verdict, counts, the first problems."""
        counts = Counter(problem.severity for problem in self.problems)
        words = {"accepted": "accepté", "warnings": "accepté, avec des remarques", "refused": "refusé"}
        lines = [f"{self.file} : {words[self.verdict]}."]
        if self.reason:
            lines.append(self.reason)
        lines.append(
            f"{len(self.places)} lieux lus ; {counts['error']} à corriger, {counts['warning']} à vérifier, "
            f"{counts['info']} pour information."
        )
        lines += [f"Mis de côté : {count} lignes. {sentence}" for sentence, count in self.set_aside.most_common()]
        worth = [problem for problem in self.problems if problem.severity != "info"]
        for problem in worth[:_SHOWN_PROBLEMS]:
            value = f" « {problem.value} »" if problem.value else ""
            what = f" À écrire : {problem.suggestion}" if problem.suggestion else ""
            lines.append(f"  {problem.cell or 'fichier'}{value} : {problem.message}{what}")
        if len(worth) > _SHOWN_PROBLEMS:
            lines.append(f"  … et {len(worth) - _SHOWN_PROBLEMS} autres : voir le rapport (--json, --annotated).")
        return "\n".join(lines)


def columns_of(block: Block) -> dict[str, Any]:
    """Canonical field -> its header, its headers, its headers by day, or None."""
    headers: dict[str, Any] = dict.fromkeys(PLACE_FIELDS)
    for name, columns in block.columns.items():
        written = [block.header(column) for column in columns]
        headers[name] = written[0] if len(written) == 1 else written
    if block.days:
        headers["opening_hours"] = {
            day: [block.header(column) for column in columns] for day, columns in block.days.items()
        }
    return headers


def check_file(path: Path, *, territory: Territory, departement: str | None, vocabulary: Words) -> CheckReport:
    """Read one survey; a file that holds nothing for `departement` is refused in the report.

    Raises
    ------
    UnreadableFile
        When the file cannot be opened as a table at all.
    """
    workbook = read_workbook(path)
    report = CheckReport(workbook.filename, departement, workbook)
    if workbook.format == "xlsm":
        report.problems.append(problem_of(Note("file_macro")))
    for sheet in workbook.sheets:
        if sheet.name.startswith(FEEDBACK_SHEET):
            continue
        if not sheet.visible:
            if sheet.rows:
                report.problems.append(problem_of(Note("hidden_sheet_skipped"), sheet=sheet.name))
            continue
        found = find_blocks(sheet, territory)
        if len(found) > 1:
            report.problems.append(problem_of(Note("two_tables_on_sheet"), sheet=sheet.name))
        if not found and len(sheet.rows) > 1:
            report.problems.append(problem_of(Note("sheet_not_understood"), sheet=sheet.name))
        report.blocks += found
    places = [block for block in report.blocks if block.table == "places"]
    if not report.blocks:
        report.reason = (
            "Aucune ligne d’en-têtes n’a été reconnue. Mettez au-dessus du tableau une ligne avec les noms des "
            "colonnes : Nom, Adresse, Commune, Téléphone…"
        )
        report.problems = [problem_of(Note("header_not_found"))]
        return report
    report.main = max(places, key=lambda block: block.last - block.first, default=None)
    _read_blocks(report, territory, vocabulary)
    if places and not report.places and departement:
        name = territory.departement_names.get(departement, departement)
        report.reason = (
            f"Aucune ligne de ce fichier n’est dans le département {name} ({departement}). "
            "Déposez l’enquête de ce département, ou corrigez les codes postaux et les communes."
        )
        report.problems.insert(0, problem_of(Note("no_place_of_departement"), sheet=places[0].sheet.name or None))
    return report


def _read_blocks(report: CheckReport, territory: Territory, vocabulary: Words) -> None:
    for block in report.blocks:
        _note_columns(report, block)
        if block.table == "places":
            places, rows = read_places(block, territory, report.departement)
            report.places += [{"sheet": block.sheet.name, **place} for place in places]
            _take_problems(report, rows)
    main = report.main.sheet.name if report.main else ""
    for block in report.blocks:
        if block.table == "demarches":
            records, rows = read_demarches(block, vocabulary, report.places, main)
        elif block.table == "actors":
            records, rows = read_actors(block)
        elif block.table == "rounds":
            records, rows = read_rounds(block, territory, report.departement)
        elif block.table == "meeting":
            records, rows = read_meeting(block)
        else:
            continue
        report.others[block.table] += records
        _take_problems(report, rows)


def _take_problems(report: CheckReport, rows: list[Row]) -> None:
    for row in rows:
        report.problems += row.problems
        for problem in row.problems:
            if problem.rule == "row_of_another_departement":
                report.set_aside[problem.message] += 1


def _note_columns(report: CheckReport, block: Block) -> None:
    """Columns kept though nothing asks for them, and columns that were hidden."""
    for column in block.extra:
        report.problems.append(_column_problem(block, column, "extra_column_kept"))
    used = {column for columns in (*block.columns.values(), *block.days.values()) for column in columns}
    for column in sorted(used & block.sheet.hidden_columns):
        report.problems.append(_column_problem(block, column, "hidden_column_read"))


def _column_problem(block: Block, column: int, rule: str) -> Problem:
    header = block.header(column)
    return replace(
        problem_of(Note(rule), sheet=block.sheet.name or None, row=block.header_row + 1),
        cell=f"{column_letters(column)}{block.header_row + 1}",
        column=header,
        value=header[:120],
    )
