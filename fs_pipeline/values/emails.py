"""A mail address, lower case; the first of several."""

from __future__ import annotations

import re
import unicodedata

from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

# Not the end of a longer one, which an accent or a lost letter (« * ») would cut: it would be somebody else's.
_ADDRESS = re.compile(r"(?<![\w.%+*'-])[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def read_email(raw: object) -> Reading[str]:
    """The address in a cell; a note where there are several or none that can be written to."""
    text = clean(raw)
    if text is None:
        return Reading(None)
    found = [address.strip(".'").lower() for address in _ADDRESS.findall(text)]
    if not found:
        return Reading(None, (Note("email_unreadable", _mended(text)),))
    return Reading(found[0], (Note("email_several", found[0]),) if len(set(found)) > 1 else ())


def same_mailbox(address: str) -> str:
    """An address as two spellings of it compare: without ``-``, ``_`` and dots in the name of its mailbox."""
    mailbox, at, domain = address.lower().partition("@")
    return re.sub(r"[-_.]", "", mailbox) + at + domain


def _mended(text: str) -> str | None:
    """What was probably meant, to be asked: no accents, one @, no spaces round it, a dot before the ending."""
    letters = unicodedata.normalize("NFD", text.strip())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    plain = re.sub(r",(?=[A-Za-z]{2,}$)", ".", re.sub(r" ?@[@ ]*", "@", plain))
    return plain.lower() if _ADDRESS.fullmatch(plain) else None
