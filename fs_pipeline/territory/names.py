"""How French names are compared: without case, accents, punctuation; with *saint* and *sur* spelled out.

The lookup itself is in ``model.py``; cleaning a whole address line is ``values/``' work.
"""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_NOT_WORD = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"^(?:les?|las?|los?|l|el) (?=\w)")
_FOLDED_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur", "ss": "sous"}


def normalise(text: str) -> str:
    """Casefold, drop accents, turn punctuation into single spaces: ``L'Haÿ-les-Roses`` is ``l hay les roses``."""
    if text.isascii():
        folded = text.lower()
    else:
        lower = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
        letters = unicodedata.normalize("NFKD", lower)
        folded = "".join(character for character in letters if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", folded).strip()


def fold_words(normalised: str) -> str:
    """Spell out *st*, *ste*, *s/* and *s/s* in a normalised name: ``bourg st maurice`` is ``bourg saint maurice``."""
    spelled = normalised.replace(" s s ", " sous ")
    return " ".join(_FOLDED_WORDS.get(word, word) for word in spelled.split())


def without_article(normalised: str) -> str:
    """Drop a leading article, for lists which write *Havre* or *Havre (Le)*'s bare name."""
    return _ARTICLE.sub("", normalised)


def commune_key(name: str) -> str:
    """What two spellings of one commune's name share."""
    return fold_words(normalise(name))
