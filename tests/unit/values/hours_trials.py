"""Texts to try the hours' parser with: weeks as they are written, spoilt in many ways, and any alphabet at any length."""

from __future__ import annotations

import random

from .hours_renderings import render, week

LONGEST = 32_000
PIECES = ("Mo", "Mo-Fr 09:00-12:00; ", "lundi ", "9h ", "(", "sauf ", "<p ", "&amp;", "\ufffd", "lundi/jeudi ")
_PIECES = (
    "lundi", "mardi", "jeudi", "samedi", "9h", "12h30", "14:00", "-", "à", "et", "ou", ",", ";", "\n", "/", "(", ")",
    "sauf", "fermé", "sur rendez-vous", "1er", "du mois", "semaine paire", "hors vacances scolaires", "août",
    "matin", "après-midi", ":", "|", "Mo-Fr", "09:00-12:00", "week 02-53/2", "PH off", "jusqu'à", "à partir de",
    "tous les", "Permanence à", "01 99 00 12 34", "<li>", "&nbsp;", "=1+1", "@cmd", "2022-12-09 00:00:00", "été",
    "de 12h à 14h", "téléphone", "\u200b", "\ufffd", "🕘", "周一", "الاثنين", "Пн", "ﬁ", "İ", "ß",
)  # fmt: skip
_NASTY = (
    "Mo", "9h ", "lundi ", "(", "[", "a", "<p ", "&amp;", "0", "sauf ", "h:", "1er ", "-", "et ", "fermé ", " ",
    "ou ", ";", "\ufffd", "é",
)  # fmt: skip


def trial(seed: int) -> str:
    """One text of at most 32,000 characters."""
    draw = random.Random(seed)
    kind = seed % 10
    if kind < 6:
        return _spoilt(draw, render(week(seed), seed))
    if kind < 8:
        return " ".join(draw.choices(_PIECES, k=draw.randint(1, 40)))
    if kind == 8:
        return "".join(
            chr(draw.choice([draw.randrange(32, 127), draw.randrange(0x20, 0xD7FF)]))
            for _ in range(draw.randint(1, 400))
        )
    size = draw.choice([50, 300, 2_000, LONGEST])
    piece = draw.choice(_NASTY) + draw.choice(_NASTY)
    return (piece * (size // len(piece) + 1))[:size] + draw.choice(["", "!", "x", " 9h-12h"])[: LONGEST - size]


def longest(piece: str) -> str:
    """The longest text, of one piece again and again."""
    return (piece * LONGEST)[: LONGEST - 1] + "!"


def _spoilt(draw: random.Random, text: str) -> str:
    """Letters lost, doubled, swapped or strange; pieces moved, repeated or put in."""
    for _ in range(draw.randint(0, 4)):
        at = draw.randrange(len(text) + 1)
        text = draw.choice([
            text[:at] + text[at + 1 :], text[:at] + draw.choice(_PIECES) + text[at:], text[at:] + " " + text[:at], text[:at],
            text[:at] + text[max(0, at - 5) : at] + text[at:],
            text.replace("h", "H", 1), text.replace(" ", "", 1), text + "\n" + text,
        ])  # fmt: skip
    return text[:LONGEST] or "-"
