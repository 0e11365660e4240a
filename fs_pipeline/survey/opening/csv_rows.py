"""The records of a delimited text, those that people and programs break included: quotes never closed, line ends inside.

Part of the child process (child.py): standard library only.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence

from fs_pipeline.survey.opening.raw import Repair

_NARROWEST = 3  # cells from which a line as wide as a record is one, and no line of prose
_SWALLOWED = 60  # lines in one cell of a narrower table that no one has written
_QUOTE = '"'


def records(text: str, separator: str) -> tuple[list[list[str]], dict[int, Repair]]:
    """The cells of each record, and position -> how a broken one was put right.

    A quote that swallows whole records is a plain character. A record that a line end breaks is put together again
    where all that are too short make whole ones with those below; empty rows keep the others at their numbers.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    widths = Counter(line.count(separator) + 1 for line in lines if line and _QUOTE not in line)
    width = widths.most_common(1)[0][0] if widths else 0
    rows: list[list[str]] = []
    repairs: dict[int, Repair] = {}
    for row, stray in _read(lines, separator, width):
        if stray:
            repairs[len(rows)] = "quote_never_closed"
        rows.append(row)
    longest = max((cell.count("\n") for row in rows for cell in row if len(cell) > 200), default=0)
    if width < _NARROWEST and longest > _SWALLOWED and longest > len(lines) // 3:
        rows = list(csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    rows = [[cell.rstrip("\n") for cell in row] for row in rows]
    for first, count in _broken(rows, width):
        rows[first] = _together(rows[first : first + count])
        rows[first + 1 : first + count] = [[] for _ in range(count - 1)]
        repairs[first] = "record_rejoined"
    return rows, repairs


def _read(lines: Sequence[str], separator: str, width: int) -> Iterator[tuple[list[str], bool]]:
    """Each record, and whether a quote in it was never closed."""
    position = 0
    while position < len(lines):
        begin = position
        reader = csv.reader((lines[place] + "\n" for place in range(begin, len(lines))), delimiter=separator)
        for row in reader:
            end = begin + reader.line_num
            if _swallows(lines[position:end], len(row), separator, width):
                (plain,) = csv.reader([lines[position]], delimiter=separator, quoting=csv.QUOTE_NONE)
                yield [_unquoted(cell) for cell in plain], True
                position += 1
                break
            yield row, False
            position = end


def _swallows(lines: Sequence[str], cells: int, separator: str, width: int) -> bool:
    """Whether a quote makes less of whole records: of a line as wide as one, of both ends, of a line without quotes."""
    if width < _NARROWEST or _QUOTE not in lines[0]:
        return False
    wide = [line.count(separator) + 1 == width for line in lines]
    if wide[0] and cells != width:
        return True
    inside = any(as_wide and _QUOTE not in line for as_wide, line in zip(wide, lines, strict=True))
    return len(lines) > 1 and ((wide[0] and wide[-1]) or inside)


def _unquoted(cell: str) -> str:
    return cell.replace(_QUOTE, "") if cell.count(_QUOTE) == 1 else cell


def _broken(rows: Sequence[Sequence[str]], width: int) -> list[tuple[int, int]]:
    """First position and number of the rows that make one record together; none where some short row is left over."""
    found: list[tuple[int, int]] = []
    first = total = 0
    for position, row in enumerate([*rows, []]):
        if 1 < len(row) < width:
            if not total:
                first = position
            total += len(row) - (1 if total else 0)
            if total == width:
                found.append((first, position - first + 1))
                total = 0
        elif total:
            return []
    return found if width > _NARROWEST else []


def _together(rows: Sequence[Sequence[str]]) -> list[str]:
    whole = list(rows[0])
    for row in rows[1:]:
        whole[-1] = _unquoted(f"{whole[-1]}\n{row[0]}")
        whole += row[1:]
    return whole
