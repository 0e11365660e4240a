"""The parts of a French address on one line: number, street, postcode, commune, and what stands beside.

Which commune it is today is ``communes.py``'s question; where it stands, the geocoder's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from fs_pipeline import data
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.names import commune_key
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.postcodes import BOX
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.streets import (
    NUMBERED_STREET,
    expand,
    is_place,
    is_street,
    split_number,
    with_one_number,
    without_owned_numbers,
)
from fs_pipeline.values.text import clean


@dataclass(frozen=True, slots=True)
class Address:
    """What an address line holds; None where it does not hold it."""

    number: str | None = None
    street: str | None = None
    postcode: str | None = None
    commune: str | None = None
    extra: str | None = None


_POSTCODE = re.compile(
    r"(?<![\w/])(?<!\w-)(?:F[- ])?(\d{5}|\d{2} \d{3}(?=\s+\D)|2[AB]\d{3})(?!\d|[ .]\d{2}\b)", re.IGNORECASE
)
_LOST_ZERO = re.compile(r"(?<=\w)[,;\s]\s*([1-9]\d{3})\s+(?=[A-ZÀ-Ý])")
_CEDEX = re.compile(r"\s*[-,]?\s*\bc[ée]dex\b(?:\s*\d{1,2}\b)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[,;\n|]|\s[-–—]\s)\s*")
_COUNTRY = re.compile(r"\s*[,\n(]\s*fra(?:nce)?\)?$", re.IGNORECASE)
_FRANCE = re.compile(r"(?<!\ben)(?<!\bde)\s+france$", re.IGNORECASE)  # but Roissy-en-France
_MORE_THAN_ITS_NUMBER = re.compile(r"(?<=\D)\d|\d{6}")  # figures other than the house's, which begin the line
_PHONE = re.compile(r"(?<![\d.])(?:t[ée]l\.?\s*:?\s*)?0\d(?:[ .]?\d\d){4}(?!\d)", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"\s+/\s+|\s*[;\n|]\s*|\s+(?:et|ou)\s+|\s+[-–—]\s+(?=\d)", re.IGNORECASE)
_LAST_BESIDE = re.compile(r"\s*(?:\(([^()]+)\)|(?:[,;]|\s[-–—/])\s*([^(),;]+))\s*$")
_BRACKETED = re.compile(r"\(([^()]*[^\W\d_][^()]*)\)")
_DISTRICT = re.compile(
    r"^(paris|lyon|marseille)\s+\d{1,2}\s*(?:er|e|[èe]me|i[èe]me)?(?:\s+arr(?:ondissement|dt|t)?\.?)?$", re.IGNORECASE
)
_SIGNS = frozenset("(,;-–—/")  # of which one stands before what _LAST_BESIDE finds
_EDGES = " ,;.-–—/()\n\t"
_LONGEST_NAME = 7  # words of the longest commune names, hyphens apart


def read_address(raw: object, territory: Territory | None = None, commune: str | None = None) -> Reading[Address]:
    """Split an address line.

    Parameters
    ----------
    territory
        Whose communes end the line where no comma does; the shipped one by default.
    commune
        What is known from elsewhere to be the commune: no other then ends the line where no postcode stands before it.
    """
    text = clean(raw)
    return Reading(None) if text is None else _read(text, territory or load_territory(), commune)


@lru_cache(maxsize=65_536)
def _read(text: str, territory: Territory, own: str | None) -> Reading[Address]:
    notes: list[Note] = []
    line = _without_country(text.replace("\r", "\n").replace("\\n", "\n").replace("_", " "))
    others: list[str] = []
    boxes: list[str] = []
    owned: list[str] = []
    if _MORE_THAN_ITS_NUMBER.search(line):
        line, others = _first_of_several(_PHONE.sub(" ", line))
        if others:
            notes.append(Note("address_several"))
        line, boxes = _take_boxes(line)
        line, owned = without_owned_numbers(line)
        line = with_one_number(line)
    line, beside = _take_brackets(line)
    line, departement = _take_departement(line, territory)
    extras = [*others, *owned, *beside, *departement]
    if _CEDEX.search(line):
        notes.append(Note("address_is_cedex"))
    before, postcode, after = _around_postcode(line, notes, territory)
    after = _CEDEX.sub(" ", after)
    if postcode and after:
        commune = _first_name(_FRANCE.sub("", after))
        rest = _SEPARATOR.split(after)[1:]
        extras += [part.strip(_EDGES) for part in rest if part.strip(_EDGES)]
        head = before
        if not head.strip(_EDGES) and extras:
            head, extras = extras[0], extras[1:]
        elif commune:
            head = _without_ending(head, commune)
    else:
        head, commune = _split_commune(_CEDEX.sub(" ", before), postcode, territory, own)
    number, street, more = _split_street(head)
    if commune and (district := _DISTRICT.match(commune)):
        commune = district.group(1)
    address = Address(number, street, postcode, commune, " ; ".join((*more, *extras, *boxes)) or None)
    if address == Address(extra=address.extra):
        return Reading(None, (*notes, Note("address_unreadable")))
    if not street and not address.extra:
        notes.append(Note("address_without_street"))
    return Reading(address, tuple(notes))


def _without_country(line: str) -> str:
    """« 2 rue Neuve, Épernay, Marne, Grand Est, FRA »: neither the country at the end nor the région before it."""
    home = _COUNTRY.sub("", line)
    *before, last = home.rsplit(",", 1)
    # Without a country behind it a région may be a commune: Bretagne, in the Indre.
    return before[0] if before and home != line and commune_key(last) in _regions() else home


@cache
def _regions() -> frozenset[str]:
    return frozenset(commune_key(row["region_name"]) for row in data.read_csv("departements.csv") if row["region_name"])


def _first_of_several(line: str) -> tuple[str, list[str]]:
    """Of whole addresses in one cell, each with its postcode, the first; and the others as they are."""
    if len(_POSTCODE.findall(line)) < 2:
        return line, []
    pieces = [piece.strip(_EDGES) for piece in _BETWEEN_ADDRESSES.split(line)]
    whole = [
        piece for piece in pieces if _POSTCODE.search(piece) and is_street(_POSTCODE.split(piece)[0].strip(_EDGES))
    ]
    return (whole[0], [piece for piece in pieces if piece != whole[0]]) if len(whole) > 1 else (line, [])


def _take_departement(line: str, territory: Territory) -> tuple[str, list[str]]:
    """« 5 rue Neuve Saint-Genis-Pouilly (Ain) »: the département that follows one of its communes is no part of either.

    In brackets after anything else it stands beside, unless it is a commune's name there too: « (Paris) ».
    """
    found = None if _SIGNS.isdisjoint(line) else _LAST_BESIDE.search(line)
    said = found and territory.departement_named(found[1] or found[2])
    if not found or not said:
        return line, []

    def is_there(name: str | None) -> bool:
        return any(territory.departement_of(code) == said for code in territory.by_name(name or "", former=True))

    before = line[: found.start()]
    if is_there(_split_commune(before, None, territory, None)[1]):
        return before, []
    if found[1]:
        return (f"{before}, {found[1]}", []) if is_there(found[1]) else (before, [found[1].strip()])
    return line, []


def _take_boxes(line: str) -> tuple[str, list[str]]:
    boxes = [found.strip(_EDGES) for found in BOX.findall(line)]
    return (BOX.sub(" , ", line) if boxes else line), boxes


def _take_brackets(line: str) -> tuple[str, list[str]]:
    """« (à côté de la Poste) » stands beside the address; a bracket with the postcode or the commune is part of it."""
    beside = [found for found in _BRACKETED.findall(line) if not _POSTCODE.search(found) and len(found.split()) > 1]
    for found in beside:
        line = line.replace(f"({found})", " ")
    return line, [found.strip(_EDGES) for found in beside]


def _around_postcode(line: str, notes: list[Note], territory: Territory) -> tuple[str, str | None, str]:
    """What stands before and after the last postcode."""
    found = list(_POSTCODE.finditer(line))
    if found:
        last = found[-1]
        code = last.group(1).replace(" ", "").upper()
        if code.startswith(("2A", "2B")):
            code = "20" + code[2:]
        if "01000" <= code <= "98999":
            return line[: last.start()], code, line[last.end() :].strip(_EDGES)
    lost = list(_LOST_ZERO.finditer(line))
    code = lost[-1].group(1).zfill(5) if lost else ""
    if territory.by_postcode(code) and not is_place(line[lost[-1].end() :]):
        notes.append(Note("postcode_lost_zero", code))
        return line[: lost[-1].start()], code, line[lost[-1].end() :].strip(_EDGES)
    return line, None, ""


def _first_name(after: str) -> str | None:
    name = _SEPARATOR.split(after)[0].strip(_EDGES)
    return name if re.search(r"[^\W\d_]", name) else None


def _without_ending(head: str, commune: str) -> str:
    """The commune said twice: « 1 place X, Pau, 64000 Pau »."""
    pieces = _SEPARATOR.split(head)
    while len(pieces) > 1 and commune_key(pieces[-1]) in {commune_key(commune), ""}:
        pieces.pop()
    return ", ".join(pieces)


def _split_commune(head: str, postcode: str | None, territory: Territory, own: str | None) -> tuple[str, str | None]:
    """The commune's name that ends a line in which no postcode stands before it."""
    pieces = [piece for piece in _SEPARATOR.split(head) if piece.strip(_EDGES)]
    if len(pieces) > 1 and _is_name(pieces[-1].strip(_EDGES), postcode, territory, own):
        return ", ".join(pieces[:-1]), pieces[-1].strip(_EDGES)
    if not pieces:
        return "", None
    words = pieces[-1].strip(_EDGES).split()
    if not words or not _may_end_a_name(words[-1], territory):
        return head, None
    for start in range(max(0, len(words) - _LONGEST_NAME), len(words)):
        name = " ".join(words[start:])
        street = " ".join(words[:start])
        if (start == 0 or is_street(street)) and _is_name(name, postcode, territory, own):
            return ", ".join((*pieces[:-1], street)), name
    return head, None


def _may_end_a_name(word: str, territory: Territory) -> bool:
    """Whether some commune's name ends so (most streets' does not), or a district's: « Lyon 3e »."""
    last = commune_key(word).split()[-1:]
    return word[0].isdigit() or (bool(last) and last[0] in territory.last_words)


def _is_name(name: str, postcode: str | None, territory: Territory, own: str | None) -> bool:
    """Whether a name is a commune's: of the postcode where one is written, and of `own`, where that is known."""
    if not name or name[0].isdigit() or is_place(name):
        return False
    if district := _DISTRICT.match(name):
        name = district.group(1)
    named = territory.by_name(name, former=True)
    if own and commune_key(own) != commune_key(name) and not set(named) & set(territory.by_name(own, former=True)):
        return False
    if postcode and named:
        return any(code in territory.by_postcode(postcode) for code in named) or not territory.by_postcode(postcode)
    return bool(named)


def _split_street(head: str) -> tuple[str | None, str | None, list[str]]:
    """Number, street and what is beside, from the pieces of what is left."""
    pieces = [piece.strip(_EDGES) for piece in _SEPARATOR.split(head)]
    pieces = [part for piece in pieces if piece for part in _name_and_street(piece)]
    merged: list[str] = []
    for piece in pieces:  # « 12, rue des Lilas » has its number cut off by the comma
        if merged and split_number(merged[-1])[0] and not split_number(merged[-1])[1]:
            merged[-1] = f"{merged[-1]} {piece}"
        else:
            merged.append(piece)
    if not merged:
        return None, None, []
    chosen = _street_among(merged)
    number, street = split_number(merged[chosen])
    return number, expand(street) or None, [piece for index, piece in enumerate(merged) if index != chosen]


def _name_and_street(piece: str) -> tuple[str, ...]:
    """« Maison France Services 12 rue X »: whose address it is, then the address."""
    found = NUMBERED_STREET.search(piece)
    if not found or is_place(before := piece[: found.start()].strip(_EDGES)) or not before:
        return (piece,)
    return before, piece[found.start() :].strip(_EDGES)


def _street_among(pieces: list[str]) -> int:
    split = [split_number(piece) for piece in pieces]
    for index, (number, street) in enumerate(split):
        if number and street:
            return index
    for index, (_, street) in enumerate(split):
        if is_street(street):
            return index
    return 0
