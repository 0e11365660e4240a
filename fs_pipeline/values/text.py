"""How any text is compared: one normaliser for the whole house, and what counts as « nothing written »."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from fs_pipeline.safe_text import safe
from fs_pipeline.territory.names import normalise

_NOTHING = frozenset(
    {"", "n d", "nd", "na", "n a", "nan", "none", "null", "neant", "nr", "non renseigne", "non renseignee", "inconnu",
     "inconnue", "aucun", "aucune", "pas de", "vide", "sans objet", "so", "s o", "x x", "xxx", "nc", "n c", "ras",
     "non communique", "a completer", "a preciser"}
)  # fmt: skip
_SPREADSHEET_ERROR = re.compile(
    r"#(?:N/?[AD]|REF!?|VALUE!?|VALEUR!?|DIV/0!?|NAME\??|NOM\??|NUM!?|NULL?!?|(?:GETTING|CHARGEMENT)_[A-ZÉ]+|"
    r"[A-ZÀ-Ý]{4,14}[!?])|(?:Err|Erreur) ?: ?5\d\d",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t]+")


def clean(raw: object) -> str | None:
    """The text of a cell, safe and its spaces folded; None for what people and spreadsheets write when there is nothing."""
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return None
    return _clean(str(raw))


@lru_cache(maxsize=131_072)  # every reader cleans anew the cell that it is given
def _clean(raw: str) -> str | None:
    text = safe(raw)
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    text = text.strip()
    if not text or _SPREADSHEET_ERROR.fullmatch(text):
        return None
    if len(text) <= 18 and normalise(text) in _NOTHING:
        return None
    return text


__all__ = ["clean", "normalise"]
