"""What calamine does not say of a sheet, and what it would choke on: a look at the sheet's XML before it.

Patterns stop at the next tag, so that no text makes them slow. Part of the child process (child.py): standard library
only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fs_pipeline.survey.opening.cells import Range
from fs_pipeline.survey.opening.raw import Told
from fs_pipeline.survey.opening.refusal import MAX_COLUMNS, Refused

LAST_ROW = 200_000
_AT_MOST = 20_000  # cells told one by one
MERGES_AT_MOST = 200_000
_NAME = r"(?:\w{1,20}:)?"  # a prefix, as Microsoft's own SDK writes « x:c »


def _pattern(text: str) -> re.Pattern[bytes]:
    return re.compile(text.replace("~", _NAME).encode())


_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})(\d{1,10})["']""")
_FAR = _pattern(r"""<~c\s[^<>]*?\br\s*=\s*["'](?:[A-Z]{3}\d+|[A-Z]+\d{6,}|[A-Z]{4,}\d*)["'][^<>]*(?<!/)>""")
_FORMULA_WITHOUT_VALUE = _pattern(
    r"""<~c\s[^<>]*?\br="([A-Z]{1,3}\d{1,7})"[^<>]*>\s*<~f(?:\s[^<>]*)?(?:/>|>[^<]*</~f>)\s*(?:<~v\s*/>|<~v></~v>)?\s*</~c>"""
)
_ERROR = _pattern(
    r"""(<~c\s[^<>]*?\bt\s*=\s*["']e["'][^<>]*>\s*(?:<~f(?:\s[^<>]*)?(?:/>|>[^<]*</~f>)\s*)?<~v(?:\s[^<>]*)?>)([^<]*)(?=</)"""
)
_STYLED_FOR_NO_DATE = _pattern(
    r"""(<~c\s[^<>]*?)\bs\s*=\s*["']\d+["']([^<>]*>\s*(?:<~f(?:\s[^<>]*)?(?:/>|>[^<]*</~f>)\s*)?<~v>\s*(?:-|[NI]|\d{7}|[\d.]*[eE]\+?\d))"""
)
_MERGED = _pattern(
    r"""<~mergeCell\s[^<>]*?\bref\s*=\s*["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']"""
)
_HIDDEN_ROW = _pattern(r"""<~row\s(?=[^<>]*?\bhidden\s*=\s*["'](?:1|true)["'])[^<>]*?\br\s*=\s*["'](\d{1,7})["']""")
_COLUMN = _pattern(r"<~col\s([^<>]{1,400})>")
_ATTRIBUTE = re.compile(r"""(min|max|width|hidden)\s*=\s*["']([^"']{1,20})["']""")
_NO_ERROR = rb"#N/A"  # the one that any reader of workbooks knows


def mended(xml: bytes) -> tuple[bytes, dict[str, str]]:
    """The sheet as calamine can read it, and its cells that hold a spreadsheet's error: reference -> error.

    Excel has added errors since its format was written down (« #SPILL! »), and a number too large for a date may be
    styled as one.
    """
    errors: dict[str, str] = {}

    def told(cell: re.Match[bytes]) -> bytes:
        found = _REFERENCE.search(cell.group(1))
        if found and len(errors) < _AT_MOST:
            errors[_address(found)] = cell.group(2)[:40].decode("utf-8", "replace").strip()
        return cell.group(1) + _NO_ERROR

    if b'"e"' in xml or b"'e'" in xml:
        xml = _ERROR.sub(told, xml)
    return _STYLED_FOR_NO_DATE.sub(rb"\1\2", xml), errors


def details(xml: bytes, errors: dict[str, str]) -> Told:
    """Merged ranges, hidden columns and rows, widths, formulas without a value, and the errors that were mended.

    Raises
    ------
    Refused
        When a cell is written very far from where a table can be.
    """
    for far in _FAR.finditer(xml):
        found = _REFERENCE.search(far.group())
        if found is None or _column(found.group(1)) > MAX_COLUMNS or int(found.group(2)) > LAST_ROW:
            raise Refused("far_cell", _address(found) if found else "")
    hidden: set[int] = set()
    widths: dict[int, float] = {}
    for first, last, attributes in _columns(xml):
        if attributes.get("hidden") in {"1", "true"}:
            hidden.update(range(first - 1, last))
        elif re.fullmatch(r"\d{1,3}(?:\.\d+)?", attributes.get("width", "")):
            widths |= dict.fromkeys(range(first - 1, last), float(attributes["width"]))
    has_formulas = b"<f" in xml or b":f" in xml  # most sheets have none, and the pattern looks at every cell
    formulas = (
        [reference.decode() for reference in _FORMULA_WITHOUT_VALUE.findall(xml)[:_AT_MOST]] if has_formulas else []
    )
    rows = [int(number) - 1 for number in _HIDDEN_ROW.findall(xml)[:LAST_ROW]] if b"hidden" in xml else []
    return Told(list(_merged(xml)), sorted(hidden), rows, widths, formulas, errors)


def _columns(xml: bytes) -> Iterator[tuple[int, int, dict[str, str]]]:
    """What is said of columns, which Excel says of no more groups than there are columns."""
    for number, found in enumerate(_COLUMN.finditer(xml)):
        if number == MAX_COLUMNS:
            return
        attributes = dict(_ATTRIBUTE.findall(found.group(1).decode("utf-8", "replace")))
        first, last = (attributes.get(name, "1") for name in ("min", "max"))
        if first.isdecimal() and last.isdecimal():
            yield max(1, int(first)), min(int(last), MAX_COLUMNS), attributes


def _merged(xml: bytes) -> Iterator[Range]:
    """Corners counted from 0, those that begin inside what can be a table.

    Raises
    ------
    Refused
        When there are more than any survey could have.
    """
    told = 0
    for found in _MERGED.finditer(xml):
        left, top, right, bottom = found.groups()
        corners = int(top) - 1, _column(left) - 1, int(bottom) - 1, _column(right) - 1
        if min(corners[0], corners[2]) < LAST_ROW and min(corners[1], corners[3]) < MAX_COLUMNS:
            told += 1
            if told > MERGES_AT_MOST:
                raise Refused("too_many_merges")
            yield corners


def _column(letters: bytes) -> int:
    """``b"B"`` is column 2."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _address(found: re.Match[bytes]) -> str:
    return found.group().decode().partition("=")[2].strip("\"' ").upper()
