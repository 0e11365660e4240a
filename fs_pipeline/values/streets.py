"""Words of a street: its number, its kind (rue, avenue, lieu-dit…), and the kinds' abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fs_pipeline.values.text import normalise

_ABBREVIATIONS = {
    "av": "avenue", "ave": "avenue", "aven": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "boul": "boulevard", "bvd": "boulevard", "pl": "place", "plce": "place", "rte": "route", "imp": "impasse",
    "all": "allée", "allee": "allée", "allees": "allées", "ch": "chemin", "che": "chemin", "chem": "chemin",
    "chm": "chemin", "sq": "square", "fg": "faubourg", "fbg": "faubourg", "r": "rue", "crs": "cours",
    "pass": "passage", "res": "résidence", "lot": "lotissement", "qu": "quai", "espl": "esplanade",
    "prom": "promenade", "rpt": "rond-point", "rd pt": "rond-point", "qua": "quartier", "ham": "hameau", "vc": "voie",
}  # fmt: skip
_KINDS = frozenset(
    normalise(word)
    for word in (
        *_ABBREVIATIONS.values(),
        *[
            "ancienne", "arcade", "avenue", "berge", "boucle", "bourg", "carrefour", "chaussée", "cité",
            "clos", "corniche", "côte", "coteau", "cour", "descente", "digue", "domaine", "espace",
            "faubourg", "galerie", "grand", "grande", "impasse", "jardin", "lieu-dit", "lieudit", "lot",
            "mail", "maison", "montée", "parc", "parvis", "passage", "passerelle", "petit", "petite",
            "pont", "porte", "quai", "rampe", "rang", "rocade", "rondpoint", "ruelle", "sente", "sentier",
            "traverse", "venelle", "villa", "voie", "vieux", "vieille", "za", "zac", "zi", "zone", "rues",
            "rond", "centre", "château", "ferme", "moulin", "place"
        ],
    )
)  # fmt: skip
_STRONG = frozenset(
    normalise(word)
    for word in [
        "allée",
        "allées",
        "avenue",
        "boulevard",
        "chaussée",
        "chemin",
        "cité",
        "clos",
        "cour",
        "cours",
        "esplanade",
        "faubourg",
        "impasse",
        "lotissement",
        "mail",
        "montée",
        "parvis",
        "passage",
        "place",
        "placette",
        "promenade",
        "quai",
        "rocade",
        "rond-point",
        "route",
        "rue",
        "ruelle",
        "sente",
        "sentier",
        "square",
        "traverse",
        "venelle",
        "voie",
        "lieu-dit",
        "lieudit",
    ]
)
_NAMED_KINDS = frozenset(
    {"residence", "quartier", "hameau", "domaine", "galerie", "passerelle", "pont", "porte", "villa"}
)
LONG_KINDS = tuple(sorted(kind for kind in _STRONG if len(kind) > 4 and " " not in kind))
_NUMBER = re.compile(
    r"(?:n\s?[°º]\s*)?(\d{1,5})(?!\d)"
    r"((?:\s*[-/àa&]\s*|\s+et\s+)\d{1,5}(?!\d))?"
    r"(?:\s*\(?(bis|ter|quater|quinquies|(?<=\d)(?!e\s+(?:avenue|arr|[ée]tage))[a-z]|[b-d]|a(?=[\s,]+[a-zà-ÿ]{3}))\)?(?![\w'’-]))?"
    r"\s*[,:]?\s*",
    re.IGNORECASE,
)
# A number and a kind of street, after something else: « CCAS 5 rue X ».
NUMBERED_STREET = re.compile(
    r"(?<=\s)\d{1,4}\s*(?:bis|ter|quater|[a-d])?\s*[,-]?\s*(?:[-/]\s*\d{1,4}\s*,?\s*)?"
    r"(?:rue|r\.|avenue|av\.?|ave|boulevard|bd|bld|place|pl\.?|route|rte|chemin|ch\.|impasse|imp\.|all[ée]es?|cours|quai"
    r"|square|esplanade|faubourg|passage|promenade|rond[- ]point|mont[ée]e|sentier|voie|ruelle|venelle|parvis)\s",
    re.IGNORECASE,
)
# Several numbers of one street: « 12 et 14 rue », « 7 - 9 rue », « 3, 5 et 7 bis place ».
_ONE_NUMBER = r"\d{1,4}(?:\s?(?:bis|ter|quater)\b|\s?[a-d]\b)?"
_KIND_AHEAD = (
    r"(?=\s*,?\s*(?:" + "|".join(sorted(map(re.escape, {*_STRONG, *_ABBREVIATIONS}), key=len, reverse=True)) + r")\b)"
)
_SEVERAL = re.compile(
    rf"(?<![\w-])({_ONE_NUMBER})(?:\s*(?:[-–/,&]|\b(?:et|à|au|ou)\b)\s*({_ONE_NUMBER}))+{_KIND_AHEAD}", re.IGNORECASE
)
# What owns the number that follows it, which is then none of the street's: « PK 12 », « lot 4 », « bât. 3 ».
_OWNED = re.compile(
    r"(?<![\w'’-])(?:p\.?k\.?|km|point kilom[ée]trique|lot|appt?\.?|appartement|b[âa]t(?:iment)?\.?|porte|[ée]tage|bureau"
    r"|local|cellule|bo[îi]te|apt\.?|b\.?p\.?)\s*(?:n\s?[°º]\s*)?\d{1,4}(?:[.,+]\d{1,3})?(?=\s*,?\s*(?:\d{1,4}\s*)?[^\W\d_]{2})",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre)\b",
    re.IGNORECASE,
)
_STREET_BEGINS = re.compile(r"[^\W\d_]|\d{1,2}(?:e|[èe]me)\s")
_ORDINAL_ENDS = re.compile(r"(?:e|er|ère|ème|eme|ième)\b", re.IGNORECASE)
_FIRST_WORD = re.compile(r"([^\W\d_]+)(\.?)(?=[\s.,]|$)\s*")
_ROUNDABOUT = re.compile(r"^(?:rd|rond)[ .-]+p(?:oin)?t\b\.?", re.IGNORECASE)
_LITTLE = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "en", "et", "a", "au", "aux", "sur", "sous",
                     "saint", "sainte", "st", "ste"})  # fmt: skip
# Kinds of road on which one walks, as they are compared, and their abbreviations that stand for nothing else.
ROADS = (_STRONG - {normalise(kind) for kind in ("cité", "clos", "lotissement", "lieu-dit", "lieudit")}) | {"rondpoint"}
SHORT_ROADS = {
    short: normalise(kind) for short, kind in _ABBREVIATIONS.items() if normalise(kind) in ROADS and short != "pass"
}
# Where two streets are compared.
_PASSED_OVER = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en"})
_SHORT = {"dr": "docteur", "gal": "general", "gl": "general", "mal": "marechal", "col": "colonel", "cdt": "commandant",
          "pdt": "president", "pres": "president", "st": "saint", "ste": "sainte", "cap": "capitaine",
          "jj": "jean jacques", "rep": "republique"}  # fmt: skip


def split_number(text: str) -> tuple[str | None, str]:
    """``12 bis rue X`` is (``12 bis``, ``rue X``); ``5-9`` stays a range; ``8 mai 1945`` is no number."""
    if not text[:1].isdigit() and text[:1] not in {"n", "N"}:
        return None, text.strip()
    found = _NUMBER.match(text)
    if not found or _MONTH.match(text, found.end()):
        return None, text.strip()
    street = text[found.end() :].strip()
    if street and (not _STREET_BEGINS.match(street) or _ORDINAL_ENDS.match(street)):
        return None, text.strip()
    first, last, repeat = found.groups()
    number = first + (re.sub(r"\s*(?:[-/àa&]|et)\s*", "-", last.strip(), flags=re.IGNORECASE) if last else "")
    return (f"{number} {repeat.lower()}" if repeat else number), street


def with_one_number(line: str) -> str:
    """A line where the numbers of one street are its first and last: ``12 et 14 rue X`` is ``12-14 rue X``."""
    return _SEVERAL.sub(lambda found: "-".join(dict.fromkeys(re.sub(r"\D", "", end) for end in found.groups())), line)


def without_owned_numbers(line: str) -> tuple[str, list[str]]:
    """A line without the numbers that are no house's, and what they were written as: ``PK 12``, ``lot 4``."""
    owned = _OWNED.findall(line)
    return (_OWNED.sub(" , ", line) if owned else line), owned


def expand(street: str) -> str:
    """``av. Jean Jaurès`` is ``avenue Jean Jaurès``; the writer's capitals stay."""
    street = _ROUNDABOUT.sub("rond-point", street)
    found = _FIRST_WORD.match(street)
    if not found:
        return street
    full = _ABBREVIATIONS.get(normalise(found.group(1)))
    rest = street[found.end() :].lstrip(". ")
    if full is None or not rest:
        return street
    word = found.group(1)
    if len(word) > 1 and word.isupper():
        full = full.upper()
    elif word[0].isupper():
        full = full.capitalize()
    return f"{full} {rest}"


def is_street(text: str) -> bool:
    """Whether a text could stand as a street of its own: more than its kind, not ending on a little word."""
    number, street = split_number(text)
    words = normalise(street).split()
    if not words or words[-1] in _LITTLE:
        return False
    kinds = [word for word in words if word in _KINDS or word in _ABBREVIATIONS]
    if kinds:
        if len(words) > 1 and len(kinds) == len(words) and kinds[0] in _STRONG | _ABBREVIATIONS.keys():
            return True  # « rue Moulin »
        return len(words) > len(kinds) or " ".join(words) in {"grande rue", "grand rue", "petite rue", "grande place"}
    return number is not None


def kind_of(text: str) -> str:
    """The kind that begins a normalised street (``rue``, ``rond point``), where a name follows; else ""."""
    words = text.split()
    for length in (2, 1):
        kind = " ".join(words[:length])
        if len(words) > length and (kind in _STRONG or kind in _NAMED_KINDS):
            return kind
    return ""


def is_place(text: str) -> bool:
    """Whether a text begins with a kind of street, and so is no commune's name."""
    words = normalise(text).split()
    return bool(words) and words[0] in _STRONG and len(words) > 1


def read_street(text: str) -> tuple[str | None, str | None]:
    """Number and street of an address, words spelled out and little ones left out."""
    line = re.split(r"\s*[,;\n]?\s*\b(?:\d{5}|2[AB]\d{3}|BP|CS)\b", text, maxsplit=1)[0] or text
    number, street = split_number(line.strip(" ,;"))
    kept = street_words(normalise(expand(street.strip(" ,;-"))).split())
    first = re.match(r"\d+", number or "")
    return (first.group(0).lstrip("0") or None if first else None), kept or None


def street_words(words: Iterable[str]) -> str:
    """The words of a street as two are compared: spelled out, without the little ones."""
    return " ".join(word for word in (_SHORT.get(each, each) for each in words) if word not in _PASSED_OVER)
