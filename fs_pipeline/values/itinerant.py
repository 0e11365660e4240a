"""Whether words speak of a place that moves: a bus, a van, a pirogue."""

from __future__ import annotations

import re

_MOVES = re.compile(
    r"\b(?:(?:biblio|media|ludo|numeri|cyber|info|mobi|proxi)?bus|itinerante?s?|itinerance|mobiles?|camion(?:nette)?|"
    r"camping car|van|pirogue|fourgon|caravane)\b"
)


def moves(words: str) -> bool:
    """Whether normalised `words` (a name, a kind) say that the place moves."""
    return bool(_MOVES.search(words))
