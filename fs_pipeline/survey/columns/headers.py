"""What a header says: how strongly each field of each table is named by its words (``data/column_words.csv``).

A word that the vocabulary does not hold is heard through its spelling: glued to others, cut short, or mistyped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

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
_SPELLED = 4  # letters below which a word is not guessed
_CUT = 3  # letters of a word cut short, beside another that is known
_SLIP = 87.0  # rapidfuzz ratio: one letter wrong in eight
Phrase = tuple[str, tuple[str, ...], float]  # field, words, weight
Places = Mapping[object, Sequence[int]]
_KNOWN_LETTER, _UNKNOWN_LETTER = 1.0, 1.6  # cost of a known word, and of a letter that no word explains


@lru_cache(maxsize=16_384)
def field_scores(header: str, table: str, without: str | None = None) -> dict[str, float]:
    """Field -> score of what `header` names in `table`; a field that begins with ``-`` is what must not be taken.

    A phrase counts in full when it is the whole header, for 60 % when it is lost in a long question. `without` names a
    file: what the vocabulary owes to it alone is left out (for the benchmark).
    """
    words = _words(header, without)
    if not words:
        return {}
    scores: dict[str, float] = {}
    against: dict[str, float] = {}
    phrases, by_first_word, by_beginning = _phrases(table, without)
    places = {place for word in words for place in by_first_word.get(word, ())}
    for place in sorted(places.union(by_beginning.get((len(words), words[0][0]), ()))):
        field, phrase, weight = phrases[place]
        if not _holds(words, phrase) and not _cut_short(words, phrase):
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


def _cut_short(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """« compl adr » is complement adresse: each word the beginning of the phrase's, where several say it together."""
    return len(words) == len(phrase) >= 2 and all(
        word == other or (len(word) >= _CUT and other.startswith(word))
        for word, other in zip(words, phrase, strict=True)
    )


@lru_cache(maxsize=16_384)
def _words(header: str, without: str | None) -> tuple[str, ...]:
    plain = re.sub(r"\b\d+\b|(?<=[a-z]{3})\d\b", " ", normalise(re.sub(r"(?<=[a-zéè])(?=[A-Z][A-Za-z])", " ", header)))
    found = plain.split()
    if len(found) == 1 and len(found[0]) >= _GLUED and found[0] not in _vocabulary(without):
        found = _unglue(found[0], without)
    found = [piece for word in found for piece in _pieces(word, without)]
    return tuple(_singular(_heard(word, without)) for word in found if word not in _LITTLE)


@lru_cache(maxsize=16_384)
def _pieces(word: str, without: str | None) -> tuple[str, ...]:
    """« datemaj » is date and maj: a word that two known ones explain to the letter."""
    known = _vocabulary(without)
    if word in known or len(word) < 2 * len("maj"):
        return (word,)
    cuts = ((word[:cut], word[cut:]) for cut in range(3, len(word) - 2))
    return next((pair for pair in cuts if known.issuperset(pair)), (word,))


@lru_cache(maxsize=16_384)
def _heard(word: str, without: str | None) -> str:
    """The word of the vocabulary that this one is: itself, its end cut off, or one slip away; else as written."""
    known = _vocabulary(without)
    if word in known or len(word) < _SPELLED or not word.isalpha():
        return word
    if len(word) < len("commune"):
        whole = [other for other in known if other.startswith(word) and len(other) <= 2 * len(word)]
        if len({_singular(other) for other in whole}) == 1:
            return whole[0]
    best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_SLIP)
    return best[0] if best and abs(len(best[0]) - len(word)) <= 1 else word


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _unglue(word: str, without: str | None) -> list[str]:
    """« Nomdelastructure » is nom de la structure: the cheapest cut into known words."""
    best: list[tuple[float, int, bool]] = [(0.0, 0, True)]
    for end in range(1, len(word) + 1):
        cost, start = best[end - 1][0] + _UNKNOWN_LETTER, end - 1
        known = False
        for size in range(1, min(end, 18) + 1):
            if word[end - size : end] in _vocabulary(without) and best[end - size][0] + _KNOWN_LETTER < cost:
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
def _rows(without: str | None) -> tuple[dict[str, str], ...]:
    return tuple(row for row in read_csv("column_words.csv") if without is None or row["only_from"] != without)


@cache
def _phrases(table: str, without: str | None) -> tuple[Sequence[Phrase], Places, Places]:
    """The phrases of a table, and the places of those that begin with a word, and that have so many, with a letter first."""
    phrases: list[Phrase] = [
        (row["field"], phrase, float(row["weight"]))
        for row in _rows(without)
        if row["table"] == table
        and (phrase := tuple(_singular(word) for word in row["words"].split() if word not in _LITTLE))
    ]
    by_first_word: dict[object, list[int]] = defaultdict(list)
    by_beginning: dict[object, list[int]] = defaultdict(list)
    for place, (_, phrase, _) in enumerate(phrases):
        by_first_word[phrase[0]].append(place)
        by_beginning[len(phrase), phrase[0][0]].append(place)
    return phrases, by_first_word, by_beginning


@cache
def _vocabulary(without: str | None) -> frozenset[str]:
    phrases = {word for row in _rows(without) for word in row["words"].split() if len(word) > 1}
    return frozenset(phrases | {word for word in _LITTLE if len(word) > 1} | {"numerique", "quelques"})
