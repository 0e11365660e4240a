"""A web address with its scheme."""

from __future__ import annotations

import re
from functools import cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+([a-z]{2,})(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
_SCHEME = re.compile(r"^(https?):/*(?=\w)", re.IGNORECASE)
_BEGUN = re.compile(r"https?://|www\.", re.IGNORECASE)


def read_website(raw: object) -> Reading[str]:
    """``www.exemple.fr`` becomes ``https://www.exemple.fr``; a mail address is no web address."""
    text = clean(raw)
    if text is None:
        return Reading(None)
    text = _SCHEME.sub(r"\1://", text)
    for word in text.split():
        found = _ADDRESS.fullmatch(word.strip(",;()"))
        if found and "@" not in word and (len(found[1]) == 2 or found[1].lower() in _domains()):
            address = found.group(0)
            return Reading(address if "://" in address else f"https://{address}")
        if _BEGUN.match(word):
            break  # what follows may be the rest of it
    return Reading(None, (Note("website_unreadable"),))


@cache
def _domains() -> frozenset[str]:
    """Beside those of countries, of two letters, the domains that French sites bear: « fabrique.num » is no site."""
    return frozenset(row["domain"] for row in read_csv("web_domains.csv"))
