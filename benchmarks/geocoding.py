"""Addresses located by our own matcher and by `addok`, the national service's engine, both filled with the same lines.

`python benchmarks/geocoding.py [--show]`; needs Redis on the loopback address and `addok` (`make services`).
Three sets: the geocoder cases that fall in the three communes of the BANO file (their number is printed); addresses
of that file as people write them (abbreviations, lost accents, slips of the finger, a name in front, CEDEX); the
addresses of the geocoder cases, all France, with their own points as reference, written in the same ways.
Right: the point is the address's own, within 50 metres.
"""

from __future__ import annotations

import csv
import math
import os
import random
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from addok_service import addok_service  # noqa: E402

from fs_pipeline.territory.model import Territory  # noqa: E402
from fs_pipeline.territory.names import normalise  # noqa: E402
from fs_pipeline.territory.shipped import load_territory  # noqa: E402
from fs_pipeline.values.addresses import Address, read_address  # noqa: E402
from fs_pipeline.values.communes import read_commune  # noqa: E402
from fs_pipeline.values.geocoding import Wanted  # noqa: E402
from fs_pipeline.values.geocoding_reference import AddressIndex, ReferenceAddress, read_reference  # noqa: E402
from fs_pipeline.values.geocoding_service import AddressService  # noqa: E402

DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "addresses"
ADDOK_SAMPLE = 800
_METRES = 50.0
_SHORT = {"avenue": "av.", "boulevard": "bd", "place": "pl.", "rue": "r.", "route": "rte", "impasse": "imp.",
          "chemin": "ch.", "saint": "St", "général": "Gal", "docteur": "Dr", "allée": "all."}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A writing and the point that it means."""

    query: str
    latitude: float
    longitude: float


def noisy(address: ReferenceAddress, rng: random.Random) -> str:
    """One address as somebody might type it: none to three of the usual slips."""
    street, number = address.street, address.number
    for slip in rng.sample(("short", "typo", "plain", "upper", "article", "first name"), rng.choice((0, 1, 1, 2))):
        words = street.split()
        if slip == "short":
            words = [_SHORT.get(word.lower(), word) for word in words]
        elif slip == "typo":
            at = max(range(len(words)), key=lambda index: len(words[index]))
            words[at] = _typo(words[at], rng)
        elif slip == "plain":
            words = normalise(street).split()
        elif slip == "upper":
            words = street.upper().split()
        elif slip == "article":
            words = [word for word in words if word.lower() not in {"de", "la", "du", "des", "le", "les"}] or words
        elif len(words) == 3 and len(words[2]) > 5 and words[1][0].isupper():
            words = [words[0], words[2]]
        street = " ".join(words)
    line = f"{number}{rng.choice((' ', ', '))}{street}"
    line = f"{rng.choice(('Mairie', 'France services', 'CCAS'))}, {line}" if rng.random() < 0.1 else line
    city = rng.choice((address.city, address.city.upper(), normalise(address.city)))
    ending = rng.random()
    if ending < 0.2:
        return f"{line} {city}"
    return f"{line} {address.postcode} {city}{' CEDEX' if ending > 0.95 else ''}"


def _typo(word: str, rng: random.Random) -> str:
    if len(word) < 5:
        return word
    at = rng.randrange(1, len(word) - 1)
    return rng.choice((
        word[:at] + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + rng.choice("aeiournst") + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    ))  # fmt: skip


def geocoder_cases() -> list[ReferenceAddress]:
    """The addresses of the cases that have a point; the city is what the writing with the city names after the street."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for path in sorted((DATA / "geocoder-cases").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not row["expected_street"] or not row["expected_housenumber"]:
                    continue
                rest = row["query"].rpartition(row["expected_street"])[2].strip()
                key = (path.stem, row["expected_housenumber"], row["expected_street"])
                told = found.setdefault(key, {})
                told["postcode"] = (
                    row["expected_postcode"].zfill(5) if row["expected_postcode"] else told.get("postcode", "")
                )
                told |= {"lat": row["lat"], "lon": row["lon"]} if row["lat"] else {}
                told |= {"city": rest} if rest and not re.search(r"\d", rest) else {}
    return [
        ReferenceAddress(number, street, told["postcode"], told["city"], None, float(told["lat"]), float(told["lon"]))
        for (_, number, street), told in found.items()
        if told.get("lat") and told.get("city") and told.get("postcode")
    ]


def right(case: Case, latitude: float | None, longitude: float | None) -> bool:
    """Whether a point is within 50 metres of the case's own."""
    if latitude is None or longitude is None:
        return False
    north = (latitude - case.latitude) * 111_320
    east = (longitude - case.longitude) * 111_320 * math.cos(math.radians(case.latitude))
    return math.hypot(north, east) <= _METRES


def ours(cases: Iterable[Case], index: AddressIndex, territory: Territory) -> list[tuple[float | None, float | None]]:
    """Points by our own matcher, from the raw writing."""
    wanted = []
    for case in cases:
        address = read_address(case.query, territory).value or Address()
        insee = read_commune(address.commune, territory, address.postcode).value if address.commune else None
        wanted.append(Wanted(address, insee))
    return [(one.latitude, one.longitude) if one else (None, None) for one in index.locate(wanted)]


def compare(name: str, cases: list[Case], lines: list[ReferenceAddress], territory: Territory) -> None:
    """Print the share right and the number a second, ours and addok's."""
    index = AddressIndex(lines, territory)
    ours(cases[:20], index, territory)  # the territory's look-ups are built once
    begin = time.perf_counter()
    points = ours(cases, index, territory)
    seconds = time.perf_counter() - begin
    share = sum(right(case, *point) for case, point in zip(cases, points, strict=True)) / len(cases)
    wrong = sum(
        point[0] is not None and not right(case, *point) for case, point in zip(cases, points, strict=True)
    ) / len(cases)
    print(
        f"{name:28} n={len(cases):5}  ours  right {share:.3f}  wrong {wrong:.3f}  {len(cases) / seconds:7,.0f} a second"
    )
    if "--show" in sys.argv:
        for case, point in zip(cases, points, strict=True):
            if not right(case, *point):
                print("   ", case.query, point, read_address(case.query).value)
    sample = random.Random(1).sample(cases, min(ADDOK_SAMPLE, len(cases)))
    with addok_service(lines) as url:
        service = AddressService(url, cache=None)
        begin = time.perf_counter()
        answers = service.search([(case.query, None) for case in sample])
        seconds = time.perf_counter() - begin
    found = [(one.latitude, one.longitude) if one else (None, None) for one in answers]
    theirs = sum(right(case, *point) for case, point in zip(sample, found, strict=True)) / len(sample)
    wrong = sum(p[0] is not None and not right(c, *p) for c, p in zip(sample, found, strict=True)) / len(sample)
    print(
        f"{'':28} n={len(sample):5}  addok right {theirs:.3f}  wrong {wrong:.3f}  {len(sample) / seconds:7,.0f} a second"
    )


def main() -> None:
    """The three sets, one after another."""
    territory = load_territory()
    bano = list(read_reference(DATA / "limousin.bano.csv"))
    communes = {(normalise(line.city), line.postcode) for line in bano}
    cases = geocoder_cases()
    inside = [case for case in cases if (normalise(case.city), case.postcode) in communes]
    print(f"geocoder cases in the three communes of the BANO file: n={len(inside)} of {len(cases)}")
    rng = random.Random(20)
    written = [Case(noisy(line, rng), line.latitude, line.longitude) for line in bano]
    compare("BANO, as people write", written, bano, territory)
    exact = [Case(f"{line.number} {line.street} {line.city}", line.latitude, line.longitude) for line in cases]
    compare("geocoder cases, as they are", exact, cases, territory)
    slips = [Case(noisy(line, rng), line.latitude, line.longitude) for line in cases]
    compare("geocoder cases, as written", slips, cases, territory)


if __name__ == "__main__":
    main()
