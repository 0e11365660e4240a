"""Words whose accented letters a file lost (« Fran\ufffdois »), where one word alone of the reviewed lists can stand there."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from fs_pipeline import data
from fs_pipeline.safe_text import LOST, safe

_WORD = re.compile(rf"[^\W\d_{LOST}]*(?:{LOST}[^\W\d_{LOST}]*)+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST = 2  # letters that are left, of a word that can be known by them


def restored(shown: str) -> str:
    """The text, with « � » wherever a letter is lost, as the reviewed words have it; the likeliest letter elsewhere."""
    if all(len(run) % 2 == 0 for run in re.findall(f"{LOST}+", shown)):
        shown = shown.replace(LOST * 2, LOST)  # saved as ASCII from UTF-8, where an accent takes two bytes
    return safe(_WORD.sub(lambda found: _word(found[0]), shown))


def _word(written: str) -> str:
    known = _known().get(written.lower(), ())
    if len(known) != 1 or len(written.replace(LOST, "")) < _LEAST:
        return written
    (word,) = known
    capital = written.replace(LOST, "").isupper()
    letters = (
        (new.upper() if capital else new) if old == LOST else old for old, new in zip(written, word, strict=True)
    )
    return "".join(letters)


@cache
def _known() -> dict[str, set[str]]:
    """A word without its accented letters -> the words that it may be."""
    texts = (
        *(row["word"] for row in data.read_csv("place_words.csv")),
        *(row["name"] for row in data.read_csv("given_names.csv")),
        *(row["name"] for row in data.rows("communes.csv.gz")),
    )
    found: dict[str, set[str]] = defaultdict(set)
    for word in {word for text in texts for word in _LETTERS.findall(text.lower())}:
        if not word.isascii():
            found["".join(letter if letter.isascii() else LOST for letter in word)].add(word)
    return dict(found)
