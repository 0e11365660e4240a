"""Where tables begin: the header row of each, alone or with a row of group titles above or of details below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.survey.columns.hours_columns import is_time_word
from fs_pipeline.survey.opening.cells import Cell, Sheet, as_text
from fs_pipeline.values.text import clean

TABLES = ("places", "demarches", "actors", "rounds", "meeting")
LONGEST = 250  # characters of a header, questions included
_MORE_ROWS = 2  # of a header, above or below its best one
_FIRST_WITHIN = 60  # rows
_UNKNOWN_WITHIN = 15
_PLENTY = 5  # recognised cells that make a header, however wide the table
# « Fréquentation 2022 » and « Situation au 31/12/2022 » are headers, « 12/05/2022 » and « 12 mai 2022 » are values.
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_VALUE = re.compile(rf"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{{3}}|@|https?:|\d\s*h\b|^\W*\d+\W*$|^\W*\d.*{_YEAR}")
# « 12 rue Haute » and « 05 56 00 00 00 »: what no header below another begins with.
_OF_A_PLACE = re.compile(
    r"\W*(?:\d\d[ .]){4}\d\d|\W*\d{1,4}\s*(?:bis|ter|quater|[a-d])?\s*,?\s+(?:rue|r\.|avenue|av|bd|boulevard|place|pl|"
    r"chemin|route|rte|impasse|all[ée]es?|quai|cours|square|passage|voie|ruelle|lotissement|faubourg|esplanade|sentier|"
    r"mont[ée]e|rond[- ]point)\b",
    re.IGNORECASE,
)
_RECOGNISED = 1.4  # score of a cell that reads as a header


@dataclass(frozen=True, slots=True)
class Header:
    """A header over rows `row` + 1 and on: `above` holds the group titles, filled over what they cover."""

    row: int  # the last of its rows, counted from 0
    texts: dict[int, str]
    above: dict[int, str]
    rows: int = 1  # how many it has

    def whole(self, column: int) -> str:
        """Group title and header together, as its words are weighed."""
        group = self.above.get(column)
        text = self.texts.get(column, "")
        return f"{group} {text}".strip() if group and group != text else text

    def named(self, column: int) -> str:
        """The header as its reader calls it: with its group's title only where another column bears the same words."""
        text = self.texts.get(column, "")
        twins = [*self.texts.values()].count(text)
        return text if twins == 1 or not self.above.get(column) else self.whole(column)


def find_headers(sheet: Sheet, without: str | None = None) -> list[Header]:
    """The headers of a sheet from top to bottom; the first within 60 rows, others only where a table starts anew."""
    found: list[int] = []
    words: tuple[Cell, ...] = ()  # of the last one
    for position, row in enumerate(sheet.rows):
        if not found and position >= _FIRST_WITHIN:
            break
        if found and not _stands_apart(sheet, position):
            continue  # as nearly every row does not: first, so that no word of them is read
        written = [cell for cell in row if cell is not None]
        texts = [cell for cell in written if isinstance(cell, str) and not _VALUE.search(cell)]
        if len(texts) < 2 or len(texts) < 0.8 * len(written) or max(map(len, texts)) > LONGEST:
            continue
        if found:
            if tuple(row) != words and _begins_anew(texts, words, without):
                found.append(position)
                words = tuple(row)
            continue
        count = sum(_recognised(text, without) for text in texts)
        if count >= max(2, min(_PLENTY, 0.3 * len(texts))) and _is_best_start(sheet, position, count, without):
            found.append(_fuller_above(sheet, position))
            words = tuple(sheet.rows[found[0]])
    unknown = None if found else _unknown_header(sheet)
    if unknown is not None:
        found.append(unknown)
    return [_header(sheet, position, without) for position in found]


def _begins_anew(texts: list[str], words: tuple[Cell, ...], without: str | None) -> bool:
    """Whether a row is a header below another: its words name fields, or stood in the one above; none is a value."""
    if any(map(_OF_A_PLACE.match, texts)):
        return False
    named = sum(_recognised(text, without) for text in texts)
    known = sum(text in words or _recognised(text, without) for text in texts)
    return named >= 2 and known >= 0.7 * len(texts)


def _unknown_header(sheet: Sheet) -> int | None:
    """A row of different words, none of them a value, above rows that hold values: a header in words never seen."""
    for position, row in enumerate(sheet.rows[:_UNKNOWN_WITHIN]):
        written = [cell for cell in row if cell is not None]
        if len(written) < 3:
            continue
        texts = [cell for cell in written if isinstance(cell, str) and len(cell) <= 80 and not _VALUE.search(cell)]
        below = sheet.rows[position + 1 : position + 6]
        values = sum(
            not isinstance(cell, str) or bool(_VALUE.search(cell)) for r in below for cell in r if cell is not None
        )
        return position if len(texts) == len(written) == len(set(texts)) and values >= len(below) > 0 else None
    return None


def _recognised(text: str, without: str | None) -> bool:
    return any(score >= _RECOGNISED for table in TABLES for score in field_scores(text, table, without).values())


def _is_best_start(sheet: Sheet, position: int, count: int, without: str | None) -> bool:
    """Whether no row of the next five is a better header row (a title may name two fields)."""
    for row in sheet.rows[position + 1 : position + 6]:
        texts = [cell for cell in row if isinstance(cell, str) and len(cell) <= LONGEST]
        if sum(_recognised(text, without) for text in texts) > count + 1:
            return False
    return True


def _fuller_above(sheet: Sheet, position: int) -> int:
    """A row above that has as many cells, all of them words: the header, when what was recognised is a row of data."""
    written = [cell for cell in sheet.rows[position] if cell is not None]
    if not any(not isinstance(cell, str) or _VALUE.search(cell) for cell in written):
        return position
    for above, row in enumerate(sheet.rows[:position]):
        cells = [cell for cell in row if cell is not None]
        words = [cell for cell in cells if isinstance(cell, str) and not _VALUE.search(cell)]
        if len(words) == len(cells) >= len(written):
            return above
    return position


def _stands_apart(sheet: Sheet, position: int) -> bool:
    """After an empty row, after a title alone on its row, or under group titles that stand so."""
    above = sheet.rows[position - 1]
    if len(above) - above.count(None) <= 1:
        return True
    return position > 1 and _is_alone(sheet, position - 2) and _is_group_row(sheet, position - 1)


def _is_alone(sheet: Sheet, position: int) -> bool:
    cells = sheet.rows[position]
    return len(cells) - cells.count(None) <= 1


def _header(sheet: Sheet, position: int, without: str | None) -> Header:
    """The header around its best row: with the details below it, else with the group titles above."""
    top = bottom = position
    while bottom - top < _MORE_ROWS and bottom + 1 < len(sheet.rows) and _details(sheet, bottom, without):
        bottom += 1
    details = bottom > position
    while not details and position - top < _MORE_ROWS and top and _is_group_row(sheet, top - 1):
        if top < position and not sheet.spans.get(top - 1):
            break  # a title of the whole, not a group of groups
        top -= 1
    levels = [_filled(sheet, row) for row in range(top, bottom)]
    texts = _texts(sheet.rows[bottom])
    for row, level in zip(range(bottom - 1, top - 1, -1), reversed(levels), strict=True):
        upper = level if details else _over_values(sheet, row, bottom)
        texts |= {column: title for column, title in upper.items() if column not in texts}
    texts = dict(sorted(texts.items()))
    groups = {
        column: " ".join(dict.fromkeys(level[column] for level in levels if column in level and level[column] != text))
        for column, text in texts.items()
    }
    return Header(bottom, texts, {column: group for column, group in groups.items() if group}, bottom - top + 1)


def _over_values(sheet: Sheet, row: int, bottom: int) -> dict[int, str]:
    """« Nom » on the upper row, nothing below it but values: it stands above its column."""
    below = sheet.rows[bottom + 1 : bottom + 1 + _UNKNOWN_WITHIN]
    return {
        column: text
        for column, text in _texts(sheet.rows[row]).items()
        if any(cells[column] is not None for cells in below)
    }


def _texts(row: list[Cell]) -> dict[int, str]:
    texts = {column: clean(as_text(cell)) for column, cell in enumerate(row)}
    return {column: text for column, text in texts.items() if text is not None and len(text) <= LONGEST}


def _details(sheet: Sheet, position: int, without: str | None) -> bool:
    """Whether the row below belongs to the header too: short words under groups, « matin », « ouverture », names."""
    upper, lower = sheet.rows[position], sheet.rows[position + 1]
    written = [cell for cell in lower if cell is not None]
    if len(written) < 2 or not all(isinstance(cell, str) and len(cell) <= 60 for cell in written):
        return False
    words = [str(cell) for cell in written]
    if any(map(_VALUE.search, words)):
        return False
    under_group = [column for column, cell in enumerate(lower) if cell is not None and upper[column] is None]
    if not under_group and position not in sheet.spans:
        return False
    recognised = sum(_recognised(word, without) or is_time_word(word) for word in words)
    return recognised >= max(2, 0.6 * len(words))


def _is_group_row(sheet: Sheet, position: int) -> bool:
    """Group titles cover parts of the table; a title of the whole table does not count, nor a row of data."""
    row = sheet.rows[position]
    written = [cell for cell in row if cell is not None]
    if not all(isinstance(cell, str) and len(cell) <= 80 for cell in written) or not written:
        return False
    width = sum(cell is not None for cell in sheet.rows[position + 1])
    spans = [right - left + 1 for left, right in sheet.spans.get(position, ())]
    return (len(written) >= 2 and len(written) < width) or (len(spans) == 1 and 1 < spans[0] < 0.8 * width)


def _filled(sheet: Sheet, position: int) -> dict[int, str]:
    """Column -> the group title over it: over its merged range, or up to the next title where nothing is merged."""
    titles = _texts(sheet.rows[position])
    spans = dict(sheet.spans.get(position, ()))
    filled: dict[int, str] = {}
    following = [*sorted(titles)[1:], sheet.width]
    for column, end in zip(sorted(titles), following, strict=True):
        last = spans.get(column, column if spans else end - 1)
        filled |= dict.fromkeys(range(column, last + 1), titles[column])
    return filled
