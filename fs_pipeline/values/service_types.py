"""What kind of place it is, by the reviewed list of ``data/place_types.csv``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise


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


def _find(text: str | None) -> str | None:
    if text is None:
        return None
    words = normalise(text)
    for written, patterns in ((words, _patterns(_as_is)), (_singular(words), _patterns(_singular))):
        for code, pattern in patterns:
            if pattern.search(written):
                return code
    return None


def _as_is(words: str) -> str:
    return words


def _singular(words: str) -> str:
    """« caisses d allocation familiale » and « caisse d allocations familiales » alike."""
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words.split())


@cache
def _patterns(form: Callable[[str], str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["code"], re.compile("|".join(rf"\b{re.escape(form(alias))}\b" for alias in row["aliases"].split("|"))))
        for row in read_csv("place_types.csv")
        if row["aliases"]
    )
