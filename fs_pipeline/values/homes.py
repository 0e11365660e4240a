"""Whether what is said of a place says that somebody lives there: its address and its point then stay inside."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fs_pipeline.values.text import normalise

# Whoever helps people in their homes (« aide à domicile ») has an office; a home is where one is received by a person.
_ANYWHERE = re.compile(
    r"\bchez (?:l habitante?|les? (?:habitants?|particuliers?)|un particulier|des particuliers|m|mr|mme|mlle|melle|monsieur"
    r"|madame|elle|lui|moi|soi)\b"
    r"|\b(?:son|mon|leur|notre) (?:domicile|logement|appartement|habitation)\b|\bdomicile (?:de|du|d|prive|personnel)\b"
    r"|\badresse (?:personnelle|privee)\b|\bpropriete privee\b"
)
_IN_AN_ADDRESS = re.compile(
    r"\bchez\b|\bdomicile\b|\b(?:appt?|apt|appartement|interphone|digicode|sonnette|sonner)\b|\bboite aux lettres\b"
    r"|\bcode (?=\w*\d)"
)


def is_home(texts: Iterable[str | None], addresses: Iterable[str | None] = ()) -> bool:
    """Whether one of the `texts` about a place, or of its `addresses`, is that of a home."""
    where = list(addresses)
    said = [normalise(text) for text in (*texts, *where) if text]
    return any(_ANYWHERE.search(text) for text in said) or any(
        _IN_AN_ADDRESS.search(normalise(address)) for address in where if address
    )
