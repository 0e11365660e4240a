"""Yes and no, in all the ways people tick a box."""

from __future__ import annotations

from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise

_YES = frozenset({"oui", "o", "x", "1", "1 0", "vrai", "true", "yes", "y", "ok", "v", "t", "coche", "✓"})
_NO = frozenset({"non", "n", "0", "0 0", "faux", "false", "no", "f", "aucun", "aucune", "jamais"})


def read_boolean(raw: object) -> Reading[bool]:
    """True, False, or None with a note where the cell says something else."""
    if isinstance(raw, bool):
        return Reading(raw)
    text = clean(raw)
    if text is None:
        # clean() takes « aucun » for nothing written; in a box to tick it is a no.
        return Reading(False if raw is not None and normalise(str(raw)) in _NO else None)
    if text in {"✓", "✔", "☑", "☒"}:
        return Reading(True)
    word = normalise(text)
    if word in _YES:
        return Reading(True)
    if word in _NO:
        return Reading(False)
    return Reading(None, (Note("boolean_unreadable"),))
