"""What calamine does not say of an OpenDocument sheet, and what it would choke on: a look at the sheet's XML before it.

Patterns stop at the next tag, so that no text makes them slow. Part of the child process (child.py): standard library
only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from fs_pipeline.survey.opening.raw import Told
from fs_pipeline.survey.opening.refusal import MAX_COLUMNS, Refused
from fs_pipeline.survey.opening.sheet_xml import LAST_ROW, MERGES_AT_MOST

_BETWEEN_ELEMENTS = re.compile(rb"(<(?:/?(?:table|office):[^<>]*|/text:p)>)\s+(?=<)")
_TAG = re.compile(rb"<(/?)table:(table|table-row|table-column|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>")
_ATTRIBUTE = re.compile(
    rb"""table:(name|number-(?:rows|columns)-(?:spanned|repeated)|visibility)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')"""
)
_HIDDEN = {b"collapse", b"filter"}
_REPEATED = re.compile(
    rb"""<table:table-(row|cell)\s[^<>]*?number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,18})["'][^<>]*>"""
)


def tidied(xml: bytes) -> bytes:
    """The same sheets without the line ends that a writer puts between elements: calamine takes them for text.

    Raises
    ------
    Refused
        When a cell that is not empty is said to be repeated a million times.
    """
    for found in _REPEATED.finditer(xml):
        kind, times, closed = found.group(1), int(found.group(2)), found.group(0).endswith(b"/>")
        if times <= (LAST_ROW if kind == b"row" else MAX_COLUMNS) or closed:
            continue
        inside = xml[found.end() : found.end() + 4_000].split(b"</table:table-row>")[0]
        if kind == b"cell" or b"<text:p" in inside:
            raise Refused("far_cell", "")
    return _BETWEEN_ELEMENTS.sub(rb"\1", xml)


def details(xml: bytes) -> dict[str, Told]:
    """Name of each sheet -> its merged ranges, hidden rows and hidden columns.

    Raises
    ------
    Refused
        When there are more merged ranges than any survey could have.
    """
    found = {name: _told(tags) for name, tags in _tables(xml)}
    if sum(len(told.merged) for told in found.values()) > MERGES_AT_MOST:
        raise Refused("too_many_merges")
    return found


class _Tag(NamedTuple):
    kind: bytes
    starts: bool
    ends: bool
    attributes: dict[bytes, bytes]

    def number(self, name: bytes) -> int:
        """What an attribute counts, from 1."""
        written = self.attributes.get(name, b"1")
        return max(1, int(written)) if written.isdigit() and len(written) < len("10000000") else 1

    @property
    def hidden(self) -> bool:
        """Whether the row or column is."""
        return self.attributes.get(b"visibility") in _HIDDEN


def _tables(xml: bytes) -> Iterator[tuple[str, list[_Tag]]]:
    """Name and tags of each sheet; a table within one of its cells is none."""
    depth, name = 0, ""
    tags: list[_Tag] = []
    for found in _TAG.finditer(xml):
        closing, kind, inside = found.groups()
        attributes = {key: double or single for key, double, single in _ATTRIBUTE.findall(inside)}
        tag = _Tag(kind, not closing, bool(closing) or inside.endswith(b"/"), attributes)
        if kind == b"table":
            depth += tag.starts - tag.ends
            if depth == 1 and tag.starts:
                name, tags = unescape(attributes.get(b"name", b"").decode("utf-8", "replace")), []
            elif not depth and not tag.starts:
                yield name, tags
        elif depth == 1:
            tags.append(tag)


def _told(tags: Iterable[_Tag]) -> Told:
    told = Told()
    row = column = columns = 0
    step = 1
    for tag in tags:
        if tag.kind == b"table-column":
            last = columns + tag.number(b"number-columns-repeated")
            told.hidden.extend(range(columns, min(last, MAX_COLUMNS)) if tag.hidden else ())
            columns = last
        elif tag.kind == b"table-row":
            if tag.starts:
                column, step = 0, tag.number(b"number-rows-repeated")
                told.hidden_rows.extend(range(row, min(row + step, LAST_ROW)) if tag.hidden else ())
            row += step if tag.ends else 0
        elif tag.starts:
            down, right = tag.number(b"number-rows-spanned"), tag.number(b"number-columns-spanned")
            if down * right > 1 and row < LAST_ROW and column < MAX_COLUMNS:
                told.merged.append((row, column, row + down - 1, column + right - 1))
            column += tag.number(b"number-columns-repeated")
    return told
