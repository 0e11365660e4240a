"""Whether a place of the table is one that the public can go to: a planned one is set apart, a closed one kept as such."""

from __future__ import annotations

import re
from functools import partial

from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.values.reading import Note
from fs_pipeline.values.states import read_state

_IN_PROSE = ("name", "description", "opening_hours")  # where only what is said in full counts
NOT_OPEN = frozenset({"place_closed", "place_planned"})
_DOUBTFUL = {"suspended": "place_suspended", "moved": "place_moved"}
_BRACKET = re.compile(r"\(([^()]+)\)")


def settle_closed(row: Row) -> None:
    """Set the row apart where its place is only planned, mark it where it is closed for good; say it of other states.

    A closed place stays a record, without help: a list that still has it must be told.
    """
    for column, text, asked in _texts(row):
        state = tried("state", partial(read_state, text, asked=asked), None)
        if state == "planned":
            row.gone = True
            row.settle(Note("place_planned"), column)
            return
        if state == "closed":
            row.gone = True
            row.note_cell(column, Note("place_closed"), replaceable=False)
            return
        if state in _DOUBTFUL:
            row.note_cell(column, Note(_DOUBTFUL[state]), replaceable=False)
        elif state is None and column in row.block.states:
            row.note_cell(column, Note("cell_left_out"), replaceable=False)


def _texts(row: Row) -> list[tuple[int, str, bool]]:
    """Column, text, and whether it answers the question."""
    found = [(column, text, True) for column in row.block.states if (text := row.texts.get(column))]
    for name in _IN_PROSE:
        for column in row.block.columns.get(name, ()):
            text = row.texts.get(column)
            if text is None:
                continue
            found.append((column, text, False))
            if name == "name" and (bracket := _BRACKET.search(text)):
                found.append((column, bracket.group(1), True))
    return found
