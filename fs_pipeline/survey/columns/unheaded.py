"""Sheets in which no header is found: démarches across places, rows that go on with another sheet, and what is left unread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fs_pipeline.survey.columns.block import Block, Reading, Words
from fs_pipeline.survey.columns.contents import shares
from fs_pipeline.survey.columns.demarche_columns import names_demarches
from fs_pipeline.survey.columns.header_rows import LONGEST, Header
from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.survey.columns.turned import turned
from fs_pipeline.survey.opening.cells import Cell, Sheet, as_text
from fs_pipeline.territory.model import Territory

_FIRST_COLUMNS = 3
_LONGEST_MATRIX = 400  # rows or columns: more than there are démarches, or places of a département
_SAMPLE = 40
_MOSTLY = 0.6  # share of a column's cells that make it what it is
_LOOKED_AT = ("postcode", "commune", "insee", "phone", "email", "website", "address", "siret")
_NAMES_A_FIELD = 1.4  # score from which a header is a field's and no place's


def matrix(sheet: Sheet, reading: Reading) -> Block | None:
    """A table of démarches and places, either of them as rows, the other as columns; each cell says the help."""
    if not sheet.width or max(len(sheet.rows), sheet.width) > _LONGEST_MATRIX:
        return None
    return _demarches_by_row(sheet, reading.words) or _demarches_by_row(turned(sheet, 0), reading.words)


def _demarches_by_row(sheet: Sheet, words: Words) -> Block | None:
    for column in range(min(sheet.width, _FIRST_COLUMNS)):
        texts = {row: text for row, cells in enumerate(sheet.rows) if (text := as_text(cells[column]))}
        named = [row for row, text in texts.items() if len(text) <= LONGEST and words.match_demarche(text).exact]
        if len(named) < 2 or len(named) < _MOSTLY * sum(row >= named[0] for row in texts):
            continue
        head = next((row for row in range(named[0] - 1, -1, -1) if any(sheet.rows[row][column + 1 :])), None)
        if head is None:
            continue
        titles = {
            place: text for place, cell in enumerate(sheet.rows[head]) if (text := as_text(cell)) and place >= column
        }
        across = tuple(
            place
            for place, text in titles.items()
            if place > column
            and max(field_scores(text, "demarches").values(), default=0.0) < _NAMES_A_FIELD
            and _says_help([cells[place] for cells in sheet.rows[named[0] :]], words)
        )
        if len(across) >= 2:
            extra = tuple(place for place in titles if place > column and place not in across)
            return Block(
                "demarches",
                sheet,
                head,
                head + 1,
                len(sheet.rows),
                {"demarche": (column,)},
                extra=extra,
                heading=Header(head, titles, {}),
                across=across,
            )
    return None


def _says_help(cells: Iterable[Cell], words: Words) -> bool:
    written = [text for cell in cells if (text := as_text(cell))]
    telling = sum(words.reads_as_mark(text) or words.read_level(text) is not None for text in written)
    return bool(written) and telling >= _MOSTLY * len(written)


def going_on(sheet: Sheet, blocks: Sequence[Block], territory: Territory) -> Block | None:
    """The sheet as a table of places under the headers of another, where its columns look like that one's."""
    looks = [shares([row[column] for row in sheet.rows], territory) for column in range(sheet.width)]
    for block in blocks:
        if block.table != "places" or block.sheet.turned or block.band or sheet.width > block.sheet.width:
            continue
        typed = [(name, columns[0]) for name, columns in block.columns.items() if name in _LOOKED_AT]
        written = [(name, column) for name, column in typed if column < sheet.width and looks[column]["filled"]]
        agreeing = sum(looks[column].get(name, 0.0) >= _MOSTLY for name, column in written)
        if agreeing >= 2 and agreeing >= _MOSTLY * len(typed):
            rows = [row + [None] * (block.sheet.width - len(row)) for row in sheet.rows]
            return replace(block, sheet=replace(sheet, rows=rows), header_row=-1, first=0, last=len(rows))
    return None


def speaks_of_places(sheet: Sheet, reading: Reading) -> bool:
    """Whether a sheet that no reader understood holds places or démarches all the same."""
    for column in range(min(sheet.width, _SAMPLE)):
        texts = [text for row in sheet.rows if (text := as_text(row[column])) and len(text) <= LONGEST]
        if len(texts) < 2:
            continue
        look = shares(texts, reading.territory)
        if any(look.get(kind, 0.0) >= _MOSTLY for kind in ("phone", "email", "postcode", "address", "opening_hours")):
            return True
        if column < _FIRST_COLUMNS and names_demarches(texts[:_SAMPLE], reading.words) * len(texts[:_SAMPLE]) >= 2:
            return True
    return False
