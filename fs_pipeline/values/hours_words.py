"""The vocabulary of opening hours: what a word that says no day and no hour is worth, by the reviewed list.

``data/hours_words.csv``: harmless words are passed over, others forbid reading for the reason that stands beside them.
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import OSA

from fs_pipeline.data import read_csv
from fs_pipeline.french import DAY_NAMES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def _vocabulary() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Words and what they are worth; then beginnings of words (``adherent-``), the longest first."""
    rows = read_csv("hours_words.csv")
    words = {row["word"]: row["worth"] for row in rows if not row["word"].endswith("-")}
    starts = [(row["word"][:-1], row["worth"]) for row in rows if row["word"].endswith("-")]
    return words, tuple(sorted(starts, key=lambda one: -len(one[0])))


@cache
def worth(word: str) -> str:
    """``harmless``, ``place``, ``closes``, ``doubt``, ``public``, ``elsewhere``, ``lesson`` or ``remark`` (unknown)."""
    words, starts = _vocabulary()
    if "\ufffd" in word:  # a letter that an encoding lost
        broken = re.compile(re.escape(word).replace("\ufffd", "."))
        found = next(
            (value for one, value in words.items() if broken.fullmatch(one) or broken.fullmatch(one + "s")), None
        )
        return found or next((value for start, value in starts if _begins(word, start)), "remark")
    for form in (word, word.rstrip("s"), word.removesuffix("es"), word.removesuffix("e")):
        if form in words:
            return words[form]
    return next((value for start, value in starts if word.startswith(start)), "remark")


def _begins(word: str, start: str) -> bool:
    """Whether a word begins so, a lost letter being any."""
    return len(word) >= len(start) and all(one in {other, "\ufffd"} for one, other in zip(word, start, strict=False))


@cache
def misspelled_day(word: str) -> str | None:
    """The day that a word is one slip away from: « verdredi », « mercerdi »."""
    cut = next((code for code, day in DAY_NAMES.items() if word.removesuffix("s") == day[1:]), None)
    if cut is not None:
        return cut
    if len(word) < 5:
        return None
    near = [
        code
        for code, day in DAY_NAMES.items()
        if min(
            OSA.distance(word.removesuffix("s"), day, score_cutoff=1),
            OSA.distance(word, day, score_cutoff=1),
        )
        <= 1
    ]
    return near[0] if len(near) == 1 else None


_WEIGHTY = ("rendez", "ferme", "fermee", "fermeture", "sauf", "excepte", "semaine", "impaire", "paires", "vacances",
            "scolaire", "matin", "premier", "deuxieme", "dernier", "telephone", "septembre", "juillet")  # fmt: skip


@cache
def nearly_said(word: str) -> bool:
    """Whether an unknown word is a slip for one that changes the hours, or has a day glued to it."""
    if any(day in word for day in DAY_NAMES.values()):
        return True
    near = (OSA.distance(word, one, score_cutoff=1) for one in _WEIGHTY)
    return len(word) > 3 and min(near) <= 1
