"""What a name says: the words that are its own, the services and the body that it names, and which of them it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from fs_pipeline.data import read_csv
from fs_pipeline.territory.names import fold_words
from fs_pipeline.values.service_types import read_service_type, types_said
from fs_pipeline.values.text import normalise

_LABEL_TYPES = frozenset({"fs", "france services", "espace labellise", "antenne", "site principal", "fixe", "multisites",
                          "bus equivalent", "fixe antenne s", "itinerante", "site principal itinerante",
                          "antenne itinerante"})  # fmt: skip
_LABEL_MAILBOX = re.compile(r"france-?services?(?!\.gouv)|\bmf[so]p?\b|@france-services\.gouv|\bmsap\b")
_ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}")
LABEL = "france_services"
LABELS = frozenset({LABEL, "msap"})
_LONGEST = 300  # characters of a name
_LONG, _MISSPELLED = 6, 86.0  # letters of a word worth correcting, and the rapidfuzz ratio above which it is


@lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """A name as names are compared: ``C.C.A.S. de Bourg-St-Maurice`` is ``ccas de bourg saint maurice``.

    A body or a label of several forms (``linkage_names.csv``) is said in one: ``protection maternelle et infantile`` is
    ``pmi``. Of a text longer than any name only the beginning is read.
    """
    words = fold_words(normalise(_whole_acronyms(name[:_LONGEST])))
    if _first_words().isdisjoint(words.split()):
        return words
    return _forms().sub(lambda found: _canonical()[found[0]], words)


def bodies_in(name: str) -> str | None:
    """The charities, operators and desks that a folded name says, sorted and joined; None where there is none."""
    if _first_words().isdisjoint(name.split()):
        return None
    return "|".join(sorted(set(_bodies().findall(name)))) or None


@cache
def _first_words() -> frozenset[str]:
    """Words by which a form begins: a name without any of them holds none."""
    return frozenset(form.split()[0] for form in [*_canonical(), *_canonical().values()])


@cache
def _canonical() -> dict[str, str]:
    """Folded form to the one that is compared."""
    return {fold_words(form): row["name"] for row in read_csv("linkage_names.csv") for form in row["forms"].split("|")}


@cache
def _forms() -> re.Pattern[str]:
    return _any_of(_canonical())


@cache
def _bodies() -> re.Pattern[str]:
    return _any_of(row["name"] for row in read_csv("linkage_names.csv") if row["kind"] == "body")


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Any of several texts as whole words, the longest first."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(texts, key=len, reverse=True)))})\b")


def own_words(name: str, *communes: str | None) -> tuple[str | None, str | None]:
    """A folded name without the words of its kind of service, then without its commune's too; None where nothing is left."""
    of_commune, towns = _town_words(communes)
    stock, bare = stock_words(), _aliases().sub(" ", name)
    words = bare.split()
    own = [word for word in words if word not in stock]
    if not own and bare == name:
        own = words  # « Le Relais » names no service: its words are its name
    if own and "".join(words) in towns:
        return " ".join(own) or None, None  # « La Plume », for the commune of Laplume
    return " ".join(own) or None, " ".join(word for word in own if word not in of_commune) or None


@lru_cache(maxsize=65_536)
def _town_words(communes: tuple[str | None, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The words of communes' names, and each name as one word."""
    names = [words_of(text) for text in communes if text]
    return frozenset(word for name in names for word in name), frozenset("".join(name) for name in names)


def plain_words(name: str) -> str | None:
    """The words of a part of a folded name that are neither a kind of service nor stock; None where none is left."""
    return " ".join(word for word in _aliases().sub(" ", name).split() if word not in stock_words()) or None


@cache
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, spelled out."""
    return tuple(fold_words(normalise(text)).split())


def service_of(known: str | None, kind: str | None, name: str | None, email: str | None) -> str | None:
    """The service as its list says it, else as type and name are heard, else as the label's own mailbox says it.

    `name` is folded. A host's word that does not name the row itself is not its service: « point numérique, mairie de
    Bazas » is no town hall.
    """
    if known and known != "other":
        return known
    if kind and normalise(kind) in _LABEL_TYPES:
        return LABEL
    own = [code for code, start in types_said(name or "") if code not in hosts() or _names_itself(name or "", start)]
    if own and own[0] in LABELS:
        return own[0]
    heard = read_service_type(kind).value
    if heard not in {None, "other"}:
        return heard
    if own:
        return own[0]
    if email and _LABEL_MAILBOX.search(email):
        return LABEL
    return None if types_said(name or "") else _misspelled_service(name)


def label_in(name: str) -> str | None:
    """The label, or its predecessor, that a name says in any of its forms; None where it says neither."""
    return next((code for code, _ in types_said(folded(name)) if code in LABELS), None)


def services_in(service: str | None, *texts: str | None) -> str | None:
    """Every service that a row says of itself, for one house may be several: sorted codes, joined."""
    said = {code for text in texts if text for code, _ in types_said(text)}
    return "|".join(sorted(said | ({service} if service else set()))) or None


def _names_itself(name: str, start: int) -> bool:
    """Whether what begins at a word of a folded name is what the name begins with, but for stock words."""
    return set(name.split()[:start]) <= stock_words()


@cache
def hosts() -> frozenset[str]:
    """Services that house others: their word in a name may say where the row is, and not what."""
    return frozenset(row["service_type"] for row in read_csv("linkage_families.csv") if row["hosts"])


def _whole_acronyms(text: str) -> str:
    """``C.C.A.S.`` is ``CCAS``."""
    return _ACRONYM.sub(lambda acronym: acronym[0].replace(".", ""), text)


@cache
def stock_words() -> frozenset[str]:
    """Words that any name may hold: the label's, a carrier's, little ones."""
    return frozenset(row["word"] for row in read_csv("linkage_stock_words.csv"))


@cache
def _aliases() -> re.Pattern[str]:
    """Every way to say a kind of service, the longest first."""
    return _any_of(
        {fold_words(alias) for row in read_csv("place_types.csv") for alias in row["aliases"].split("|") if alias}
    )


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
