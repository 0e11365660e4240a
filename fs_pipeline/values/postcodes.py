"""A French postcode: five digits, the first 0 that spreadsheets eat given back; CEDEX codes are kept, and told."""

from __future__ import annotations

import re
from functools import lru_cache

from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

BOX = re.compile(r"[-,]?\s*\b(?:B\.?P\.?|C\.?S\.?|TSA)\s*(?:n°\s*)?\d[\d ]{0,6}\d?\b(?=\D|$)", re.IGNORECASE)
_ALONE = re.compile(r"(?<![\w-])(?:F-?)?(\d{5})(?![\w-])", re.IGNORECASE)
_FLOAT = re.compile(r"(\d+)\.0+")


def read_postcode(raw: object) -> Reading[str]:
    """``1000`` is ``01000``, with a note; ``33 000`` and ``33000.0`` are ``33000``."""
    text = clean(raw)
    return Reading(None) if text is None else _read(text)


@lru_cache(maxsize=65_536)
def _read(text: str) -> Reading[str]:
    if grouped := re.fullmatch(r"(\d{2})[. ](\d{3})", text):
        text = grouped.group(1) + grouped.group(2)
    if whole := _FLOAT.fullmatch(text):
        text = whole.group(1)
    digits = re.sub(r"[\s.]", "", text.upper().removeprefix("F-"))
    if cedex := re.fullmatch(r"(\d{5})C[EÉ]DEX\d*", digits):
        return Reading(cedex.group(1), (Note("postcode_is_cedex"),))
    if re.fullmatch(r"\d{5}", digits) and "01" <= digits[:2] <= "98":
        return Reading(digits)
    if re.fullmatch(r"[1-9]\d{3}", digits):
        padded = digits.zfill(5)
        return Reading(padded, (Note("postcode_lost_zero", padded),))
    if beside := postcode_beside(text):
        return Reading(beside)
    return Reading(None, (Note("postcode_unreadable"),))


def postcode_beside(text: str | None) -> str | None:
    """The one postcode of a text that says something else too: « 33000 Bordeaux », « CS 40001 92170 Vanves »."""
    if text is None or not re.search(r"[^\W\d_]", text):
        return None
    alone = _ALONE.findall(BOX.sub(" ", text)) or _ALONE.findall(text)
    return alone[0] if len(alone) == 1 and "01" <= alone[0][:2] <= "98" else None
