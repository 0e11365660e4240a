"""One raw text in, one plain dictionary out: what `fs-pipeline normalise` prints a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache

from fs_pipeline.data import read_csv
from fs_pipeline.safe_text import safe
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.hours import read_hours
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.reading import Note, Reading


def normalise(kind: str, text: str, territory: Territory) -> dict[str, object]:
    """``{"input", "value", "note"}``; value is None where nothing certain can be said, and note says why.

    Parameters
    ----------
    kind
        ``hours``, ``phone``, ``address`` or ``commune``.
    """
    reading = _READERS[kind](safe(text), territory)
    value = asdict(reading.value) if isinstance(reading.value, Address) else reading.value
    note = " ".join(sentence(one) for one in reading.notes) or None
    if value is None and note is None:
        note = "Rien n’est écrit."
    return {"input": text, "value": value, "note": note}


def sentence(note: Note) -> str:
    """What a person reads of a note: the rule's message, its detail, what to write instead."""
    rule = _rules().get(note.rule)
    message = rule["message_fr"] if rule else "Valeur douteuse."
    return f"{message} {note.detail}" if note.detail else message


@cache
def _rules() -> dict[str, dict[str, str]]:
    return {row["rule"]: row for row in read_csv("rules.csv")}


_READERS: dict[str, Callable[[str, Territory], Reading[object]]] = {
    "hours": lambda text, _: read_hours(text),
    "phone": lambda text, _: read_phone(text),
    "address": lambda text, _: read_address(text),
    "commune": read_commune,
}
