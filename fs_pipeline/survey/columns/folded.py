"""Cells that hold several fields, as a table pasted from a text has them: a name over its address, a phone beside an e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from fs_pipeline.survey.opening.cells import Cell, Sheet

_SAMPLE = 40
_MOSTLY = 0.6  # share of a column's cells that must hold both fields
_POSTCODE = re.compile(r"\b\d{5}\b")
_BEGINS_AS_A_STREET = re.compile(
    r"\s*(?:\d|(?:rue|avenue|av|bd|boulevard|place|pl|chemin|route|impasse|all[ée]es?|quai|cours|square|esplanade|"
    r"lotissement|za|zi|zone|lieu[- ]dit|le bourg|rond[- ]point)\b)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@;,/|<>()]{1,64}@[^\s@;,/|<>()]{1,255}")
_NINE_DIGITS = re.compile(r"(?:\d[\s.\-]{0,3}){9}")


def unfolded(sheet: Sheet, heads: Sequence[int]) -> Sheet:
    """The sheet with a further column for each second field; its cells are told where the first one's are.

    Parameters
    ----------
    heads
        The last row of each header.
    """
    if not heads:
        return sheet
    below = sheet.rows[heads[0] + 1 :]
    found = [
        (column, header, part)
        for column in range(sheet.width)
        for header, part in _PARTS
        if _holds_both([row[column] for row in below], part)
    ]
    if not found:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for position, row in enumerate(rows):
        for column, header, part in found:
            both = _split(row[column], part) if position > heads[0] else None
            if position in heads:
                row.append(header)
            elif both:
                row[column] = both[0]
                row.append(both[1])
            else:
                row.append(None)
    origins = {sheet.width + place: column for place, (column, _, _) in enumerate(found)}
    return replace(sheet, rows=rows, origins=origins)


def _holds_both(cells: Sequence[Cell], part: Callable[[str], tuple[str, str] | None]) -> bool:
    written = [cell for cell in cells if cell is not None][:_SAMPLE]
    return bool(written) and sum(_split(cell, part) is not None for cell in written) >= _MOSTLY * len(written)


def _split(cell: Cell, part: Callable[[str], tuple[str, str] | None]) -> tuple[str, str] | None:
    return part(cell) if isinstance(cell, str) else None


def _name_and_address(text: str) -> tuple[str, str] | None:
    """A first line without a postcode, and lines below that have one."""
    if "\n" not in text or _BEGINS_AS_A_STREET.match(text):
        return None
    name, *lines = [line.strip(" ,;") for line in text.split("\n") if line.strip(" ,;")] or [""]
    address = ", ".join(lines)
    return (name, address) if name and not _POSTCODE.search(name) and _POSTCODE.search(address) else None


def _phone_and_email(text: str) -> tuple[str, str] | None:
    found = _EMAIL.search(text)
    rest = _EMAIL.sub(" ", text).strip(" \n/;,-|") if found else ""
    return (rest, found.group()) if found and _NINE_DIGITS.search(rest) else None


_PARTS = (("Adresse", _name_and_address), ("Courriel", _phone_and_email))
