"""The cells in which a letter is lost: in one line a sheet, then one by one as far as a person reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.opening.cells import Sheet, as_text
from fs_pipeline.survey.problems import Problem, problem_of
from fs_pipeline.values.reading import Note

SAID = 30  # texts, each with its first cell: a file that lost its accents has a thousand
_SHOWN = 60  # characters of what was read


def counted(sheet: Sheet) -> Iterator[Problem]:
    """How many cells of a sheet lost a letter."""
    if sheet.lost:
        note = Note("file_lost_letters", detail=f"Cases touchées : {len(sheet.lost)}.")
        yield problem_of(note, sheet=sheet.name or None)


def by_cell(sheet: Sheet, blocks: Sequence[Block], aside: Collection[int]) -> Iterator[Problem]:
    """One line a text, however often it is repeated; the last one counts those that are not cited.

    Parameters
    ----------
    blocks
        The sheet's tables, which name the columns.
    aside
        Rows, counted from 1, that are another département's: theirs to mend.
    """
    texts: dict[str, list[tuple[int, int]]] = {}
    for (row, column), shown in sorted(sheet.lost.items()):
        if row + 1 not in aside:
            texts.setdefault(shown, []).append((row, column))
    where = sheet.name or None
    for shown, ((row, column), *_) in list(texts.items())[:SAID]:
        read = (as_text(sheet.rows[row][column]) or "").strip()
        lu = f"Lu : « {read if len(read) <= _SHOWN else read[: _SHOWN - 1] + '…'} »." if read else "Rien n’en est lu."
        block = next((block for block in blocks if block.header_row <= row < block.last), None)
        number, cell = sheet.where(row, column)
        yield problem_of(
            Note("letter_lost", detail=lu),
            sheet=where,
            row=number,
            cell=cell,
            column=(block.header(column) or None) if block else None,
            value=shown,
        )
    rest = list(texts.values())[SAID:]
    if rest:
        more = f"Cases qui ne sont pas citées une à une : {sum(map(len, rest))}."
        yield problem_of(Note("file_lost_letters", detail=more), sheet=where)
