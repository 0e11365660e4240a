"""Yes and no, in all the ways people tick a box."""

from __future__ import annotations

import re

from fs_pipeline.safe_text import safe
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise

_YES = frozenset({"oui", "o", "x", "1", "1 0", "vrai", "true", "yes", "y", "ok", "v", "t", "coche"})
_NO = frozenset({"non", "n", "0", "0 0", "faux", "false", "no", "f", "aucun", "aucune", "jamais"})


# Marks that the house's normaliser takes for punctuation; an empty box is a no only where boxes are drawn.
_MARKS = {"✓": True, "✔": True, "☑": True, "☒": True, "✅": True, "✗": False, "✘": False, "❌": False, "☐": False}
_WITH_A_CONDITION = re.compile(r"(oui|non)\s*[,;:(–-]", re.IGNORECASE)


def read_boolean(raw: object) -> Reading[bool]:
    """True, False, or None with a note where the cell says something else.

    « Oui, sur rendez-vous » is a yes; « non concerné » says neither.
    """
    if isinstance(raw, bool):
        return Reading(raw)
    mark = safe(str(raw)).strip()
    if mark in _MARKS:
        return Reading(_MARKS[mark])
    text = clean(raw)
    if text is None:
        # clean() takes « aucun » for nothing written; in a box to tick it is a no.
        return Reading(False if raw is not None and normalise(str(raw)) in _NO else None)
    word = normalise(text)
    if word in _YES:
        return Reading(True)
    if word in _NO:
        return Reading(False)
    told = _WITH_A_CONDITION.match(text)
    if told and len({"oui", "non"} & set(word.split())) == 1:
        return Reading(told.group(1).lower() == "oui")
    return Reading(None, (Note("boolean_unreadable"),))
