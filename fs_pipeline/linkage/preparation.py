"""Each record's values as they are compared, worked out once a record and not once a pair."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from fs_pipeline.data import read_csv
from fs_pipeline.french import DAYS
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.names import fold_words
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.hours import read_hours
from fs_pipeline.values.identifiers import read_siret
from fs_pipeline.values.itinerant import moves
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.postcodes import read_postcode
from fs_pipeline.values.service_types import read_service_type
from fs_pipeline.values.streets import expand, split_number
from fs_pipeline.values.text import clean, normalise
from fs_pipeline.values.websites import read_website

FREE_MAIL = frozenset(
    [
        "gmail.com",
        "orange.fr",
        "wanadoo.fr",
        "laposte.net",
        "laposte.fr",
        "hotmail.fr",
        "hotmail.com",
        "outlook.fr",
        "outlook.com",
        "free.fr",
        "sfr.fr",
        "yahoo.fr",
        "yahoo.com",
        "live.fr",
        "bbox.fr",
        "neuf.fr",
        "france-services.gouv.fr",
        "gouv.fr",
        "icloud.com",
        "aol.com",
        "msn.com",
    ]
)
_LABEL_TYPES = frozenset({"fs", "france services", "espace labellise", "antenne", "site principal", "fixe", "multisites",
                          "bus equivalent", "fixe antenne s", "itinerante", "site principal itinerante",
                          "antenne itinerante"})  # fmt: skip
_LABEL_MAILBOX = re.compile(r"france-?services?(?!\.gouv)|\bmf[so]p?\b|@france-services\.gouv|\bmsap\b")
_COMMUNE_NOISE = re.compile(r"\s*(?:[(-]?\s*commune (?:d[ée]l[ée]gu[ée]e|associ[ée]e)|-\s*\d{5}\b).*$", re.IGNORECASE)
_ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_LONG, _MISSPELLED = 6, 86.0  # letters of a word worth correcting, and the rapidfuzz ratio above which it is
_NATIONAL = re.compile(r"(?:(?:\+|00)(?:33|262|590|594|596)0?|0?)([1-9]\d{8})")
_ANTENNE = re.compile(r"\b(?:antenne|annexe)\b")
_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_RULE = re.compile(
    r"((?:(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?,?)+)\s+((?:\d{2}:\d{2}-\d{2}:\d{2},?)+)"
)
_STREET_LITTLE = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en"})
_STREET_SHORT = {"dr": "docteur", "gal": "general", "gl": "general", "mal": "marechal", "col": "colonel", "cdt": "commandant",
                 "pdt": "president", "pres": "president", "st": "saint", "ste": "sainte", "cap": "capitaine",
                 "jj": "jean jacques", "rep": "republique"}  # fmt: skip


def prepare(frame: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """One row a record, in its order, with what ``comparison.py`` and ``blocking.py`` need; None is not known."""
    rows = frame.reset_index(drop=True)
    found = pd.DataFrame(index=rows.index)
    found["insee"], found["insee_coded"] = _communes(rows, territory)
    found["departement"] = [territory.departement_of(code) if code else None for code in found["insee"]]
    names = _texts(rows, "name")
    written = _texts(rows, "commune")
    current = [territory.commune_names.get(code) if code else None for code in found["insee"]]
    found["name"] = _each(names, lambda text: fold_words(normalise(_ACRONYM.sub(_without_points, text))))
    words = zip(found["name"], written, current, strict=True)
    found["own"], found["core"] = zip(*(_own_words(*each) for each in words), strict=True) if len(rows) else ([], [])
    found["town"] = [" ".join(_folded(now)) if now else None for now in current]
    found["number"], found["street"] = _streets(rows, found["insee"], territory)
    found["phone"] = _each(_texts(rows, "phone"), same_number)
    found["email"] = _each(_texts(rows, "email"), lambda text: read_email(text).value)
    found["domain"] = [_domain(email, site) for email, site in zip(found["email"], _sites(rows), strict=True)]
    found["siret"] = _each(_texts(rows, "siret"), lambda text: read_siret(text).value)
    found["hours"] = _each(_texts(rows, "opening_hours"), read_week_bits)
    found["service"] = _services(rows, names, found["email"])
    found["family"] = found["service"].map(families())
    found["single"] = found["service"].isin(_one_a_commune())
    kinds = _each(_texts(rows, "type"), normalise)
    for column, texts, says in (
        ("itinerant", found["name"], moves),
        ("antenne", found["name"], _ANTENNE.search),
        ("type_itinerant", kinds, moves),
        ("type_antenne", kinds, _ANTENNE.search),
    ):
        found[column] = [None if text is None else bool(says(text)) for text in texts]
    found["digits"] = [" ".join(re.findall(r"\d+", name)) or None if name else None for name in found["name"]]
    found["official_id"] = _official_ids(rows)
    for column in ("latitude", "longitude"):
        values = rows[column] if column in rows else pd.Series(np.nan, index=rows.index)
        found[column] = pd.to_numeric(values, errors="coerce").astype("float64")
    unknown = found[["latitude", "longitude"]].isna().any(axis=1) | (
        (found["latitude"] == 0) & (found["longitude"] == 0)
    )
    found.loc[unknown, ["latitude", "longitude"]] = np.nan
    for column in found.columns.difference(["latitude", "longitude"]):
        found[column] = found[column].astype(object).where(found[column].notna(), None)
    return found


@cache
def families() -> dict[str, str]:
    """Service type to its family; two families are never one place."""
    return {row["service_type"]: row["family"] for row in read_csv("linkage_families.csv")}


@cache
def standing_alone() -> frozenset[str]:
    """Services whose counters are places of their own; the others are places where something makes them so."""
    return frozenset(row["service_type"] for row in read_csv("linkage_families.csv") if row["own_place"])


@cache
def _one_a_commune() -> frozenset[str]:
    return frozenset(row["service_type"] for row in read_csv("linkage_families.csv") if row["one_a_commune"])


@cache
def _stock_words() -> frozenset[str]:
    return frozenset(row["word"] for row in read_csv("linkage_stock_words.csv"))


def _texts(rows: pd.DataFrame, column: str) -> list[str | None]:
    if column not in rows:
        return [None] * len(rows)
    cells = [cell if isinstance(cell, str) else clean(cell) for cell in rows[column]]
    read = {cell: clean(cell) for cell in set(cells)}
    return [read[cell] for cell in cells]


def _each(texts: list[str | None], parse: Callable[[str], Hashable]) -> pd.Series:
    """Parse each different text once."""
    read = {text: parse(text) for text in dict.fromkeys(texts) if text is not None}
    return pd.Series([None if text is None else read[text] for text in texts], dtype=object)


def _communes(rows: pd.DataFrame, territory: Territory) -> tuple[list[str | None], list[str | None]]:
    """The commune that name, postcode and code tell together; and the code's own where it says another."""
    keys = list(zip(_texts(rows, "insee"), _texts(rows, "commune"), _texts(rows, "postcode"), strict=True))
    read: dict[tuple[str | None, str | None, str | None], tuple[str | None, str | None]] = {}
    for key in dict.fromkeys(keys):
        insee, commune, postcode = key
        coded = territory.current_insee(insee)
        if coded and (not commune or territory.commune_names[coded] == commune):
            read[key] = coded, None
            continue
        named = _COMMUNE_NOISE.sub("", commune) if commune else None
        told = read_commune(named, territory, postcode=read_postcode(postcode).value, insee=insee).value
        read[key] = told or coded, coded if coded != told else None
    return [read[key][0] for key in keys], [read[key][1] for key in keys]


def _without_points(acronym: re.Match[str]) -> str:
    """``C.C.A.S.`` is ``CCAS``."""
    return acronym[0].replace(".", "")


def own_words(name: str) -> str | None:
    """A written name without the words of its kind of service; None where nothing is left."""
    return _own_words(fold_words(normalise(_ACRONYM.sub(_without_points, name))), None, None)[0]


def _own_words(name: str | None, commune: str | None, current: str | None) -> tuple[str | None, str | None]:
    """A name without the words of its kind of service, then without its commune's too; None where nothing is left."""
    if name is None:
        return None, None
    of_commune = {word for text in (commune, current) if text for word in _folded(text)}
    bare = _aliases().sub(" ", name)
    own = [word for word in bare.split() if word not in _stock_words()]
    if not own and bare == name:
        own = name.split()  # « Le Relais » names no service: its words are its name
    return " ".join(own) or None, " ".join(word for word in own if word not in of_commune) or None


@cache
def _aliases() -> re.Pattern[str]:
    """Every way to say a kind of service, the longest first."""
    known = {fold_words(alias) for row in read_csv("place_types.csv") for alias in row["aliases"].split("|") if alias}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(known, key=len, reverse=True)))})\b")


@cache
def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold_words(normalise(text)).split())


def same_number(text: str) -> str | None:
    """A number as it is dialled within France, overseas included: lists write it so, surveys with a country code."""
    digits = re.sub(r"[^\d+]", "", text)
    found = _NATIONAL.fullmatch(digits)
    if found is None:
        digits = read_phone(text).value or ""
        found = _NATIONAL.fullmatch(digits)
    return f"0{found[1]}" if found else digits or None


def _streets(rows: pd.DataFrame, insees: pd.Series, territory: Territory) -> tuple[list[str | None], list[str | None]]:
    numbers: list[str | None] = []
    streets: list[str | None] = []
    read: dict[str, tuple[str | None, str | None]] = {}
    for text in _texts(rows, "address"):
        if text is not None and text not in read:
            read[text] = read_street(text)
        number, street = read[text] if text is not None else (None, None)
        numbers.append(number)
        streets.append(street)
    return numbers, streets


def read_street(text: str) -> tuple[str | None, str | None]:
    """Number and street of an address, words spelled out and little ones left out."""
    line = re.split(r"\s*[,;\n]?\s*\b(?:\d{5}|2[AB]\d{3}|BP|CS)\b", text, maxsplit=1)[0] or text
    number, street = split_number(line.strip(" ,;"))
    words = [_STREET_SHORT.get(word, word) for word in normalise(expand(street.strip(" ,;-"))).split()]
    kept = " ".join(word for word in words if word not in _STREET_LITTLE)
    first = re.match(r"\d+", number or "")
    return (first.group(0).lstrip("0") or None if first else None), kept or None


def _sites(rows: pd.DataFrame) -> pd.Series:
    return _each(_texts(rows, "website"), lambda text: read_website(text).value)


def _domain(email: str | None, website: str | None) -> str | None:
    """The domain that says who runs the place; a free mailbox says nothing."""
    host = None
    if website:
        host = re.sub(r"^https?://(?:www\d?\.)?", "", website.lower()).split("/")[0].split(":")[0]
    domain = host or (email.split("@")[1] if email else None)
    return None if domain is None or domain in FREE_MAIL else domain


def _services(rows: pd.DataFrame, names: list[str | None], emails: pd.Series) -> list[str | None]:
    """The service as its list says it, else as type and name are heard, else as the label's own mailbox says it."""
    own = _texts(rows, "service_type")
    types = _texts(rows, "type")
    found: list[str | None] = []
    for known, written, name, email in zip(own, types, names, emails, strict=True):
        if known and known != "other":
            found.append(known)
            continue
        if written and normalise(written) in _LABEL_TYPES:
            found.append("france_services")
            continue
        heard = read_service_type(written, _ACRONYM.sub(_without_points, name or "")).value
        if heard in {None, "other"}:
            heard = "france_services" if email and _LABEL_MAILBOX.search(email) else _misspelled_service(name)
        found.append(heard)
    return found


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


def _official_ids(rows: pd.DataFrame) -> list[str | None]:
    """The source's own id where it means something: ``temp_N`` and row numbers do not."""
    ids = _texts(rows, "local_id")
    return [text if text and len(text) >= 3 and not text.lower().startswith("temp") else None for text in ids]


def read_week_bits(text: str) -> int | None:
    """Half-hours of the week as bits; None where the hours are not certain."""
    value = read_hours(text).value if not _RULE.match(text) else text
    if value is None:
        return None
    bits = 0
    for days, spans in _RULE.findall(value):
        mask = 0
        for hour, minute, to_hour, to_minute in _SPAN.findall(spans):
            start, end = int(hour) * 2 + int(minute) // 30, int(to_hour) * 2 + int(to_minute) // 30
            if end > start:
                mask |= ((1 << (end - start)) - 1) << start
        for day in _days(days):
            bits |= mask << (48 * day)
    return bits or None


def _days(text: str) -> list[int]:
    found: list[int] = []
    for piece in text.strip(", ").split(","):
        first, _, last = piece.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found.extend(range(start, end + 1) if end >= start else [*range(start, 7), *range(end + 1)])
    return found


Positions = npt.NDArray[np.int64]
