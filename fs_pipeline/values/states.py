"""Whether a text says that a place is open, closed for good, planned, closed for now or moved (``data/place_states.csv``)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, cast

from fs_pipeline.data import read_csv
from fs_pipeline.values.text import normalise

State = Literal["open", "closed", "planned", "suspended", "moved"]
_YEAR, _DAY = r"(?:19|20)\d\d", r"\d{1,2}"  # « AAAA » and « JJ » of the list
_DETAILS = re.compile(r"\([^()]*\)|\d[\d/.\-]*")


@lru_cache(maxsize=65_536)
def read_state(text: str, *, asked: bool) -> State | None:
    """What the text says of a place's being open; the first that the list has.

    Parameters
    ----------
    asked
        Whether the text answers that question: « fermé » alone says it then. Elsewhere only « fermé définitivement »,
        « ouverture prévue en 2024 » and the like do.
    """
    words = normalise(text)
    if _any().search(words):
        return next(state for state, pattern in _anywhere() if pattern.search(words))
    return _answers().get(" ".join(normalise(_DETAILS.sub(" ", text)).split())) if asked else None


@cache
def _anywhere() -> tuple[tuple[State, re.Pattern[str]], ...]:
    return tuple(
        (cast(State, row["state"]), re.compile(rf"\b{row['words'].replace('AAAA', _YEAR).replace('JJ', _DAY)}\b"))
        for row in read_csv("place_states.csv")
        if row["where"] == "anywhere"
    )


@cache
def _any() -> re.Pattern[str]:
    """Whether any of them is there: most texts say nothing of it."""
    return re.compile("|".join(pattern.pattern for _, pattern in _anywhere()))


@cache
def _answers() -> dict[str, State]:
    return {row["words"]: cast(State, row["state"]) for row in read_csv("place_states.csv") if row["where"] == "state"}
