"""A web address with its scheme."""

from __future__ import annotations

import re

from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)


def read_website(raw: object) -> Reading[str]:
    """``www.exemple.fr`` becomes ``https://www.exemple.fr``; a mail address is no web address."""
    text = clean(raw)
    if text is None:
        return Reading(None)
    text = re.sub(r"^(https?):/*(?=\w)", r"\1://", text, flags=re.IGNORECASE)
    for word in text.split():
        found = _ADDRESS.fullmatch(word.strip(",;()"))
        if found and "@" not in word:
            address = found.group(0)
            return Reading(address if "://" in address else f"https://{address}")
    return Reading(None, (Note("website_unreadable"),))
