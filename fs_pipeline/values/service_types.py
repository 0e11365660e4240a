"""What kind of place it is, by the reviewed list of ``data/place_types.csv``."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise

_INITIALS = re.compile(r"\b[a-z](?: [a-z]\b)+")  # « c c a s », of « C.C.A.S. »
_SHORT = 3  # letters of a word that ends in s or x and is no plural: « bus »


def read_service_type(raw_type: object, name: object = None) -> Reading[str]:
    """Code of the place's type; the name is heard where the type says nothing.

    The list's order decides between two aliases in one text: « France services de la Poste » is a France services.
    """
    return _read(clean(raw_type), clean(name))


@lru_cache(maxsize=65_536)
def _read(raw_type: str | None, name: str | None) -> Reading[str]:
    named = _find(name)
    if named == "france_services":
        return Reading(named)
    found = _find(raw_type) or named
    if found:
        return Reading(found)
    return Reading("other", (Note("place_type_unknown"),) if raw_type else ())


@lru_cache(maxsize=65_536)
def without_kind(name: str) -> str:
    """The words of a name, normalised and in the singular, but for those that say its kind: « CCAS de Pau » is ``de pau``."""
    words = _folded(name)
    code = _kind_in(words)
    if code is None:
        return " ".join(words)
    return " ".join(_pattern(code).sub(" ", f" {' '.join(words)} ").split())


@lru_cache(maxsize=65_536)
def types_said(text: str) -> tuple[tuple[str, int], ...]:
    """Every kind that a text says, in the order of the list, each with the number of words before it."""
    first: dict[str, int] = {}
    for _, code, start in sorted(_said(_folded(text))):
        first.setdefault(code, start)
    return tuple(first.items())


@lru_cache(maxsize=65_536)
def _find(text: str | None) -> str | None:
    return None if text is None else _kind_in(_folded(text))


def _kind_in(words: list[str]) -> str | None:
    """The first kind of the list that has an alias among the words."""
    found = _said(words)
    return min(found)[1] if found else None


def _said(words: list[str]) -> list[tuple[int, str, int]]:
    """Place in the list, code, and first word, of each alias among the words."""
    begun = _by_first_word()
    return [
        (place, code, start)
        for start, word in enumerate(words)
        for alias, place, code in begun.get(word, ())
        if words[start : start + len(alias)] == alias
    ]


def _folded(text: str) -> list[str]:
    """How two spellings of a kind compare: initials as one word, the plural as the singular."""
    words = _INITIALS.sub(lambda found: found.group().replace(" ", ""), normalise(text)).split()
    return [word[:-1] if len(word) > _SHORT and word[-1] in "sx" else word for word in words]


@cache
def _aliases() -> dict[str, list[list[str]]]:
    return {
        row["code"]: [_folded(alias) for alias in row["aliases"].split("|")]
        for row in read_csv("place_types.csv")
        if row["aliases"]
    }


@cache
def _by_first_word() -> dict[str, list[tuple[list[str], int, str]]]:
    """First word of an alias -> all its words, place in the list, and code."""
    begun: dict[str, list[tuple[list[str], int, str]]] = {}
    for place, (code, aliases) in enumerate(_aliases().items()):
        for words in aliases:
            begun.setdefault(words[0], []).append((words, place, code))
    return begun


@cache
def _pattern(code: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(f" {' '.join(words)}") + r"\b" for words in _aliases()[code]))
