"""Text that a spreadsheet would run as a formula: made inert where a table is written, given back where it is read.

A spreadsheet that takes another separator than the file's cuts inside our texts (a French Excel cuts at semicolons), so
the beginning of each such piece counts as the beginning of a cell. https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re

_STARTS = r"=+\-@\uff1d\uff0b\uff0d\uff20\t\r"  # and their full-width twins, which some spreadsheets run too
_CUTS = r",;\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
# Quotes that open a cell, spaces and what is not seen: none of them keeps what follows from being the beginning.
_PASSED = r"\"\x00-\x08\x0e-\x1b\x1f \x7f\xa0\xad\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff"
_BEGINNING = rf"(\A[{_PASSED}]*+(?={{marks}}[{_STARTS}])|[{_CUTS}][{_PASSED}]*+(?={{marks}}(?:[{_STARTS}]|\Z)))"
_RUNS = re.compile(_BEGINNING.format(marks="'*+"))
_MARKED = re.compile(_BEGINNING.format(marks="'++") + "'")
_BEGINS = re.compile(rf"[{_STARTS}]")


def inert(text: str) -> str:
    """`text` with an apostrophe before each beginning that could be run, or that would swallow what comes after it.

    >>> inert("=1+1"), inert("Mairie;=1+1"), inert("9h-12h, sauf le lundi")
    ("'=1+1", "Mairie;'=1+1", '9h-12h, sauf le lundi')
    """
    return _RUNS.sub(r"\1'", text)


def as_meant(text: str) -> str:
    """The text that `inert` was given, for any text: ``as_meant(inert(text)) == text``."""
    return _MARKED.sub(r"\1", text)


def begins_as_formula(text: str) -> bool:
    """Whether a cell that holds `text` becomes a formula when somebody edits it."""
    return _BEGINS.match(text) is not None
