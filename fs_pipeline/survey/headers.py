"""What a header says: how strongly each field of each table is named by its words (``data/column_words.csv``)."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.text import normalise

_LITTLE = frozenset(
    {"a", "au", "aux", "avec", "c", "ce", "ces", "cette", "d", "dans", "de", "des", "du", "en", "et", "ex", "est",
     "etes", "l", "la", "le", "les", "ma", "mes", "mon", "nos", "notre", "ou", "par", "pour", "qu", "que", "quel",
     "quelle", "quelles", "quels", "s", "sa", "se", "si", "son", "sont", "sur", "t", "un", "une", "vos", "votre",
     "vous", "je", "il", "elle"}
)  # fmt: skip
_GLUED = 9  # letters from which a single word may be several, its spaces lost
_EXPLAINED = 0.7  # share of its letters that known words must explain
_KNOWN_LETTER, _UNKNOWN_LETTER = 1.0, 1.6  # cost of a known word, and of a letter that no word explains


@lru_cache(maxsize=16_384)
def field_scores(header: str, table: str) -> dict[str, float]:
    """Field -> score of what `header` names in `table`; a field that begins with ``-`` is what must not be taken.

    A phrase counts in full when it is the whole header, for 60 % when it is lost in a long question.
    """
    words = _words(header)
    if not words:
        return {}
    scores: dict[str, float] = {}
    against: dict[str, float] = {}
    for field, phrase, weight in _phrases(table):
        if not _holds(words, phrase):
            continue
        worth = weight * (0.6 + 0.4 * len(phrase) / len(words))
        if weight < 0:
            against[field] = against.get(field, 0.0) + worth
        else:
            scores[field] = max(scores.get(field, 0.0), worth)
    return {field: score + against.get(field, 0.0) for field, score in scores.items()}


def _holds(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(words[start : start + size] == phrase for start in range(len(words) - size + 1))


def _words(header: str) -> tuple[str, ...]:
    plain = re.sub(r"\b(\d+)\b", " ", normalise(re.sub(r"(?<=[a-zéè])(?=[A-Z])", " ", header)))
    found = plain.split()
    if len(found) == 1 and len(found[0]) >= _GLUED and found[0] not in _vocabulary():
        found = _unglue(found[0])
    return tuple(_singular(word) for word in found if word not in _LITTLE)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _unglue(word: str) -> list[str]:
    """« Nomdelastructure » is nom de la structure: the cheapest cut into known words."""
    best: list[tuple[float, int, bool]] = [(0.0, 0, True)]
    for end in range(1, len(word) + 1):
        cost, start = best[end - 1][0] + _UNKNOWN_LETTER, end - 1
        known = False
        for size in range(1, min(end, 18) + 1):
            if word[end - size : end] in _vocabulary() and best[end - size][0] + _KNOWN_LETTER < cost:
                cost, start, known = best[end - size][0] + _KNOWN_LETTER, end - size, True
        best.append((cost, start, known))
    pieces: list[str] = []
    end = len(word)
    while end:
        _, start, known = best[end]
        if known:
            pieces.insert(0, word[start:end])
        end = start
    return pieces if sum(map(len, pieces)) >= _EXPLAINED * len(word) else [word]


@cache
def _phrases(table: str) -> tuple[tuple[str, tuple[str, ...], float], ...]:
    return tuple(
        (row["field"], tuple(_singular(word) for word in row["words"].split()), float(row["weight"]))
        for row in read_csv("column_words.csv")
        if row["table"] == table
    )


@cache
def _vocabulary() -> frozenset[str]:
    phrases = {word for row in read_csv("column_words.csv") for word in row["words"].split() if len(word) > 1}
    return frozenset(phrases | {word for word in _LITTLE if len(word) > 1} | {"d", "l", "numerique", "quelques"})
