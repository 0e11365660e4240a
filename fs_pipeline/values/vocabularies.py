"""Words of a reviewed vocabulary: a cell's text or list in, codes out, with the words that the vocabulary lacks.

A vocabulary is a file ``code,label_fr,aliases,source`` of ``data/``. Aliases are compared without case, accents, plural
or little words; one that begins with ``=`` counts only when it is the whole item. The row without a code holds what
says nothing (« autre », « non »).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz import fuzz, process

from fs_pipeline.data import read_csv
from fs_pipeline.values.text import clean, normalise

VocabularyName = Literal["place_labels", "publics", "actor_kinds", "outreach_modes", "general_help"]
BETWEEN = "|"  # between the codes of one cell
_LITTLE = frozenset({"d", "de", "du", "des", "l", "la", "le", "les", "a", "au", "aux"})
_INCLUSIVE = re.compile(r"(?<=\w)[.·•](?:e|ne|euse|trice|rice)s?(?:[.·•]s)?(?!\w)|(?<=\w)[·•]s\b", re.IGNORECASE)
_ITEM = re.compile(r"[;,|/\n\t•\[\]{}\"]+|\s[-–]\s(?!\d)")
_PART = re.compile(r"\s(?:et|ou|&|\+)\s", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:sauf|hors?|hormi|excepte|pas|aucune?|non|ni|sans?|interdit)\b")  # as `_folded` leaves them
_GUESSED = 7  # letters from which an item may be a slip of the pen
_SLIP = 90.0  # rapidfuzz ratio: one letter wrong in ten


@dataclass(frozen=True, slots=True)
class Words:
    """`codes` in the order they were written, each once; `unmapped` are the items that the vocabulary lacks."""

    codes: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()

    @property
    def joined(self) -> str | None:
        """The codes, then the items as written that have none, joined by ``|``; None where nothing is said."""
        return BETWEEN.join((*self.codes, *self.unmapped)) or None


@lru_cache(maxsize=16_384)
def read_words(text: str | None, vocabulary: VocabularyName) -> Words:
    """Codes of what a cell says, be it prose, a list, or a list as a form or a database writes it.

    An item that denies (« sauf mineurs ») has no code: it is unmapped as a whole.
    """
    cleaned = clean(text)
    if cleaned is None:
        return Words()
    plain = _INCLUSIVE.sub("", cleaned).replace("_", " ")
    codes: dict[str, None] = {}
    unmapped: dict[str, None] = {}
    for item in filter(None, (part.strip(" .:'") for part in _ITEM.split(plain))):
        found, missing = _read_item(item, vocabulary)
        codes |= dict.fromkeys(found)
        unmapped |= dict.fromkeys(missing)
    return Words(tuple(code for code in codes if code), tuple(unmapped))


@cache
def labels_of(vocabulary: VocabularyName) -> dict[str, str]:
    """Code -> its French name."""
    return {row["code"]: row["label_fr"] for row in read_csv(f"{vocabulary}.csv") if row["code"]}


def _read_item(item: str, vocabulary: VocabularyName) -> tuple[list[str], list[str]]:
    """Codes of an item and what of it has none: all of it, or one of the things that « et » or « ou » joins."""
    whole = _find(item, vocabulary)
    if whole is None:
        return [], [item]
    parts = _PART.split(item)
    if len(parts) == 1 or _folded(item) in _aliases(vocabulary)[0]:
        return whole, []
    return whole, [part.strip() for part in parts if _find(part, vocabulary) is None]


def _find(item: str, vocabulary: VocabularyName) -> list[str] | None:
    """Codes of one item; None where the vocabulary lacks it."""
    folded = _folded(item)
    aliases, pattern = _aliases(vocabulary)
    if not re.search(r"[a-z]{2}|\d", folded):
        return []
    if folded in aliases:
        return [aliases[folded]]
    found = [aliases[match[0]] for match in pattern.finditer(folded)]
    if _DENIED.search(pattern.sub(" ", folded)):
        return None
    if not found and len(folded) >= _GUESSED:
        best = process.extractOne(folded, aliases.keys(), scorer=fuzz.ratio, score_cutoff=_SLIP)
        found = [aliases[best[0]]] if best else []
    return found or None


@cache
def _aliases(vocabulary: VocabularyName) -> tuple[dict[str, str], re.Pattern[str]]:
    """Folded alias -> code, and the pattern of those that may stand inside an item, the longest first."""
    aliases: dict[str, str] = {}
    inside = set()
    for row in read_csv(f"{vocabulary}.csv"):
        for alias in (*row["aliases"].split("|"), row["label_fr"], f"={row['code']}"):
            folded = _folded(alias)
            if folded:
                aliases.setdefault(folded, row["code"])
                if row["code"] and not alias.startswith("="):
                    inside.add(folded)
    ordered = sorted(inside, key=lambda alias: (-len(alias), alias))
    return aliases, re.compile(r"\b(?:" + "|".join(map(re.escape, ordered)) + r")\b")


def _folded(text: str) -> str:
    words = (word for word in normalise(text).split() if word not in _LITTLE)
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words)
