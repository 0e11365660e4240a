"""The text of opening hours made plain: tags and entities gone, one kind of dash, no accent; and where each letter was.

What is left is what the lexer reads; `Plain.quote` gives back the words as they were written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

LONGEST = 1_500  # characters that are read; what is longer tells a story, not hours
_LINE_TAG = re.compile(r"</?(?:br|p|li|ul|ol|tr|div|table|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_CELL_TAG = re.compile(r"</?(?:td|th)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_ARROW = re.compile(r"[-=~]{1,3}>|<?[→➔➜⇒›»]>?(?=\s?\d)|(?<=[\dh])\s?[>~](?=\s?\d)")
_ZERO = re.compile(r"(?<=\d)o(?=[h\d:])")  # « 1Oh »
_FOLDED = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u3000": " ", "\t": " ", "\f": " ", "\v": "\n",
    "\u2028": "\n", "\u2029": "\n", "\r": "\n", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-",
    "→": "-", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"', "º": "°",
    "•": "\n", "·": ";", "●": "\n", "▪": "\n", "■": "\n", "◦": "\n", "✔": "\n", "✓": "\n", "☑": "\n", "►": "\n",
    "▶": "\n", "➤": "\n", "★": "\n", "_": " ", "、": ",", "，": ",", "；": ";", "：": ":", "（": "(", "）": ")",
    "[": "(", "]": ")", "⁄": "/", "∕": "/", "…": ".", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae",
})  # fmt: skip
_UNSEEN = frozenset(
    ["Cf", "Cc", "Mn", "Me", "Cs"]
)  # zero-width, direction marks, combining accents, variation selectors


class NotUnderstoodError(Exception):
    """Carries the rule that says why, and the words it is about."""

    def __init__(self, rule: str, words: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.words = words


@dataclass(frozen=True)
class Plain:
    """A text without accents, in lower case, and for each of its characters the place it had in `written`."""

    written: str
    text: str
    origin: tuple[int, ...] | None  # None: each character is where it was

    def quote(self, begin: int, end: int) -> str:
        """The words between two places of `text`, as they were written."""
        if begin >= end:
            return ""
        if self.origin is None:
            return self.written[begin:end]
        return self.written[self.origin[begin] : self.origin[end - 1] + 1]


def plain_text(raw: str) -> Plain:
    """The readable form of a cell's text; of one that is longer than `LONGEST`, its beginning, still too long."""
    written = _without_markup(raw) if "<" in raw or "&" in raw or "\\n" in raw else raw
    written = _ARROW.sub(" - ", written[: LONGEST + 1])
    if written.isascii() and written.isprintable():
        return Plain(written, _ZERO.sub("0", written.lower().translate(_FOLDED)), None)
    letters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(written):
        for letter in _plain_letters(character):
            letters.append(letter)
            origin.append(at)
    return Plain(written, _ZERO.sub("0", "".join(letters)), tuple(origin))


def _plain_letters(character: str) -> str:
    if character == "\n":
        return character
    if character.isascii() and character.isprintable():
        return character.lower().translate(_FOLDED)
    folded = character.translate(_FOLDED)
    if folded != character:
        return folded
    if unicodedata.category(character) in _UNSEEN:
        return ""
    parts = unicodedata.normalize("NFKD", character).lower().translate(_FOLDED)
    return "".join(part for part in parts if unicodedata.category(part) not in _UNSEEN) or " "


def _without_markup(raw: str) -> str:
    """HTML as text: its line breaks, its items and its entities; twice, for what was written twice."""
    text = raw.replace("\\n", "\n")  # an export's line break
    for _ in range(2):
        text = html.unescape(text) if "&" in text else text
    text = _LINE_TAG.sub("\n", text)
    text = _CELL_TAG.sub(" ", text)
    return _TAG.sub("", text)
