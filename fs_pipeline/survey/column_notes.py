"""What is said of a table's columns and hidden rows, whatever its rows hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from fs_pipeline.survey.columns.block import Block, Words
from fs_pipeline.survey.columns.choosing import ASK_BELOW
from fs_pipeline.survey.columns.demarche_columns import speaks_of_demarches
from fs_pipeline.survey.fields import french_name
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.survey.problems import Problem, problem_of
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.survey.tables.accounted import coloured_rows, hidden_rows, struck_rows
from fs_pipeline.values.reading import Note

_WHERE = {"address", "postcode", "insee", "commune", "latitude", "longitude"}


def note_columns(report: CheckReport, block: Block, words: Words) -> None:
    """Columns kept though nothing asks for them, hidden columns and rows, and columns whose meaning is not certain."""
    report.problems += hidden_rows(block)
    if block.header_row < 0:
        return
    below = block.sheet.rows[block.first : block.last]
    extra = (c for c in block.extra if not block.sheet.turned or any(row[c] is not None for row in below))  # a title
    problems = [_column_problem(block, column, _of_extra(block, column, words)) for column in extra]
    for name, columns in block.spares.items():
        note = Note("spare_column_read", detail=f"Champ : « {french_name(block.table, name)} ».")
        problems += [_column_problem(block, column, note) for column in columns]
    used = {column for columns in (*block.columns.values(), *block.days.values()) for column in columns}
    problems += [
        _column_problem(block, column, Note("hidden_column_read"))
        for column in sorted(used & block.sheet.hidden_columns)
    ]
    for column, choice in block.choices.items():
        if choice.confidence < ASK_BELOW:
            note = Note("column_doubtful", detail=f"Compris : « {french_name(block.table, choice.field)} ».")
            problems.append(replace(_column_problem(block, column, note), field=choice.field))
    if block.table == "places" and not _WHERE & block.columns.keys():
        problems.append(_column_problem(block, block.columns["name"][0], Note("no_location_column")))
    report.problems += problems


def note_marks(report: CheckReport, block: Block, understood: Collection[int]) -> None:
    """Rows that are struck, or of a colour of their own; not those whose mark is `understood`, numbered from 1."""
    if not block.sheet.turned:
        report.problems += struck_rows(block, understood) if block.sheet.struck else ()
        report.problems += coloured_rows(block, understood) if block.sheet.fills else ()


def _of_extra(block: Block, column: int, words: Words) -> Note:
    """A column that nothing asks for; one that speaks of démarches says that it was not read."""
    texts = [text for row in block.sheet.rows[block.first : block.last] if (text := as_text(row[column]))]
    speaks = block.table == "places" and speaks_of_demarches(block.header(column), texts, words)
    return Note("demarches_not_read" if speaks else "extra_column_kept")


def _column_problem(block: Block, column: int, note: Note) -> Problem:
    header = block.header(column)
    row, cell = block.sheet.where(block.header_row, column)
    return replace(
        problem_of(note, sheet=block.sheet.name or None, row=row),
        cell=cell,
        column=header,
        value=header[:120],
    )
