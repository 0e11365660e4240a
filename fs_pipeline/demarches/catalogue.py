"""Operators, bundles and démarches on a date, and how surveys name them.

Names change, and so do the bundle and the list: ask for them on the campaign's date. What the reviewed words do not
say is None; a likely meaning is a suggestion, never a value.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from fs_pipeline.data import read_csv, rows_in_force
from fs_pipeline.values.booleans import read_boolean
from fs_pipeline.values.text import normalise

if TYPE_CHECKING:
    import pandas as pd

_EMPTY_WORDS = frozenset(
    {"a", "au", "aux", "d", "de", "demande", "demander", "demandes", "des", "du", "en", "et", "faire", "l", "la", "le",
     "les", "ligne", "ma", "mes", "mon", "sa", "ses", "son", "un", "une"}
)  # fmt: skip
_NEGATION = re.compile(r"\b(?:pas|ni|non|sans|aucune?)\b(?: d[eu]?\b| l\b)? ?\w*")
_CLAUSES = re.compile(r"[,;:.()\n]")
_CLOSE = 82.0
_LEVELS = ("accompaniment", "appointment", "information", "orientation")  # the first found in a text wins


def operators(on: datetime.date | str) -> pd.DataFrame:
    """One row an operator, with its name on that date; the bundle says which of them count."""
    return _valid("operators.csv", _day(on)).copy()


def bundle(on: datetime.date | str) -> tuple[str, ...]:
    """Codes of the operators of the bundle in force on that date."""
    return tuple(_valid("bundles.csv", _day(on))["operator"])


def demarches(on: datetime.date | str | None = None) -> pd.DataFrame:
    """The reviewed catalogue, all of it or what was valid on a date; None where a démarche has no operator."""
    return _valid("demarches.csv", None if on is None else _day(on)).copy()


@dataclass(frozen=True, slots=True)
class DemarcheMatch:
    """What a text names: `exact` when reviewed words say so, else at most a `suggestion` (a label of the catalogue)."""

    demarche_id: str | None = None
    operator: str | None = None
    exact: bool = False
    suggestion: str | None = None


class Vocabulary:
    """The reviewed words of surveys; the operators and démarches valid on a date, or all of them."""

    codes: Mapping[str, str] = MappingProxyType({})  # letters mean nothing but by a sheet's legend

    def __init__(self, on: datetime.date | str | None = None) -> None:
        day = None if on is None else _day(on)
        known = _valid_rows("demarches.csv", day)
        self._operator_of = {row["demarche_id"]: row["operator"] or None for row in known}
        self._labels = {normalise(row["label"]): row["label"] for row in known}
        self._words = dict(_demarche_words(known))
        self._operators = dict(_operator_words({row["operator"] for row in _valid_rows("operators.csv", day)}))
        contained = _words_found_inside()
        self._operators_inside = _alternatives(key for key in self._operators if key in contained)

    def match_demarche(self, text: str) -> DemarcheMatch:
        """The démarche, or only the operator, that the text names."""
        key = _key(text)
        if not key:
            return DemarcheMatch()
        demarche_id = self._words.get(normalise(text)) or self._words.get(key)
        if demarche_id:
            return DemarcheMatch(demarche_id, self._operator_of[demarche_id], exact=True)
        operator = self.operator_of(text)
        if key in self._operators:
            return DemarcheMatch(None, operator, exact=True)
        return DemarcheMatch(None, operator, suggestion=self._closest(text))

    def operator_of(self, text: str) -> str | None:
        """Code of the operator that the text names; None when it names none, or several."""
        key = _key(text)
        if key in self._operators:
            return self._operators[key]
        found = {self._operators[words] for words in self._operators_inside.findall(key)}
        return found.pop() if len(found) == 1 else None

    def read_level(self, text: str) -> str | None:
        """Level of help that the words state; None when they state none (a mere mark states none)."""
        if normalise(text) in _level_words()["none"]:
            return "none"
        parts = [normalise(part) for part in _CLAUSES.split(text)]
        affirmed = " ; ".join(_NEGATION.sub(" ", part) for part in parts)
        for level in _LEVELS:
            if _level_patterns()[level].search(affirmed):
                return level
        denied = any(pattern.search(" ; ".join(parts)) for pattern in _level_patterns().values())
        return "none" if denied else None

    def reads_as_mark(self, text: str) -> bool:
        """Whether the cell is ticked (« x », « oui »): something is offered, at a level it does not say."""
        return read_boolean(text).value is True

    def _closest(self, text: str) -> str | None:
        best = process.extractOne(
            normalise(text), self._labels.keys(), scorer=fuzz.token_set_ratio, score_cutoff=_CLOSE
        )
        return self._labels[best[0]] if best else None


@cache
def _valid(name: str, day: str | None) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(_valid_rows(name, day), columns=list(read_csv(name)[0]), dtype=object)
    return frame.mask(frame == "", None)


def _valid_rows(name: str, day: str | None) -> tuple[dict[str, str], ...]:
    return read_csv(name) if day is None else rows_in_force(name, day)


def _day(on: datetime.date | str) -> str:
    """A month or a year is its first day."""
    if isinstance(on, datetime.datetime):
        return on.date().isoformat()
    if isinstance(on, datetime.date):
        return on.isoformat()
    return f"{on}-01-01"[:10] if len(on) == len("2022") else f"{on}-01"[:10]


def _key(text: str) -> str:
    return " ".join(word for word in normalise(text).split() if word not in _EMPTY_WORDS)


def _demarche_words(known: Sequence[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Labels, titles and ids name one démarche; words reviewed by hand come last and decide."""
    named: dict[str, set[str]] = {}
    for row in known:
        for text in (row["label"], row["title"]):
            named.setdefault(_key(text), set()).add(row["demarche_id"])
        named.setdefault(normalise(row["demarche_id"]), set()).add(row["demarche_id"])
    yield from ((key, ids.pop()) for key, ids in named.items() if len(ids) == 1)
    ids = {row["demarche_id"] for row in known}
    yield from (
        (_key(row["words"]), row["demarche_id"]) for row in read_csv("demarche_words.csv") if row["demarche_id"] in ids
    )


def _operator_words(known: set[str]) -> Iterator[tuple[str, str]]:
    """All the names that an operator of `known` ever had: people write the former one, and the next one too."""
    for row in read_csv("operators.csv"):
        names = (row["operator"], row["name"], row["short_name"], *row["former_names"].split("|"))
        yield from ((_key(name), row["operator"]) for name in names if name and row["operator"] in known)
    yield from (
        (_key(row["words"]), row["operator"]) for row in read_csv("demarche_words.csv") if row["operator"] in known
    )


def _words_found_inside() -> frozenset[str]:
    return frozenset(
        _key(row["words"]) for row in read_csv("demarche_words.csv") if row["operator"] and not row["whole_cell"]
    )


def _alternatives(words: Iterable[str], plural: str = "") -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))}){plural}\b")


@cache
def _level_words() -> dict[str, frozenset[str]]:
    rows = read_csv("level_words.csv")
    return {
        level: frozenset(normalise(row["words"]) for row in rows if row["level"] == level)
        for level in (*_LEVELS, "none")
    }


@cache
def _level_patterns() -> dict[str, re.Pattern[str]]:
    return {level: _alternatives(_level_words()[level], plural="e?s?") for level in _LEVELS}
