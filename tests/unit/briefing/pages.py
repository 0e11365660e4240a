"""What a page says, as a reader reads it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_WITHIN_A_LINE = {"strong", "span", "a"}


class _Words(HTMLParser):
    """What a page says: tags are left out, and blocks apart."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append("" if tag in _WITHIN_A_LINE else " ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def said_by(page: bytes) -> str:
    """Its words, its blocks apart."""
    words = _Words()
    words.feed(page.decode())
    return spaced("".join(words.parts))


def spaced(text: str) -> str:
    """With plain spaces alone."""
    return re.sub(r"\s+", " ", text)
