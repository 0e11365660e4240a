"""How French names are compared: without case, accents, punctuation; with *saint* and *sur* spelled out.

The lookup itself is in ``model.py``; cleaning a whole address line is ``values/``' work.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_NOT_WORD = re.compile(r"[\W_]")
_ARTICLE = re.compile(r"^(?:les?|las?|los?|l|el) (?=\w)")
_FOLDED_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur", "ss": "sous"}


class _Folds(dict[int, str]):
    """Code of a character -> what it is compared as, found the first time it is met."""

    def __missing__(self, code: int) -> str:
        lower = unicodedata.normalize("NFKD", chr(code)).casefold().translate(_LIGATURES)
        letters = unicodedata.normalize("NFKD", lower)
        plain = "".join(character for character in letters if not unicodedata.combining(character))
        self[code] = folded = _NOT_WORD.sub(" ", plain)
        return folded


_FOLDS = _Folds()


@lru_cache(maxsize=65_536)  # a survey's names are compared many times over
def normalise(text: str) -> str:
    """Casefold, drop accents, turn punctuation into single spaces: ``L'Haÿ-les-Roses`` is ``l hay les roses``."""
    return " ".join(text.translate(_FOLDS).split())


def fold_words(normalised: str) -> str:
    """Spell out *st*, *ste*, *s/* and *s/s* in a normalised name: ``bourg st maurice`` is ``bourg saint maurice``."""
    words = normalised.replace(" s s ", " sous ").split()
    if not _FOLDED_WORDS.keys().isdisjoint(words):
        words = [_FOLDED_WORDS.get(word, word) for word in words]
    return " ".join(words)


def without_article(normalised: str) -> str:
    """Drop a leading article, for lists which write *Havre* or *Havre (Le)*'s bare name."""
    return _ARTICLE.sub("", normalised) if normalised[:1] in {"l", "e"} else normalised


def commune_key(name: str) -> str:
    """What two spellings of one commune's name share."""
    return fold_words(normalise(name))
