"""Rows that lean on the row above: they complete it, or leave out what it has already said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.values.reading import Note

_OF_DEMARCHES = frozenset({"demarches", "demarche", "level", "appointment"})  # a row's own, wherever it stands


def join_continued(rows: Sequence[Row], key: str, completing: Collection[str]) -> Mapping[int, Sequence[int]]:
    """Row -> the rows right below that complete it; what they say is moved into it, and each says so.

    A row completes the one above where it lacks the table's `key` and holds fields of `completing` only: what another
    place, or another meeting, would have is lacking. What it says of démarches stays in it.
    """
    found: dict[int, list[int]] = defaultdict(list)
    for above, row in _after_a_whole_one(rows, key):
        written = row.written
        said = {row.block.named[column] for column in written}
        if not said or not said <= {*completing, *_OF_DEMARCHES}:
            continue
        found[above.number].append(row.number)
        for column in sorted(written):
            if row.block.named[column] not in _OF_DEMARCHES:
                _move(row, above, column)
        row.settle(Note("row_continues", detail=f"Ligne {above.number}."))
    return found


def _after_a_whole_one(rows: Sequence[Row], key: str) -> Iterator[tuple[Row, Row]]:
    """Each row without a key, with the last row that has one, where no other row and no empty one is between them."""
    whole: Row | None = None
    for before, row in pairwise([None, *rows]):
        if row is None:
            continue
        if row.text(key) is not None:
            whole = row
        elif (
            before is None
            or before.number + 1 != row.number
            or not row.texts
            or (before is not whole and not before.settled)
        ):
            whole = None
        elif whole is not None:
            yield whole, row


def _move(row: Row, above: Row, column: int) -> None:
    text, there = row.texts[column], above.texts.get(column)
    row.texts[column] = None
    if there is None:
        above.texts[column] = text
    elif text != there:  # a merged cell says the same in both
        above.texts[column] = f"{there}\n{text}"


def carry_down(rows: Sequence[Row], name: str, needed: str) -> None:
    """Fill `name`, written once for the rows below it, in those that say `needed`; said at the first row of each run."""
    text: str | None = None
    run: list[Row] = []
    for row in rows:
        column = row.block.columns.get(name, (-1,))[0]
        if row.texts.get(column) is not None or row.settled:
            _say(run, column, name)
            text, run = row.texts.get(column), []
        elif text is not None and row.text(needed) is not None:
            row.texts[column] = text
            run.append(row)
    if run:
        _say(run, run[0].block.columns[name][0], name)


def _say(run: Sequence[Row], column: int, name: str) -> None:
    if run:
        lines = f"Lignes {run[0].number} à {run[-1].number}" if len(run) > 1 else f"Ligne {run[0].number}"
        run[0].note_cell(column, Note("value_carried_down", detail=f"{lines} : « {run[0].texts[column]} »."), name)
