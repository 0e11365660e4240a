"""Each record's values as they are compared, worked out once a record and not once a pair."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.linkage.naming import bodies_in, folded, own_words, plain_words, service_of, services_in, words_of
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.emails import read_email, same_mailbox
from fs_pipeline.values.half_hours import read_week_bits
from fs_pipeline.values.identifiers import read_siret
from fs_pipeline.values.itinerant import moves
from fs_pipeline.values.phones import own_numbers
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
_IN_POST = re.compile(r"^(?:la )?poste\b(?! de police)|\b(?:bureau de poste|agence postale)\b")
_MAY_BE_PHONE = re.compile(r"^[^@]*\d(?:[ .]?\d\d){4}[^@]*$")
_POST_OFFICES = frozenset(["bureau_de_poste", "agence_postale"])
_BETWEEN = "|"
_POINT = ("latitude", "longitude")
_NAMESAKES = 12  # communes of one name above which a name alone says nowhere


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
    communes = [_BETWEEN.join(filter(None, pair)) or None for pair in zip(written, current, strict=True)]
    found["communes"] = _each(
        communes, lambda text: _BETWEEN.join(" ".join(words_of(part)) for part in text.split(_BETWEEN))
    )
    for part, words in own_parts(found["name"], found["communes"]).items():
        found[part] = words
    found["town"] = [" ".join(words_of(now)) if now else None for now in current]
    found["towns"] = _towns_in(found["name"], found["insee"].isna() & ~_has_point(rows), territory)
    addresses = _texts(rows, "address")
    found["number"], found["street"] = _streets(addresses)
    found["phone"] = _phones(rows)
    mailbox = _each(_texts(rows, "email"), lambda text: read_email(text).value)
    found["email"] = _each(list(mailbox), same_mailbox)
    found["domain"] = [_domain(email, site) for email, site in zip(mailbox, _sites(rows), strict=True)]
    found["siret"] = _each(_texts(rows, "siret"), lambda text: read_siret(text).value)
    found["hours"] = _each(_texts(rows, "opening_hours"), read_week_bits)
    types = _texts(rows, "type")
    found["service"], services = _services(_texts(rows, "service_type"), types, list(found["name"]), list(mailbox))
    found["services"] = services
    found["in_post"] = _in_post(services, names, addresses, _texts(rows, "address_extra"))
    found["body"] = _each(list(found["name"]), bodies_in)
    found["family"] = found["service"].map(families())
    found["single"] = found["service"].isin(_one_a_commune())
    found["itinerant"], found["antenne"] = _forms(found["name"], _each(types, normalise))
    found["goes_round"] = _goes_round(rows)
    found["digits"] = [says_digits(name) for name in found["name"]]
    found["official_id"] = _official_ids(rows)
    for column in _POINT:
        values = rows[column] if column in rows else pd.Series(np.nan, index=rows.index)
        found[column] = pd.to_numeric(values, errors="coerce").astype("float64")
    found.loc[~_has_point(rows), list(_POINT)] = np.nan
    for column in found.columns.difference(list(_POINT)):
        found[column] = found[column].astype(object).where(found[column].notna(), None)
    return found


def own_parts(names: pd.Series, communes: pd.Series) -> dict[str, list[str | None]]:
    """Of each folded name its ``own`` words, and ``core``, those without its commune's.

    Of « France services Descartes - antenne du Grand-Pressigny » also ``parent`` and ``site``, the own words on either side.
    """
    found: dict[str, list[str | None]] = {"own": [], "core": [], "parent": [], "site": []}
    for name, commune in zip(names, communes, strict=True):
        own, core = (None, None) if name is None else own_words(name, *(commune or "").split(_BETWEEN))
        branch = _ANTENNE.split(name, maxsplit=1) if name and _ANTENNE.search(name) else []
        sides = [plain_words(part) for part in branch]
        parent, site = sides if len(sides) > 1 and all(sides) else (None, None)
        for part, words in (("own", own), ("core", core), ("parent", parent), ("site", site)):
            found[part].append(words)
    return found


def says_digits(name: str | None) -> str | None:
    """The figures of a name, in their order."""
    return " ".join(re.findall(r"\d+", name)) or None if name else None


def _has_point(rows: pd.DataFrame) -> pd.Series:
    """Whether both coordinates are given; the zero of both is none."""
    if not set(_POINT) <= set(rows.columns):
        return pd.Series(data=False, index=rows.index)
    point = rows[list(_POINT)].apply(pd.to_numeric, errors="coerce")
    return pd.Series(point.notna().all(axis=1) & ~(point == 0).all(axis=1), dtype=bool)


def _towns_in(names: pd.Series, wanted: pd.Series, territory: Territory) -> pd.Series:
    """Codes of the communes that the longest town in a name may be, joined, where nothing else says where it is."""
    found: list[str | None] = [None] * len(names)
    if wanted.any():
        known: dict[str, list[str]] = {}
        for insee, name in territory.commune_names.items():
            known.setdefault(" ".join(words_of(name)), []).append(insee)
        for position in np.flatnonzero(wanted & names.notna()):
            town = _longest_town(str(names.iloc[position]).split(), known)
            if town and len(known[town]) <= _NAMESAKES:
                found[int(position)] = _BETWEEN.join(known[town])
    return pd.Series(found, index=names.index, dtype=object)


def _longest_town(words: list[str], known: Collection[str]) -> str | None:
    """The longest run of words that is a commune's name, the last one of several."""
    for size in range(min(len(words), 10), 0, -1):
        for start in range(len(words) - size, -1, -1):
            part = " ".join(words[start : start + size])
            if part in known and len(part) > 2:
                return part
    return None


def _phones(rows: pd.DataFrame) -> pd.Series:
    """The numbers of a row's contact cells that one place may have to itself, joined; the first cell that has any."""
    found = pd.Series([None] * len(rows), dtype=object)
    for column in ("phone", "email", "website"):
        texts = _texts(rows, column)
        if column != "phone":
            texts = [text if text and _MAY_BE_PHONE.search(text) else None for text in texts]
        found = found.where(found.notna(), _each(texts, lambda text: "|".join(own_numbers(text)) or None))
    return found


def _forms(names: pd.Series, types: pd.Series) -> tuple[list[bool | None], list[bool | None]]:
    """Whether a record moves and whether it is a branch, by name or type; « site principal /
    itinérante » does not say which."""
    moving: list[bool | None] = []
    branch: list[bool | None] = []
    kinds = {kind: (moves(kind), bool(_ANTENNE.search(kind)), "principal" in kind) for kind in set(types) if kind}
    for name, kind in zip(names, types, strict=True):
        bus, antenne = bool(name and moves(name)), bool(name and _ANTENNE.search(name))
        type_bus, type_antenne, principal = kinds.get(kind, (False, False, False))
        several = type_bus and principal
        told = name is not None or kind is not None
        moving.append((True if bus or (type_bus and not several) else None if several else False) if told else None)
        branch.append((antenne or (type_antenne and not bus)) if told else None)
    return moving, branch


def _goes_round(rows: pd.DataFrame) -> list[bool | None]:
    """Whether the record's own columns say that it goes round; what its name says is `itinerant`."""
    cells = rows.reindex(columns=["kind", "itinerant"]).to_numpy(dtype=object)
    return [
        None if pd.isna(kind) else kind == "itinerant" or itinerant is True or itinerant == 1
        for kind, itinerant in cells
    ]


def _in_post(services: Iterable[str | None], *texts: Iterable[str | None]) -> list[bool | None]:
    """Whether what a record says of itself, or its address, is a post office; « rue de la Poste » is none."""
    return [
        _says_post_office(services, cells) if any(cells) else None
        for services, *cells in zip(services, *texts, strict=True)
    ]


def _says_post_office(services: str | None, cells: Iterable[str | None]) -> bool:
    if services and not _POST_OFFICES.isdisjoint(services.split(_BETWEEN)):
        return True
    return any(cell and "poste" in cell.lower() and bool(_IN_POST.search(normalise(cell))) for cell in cells)


def _services(
    known: list[str | None], types: list[str | None], names: list[str | None], mailboxes: list[str | None]
) -> tuple[list[str | None], list[str | None]]:
    """The service of each record, and every one that it says."""
    read: dict[tuple[str | None, ...], tuple[str | None, str | None]] = {}
    keys = list(zip(known, types, names, mailboxes, strict=True))
    for key in keys:
        if key not in read:
            service = service_of(*key)
            read[key] = service, services_in(service, key[2], key[1])
    return [read[key][0] for key in keys], [read[key][1] for key in keys]


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
    cells = rows[column].to_numpy(dtype=object)
    if pd.api.types.infer_dtype(cells, skipna=True) not in {
        "string",
        "empty",
    }:  # 1, 1.0 and True are one number, not one text
        cells = np.array([cell if isinstance(cell, str) else clean(cell) for cell in cells], dtype=object)
    codes, texts = pd.factorize(cells)
    read = np.array([*(clean(text) for text in texts), None], dtype=object)
    return list(read[codes])


def _each(texts: list[str | None], parse: Callable[[str], Hashable]) -> pd.Series:
    """Parse each different text once."""
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    read = np.empty(len(distinct) + 1, dtype=object)
    read[:-1] = [parse(text) for text in distinct]
    return pd.Series(read[codes], dtype=object)


def _communes(rows: pd.DataFrame, territory: Territory) -> tuple[list[str | None], list[str | None]]:
    """The commune that name, postcode and code tell together; and the code's own where it says another."""
    keys = list(zip(_texts(rows, "insee"), _texts(rows, "commune"), _texts(rows, "postcode"), strict=True))
    read: dict[tuple[str | None, str | None, str | None], tuple[str | None, str | None]] = {}
    for key in dict.fromkeys(keys):
        insee, commune, postcode = key
        coded = territory.current_insee(insee)
        if coded and (not commune or _agree(coded, commune, postcode, territory)):
            read[key] = coded, None
            continue
        named = _COMMUNE_NOISE.sub("", commune) if commune else None
        told = read_commune(named, territory, postcode=read_postcode(postcode).value, insee=insee).value
        read[key] = told or coded, coded if coded != told else None
    return [read[key][0] for key in keys], [read[key][1] for key in keys]


def _agree(coded: str, commune: str, postcode: str | None, territory: Territory) -> bool:
    """Whether a code, a name and a postcode are one commune's, however its name is spelled."""
    name = territory.commune_names[coded]
    if name == commune:
        return True
    return (not postcode or coded in territory.by_postcode(postcode)) and words_of(name) == words_of(commune)


def _streets(addresses: Iterable[str | None]) -> tuple[list[str | None], list[str | None]]:
    numbers: list[str | None] = []
    streets: list[str | None] = []
    read: dict[str, tuple[str | None, str | None]] = {}
    for text in addresses:
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
