"""Places of public service invented on real communes, written several times over as different hands would write them.

Hard negatives on purpose: several services at one address, sharing a phone, a mail domain or a point; houses of one
name in neighbouring communes; two sites of one service in one town. Nothing is copied from a labelled set.
"""

from __future__ import annotations

import csv
import random
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

import pandas as pd

COLUMNS = ["id", "name", "address", "address_extra", "postcode", "insee", "commune", "latitude", "longitude", "phone",
           "email", "website", "siret", "type", "opening_hours"]  # fmt: skip
_HERE = Path(__file__).parent


def _services() -> dict[str, tuple[int, list[str], list[str]]]:
    """Service: share, spellings of its name ({c} commune, {q} quarter or proper name), spellings of its type."""
    with (_HERE / "generated_services.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["service"]: (int(row["share"]), row["names"].split("|"), row["types"].split("|")) for row in rows}


def _words(kind: str) -> list[str]:
    with (_HERE / "generated_words.csv").open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["kind"] == kind]


SERVICES, _PROPER, _STREETS, _WEEKS = _services(), _words("proper"), _words("street"), _words("week")
_SHORT = {
    "rue ": "r. ",
    "avenue ": "av. ",
    "boulevard ": "bd ",
    "place ": "pl. ",
    "route ": "rte ",
    "chemin ": "che ",
    "impasse ": "imp. ",
    "Général": "Gal",
    "Docteur": "Dr",
    "Maréchal": "Mal",
    "Saint-": "St ",
    "Sainte-": "Ste ",
}


@dataclass(frozen=True)
class Place:
    """What is true of an invented place."""

    service: str
    proper: str
    second: bool  # in its commune
    commune: dict[str, object]
    number: str
    street: str
    point: tuple[float, float]
    phone: str
    email: str
    website: str
    hours: str
    siret: str


@dataclass
class Generated:
    """Records and the place that each is of."""

    records: pd.DataFrame
    place: dict[str, int] = field(default_factory=dict)


def places_of_france(data: Path) -> pd.DataFrame:
    """Current communes with a point, of the reference file below `data`, as ``generate`` wants them."""
    table = pd.read_csv(data / "reference" / "communes-cog-2026.csv.gz", dtype=str)
    kept = table[(table["type"] == "commune-actuelle") & table["longitude"].notna() & table["codesPostaux"].notna()]
    return pd.DataFrame(
        {
            "insee": kept["code"],
            "name": kept["nom"],
            "population": kept["population"].astype(float).fillna(100.0),
            "postcode": kept["codesPostaux"].str[:5],
            "longitude": kept["longitude"].astype(float),
            "latitude": kept["latitude"].astype(float),
        }
    )


def generate(communes: pd.DataFrame, size: int, seed: int) -> Generated:
    """`size` records of about 0.6 times as many places.

    Parameters
    ----------
    communes
        insee, name, population, postcode, longitude, latitude: where places may be.
    """
    chance = random.Random(seed)
    table = communes.to_dict("records")
    weights = list(accumulate(max(float(row["population"]), 100.0) ** 0.6 for row in table))
    records: list[dict[str, object]] = []
    truth: list[int] = []
    standing: dict[str, set[str]] = {}
    number = 0
    while len(records) < size:
        commune = chance.choices(table, cum_weights=weights)[0]
        here = standing.setdefault(str(commune["insee"]), set())
        house_of_associations = chance.random() < 0.05
        site: list[Place] = []
        for _ in range(chance.choices([1, 2, 3, 4], [55, 25, 13, 7])[0]):
            place = _place(chance, commune, site, here, "association" if house_of_associations else None)
            site.append(place)
            here.add(place.service)
            for _ in range(chance.choices([1, 2, 3, 4], [58, 28, 10, 4])[0]):
                records.append(_written(chance, place))
                truth.append(number)
            number += 1
    order = list(range(size))
    chance.shuffle(order)
    frame = pd.DataFrame([records[position] for position in order], columns=COLUMNS[1:], dtype=object)
    frame.insert(0, "id", [f"G{position:06d}" for position in range(size)])
    for name in ("latitude", "longitude"):
        frame[name] = pd.to_numeric(frame[name])
    return Generated(frame, {f"G{new:06d}": truth[old] for new, old in enumerate(order)})


def _place(
    chance: random.Random, commune: dict[str, object], site: list[Place], here: set[str], wanted: str | None
) -> Place:
    """A place; one beside another shares its address, often its phone, its point, its domain.

    A second house of one service in a commune says its quarter in its name, as they do.
    """
    beside = site[-1] if site else None
    free = [name for name in SERVICES if name not in {place.service for place in site}]
    service = wanted or chance.choices(free, [SERVICES[name][0] for name in free])[0]
    proper = chance.choice([name for name in _PROPER if name not in {place.proper for place in site}])
    slug = _plain(str(commune["name"])).replace(" ", "-").replace("'", "-")
    domain = chance.choice([f"mairie-{slug}.fr", f"{slug}.fr", f"cc-{slug}.fr", "orange.fr", "laposte.net"])
    point = (
        float(str(commune["latitude"])) + chance.gauss(0, 0.008),
        float(str(commune["longitude"])) + chance.gauss(0, 0.01),
    )
    own = Place(
        service,
        proper,
        service in here,
        commune,
        chance.choice(["", *(str(number) for number in range(1, 120)), "12 bis", "3 ter"]),
        chance.choice(_STREETS),
        point,
        _phone(chance, str(commune["insee"])),
        f"{service.replace('_', '-')}.{slug}@{domain}",
        f"https://www.{domain}" if "." in domain and domain not in {"orange.fr", "laposte.net"} else "",
        chance.choice(_WEEKS),
        "".join(chance.choice("0123456789") for _ in range(14)),
    )
    if beside is None:
        return own
    shared = {"number": beside.number, "street": beside.street, "point": beside.point, "website": beside.website}
    if chance.random() < 0.5:
        shared["phone"] = beside.phone
    if chance.random() < 0.1:
        shared["email"] = beside.email
    if chance.random() < 0.3:
        shared["siret"] = beside.siret
    return replace(own, **shared)  # type: ignore[arg-type]


def _phone(chance: random.Random, insee: str) -> str:
    """A number of the ranges kept for fiction."""
    prefix = "063998" if insee.startswith("97") else chance.choice(["019900", "026191", "035301", "046571", "053649"])
    return prefix + f"{chance.randrange(10_000):04d}"


def _written(chance: random.Random, place: Place) -> dict[str, object]:
    """One record of a place, as one hand writes it."""
    _, names, types = SERVICES[place.service]
    commune = str(place.commune["name"])
    form = chance.choice(names)
    kind = types[0] if form in {"{c}", "{c} BP"} else chance.choice(types)  # only a list of one kind writes so little
    name = form.format(c=commune, q=place.proper)
    if place.second and place.proper not in name:
        name = f"{name} {place.proper}"
    address = f"{place.number} {place.street}".strip()
    for long, short in _SHORT.items():
        if chance.random() < 0.25:
            name, address = name.replace(long, short), address.replace(long, short)
    if chance.random() < 0.05:
        name = _typo(chance, name)
    if chance.random() < 0.05:
        address = _typo(chance, address)
    if chance.random() < 0.05:  # moved, or another door
        address = f"{chance.randrange(1, 90)} {chance.choice(_STREETS)}"
    style = chance.random()
    if style < 0.15:
        name, address, commune = name.upper(), address.upper(), _plain(commune).upper()
    elif style < 0.3:
        name, commune = _plain(name), _plain(commune)
    latitude, longitude = place.point
    spread = chance.choices([0.0, 0.0002, 0.002], [50, 40, 10])[0]
    far = chance.random()
    point: tuple[float | None, float | None] = (latitude + chance.gauss(0, spread), longitude + chance.gauss(0, spread))
    if far < 0.12:
        point = (None, None)
    elif far < 0.2:
        point = (float(str(place.commune["latitude"])), float(str(place.commune["longitude"])))
    phone = place.phone if chance.random() < 0.8 else _phone(chance, str(place.commune["insee"]))
    mailbox = chance.choice(["accueil", "contact", "mairie", "secretariat", place.service.replace("_", "")])
    email = (
        place.email if chance.random() < 0.7 else f"{mailbox}@{chance.choice([place.email.split('@')[1], 'orange.fr'])}"
    )
    hours = place.hours if chance.random() < 0.65 else chance.choice(_WEEKS)
    return {
        "name": name,
        "address": address if chance.random() < 0.95 else None,
        "address_extra": None,
        "postcode": place.commune["postcode"] if chance.random() < 0.95 else None,
        "insee": place.commune["insee"] if chance.random() < 0.6 else None,
        "commune": commune,
        "latitude": point[0],
        "longitude": point[1],
        "phone": _spelled(chance, phone) if chance.random() < 0.75 else None,
        "email": email if chance.random() < 0.5 else None,
        "website": place.website or None if chance.random() < 0.4 else None,
        "siret": place.siret if chance.random() < 0.15 else None,
        "type": kind or None,
        "opening_hours": hours if chance.random() < 0.5 else None,
    }


def _spelled(chance: random.Random, phone: str) -> str:
    pairs = [phone[start : start + 2] for start in range(0, 10, 2)]
    return chance.choice([phone, " ".join(pairs), ".".join(pairs), f"+33{phone[1:]}", phone[1:]])


def _typo(chance: random.Random, text: str) -> str:
    if len(text) < 6:
        return text
    at = chance.randrange(1, len(text) - 2)
    return chance.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        ]
    )


def _plain(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
