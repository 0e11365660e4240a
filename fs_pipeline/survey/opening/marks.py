"""What a sender marks beside a workbook's cells: fills, text struck through, comments. They are given back as they were.

Patterns stop at the next tag, so that no text makes them slow. Part of the child process (child.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fs_pipeline.survey.opening.raw import Told

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Kind = TypeVar("Kind")
CHECKED_BY = "Contrôle de l’enquête"  # who signs the comments of a workbook that is given back
UNDER_OWN = f"— {CHECKED_BY} —"  # the line that parts a sender's own comment from ours below it
_AT_MOST = 20_000  # cells told one by one
_LONGEST = 2_000  # characters of a comment
# Office's own palette, by the number of its colours in a theme.
_THEME = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
_BLACK_AND_WHITE = {"FFFFFF", "000000"}


@dataclass(frozen=True, slots=True)
class Look:
    """How the cells of one style look: the colour of their fill, six hexadecimal digits, and whether they are struck."""

    fill: str | None
    struck: bool


def looks_of(styles: Element) -> dict[int, Look]:
    """Number of a style -> its look, of the styles that mark a cell."""
    fonts = [_is_struck(font) for font in _children(styles, "fonts")]
    fills = [_colour(fill) for fill in _children(styles, "fills")]
    found = {}
    for number, style in enumerate(_children(styles, "cellXfs")):
        look = Look(_at(fills, style.get("fillId")), bool(_at(fonts, style.get("fontId"))))
        if look.fill or look.struck:
            found[number] = look
    return found


def add_marks(told: Told, xml: bytes, looks: dict[int, Look]) -> None:
    """Tell of a sheet's cells those that have a fill, or are struck through."""
    for reference, look in _marked(xml, looks):
        if look.fill:
            told.fills[reference] = look.fill
        if look.struck:
            told.struck.append(reference)


def _marked(xml: bytes, looks: dict[int, Look]) -> Iterator[tuple[str, Look]]:
    if not looks:
        return
    styles = b"|".join(str(number).encode() for number in sorted(looks))
    pattern = re.compile(
        rb"""<(?:\w{1,20}:)?c\s(?=[^<>]*?\bs\s*=\s*["']("""
        + styles
        + rb""")["'])[^<>]*?\br\s*=\s*["']([A-Z]{1,3}\d{1,7})["']"""
    )
    for number, cell in enumerate(pattern.finditer(xml)):
        if number == _AT_MOST:
            return
        yield cell.group(2).decode(), looks[int(cell.group(1))]


def comments_of(part: Element) -> dict[str, str]:
    """Reference -> what its sender wrote there: of a comment of ours, what stands above it."""
    authors = ["".join(author.itertext()) for author in _children(part, "authors")]
    found = {}
    for comment in list(_children(part, "commentList"))[:_AT_MOST]:
        text = "".join(piece.text or "" for piece in comment.iter() if _local(piece.tag) == "t")
        own, parted, _ = text.partition(UNDER_OWN)
        if _at(authors, comment.get("authorId")) == CHECKED_BY and not parted:
            continue
        if own.strip():
            found[comment.get("ref", "")] = own.strip()[:_LONGEST]
    return {reference: text for reference, text in found.items() if re.fullmatch(r"[A-Z]{1,3}\d{1,7}", reference)}


def _children(root: Element, name: str) -> Iterator[Element]:
    group = next((element for element in root.iter() if _local(element.tag) == name), None)
    return iter(()) if group is None else iter(group)


def _at(items: Sequence[Kind], number: str | None) -> Kind | None:
    return items[int(number)] if number and number.isdecimal() and int(number) < len(items) else None


def _is_struck(font: Element) -> bool:
    strike = next((element for element in font if _local(element.tag) == "strike"), None)
    return strike is not None and strike.get("val", "1") in {"1", "true"}


def _colour(fill: Element) -> str | None:
    pattern = next((element for element in fill if _local(element.tag) == "patternFill"), None)
    if pattern is None or pattern.get("patternType") != "solid":
        return None
    colour = next((element for element in pattern if _local(element.tag) == "fgColor"), None)
    if colour is None:
        return None
    rgb = colour.get("rgb", "")[-6:].upper()
    if not rgb and (base := _at(_THEME, colour.get("theme"))):
        rgb = _tinted(base, colour.get("tint", "0"))
    return rgb if re.fullmatch(r"[0-9A-F]{6}", rgb) and rgb not in _BLACK_AND_WHITE else None


def _tinted(base: str, tint: str) -> str:
    """A theme's colour, lightened or darkened by a share."""
    share = float(tint) if re.fullmatch(r"-?[01]?(?:\.\d{1,20})?", tint) and tint not in {"", "-"} else 0.0
    parts = (int(base[place : place + 2], 16) for place in (0, 2, 4))
    mixed = (part + (255 - part) * share if share > 0 else part * (1 + share) for part in parts)
    return "".join(f"{max(0, min(255, round(part))):02X}" for part in mixed)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
