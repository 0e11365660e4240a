"""What a name says: the words that are its own, and the service that it names."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from fs_pipeline.data import read_csv
from fs_pipeline.territory.names import fold_words
from fs_pipeline.values.service_types import read_service_type
from fs_pipeline.values.text import normalise

_LABEL_TYPES = frozenset({"fs", "france services", "espace labellise", "antenne", "site principal", "fixe", "multisites",
                          "bus equivalent", "fixe antenne s", "itinerante", "site principal itinerante",
                          "antenne itinerante"})  # fmt: skip
_LABEL_MAILBOX = re.compile(r"france-?services?(?!\.gouv)|\bmf[so]p?\b|@france-services\.gouv|\bmsap\b")
_ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_LONG, _MISSPELLED = 6, 86.0  # letters of a word worth correcting, and the rapidfuzz ratio above which it is


def folded(name: str) -> str:
    """A name as names are compared: ``C.C.A.S. de Bourg-St-Maurice`` is ``ccas de bourg saint maurice``."""
    return fold_words(normalise(_whole_acronyms(name)))


def own_words(name: str, *communes: str | None) -> tuple[str | None, str | None]:
    """A folded name without the words of its kind of service, then without its commune's too; None where nothing is left."""
    of_commune = {word for text in communes if text for word in words_of(text)}
    bare = _aliases().sub(" ", name)
    own = [word for word in bare.split() if word not in _stock_words()]
    if not own and bare == name:
        own = name.split()  # « Le Relais » names no service: its words are its name
    return " ".join(own) or None, " ".join(word for word in own if word not in of_commune) or None


@cache
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, spelled out."""
    return tuple(fold_words(normalise(text)).split())


def service_of(known: str | None, kind: str | None, name: str | None, email: str | None) -> str | None:
    """The service as its list says it, else as type and name are heard, else as the label's own mailbox says it."""
    if known and known != "other":
        return known
    if kind and normalise(kind) in _LABEL_TYPES:
        return "france_services"
    heard = read_service_type(kind, _whole_acronyms(name or "")).value
    if heard not in {None, "other"}:
        return heard
    return "france_services" if email and _LABEL_MAILBOX.search(email) else _misspelled_service(name)


def _whole_acronyms(text: str) -> str:
    """``C.C.A.S.`` is ``CCAS``."""
    return _ACRONYM.sub(lambda acronym: acronym[0].replace(".", ""), text)


@cache
def _stock_words() -> frozenset[str]:
    return frozenset(row["word"] for row in read_csv("linkage_stock_words.csv"))


@cache
def _aliases() -> re.Pattern[str]:
    """Every way to say a kind of service, the longest first."""
    known = {fold_words(alias) for row in read_csv("place_types.csv") for alias in row["aliases"].split("|") if alias}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(known, key=len, reverse=True)))})\b")


def _misspelled_service(name: str | None) -> str | None:
    """« biblotheque » is a library: the service whose one-word name a word of the name misspells."""
    words = [word for word in normalise(name or "").split() if len(word) >= _LONG]
    services = _one_word_services()
    for word in words:
        found = process.extractOne(word, services.keys(), scorer=fuzz.ratio, score_cutoff=_MISSPELLED)
        if found:
            return services[found[0]]
    return None


@cache
def _one_word_services() -> dict[str, str]:
    rows = read_csv("place_types.csv")
    return {
        alias: row["code"]
        for row in rows
        for alias in row["aliases"].split("|")
        if len(alias) >= _LONG and " " not in alias
    }
