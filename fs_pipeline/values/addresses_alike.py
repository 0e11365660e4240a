"""Whether two written addresses may be one: a street said with the house that stands in it, a hamlet, lost letters.

An address is a set of roads, each with its numbers where it has some; what names no road (« le Bourg », « Résidence des
Lilas », « Bureau de poste ») says another part of where a place is, and contradicts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from fs_pipeline.values.streets import ROADS, SHORT_ROADS, read_street, street_words
from fs_pipeline.values.text import normalise

_ALIKE = 85.0  # rapidfuzz: names whose words nearly all agree
_NUMBER = re.compile(r"\d{1,4}")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_]{3})")  # « 11avenue X »
_PIECES = re.compile(r"[,;\n()]|\s[-–—/]\s")
_POSTCODE = re.compile(r"\b(?:\d{5}|2[AB]\d{3}|BP|CS)\b.*", re.DOTALL)
_BESIDE_NUMBERS = frozenset({"bis", "ter", "quater", "et", "a", "b", "c", "d", "n"})
_PLAIN = frozenset({"av", "ave", "bd", "bld", "blvd", "pl", "rte", "imp", "sq"})  # short for a road wherever they stand
_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class _Road:
    numbers: frozenset[str]
    name: str


def same_address(one: str, other: str) -> bool:
    """Whether a visitor who has one of two addresses is sent nowhere else by the other.

    The kind of road counts for nothing where its name and number agree (« rue, place de la Mairie »).
    """
    if normalise(one) == normalise(other) or not (normalise(one) and normalise(other)):
        return normalise(one) == normalise(other)
    if _LOST in one + other and fuzz.ratio(_letters(one), _letters(other)) >= _ALIKE:
        return True
    roads, others = _roads(one), _roads(other)
    return not roads or not others or any(_same(road, second) for road in roads for second in others)


def _same(one: _Road, other: _Road) -> bool:
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return False
    return fuzz.token_sort_ratio(one.name, other.name) >= _ALIKE or fuzz.token_set_ratio(one.name, other.name) == 100.0


@lru_cache(maxsize=65_536)
def _roads(text: str) -> tuple[_Road, ...]:
    line = _POSTCODE.sub("", text) or text
    found: list[_Road] = []
    before: list[str] = []  # a number that a comma cut off its street
    for piece in _PIECES.split(_GLUED.sub(" ", line)):
        words = [*before, *_words(piece)]
        before = words if words and len(_ending_numbers(words)) == len(words) else []
        starts = [index for index, word in enumerate(words) if word in ROADS]
        if not starts:
            number, street = read_street(" ".join(words))  # « 2 Darthus »: a number makes a road of any name
            found += [_Road(frozenset({number}), street)] if number and street else []
        for start, end in zip(starts, [*starts, len(words)][1:], strict=True):
            name = words[start + 1 : end]
            if end < len(words):  # the number of the road that follows
                name = name[: len(name) - len(_ending_numbers(name))]
            known = street_words(name or [word for word in words[:start] if word.isalpha()])  # « 11 grand rue »
            ahead = words[:start] if name else [word for word in words[:start] if not word.isalpha()]
            numbers = {word.lstrip("0") for word in _ending_numbers(ahead) if _NUMBER.fullmatch(word)}
            found += [_Road(frozenset(numbers), known)] if known else []
    return tuple(found)


def _words(piece: str) -> list[str]:
    """The words of a piece, kinds of road spelled out; « ch » stands for a road at the beginning only."""
    words = normalise(piece).replace("rond point", "rondpoint").split()
    first = next((index for index, word in enumerate(words) if word not in _BESIDE_NUMBERS and word.isalpha()), 0)
    return [
        SHORT_ROADS.get(word, word) if index == first or word in _PLAIN else word for index, word in enumerate(words)
    ]


def _ending_numbers(words: list[str]) -> list[str]:
    """The numbers, and what goes with numbers, that end `words`: « 5 7 bis »."""
    start = len(words)
    while start and (_NUMBER.fullmatch(words[start - 1]) or words[start - 1] in _BESIDE_NUMBERS):
        start -= 1
    return words[start:] if any(_NUMBER.fullmatch(word) for word in words[start:]) else []


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())
