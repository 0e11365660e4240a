"""Where an actor says it goes: the communes that a free text names, where it names nothing but communes and intercommunalités.

« Nord du département » is nobody's list of communes: what is not understood whole is not drawn, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from fs_pipeline.territory.names import commune_key, normalise

_PARTS = re.compile(r"[,;/|+\n]")
_AND = re.compile(r"\bet\b", re.IGNORECASE)
_KINDS = frozenset(
    [
        "cc",
        "ca",
        "cu",
        "cdc",
        "communaute",
        "communautes",
        "commune",
        "communes",
        "agglomeration",
        "urbaine",
        "metropole",
        "interco",
        "intercommunalite",
        "epci",
        "secteur",
        "territoire",
        "ville",
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "sur",
    ]
)
_EPCI = frozenset(
    [
        "cc",
        "ca",
        "cu",
        "cdc",
        "communaute",
        "communautes",
        "agglomeration",
        "metropole",
        "interco",
        "intercommunalite",
        "epci",
    ]
)
_SIDES = frozenset(
    ["nord", "sud", "est", "ouest", "centre"]
)  # « Sud Gironde » may be half of it, « CC du Sud Gironde » is not
_WHOLE = frozenset(
    ["tout", "toute", "toutes", "tous", "ensemble", "entier", "departement", "departemental", "departementale"]
)


def territory_reader(communes: pd.DataFrame, departement_name: str) -> Callable[[object], frozenset[str] | None]:
    """A function from a text to the codes of the communes it names; None where it says nothing or something else too.

    Parameters
    ----------
    communes
        insee, name, epci_name of the département.
    departement_name
        Alone, or with « tout le département », it names them all.
    """
    every = frozenset(communes["insee"])
    named: dict[str, set[str]] = {}
    for insee, name in zip(communes["insee"], communes["name"], strict=True):
        named.setdefault(commune_key(name), set()).add(insee)
    epcis: dict[str, set[str]] = {}
    for insee, epci in zip(communes["insee"], communes.get("epci_name", pd.Series(dtype=object)), strict=False):
        if isinstance(epci, str):
            epcis.setdefault(_bare(epci), set()).add(insee)
    own = _bare(departement_name)

    def known(text: str) -> set[str] | None:
        words = {*normalise(text).split()}
        commune, epci = named.get(commune_key(_of_commune(text))), epcis.get(_bare(text))
        if words & _EPCI:
            return epci or commune
        return commune or (None if words & _SIDES else epci)

    def read(text: object) -> frozenset[str] | None:
        if not isinstance(text, str) or not text.strip():
            return None
        if _is_whole(text, own):
            return every
        found: set[str] = set()
        for part in [text] if known(text) else filter(str.strip, _PARTS.split(text)):
            for one in [part] if known(part) else filter(str.strip, _AND.split(part)):
                here = known(one)
                if not here:
                    return None
                found |= here
        return frozenset(found) or None

    return read


def _is_whole(text: str, own: str) -> bool:
    words = [word for word in normalise(text).split() if word not in _KINDS]
    rest = " ".join(word for word in words if word not in _WHOLE)
    return rest == own or (not rest and bool(words) and words != ["tout"])


def _bare(text: str) -> str:
    return " ".join(word for word in normalise(text).split() if word not in _KINDS)


def _of_commune(text: str) -> str:
    """« Commune de Créon » is « Créon »."""
    return re.sub(r"^\s*(?:commune|ville)\s+(?:de\s+|d['’]\s*)", "", text, flags=re.IGNORECASE)
