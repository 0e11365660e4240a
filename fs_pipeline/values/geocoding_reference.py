"""Reference addresses kept on this machine (BANO or BAN files), and the street that a writing names among them.

A street is only looked for in its commune, so the same name elsewhere is never taken; where two streets of a commune
are equally near, none is.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from statistics import median

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from fs_pipeline.safe_text import safe
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.addresses import Address
from fs_pipeline.values.geocoding import Located, Wanted
from fs_pipeline.values.streets import LONG_KINDS, expand, kind_of
from fs_pipeline.values.text import normalise

_CLOSE = 82.0  # rapidfuzz ratio of the names, kinds apart, above which a street is taken for the one written
_APART = 4.0  # and by how much the second best must be further
_OTHER_KIND = 8.0  # what « rue » for « avenue » costs
_LONG_KIND = 5  # letters of a word that may be a misspelled kind: shorter ones are too near to others
_LONG_NAME = 5  # letters by which a name is known without its first words
_A_WORD_LESS = 5.0
_NEAR_NUMBERS = 6  # a missing number is put at the nearest one of its side, this far at most
_LITTLE = frozenset({"de", "du", "des", "d", "l", "la", "le", "les", "et", "a", "au", "aux"})
_TITLES = {
    "gal": "general", "gen": "general", "gl": "general", "mal": "marechal", "cdt": "commandant", "cne": "capitaine",
    "cap": "capitaine", "col": "colonel", "lt": "lieutenant", "dr": "docteur", "pr": "professeur", "prof": "professeur",
    "pdt": "president", "st": "saint", "ste": "sainte", "sts": "saints", "nd": "notre dame", "mgr": "monseigneur",
    "hdv": "hotel ville",
}  # fmt: skip
_NUMBER = re.compile(r"(\d+)\s*([a-z]*)")


@dataclass(frozen=True, slots=True)
class ReferenceAddress:
    """One line of a reference file; `street` alone is a street or a locality."""

    number: str
    street: str
    postcode: str
    city: str
    insee: str | None
    latitude: float
    longitude: float


@dataclass
class _Street:
    name: str
    kind: str
    key: str
    postcode: str
    city: str
    insee: str
    numbers: dict[tuple[int, str], tuple[float, float]] = field(default_factory=dict)
    points: list[tuple[float, float]] = field(default_factory=list)


class AddressIndex:
    """Streets by commune; fills once, answers thousands of addresses a second."""

    def __init__(self, addresses: Iterable[ReferenceAddress], territory: Territory) -> None:
        self._territory = territory
        self._streets: dict[str, dict[str, _Street]] = defaultdict(dict)  # commune, then kind and key
        insee_of = _communes_of(territory)
        for address in addresses:
            insee = insee_of(address.insee, address.city, address.postcode)
            if insee:
                self._add(address, insee)
        self._keys = {insee: [street.key for street in streets.values()] for insee, streets in self._streets.items()}
        self._lists = {insee: list(streets.values()) for insee, streets in self._streets.items()}
        self._by_key = {insee: _by_key(streets) for insee, streets in self._lists.items()}

    @classmethod
    def from_file(cls, path: Path, territory: Territory) -> AddressIndex:
        """A BANO file (commas, no header) or one of the national base (semicolons, header)."""
        return cls(read_reference(path), territory)

    def __len__(self) -> int:
        return sum(len(streets) for streets in self._lists.values())

    def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """One answer an address; None where the commune is unknown here or no street is near enough."""
        return [self._locate(one) for one in wanted]

    def _add(self, address: ReferenceAddress, insee: str) -> None:
        kind, key = street_key(address.street)
        place = f"{kind} {key}"
        street = self._streets[insee].get(place)
        if street is None:
            street = _Street(address.street, kind, key, address.postcode, address.city, insee)
            self._streets[insee][place] = street
        point = (address.latitude, address.longitude)
        street.points.append(point)
        number = _parsed(address.number)
        if number:
            street.numbers.setdefault(number, point)

    def _locate(self, wanted: Wanted) -> Located | None:
        address = wanted.address
        best: tuple[float, _Street] | None = None
        rival = 0.0
        for insee in self._communes(wanted):
            for name in _names(address):
                score, street, second = self._nearest(insee, name)
                if street is None:
                    continue
                if best is None or score > best[0]:
                    rival = max(second, best[0] if best and best[1] is not street else 0.0)
                    best = (score, street)
                elif street is not best[1]:
                    rival = max(rival, score)
        if best is None or best[0] - rival < _APART:
            return None
        return _located(best[1], _parsed(address.number or ""), best[0] / 100)

    def _communes(self, wanted: Wanted) -> tuple[str, ...]:
        if wanted.insee:
            current = self._territory.current_insee(wanted.insee)
            return (current,) if current in self._lists else ()
        address = wanted.address
        served = self._territory.by_postcode(address.postcode) if address.postcode else ()
        named = self._territory.by_name(address.commune, former=True) if address.commune else ()
        both = [code for code in named if code in served]
        return tuple(code for code in (both or named or served) if code in self._lists)

    def _nearest(self, insee: str, name: str) -> tuple[float, _Street | None, float]:
        """Score of the best street, the street, score of the second best of another name."""
        kind, key = street_key(name)
        if not key:
            return 0.0, None, 0.0
        same = self._by_key[insee].get(key, ())
        exact = [street for street in same if street.kind == kind]
        if exact:
            return 100.0, exact[0], 0.0
        if len(same) == 1:
            return 100.0 - _OTHER_KIND, same[0], 0.0
        if same:
            return 0.0, None, 0.0  # « Gambetta »: the street or the place?
        ranked = process.extract(key, self._keys[insee], scorer=_alike, limit=4, score_cutoff=_CLOSE - _OTHER_KIND)
        scored = sorted(
            ((self._penalised(score, kind, insee, at), self._lists[insee][at]) for _, score, at in ranked),
            key=lambda pair: -pair[0],
        )
        if not scored or scored[0][0] < _CLOSE:
            return 0.0, None, 0.0
        return scored[0][0], scored[0][1], scored[1][0] if len(scored) > 1 else 0.0

    def _penalised(self, score: float, kind: str, insee: str, at: int) -> float:
        return score if not kind or self._lists[insee][at].kind == kind else score - _OTHER_KIND


def read_reference(path: Path) -> Iterator[ReferenceAddress]:
    """The lines of a BANO or BAN file that hold a point."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        if ";" in first and "nom_voie" in first:
            for row in csv.DictReader(file, delimiter=";"):
                number = f"{row['numero']}{row.get('rep') or ''}"
                where = (row["code_postal"], row["nom_commune"], row["code_insee"], row["lat"], row["lon"])
                yield from _reference(number, row["nom_voie"], *where)
        else:
            for line in csv.reader(file):
                identifier, number, street, postcode, city, _, latitude, longitude = line
                yield from _reference(number, street, postcode, city, identifier[:5], latitude, longitude)


def _reference(
    number: str, street: str, postcode: str, city: str, insee: str, latitude: str, longitude: str
) -> Iterator[ReferenceAddress]:
    try:
        yield ReferenceAddress(number, safe(street), postcode, safe(city), insee, float(latitude), float(longitude))
    except ValueError:
        return


@lru_cache(maxsize=65_536)
def street_key(name: str) -> tuple[str, str]:
    """Kind and name of a street as they are compared: ``av. du Gal Leclerc`` is (``avenue``, ``general leclerc``)."""
    words = normalise(expand(name)).split()
    if len(words) > 1 and len(words[0]) >= _LONG_KIND and not kind_of(" ".join(words)):
        words[0] = _spelled(words[0])
    kind = kind_of(" ".join(words))
    rest = [_TITLES.get(word, word) for word in words[len(kind.split()) :]] or words
    named = [word for word in rest if word not in _LITTLE] or rest
    return kind, " ".join(named)


def _spelled(word: str) -> str:
    """The kind of street that a word is one slip away from: « aveneu » is « avenue »."""
    near = [kind for kind in LONG_KINDS if OSA.distance(word, kind, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else word


def _alike(written: str, known: str, *, score_cutoff: float | None = None) -> float:
    """How near two names are: letters in order, words in any order, or the known name's last words (« Poincaré »)."""
    best = max(
        fuzz.ratio(written, known, score_cutoff=score_cutoff),
        fuzz.token_sort_ratio(written, known, score_cutoff=score_cutoff),
    )
    left, right = written.split(), known.split()
    if len(left) < len(right) and len(written) >= _LONG_NAME:
        ending = fuzz.ratio(written, " ".join(right[-len(left) :])) - _A_WORD_LESS * (len(right) - len(left))
        best = max(best, ending)
    return best


def _by_key(streets: Sequence[_Street]) -> dict[str, tuple[_Street, ...]]:
    found: dict[str, tuple[_Street, ...]] = {}
    for street in streets:
        found[street.key] = (*found.get(street.key, ()), street)
    return found


def _communes_of(territory: Territory) -> Callable[[str | None, str, str], str | None]:
    """Current commune of a reference line, by its code, else by its name and postcode."""

    @lru_cache(maxsize=8_192)
    def insee_of(insee: str | None, city: str, postcode: str) -> str | None:
        current = territory.current_insee(insee)
        if current:
            return current
        named = territory.by_name(city, former=True)
        served = [code for code in named if code in territory.by_postcode(postcode)] or list(named)
        return served[0] if len(served) == 1 else None

    return insee_of


def _names(address: Address) -> list[str]:
    """What may be the street: its own part, else what stands beside."""
    extra = (address.extra or "").split(" ; ")
    return [name for name in (address.street, *extra) if name]


def _parsed(number: str) -> tuple[int, str] | None:
    """``12 bis`` is (12, ``b``), as is ``12B``; of a range, its first number."""
    found = _NUMBER.match(number.lower().strip())
    return (int(found.group(1)), found.group(2)[:1]) if found else None


def _located(street: _Street, number: tuple[int, str] | None, score: float) -> Located:
    point, exact = _point(street, number)
    kind = "housenumber" if exact else "street" if street.kind else "locality"
    written = f"{number[0]}{number[1]} " if exact and number else ""
    label = f"{written}{street.name} {street.postcode} {street.city}"
    return Located(point[0], point[1], kind, round(score, 3), street.insee, label, "reference")


def _point(street: _Street, number: tuple[int, str] | None) -> tuple[tuple[float, float], bool]:
    """The number's point, else the nearest one's of its side, else the middle of the street."""
    if number:
        for known in (number, (number[0], "")):
            if known in street.numbers:
                return street.numbers[known], True
        side = [known for known in street.numbers if known[0] % 2 == number[0] % 2]
        near = min(side, key=lambda known: abs(known[0] - number[0]), default=None)
        if near and abs(near[0] - number[0]) <= _NEAR_NUMBERS:
            return street.numbers[near], near[0] == number[0]
    middle = (median(point[0] for point in street.points), median(point[1] for point in street.points))
    nearest = min(street.points, key=lambda point: (point[0] - middle[0]) ** 2 + (point[1] - middle[1]) ** 2)
    return nearest, False
