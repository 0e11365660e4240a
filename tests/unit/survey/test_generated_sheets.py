"""Surveys written by a grammar: none raises, none loses a row or a cell without a word, and their places are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.check import check_file
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.text import normalise
from tests.unit.survey.generated_files import write
from tests.unit.survey.generated_sheets import Survey, Written, survey_of

RECORDS = ("places", "demarches", "actors", "rounds", "meeting")
READ = 0.95
SAID_OTHERWISE = {"week_parity", "publics", "outreach_mode", "kind", "labels", "general_help"}  # « non » is no label
WHOLE_SHEET = {"sheet_not_read", "sheet_not_understood", "not_read_by_our_fault"}
POINT = ("latitude", "longitude")


def test_a_hundred_generated_surveys_are_read_and_accounted_for(tmp_path: Path) -> None:
    judge(range(100), tmp_path)


@pytest.mark.soak
def test_five_thousand_generated_surveys_are_read_and_accounted_for(tmp_path: Path) -> None:
    judge(range(10_000, 15_000), tmp_path)


def judge(seeds: Sequence[int], folder: Path) -> None:
    written = 0
    missing: list[str] = []
    silent: list[str] = []
    for seed in seeds:
        survey = survey_of(seed)
        report = check_file(
            write(survey, folder), territory=load_territory(), departement=survey.departement, vocabulary=Vocabulary()
        )
        written += sum(len(sheet.places) for sheet in survey.sheets)
        missing += [f"{survey.described}: {name}" for name in not_read(survey, report)]
        silent += [f"{survey.described}: {where}" for where in (*lost_rows(survey, report), *lost_cells(report))]
    assert not silent, "\n".join(silent)
    assert len(missing) <= (1 - READ) * written, "\n".join(missing)


def not_read(survey: Survey, report: CheckReport) -> Iterator[str]:
    """The places of which no record has the name and the commune."""
    read = Counter((normalise(place.name), place.insee) for place in report.places)
    read.subtract((normalise(name), insee) for sheet in survey.sheets for _, name, insee in sheet.places)
    for (name, insee), count in read.items():
        yield from [f"{name} ({insee})"] * -count


def lost_rows(survey: Survey, report: CheckReport) -> Iterator[str]:
    """The rows that are in no record and in no line of the report."""
    if report.reason:
        return
    for sheet in survey.sheets:
        name = "" if survey.format == "csv" else sheet.name
        told = set(told_rows(report, name))
        if "label" not in sheet.kinds and 0 not in told:
            yield from (f"{name} {row} {kind}" for row, kind in worth_a_word(sheet) if row not in told)


def worth_a_word(sheet: Written) -> Iterator[tuple[int, str]]:
    for number, (kind, row) in enumerate(zip(sheet.kinds, sheet.rows, strict=True), start=1):
        if kind not in {"title", "titles", "header", "blank"} and any(cell is not None for cell in row):
            yield number, kind


def told_rows(report: CheckReport, sheet: str) -> Iterator[int]:
    """Numbers of rows that the report speaks of; 0 where it speaks of the whole sheet."""
    for name in RECORDS:
        for record in getattr(report, name):
            if record.sheet.partition("(colonne")[0].rstrip() == sheet:
                yield from (record.row, *getattr(record, "more_rows", ()))
    for problem in report.problems:
        if (problem.sheet or "") == sheet:
            yield 0 if problem.rule in WHOLE_SHEET else problem.row or -1
            if run := re.search(r"Lignes (\d+) à (\d+)", problem.message):
                yield from range(int(run[1]), int(run[2]) + 1)


def lost_cells(report: CheckReport) -> Iterator[str]:
    """The cells of a field's column, in rows that are in a record, of which neither a value nor a line is made."""
    records: dict[tuple[str, str, int], list[object]] = {}
    for table in RECORDS:
        for record in getattr(report, table):
            for row in (record.row, *getattr(record, "more_rows", ())):
                records.setdefault((table, record.sheet, row), []).append(record)
    told = {(problem.sheet or "", problem.cell) for problem in report.problems}
    for block in report.blocks:
        for row in range(block.first, block.last):
            read = records.get((block.table, block.where, row + 1), [])
            for name in (block.columns.keys() if read else set()) - SAID_OTHERWISE:
                parts = POINT if name in POINT else (name,)
                cells = [column for part in parts for column in block.columns.get(part, ())]
                written = any(block.sheet.rows[row][column] is not None for column in block.columns[name])
                kept = any(getattr(record, part) is not None for record in read for part in parts)
                places = {(block.sheet.name, block.sheet.where(row, column)[1]) for column in cells}
                if written and not kept and places.isdisjoint(told):
                    yield f"{block.where} {row + 1} {name}"
