"""One survey file, read whole: its verdict, its tables, every problem with its cell. One code path for every caller."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from fs_pipeline.survey.accepted import accept
from fs_pipeline.survey.column_notes import note_columns, note_marks
from fs_pipeline.survey.columns.block import Block, Reading, Words
from fs_pipeline.survey.columns.layout import find_blocks
from fs_pipeline.survey.columns.legends import Coded, legend_of
from fs_pipeline.survey.columns.unheaded import going_on, matrix, speaks_of_places
from fs_pipeline.survey.judging import judge
from fs_pipeline.survey.nets import caught, watched
from fs_pipeline.survey.opening.cells import Sheet, Workbook
from fs_pipeline.survey.opening.reader import UnreadableFile, read_workbook
from fs_pipeline.survey.problems import problem_of, rules
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.survey.settling import settle
from fs_pipeline.survey.tables import lost_letters
from fs_pipeline.survey.tables.accounted import outside_tables, repaired
from fs_pipeline.survey.tables.demarches import Stated, read_demarches, read_lists, read_marks, read_services
from fs_pipeline.survey.tables.elsewhere import ELSEWHERE, note_elsewhere
from fs_pipeline.survey.tables.other_tables import read_actors, read_meeting, read_rounds
from fs_pipeline.survey.tables.places import read_places
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.reading import Note
from fs_pipeline.values.text import normalise

R = TypeVar("R")
_COPIED_CELLS = 400_000


def check_file(
    path: Path,
    *,
    territory: Territory,
    departement: str | None,
    vocabulary: Words,
    remembered: Mapping[str, str] | None = None,
    verified: Collection[str] = (),
    heeded: bool = True,
) -> CheckReport:
    """Read one survey of our own, in this very process; one that was handed in is read behind walls (``sandbox/``).

    As ``check_workbook`` has it.

    Raises
    ------
    UnreadableFile
        When the file cannot be opened as a table at all.
    """
    return check_workbook(
        read_workbook(path),
        territory=territory,
        departement=departement,
        vocabulary=vocabulary,
        remembered=remembered,
        verified=verified,
        heeded=heeded,
    )


def check_workbook(
    workbook: Workbook,
    *,
    territory: Territory,
    departement: str | None,
    vocabulary: Words,
    remembered: Mapping[str, str] | None = None,
    verified: Collection[str] = (),
    heeded: bool = True,
) -> CheckReport:
    """What one survey says; one that holds nothing for `departement` is refused in the report.

    Parameters
    ----------
    remembered
        Normalised header -> the field that the département once said it holds, empty where it holds none.
    verified
        Keys of the doubts that it once said are right (verified.py): they are not asked again.
    heeded
        Whether what the file itself answers is heard; it is not once somebody has undone its answers.

    Raises
    ------
    UnreadableFile
        When our own code fails on all that it holds.
    """
    taken = accept(workbook)
    if not heeded:
        taken = replace(taken, answers={}, verified=frozenset())
    answers = {**(remembered or {}), **taken.answers}
    report = CheckReport(
        taken.workbook.filename,
        departement,
        taken.workbook,
        answers=taken.answers,
        ours=taken.ours,
        accepted=taken.count,
    )
    if is_too_long(workbook):
        report.problems.append(problem_of(Note("file_without_copy")))
    with watched() as report.faults:
        _read_tables(report, Reading(territory, vocabulary, answers))
    judge(report, territory)
    settle(report, verified, taken.verified)
    return report


def _read_tables(report: CheckReport, reading: Reading) -> None:
    _find_tables(report, reading)
    if report.blocks:
        places = [block for block in report.blocks if block.table == "places"]
        report.main = max(places, key=lambda block: block.last - block.first, default=None)
        _read_blocks(report, reading.territory, reading.words)
    if report.holds_nothing and any(problem.rule == "not_read_by_our_fault" for problem in report.problems):
        raise UnreadableFile("unexpected", " ; ".join(report.faults))  # else what follows would blame its author
    _cite_lost_letters(report)


def is_too_long(workbook: Workbook) -> bool:
    """Whether writing it again, annotated, would take more than reading any survey may."""
    return workbook.written > _COPIED_CELLS


def refused_report(filename: str, departement: str | None, refusal: UnreadableFile) -> CheckReport:
    """The report of a file that is no table: refused, with the same sentence everywhere."""
    report = CheckReport(filename, departement, Workbook(filename, "", ()), reason=str(refusal))
    report.problems.append(problem_of(Note("file_unreadable", detail=str(refusal)), value=filename))
    return report


def _find_tables(report: CheckReport, reading: Reading) -> None:
    words = reading.words
    nothing: dict[str, str] = {}
    legends = {
        sheet.name: caught("legend", partial(legend_of, sheet, words), nothing, lambda: None)
        for sheet in report.workbook.sheets
    }
    everywhere = {code: level for legend in legends.values() for code, level in legend.items()}
    if report.workbook.format == "xlsm":
        report.problems.append(problem_of(Note("file_macro")))
    report.problems += [problem_of(Note("sheet_is_no_table"), sheet=name) for name in report.workbook.skipped]
    for sheet in report.workbook.sheets:
        if sheet.name in report.ours:
            continue
        if not sheet.visible:
            if sheet.rows:
                report.problems.append(problem_of(Note("hidden_sheet_skipped"), sheet=sheet.name))
            continue
        if codes := legends[sheet.name] or everywhere:
            reading = replace(reading, words=Coded(words, codes))
        found = caught("sheet", partial(_tables_of, report, sheet, reading), None, partial(_say_unread, report, sheet))
        if found is None:
            continue
        if len(found) > 1:
            report.problems.append(problem_of(Note("two_tables_on_sheet"), sheet=sheet.name))
        if any(block.sheet.origins for block in found):
            report.problems.append(problem_of(Note("cells_hold_several_fields"), sheet=sheet.name))
        if any(block.sheet.turned for block in found):
            report.problems.append(problem_of(Note("sheet_on_its_side"), sheet=sheet.name))
        if not found and len(sheet.rows) > 1:
            rule = "sheet_not_read" if speaks_of_places(sheet, reading) else "sheet_not_understood"
            report.problems.append(problem_of(Note(rule), sheet=sheet.name))
        report.blocks += found
        report.problems += outside_tables(sheet, found)
        report.problems += repaired(sheet)
        report.problems += lost_letters.counted(sheet)


def _say_unread(report: CheckReport, sheet: Sheet, block: Block | None = None) -> None:
    part = f"Le tableau de la ligne {block.header_row + 1}." if block else "Toute la feuille."
    report.problems.append(problem_of(Note("not_read_by_our_fault", detail=part), sheet=sheet.name or None))


def _tables_of(report: CheckReport, sheet: Sheet, reading: Reading) -> list[Block]:
    return find_blocks(sheet, reading) or _without_headers(report, sheet, reading)


def _without_headers(report: CheckReport, sheet: Sheet, reading: Reading) -> list[Block]:
    if block := matrix(sheet, reading):
        return [block]
    if block := going_on(sheet, report.blocks, reading.territory):
        name = report.blocks[0].sheet.name
        report.problems.append(
            problem_of(Note("headers_of_another_sheet", detail=f"Feuille : {name}."), sheet=sheet.name)
        )
        return [block]
    return []


def _read_blocks(report: CheckReport, territory: Territory, vocabulary: Words) -> None:
    read: list[tuple[Block, list[Row]]] = []
    elsewhere: set[str] = set()
    here: set[str] = set()
    for block in report.blocks:
        note_columns(report, block, vocabulary)
        if block.table != "places":
            note_marks(report, block, ())
        else:
            places, rows = _whole(report, block, partial(read_places, block, territory, report.departement))
            if note := note_elsewhere(rows, report.departement):
                report.problems.append(problem_of(note, sheet=block.sheet.name or None))
                if note.rule == ELSEWHERE:
                    continue
            note_marks(report, block, {row.number for row in rows if row.gone})
            report.places += places
            read.append((block, rows))
            elsewhere |= {normalise(row.text("name") or "") for row in rows if row.elsewhere or row.gone}
            gone = {row.number for row in rows if row.gone}
            here |= {normalise(place.name) for place in places if place.row not in gone}
    stated = Stated(vocabulary, report.places, frozenset(elsewhere - here - {""}))
    for block, rows in read:
        if block.marks:
            marked, heads = read_marks(block, rows, stated)
            report.demarches += marked
            if block.header_row >= 0:  # else they are told where the header is
                _take_problems(report, heads)
        if block.long:
            report.demarches += read_services(block, rows, stated)
        report.demarches += read_lists(block, rows, stated)
        _take_problems(report, rows)
    _read_other_tables(report, territory, stated)


def _read_other_tables(report: CheckReport, territory: Territory, stated: Stated) -> None:
    for block in report.blocks:
        rows: list[Row] = []
        if block.table == "demarches":
            demarches, rows = _whole(report, block, partial(read_demarches, block, stated))
            report.demarches += demarches
        elif block.table == "actors":
            actors, rows = _whole(report, block, partial(read_actors, block))
            report.actors += actors
        elif block.table == "rounds":
            stops, rows = _whole(report, block, partial(read_rounds, block, territory, report.departement))
            report.rounds += stops
        elif block.table == "meeting":
            meetings, rows = _whole(report, block, partial(read_meeting, block))
            report.meeting += meetings
        _take_problems(report, rows)


def _whole(
    report: CheckReport, block: Block, read: Callable[[], tuple[list[R], list[Row]]]
) -> tuple[list[R], list[Row]]:
    """What a reader makes of a table; nothing, and a line that says so, where it fails."""
    nothing: tuple[list[R], list[Row]] = ([], [])
    return caught(block.table, read, nothing, partial(_say_unread, report, block.sheet, block))


def _cite_lost_letters(report: CheckReport) -> None:
    aside = {
        (problem.sheet, problem.row) for problem in report.problems if problem.rule == "row_of_another_departement"
    }
    for sheet in dict.fromkeys(block.sheet.name for block in report.blocks):
        blocks = [block for block in report.blocks if block.sheet.name == sheet]
        elsewhere = {row for name, row in aside if name == (sheet or None) and row is not None}
        report.problems += lost_letters.by_cell(blocks[0].sheet, blocks, elsewhere)


def _take_problems(report: CheckReport, rows: list[Row]) -> None:
    mended: dict[tuple[str | None, str], str] = {}
    for row in rows:
        for position, problem in enumerate(row.problems):
            if problem.proposal is None or problem.value is None:
                continue
            if problem.rule != "value_is_ditto" and rules()[problem.rule]["sure"]:
                mended[problem.column, problem.value] = problem.proposal
            elif problem.rule == "value_is_ditto" and (
                better := mended.get((problem.column, problem.proposal))
            ):  # repeat what is right, not the mistake
                row.problems[position] = replace(problem, suggestion=better, proposal=better)
        place = row.place
        report.problems += [replace(problem, place=place) for problem in row.problems] if place else row.problems
        if row.elsewhere:
            report.set_aside[row.elsewhere] += 1
