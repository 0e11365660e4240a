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


def without_kind(name: str) -> str:
    """The words of a name, normalised and in the singular, but for those that say its kind: « CCAS de Pau » is ``de pau``."""
    folded = _folded(name)
    for _, pattern in _patterns():
        if pattern.search(folded):
            return " ".join(pattern.sub(" ", folded).split())
    return folded.strip()


def _find(text: str | None) -> str | None:
    if text is None:
        return None
    folded = _folded(text)
    return next((code for code, pattern in _patterns() if pattern.search(folded)), None)


def _folded(text: str) -> str:
    """How two spellings of a kind compare: initials as one word, the plural as the singular."""
    words = _INITIALS.sub(lambda found: found.group().replace(" ", ""), normalise(text)).split()
    return f" {' '.join(word[:-1] if len(word) > _SHORT and word[-1] in 'sx' else word for word in words)} "


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (
            row["code"],
            re.compile("|".join(re.escape(_folded(alias)[:-1]) + r"\b" for alias in row["aliases"].split("|"))),
        )
        for row in read_csv("place_types.csv")
        if row["aliases"]
    )
