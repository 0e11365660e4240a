"""Nothing is lost without a word: each row of a table is in a record or in a line, and so is each cell of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.fields import LISTS_OF_PLACES, fields_of, french_name
from fs_pipeline.survey.opening.cells import Cell, Sheet
from fs_pipeline.survey.problems import Problem, problem_of
from fs_pipeline.survey.tables.records import Place, Record
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.values.reading import Note

KEYS = {"places": "name", "demarches": "demarche", "actors": "name", "rounds": "stop", "meeting": "held_on"}
# Where a word may say that there is nothing to keep: « toutes les semaines » is no parity, « non » is no label.
_MAY_SAY_NOTHING = {"week_parity", "publics", "outreach_mode", "kind", *LISTS_OF_PLACES}
_FEW_COLOURED = 0.25  # share of a table's rows up to which a colour says something of them
_PARTS = {
    "address_extra": ("address_extra", "address"),
    "latitude": ("latitude", "longitude"),
    "longitude": ("latitude", "longitude"),
}


def say_what_is_left(rows: Sequence[Row], records: Iterable[Record]) -> None:
    """Say of each row of one table, and of each cell of a field, that no record holds and of which nothing is said yet."""
    read: dict[int, list[Record]] = {}
    asked = _asked(rows[0].block) if rows else []
    for record in records:
        for number in (record.row, *(record.more_rows if isinstance(record, Place) else ())):
            read.setdefault(number, []).append(record)
    for row in rows:
        if row.settled:
            continue
        if row.number in read:
            _say_cells(row, read[row.number], asked)
        else:
            table = row.block.table
            lacking = f"Il y manque : {french_name(table, KEYS[table])}." if row.text(KEYS[table]) is None else None
            row.settle(Note("row_left_out", detail=lacking), None, KEYS[table])


def outside_tables(sheet: Sheet, blocks: Sequence[Block]) -> Iterator[Problem]:
    """What is written below the first header of a sheet and in none of its tables, by runs of rows and by columns."""
    if not blocks:
        return
    sheet = blocks[0].sheet  # on its side, where it is read so
    if any(block.header_row < 0 for block in blocks):
        return  # all of it is that table
    rows = {row for block in blocks for row in range(block.header_row, block.last)}
    for block in blocks:  # its own title and group titles
        rows.update(
            takewhile(
                lambda row: any(cell is not None for cell in sheet.rows[row]), range(block.header_row - 1, -1, -1)
            )
        )
    below = range(min(block.header_row for block in blocks), len(sheet.rows))
    apart = [row for row in below if row not in rows and any(cell is not None for cell in sheet.rows[row])]
    yield from _by_runs(sheet, apart, "row_left_out")
    for header_row, last in dict.fromkeys((block.header_row, block.last) for block in blocks):
        beside = {column for block in blocks if block.header_row == header_row for column in _headed(block)}
        for column in sorted(set(range(sheet.width)) - beside - sheet.proposals):
            row = next((row for row in range(header_row + 1, last) if sheet.rows[row][column] is not None), None)
            if row is not None:
                yield _problem(sheet, row, column, Note("column_without_header"))


def repaired(sheet: Sheet) -> Iterator[Problem]:
    """The records of a text that were broken when it was saved, and have been put right."""
    for row, rule in sheet.repairs.items():
        yield _problem(sheet, row, _first_written(sheet.rows[row]), Note(rule))


def hidden_rows(block: Block) -> Iterator[Problem]:
    """The rows of a table that its author hid, or that a filter hides, by runs: they are read as the others."""
    rows = sorted(block.sheet.hidden_rows.intersection(range(block.first, block.last)))
    written = [row for row in rows if any(cell is not None for cell in block.cells(row))]
    yield from _by_runs(block.sheet, written, "hidden_row_read")


def struck_rows(block: Block, understood: Collection[int]) -> Iterator[Problem]:
    """The rows of a table that its author struck through, by runs: they are read as the others.

    Parameters
    ----------
    understood
        Rows, numbered from 1, whose mark a legend explains.
    """
    struck = []
    for row in range(block.first, block.last):
        written = [column for column, cell in enumerate(block.sheet.rows[row]) if cell is not None]
        key = (row, block.columns.get(KEYS[block.table], (-1,))[0])
        most = 2 * sum((row, column) in block.sheet.struck for column in written) > len(written)
        if written and (most or key in block.sheet.struck) and row + 1 not in understood:
            struck.append(row)
    yield from _by_runs(block.sheet, struck, "row_struck")


def coloured_rows(block: Block, understood: Collection[int]) -> Iterator[Problem]:
    """The few rows of a table that bear a colour of their own, by runs: they are read as the others.

    A colour that many rows bear is how the table is drawn.
    """
    colours: dict[int, str] = {}
    rows = 0
    for row in range(block.first, block.last):
        written = [column for column, cell in enumerate(block.sheet.rows[row]) if cell is not None]
        rows += len(written) > 1
        fills = Counter(fill for column in written if (fill := block.sheet.fills.get((row, column))))
        if len(written) > 1 and fills and 2 * fills.total() > len(written):
            colours[row] = fills.most_common(1)[0][0]
    few = {colour for colour, count in Counter(colours.values()).items() if count <= _FEW_COLOURED * rows}
    yield from _by_runs(
        block.sheet, [row for row in colours if colours[row] in few and row + 1 not in understood], "row_coloured"
    )


def _by_runs(sheet: Sheet, rows: Iterable[int], rule: str) -> Iterator[Problem]:
    for _, group in groupby(enumerate(rows), lambda item: item[1] - item[0]):
        run = [row for _, row in group]
        lines = f"Lignes {run[0] + 1} à {run[-1] + 1}." if len(run) > 1 else None
        yield _problem(sheet, run[0], _first_written(sheet.rows[run[0]]), Note(rule, detail=lines))


def _headed(block: Block) -> Iterable[int]:
    return block.heading.texts if block.heading else block.named


def _problem(sheet: Sheet, row: int, column: int, note: Note) -> Problem:
    number, cell = sheet.where(row, column)
    return problem_of(
        note,
        sheet=sheet.name or None,
        row=number,
        cell=cell,
        value=sheet.written(row, column),
    )


def _first_written(cells: Sequence[Cell]) -> int:
    return next(column for column, cell in enumerate(cells) if cell is not None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A field that a table has, in which a written cell says something: its columns, and what of a record holds its value."""

    name: str
    columns: tuple[int, ...]
    parts: tuple[str, ...]
    told_at: tuple[int, ...]  # columns that speak for it: a point's two halves are one value


def _asked(block: Block) -> list[_Asked]:
    named = dict(block.columns)
    if block.days:
        named["opening_hours"] = tuple(column for columns in block.days.values() for column in columns)
    found = []
    for name in (field.name for field in fields_of(block.table)):
        if name in named and name not in _MAY_SAY_NOTHING:
            parts = _PARTS.get(name, (name,))
            told_at = tuple(column for part in parts for column in named.get(part, ()))
            found.append(_Asked(name, named[name], parts, told_at))
    return found


def _say_cells(row: Row, records: Sequence[Record], asked: Iterable[_Asked]) -> None:
    for field in asked:
        for record in records:
            if getattr(record, field.name) is not None:
                break  # as of nearly every cell
        else:
            _say_cell(row, records, field)


def _say_cell(row: Row, records: Sequence[Record], field: _Asked) -> None:
    written = next((column for column in field.columns if row.texts.get(column) is not None), None)
    if written is not None and all(getattr(record, part) is None for record in records for part in field.parts):
        cells = {row.block.sheet.where(row.number - 1, column)[1] for column in field.told_at}
        if cells.isdisjoint({problem.cell for problem in row.problems}):
            row.note_cell(written, Note("cell_left_out"), field.name, replaceable=False)
