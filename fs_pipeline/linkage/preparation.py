"""Each record's values as they are compared, worked out once a record and not once a pair."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.linkage.naming import folded, own_words, service_of, words_of
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.half_hours import read_week_bits
from fs_pipeline.values.identifiers import read_siret
from fs_pipeline.values.itinerant import moves
from fs_pipeline.values.phones import same_number
from fs_pipeline.values.postcodes import read_postcode
from fs_pipeline.values.streets import read_street
from fs_pipeline.values.text import clean, normalise
from fs_pipeline.values.websites import read_website

Positions = npt.NDArray[np.int64]
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
_COMMUNE_NOISE = re.compile(r"\s*(?:[(-]?\s*commune (?:d[ée]l[ée]gu[ée]e|associ[ée]e)|-\s*\d{5}\b).*$", re.IGNORECASE)
_ANTENNE = re.compile(r"\b(?:antenne|annexe)\b")


def prepare(frame: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """One row a record, in its order, with what ``comparison.py`` and ``blocking.py`` need; None is not known."""
    rows = frame.reset_index(drop=True)
    found = pd.DataFrame(index=rows.index)
    found["insee"], found["insee_coded"] = _communes(rows, territory)
    found["departement"] = [territory.departement_of(code) if code else None for code in found["insee"]]
    names = _texts(rows, "name")
    written = _texts(rows, "commune")
    current = [territory.commune_names.get(code) if code else None for code in found["insee"]]
    found["name"] = _each(names, folded)
    words = zip(found["name"], written, current, strict=True)
    own = [(None, None) if name is None else own_words(name, *communes) for name, *communes in words]
    found["own"], found["core"] = zip(*own, strict=True) if own else ([], [])
    found["town"] = [" ".join(words_of(now)) if now else None for now in current]
    found["number"], found["street"] = _streets(rows)
    found["phone"] = _each(_texts(rows, "phone"), same_number)
    found["email"] = _each(_texts(rows, "email"), lambda text: read_email(text).value)
    found["domain"] = [_domain(email, site) for email, site in zip(found["email"], _sites(rows), strict=True)]
    found["siret"] = _each(_texts(rows, "siret"), lambda text: read_siret(text).value)
    found["hours"] = _each(_texts(rows, "opening_hours"), read_week_bits)
    heard = (_texts(rows, "service_type"), _texts(rows, "type"), names, found["email"])
    found["service"] = [service_of(*each) for each in zip(*heard, strict=True)]
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


def _streets(rows: pd.DataFrame) -> tuple[list[str | None], list[str | None]]:
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


def _sites(rows: pd.DataFrame) -> pd.Series:
    return _each(_texts(rows, "website"), lambda text: read_website(text).value)


def _domain(email: str | None, website: str | None) -> str | None:
    """The domain that says who runs the place; a free mailbox says nothing."""
    host = None
    if website:
        host = re.sub(r"^https?://(?:www\d?\.)?", "", website.lower()).split("/")[0].split(":")[0]
    domain = host or (email.split("@")[1] if email else None)
    return None if domain is None or domain in FREE_MAIL else domain


def _official_ids(rows: pd.DataFrame) -> list[str | None]:
    """The source's own id where it means something: ``temp_N`` and row numbers do not."""
    ids = _texts(rows, "local_id")
    return [text if text and len(text) >= 3 and not text.lower().startswith("temp") else None for text in ids]
