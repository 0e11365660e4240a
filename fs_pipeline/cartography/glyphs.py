"""What our fonts can draw, for paper alone: a page shows what its reader's own fonts have.

Typst refuses a whole document (PDF/UA-1) for one character without a glyph; an emoji in a stop's name is no reason.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import as_file, files
from typing import Any

_BREAKS = "\t\n"
_PILED = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")  # marks that run over the lines above
_UNREAD = "…"  # where words of another alphabet stood
_SEVERAL = re.compile(rf"{_UNREAD}(?:\s*{_UNREAD})+")
# Signs that a kindred one stands for.
_KINDRED = {"☎": "tél.", "✆": "tél.", "➢": "→", "➔": "→", "➜": "→", "❖": "◆", "◻": "☐", "✅": "✓", "❌": "✗", "☒": "☑"}


class Printed:
    """Texts as our fonts can draw them; `left_out` gathers the characters that they cannot."""

    def __init__(self) -> None:
        self.left_out: set[str] = set()

    def tree(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """The same value with each of its texts drawable."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self.tree(item) for item in value]
        return {name: self.tree(item) for name, item in value.items()} if isinstance(value, dict) else value

    def text(self, text: str) -> str:
        """`text` itself where all of it can be drawn; else a sign without a glyph is dropped, words become « … »."""
        if text.isascii() and text.isprintable():
            return text
        text = _PILED.sub(r"\1", text)
        if _drawn().issuperset(text):
            return text
        parts = []
        for character in text:
            shown = _nearest(character)
            if shown is None:
                if not unicodedata.category(character).startswith("C"):  # what nobody sees is missed by nobody
                    self.left_out.add(character)
                shown = _UNREAD if character.isalpha() else ""
            parts.append(shown)
        return re.sub(r" {2,}", " ", _SEVERAL.sub(_UNREAD, "".join(parts))).strip(" ") or _UNREAD


def drawable(text: str) -> str:
    """`text` as our fonts can draw it."""
    return Printed().text(text)


def _nearest(character: str) -> str | None:
    """The character, else what is written for it, else its letter without accents; None where nothing is."""
    plain = unicodedata.normalize("NFKC", character)
    bare = "".join(part for part in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(part))
    for shown in (character, _KINDRED.get(character), plain, bare):
        if shown and _drawn().issuperset(shown):
            return shown
    return None


@cache
def _drawn() -> frozenset[str]:
    """What any of our fonts has: Typst looks for a glyph in all of them; but a mark stands on a letter of its own font."""
    from fontTools.ttLib import TTFont

    fonts = []
    for entry in (files("fs_pipeline.cartography") / "fonts").iterdir():
        if entry.name.endswith(".otf"):
            with as_file(entry) as path, TTFont(path, lazy=True) as font:
                fonts.append({chr(code) for code in font.getBestCmap()})
    everywhere = set.intersection(*fonts)
    some = {character for character in set.union(*fonts) if not unicodedata.category(character).startswith("M")}
    return frozenset((some | everywhere | set(_BREAKS)) - {"\ufeff"})  # PDF/UA-1 forbids that one by name
