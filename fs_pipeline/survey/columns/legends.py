"""What the letters of a table stand for: « A = accompagnement, O = orientation », above it, beneath, beside, in a header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fs_pipeline.survey.columns.block import Matched, Words
from fs_pipeline.survey.opening.cells import Cell, Sheet, as_text
from fs_pipeline.values.booleans import read_boolean

# A code of one to three letters or a figure, what stands between it and what it means, and the beginning of that.
_CODE = re.compile(r"(?<![^\W_])([^\W\d_]{1,3}|\d)\s*(?:=|:|→|->|–|—|-)\s*(?=[^\W\d_]{2})")
_EDGES = " \t\n,;/|.()–—-"
_LONGEST_MEANING = 80
_FIRST_ROWS = 40  # in which every cell is looked at; further down, rows of one or two cells only
_FEW = 2


def codes_in(text: str, words: Words) -> dict[str, str]:
    """Code, its case folded -> the level of help that a text says it stands for: « A = accompagnement, N = non »."""
    found = list(_CODE.finditer(text))
    ends = [*(code.start() for code in found), len(text)][1:]
    return {
        code[1].casefold(): level
        for code, end in zip(found, ends, strict=True)
        if (level := _level(text[code.end() : end].strip(_EDGES), words)) is not None
    }


def legend_of(sheet: Sheet, words: Words) -> dict[str, str]:
    """The codes that a sheet explains; none where it explains no help at all."""
    codes: dict[str, str] = {}
    for position, row in enumerate(sheet.rows):
        few = len(row) - row.count(None) <= _FEW
        if few or position < _FIRST_ROWS:
            for cell in row:
                if isinstance(cell, str) and len(cell) > _FEW:
                    codes |= codes_in(cell, words)
        if few and (pair := _pair(row, words)):
            codes[pair[0]] = pair[1]
    return codes if set(codes.values()) - {"none"} else {}


def is_of_legend(text: str, codes: Mapping[str, str]) -> bool:
    """Whether a row that begins so explains some of the codes: « A », « A = accompagnement »."""
    said = {text.strip().casefold(), *(code[1].casefold() for code in _CODE.finditer(text))}
    return not said.isdisjoint(codes)


@dataclass(frozen=True)
class Coded:
    """The catalogue's words, and the codes of one sheet's legend."""

    words: Words
    codes: Mapping[str, str]

    def match_demarche(self, text: str) -> Matched:
        """As the catalogue has it."""
        return self.words.match_demarche(text)

    def read_level(self, text: str) -> str | None:
        """What the legend says of a code, else as the catalogue has it."""
        return self.codes.get(text.strip().casefold()) or self.words.read_level(text)

    def reads_as_mark(self, text: str) -> bool:
        """A code with a meaning is no mere mark."""
        return text.strip().casefold() not in self.codes and self.words.reads_as_mark(text)


def _pair(row: Sequence[Cell], words: Words) -> tuple[str, str] | None:
    written = list(_written(row))
    if len(written) != _FEW or not re.fullmatch(r"[^\W\d_]{1,3}|\d", written[0].strip()):
        return None
    level = _level(written[1].strip(_EDGES), words)
    return None if level is None else (written[0].strip().casefold(), level)


def _written(row: Sequence[Cell]) -> Iterator[str]:
    return (text for cell in row if (text := as_text(cell)) is not None)


def _level(meaning: str, words: Words) -> str | None:
    if not meaning or len(meaning) > _LONGEST_MEANING:
        return None
    level = words.read_level(meaning)
    return "none" if level is None and read_boolean(meaning).value is False else level
