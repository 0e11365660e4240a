"""A survey with a personal string of each kind in every column of every table, and how it is looked for in a file.

The strings are random, from a seed, without a common beginning; every name is invented and every number is of a range
that the regulator keeps for fiction, or of none.
"""

from __future__ import annotations

import html
import io
import random
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pypdfium2
import xlsxwriter

from fs_pipeline.survey.fields import fields_of
from fs_pipeline.territory.model import Commune

SHEETS = {"places": "Lieux", "demarches": "Démarches", "actors": "Acteurs", "rounds": "Tournées", "meeting": "Réunion"}
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\u00a0\u202f._()/-]+(?=\d)")
_GZIP = b"\x1f\x8b\x08"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Planted:
    """A string, where it was planted, and what of it tells it from all others: letters without accents, or digits."""

    table: str
    field: str
    kind: str
    string: str
    key: str


class Strings:
    """Personal strings of each kind, each with a key that is nowhere else."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._used: set[str] = set()

    def name(self) -> str:
        """A word that is nobody's name: eight letters at random."""
        return self._fresh(lambda: "".join(self._random.choices(_LETTERS, k=8)))

    def digits(self, count: int, before: str = "") -> str:
        """A number that begins with `before`."""
        return self._fresh(lambda: before + "".join(self._random.choices("0123456789", k=count)))

    def _fresh(self, make: Callable[[], str]) -> str:
        while (made := make()) in self._used:
            pass
        self._used.add(made)
        return made

    def of(self, kind: str) -> tuple[str, str]:
        """A string of a kind, and its key."""
        return KINDS[kind](self)


def _mobile(written: Callable[[str], str]) -> Callable[[Strings], tuple[str, str]]:
    def make(strings: Strings) -> tuple[str, str]:
        number = strings.digits(4, "63998")  # 06 39 98: kept for fiction
        return written(f"0{number}"), number

    return make


def _named(written: str, change: Callable[[str], str] = str.capitalize) -> Callable[[Strings], tuple[str, str]]:
    def make(strings: Strings) -> tuple[str, str]:
        name = strings.name()
        return written.format(change(name)), name

    return make


def _numbered(written: str, count: int, before: str = "") -> Callable[[Strings], tuple[str, str]]:
    def make(strings: Strings) -> tuple[str, str]:
        number = strings.digits(count, before)
        return written.format(number), number

    return make


def _nir(strings: Strings) -> tuple[str, str]:
    number = strings.digits(8, "2850733")
    return f"{number[0]} {number[1:3]} {number[3:5]} {number[5:7]} {number[7:10]} {number[10:13]} {number[13:]}", number


def _digits_from(zero: int) -> dict[int, int]:
    """The digits of another script, whose zero this is."""
    return {ord("0") + digit: zero + digit for digit in range(10)}


def _pairs(number: str) -> list[str]:
    return [number[at : at + 2] for at in range(0, 10, 2)]


KINDS: dict[str, Callable[[Strings], tuple[str, str]]] = {
    "titled": _named("Mme {} Durand"),
    "titled_upper": _named("MME {} DURAND", str.upper),
    "titled_with_point": _named("Mr. {} Martin"),
    "titled_particle": _named("Mme de {}"),
    "titled_lower": _named("madame {} Durand"),
    "untitled": _named("{} LEFEVRE"),
    "first_name_first": _named("Sophie {}"),
    "initial": _named("S. {}"),
    "mailbox": _named("{}.durand@orange.fr", str.lower),
    "mailbox_service": _named("{}.durand-mairie@orange.fr", str.lower),
    "mailbox_behind_a_word": _named("maisonneuve.{}@orange.fr", str.lower),
    "mailbox_spelled": _named("{} (at) orange point fr", str.lower),
    "handle": _named("@{}", str.lower),
    "page": _named("https://www.facebook.com/{}.durand", str.lower),
    "site": _named("https://www.{}-durand.fr", str.lower),
    "query": _named("https://www.exemple.fr/contact?nom={}", str.lower),
    "mobile": _mobile(lambda number: " ".join(_pairs(number))),
    "mobile_points": _mobile(lambda number: ".".join(_pairs(number))),
    "mobile_international": _mobile(lambda number: f"+33 (0){number[1:]}"),
    "mobile_zeros": _mobile(lambda number: f"0033{number[1:]}"),
    "mobile_without_zero": _mobile(lambda number: number[1:]),
    "mobile_spaced": _mobile(" ".join),
    "mobile_underscored": _mobile(lambda number: "_".join(_pairs(number))),
    "mobile_wide": _mobile(lambda number: " ".join(_pairs(number)).translate(_digits_from(0xFF10))),
    "mobile_arabic": _mobile(lambda number: number.translate(_digits_from(0x0660))),
    "mobile_of_belgium": _numbered("+{}", 6, "32470"),
    "home": _named("chez l’habitant, 12 rue {}, 2e étage, code 45B12"),
    "home_of_a_street": _named("12 impasse {}, 33600"),
    "health": _named("suivie pour une dépression, sous tutelle, enfant {}"),
    "nir": _nir,
    "iban": _numbered("FR76 3000 6000 01{}", 13),
    "beneficiary": _named("allocataire n° 1234567, {}"),
    "born": _named("{}, née le 12/03/1985"),
    "plate": _named("véhicule {}", str.upper),
}
# What a field must hold for its row to be read; planted too, in rows of their own, where the row need not be read.
_BEFORE = {"name": "Association n° {row} ", "type": "Mairie ", "address": "{row} rue de la République ",
           "round": "Bus {row} ", "stop": "Place {row} ", "demarche": "Demander une carte Vitale "}  # fmt: skip


def planted_survey(path: Path, communes: list[Commune], seed: int) -> list[Planted]:
    """Write the workbook; what was planted in it, in the name of its author, a hidden sheet and a free column too."""
    strings, planted = Strings(seed), []
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})

    def plant(table: str, field: str, kind: str) -> str:
        string, key = strings.of(kind)
        planted.append(Planted(table, field, kind, string, key))
        return string

    for table, title in SHEETS.items():
        sheet, fields = workbook.add_worksheet(title), [field.name for field in fields_of(table)]
        for column, field in enumerate(fields_of(table)):
            sheet.write_string(0, column, field.header)
        sheet.write_string(0, len(fields), "Colonne libre")
        line = 0
        for number, kind in enumerate(KINDS, start=1):
            commune = communes[number % len(communes)]
            kept = _kept(table, commune, number)
            line += 1
            for column, field in enumerate(fields):
                if field in kept:
                    sheet.write_string(line, column, kept[field])
                    continue
                before = "Association n° {row} " if (table, field) == ("demarches", "place") else _BEFORE.get(field, "")
                sheet.write_string(line, column, before.format(row=number) + plant(table, field, kind))
            sheet.write_string(line, len(fields), plant(table, "(free column)", kind))
            for lonely in kept:  # a row of its own, the rest of which is right
                line += 1
                for column, field in enumerate(fields):
                    value = plant(table, field, kind) if field == lonely else (kept | _RIGHT[table]).get(field, "")
                    sheet.write_string(line, column, value)
    hidden = workbook.add_worksheet("Cachée")
    hidden.write_string(0, 0, "Nom")
    hidden.write_string(1, 0, plant("(hidden sheet)", "", "health"))
    hidden.hide()
    workbook.add_worksheet("Notes").write_string(0, 0, plant("(notes)", "", "titled"))
    workbook.set_properties({"author": plant("(properties)", "author", "titled")})
    workbook.close()
    return planted


def _kept(table: str, commune: Commune, number: int) -> dict[str, str]:
    """What makes a row readable."""
    where = {"commune": commune.name, "insee": commune.insee}
    point = {
        "latitude": f"{(commune.latitude or 0) + number * 0.0003:.5f}".replace(".", ","),
        "longitude": f"{(commune.longitude or 0) + number * 0.0003:.5f}".replace(".", ","),
    }
    of_table: dict[str, dict[str, str]] = {
        "places": where
        | point
        | {"postcode": commune.postcodes[0], "itinerant": "Non", "opening_hours": "lundi 9h-12h"},
        "rounds": where | point | {"weekday": "mardi", "opening_hours": "9h30-12h30"},
        "meeting": {"held_on": "15/11/2022"},
    }
    return of_table.get(table, {})


_RIGHT = {
    "places": {"name": "Mairie", "type": "Mairie", "address": "1 place de la Mairie"},
    "rounds": {"round": "Bus France services", "stop": "Place de la Mairie"},
    "meeting": {},
    "demarches": {},
    "actors": {},
}


def found_in(content: bytes, name: str, planted: Iterable[Planted]) -> list[Planted]:
    """What of the planted can be read in a file, however it is written there."""
    text = readable(content, name)
    folded = _folded(text)
    digits = _BETWEEN_DIGITS.sub("", folded)
    squeezed = re.sub(r"[^a-z0-9]", "", folded) if len(folded) < 5_000_000 else folded
    return [
        one for one in planted if one.key in folded or one.key in squeezed or (one.key.isdigit() and one.key in digits)
    ]


def _folded(text: str) -> str:
    """Without case, accents, full-width or Arabic digits."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.translate({0x0660 + digit: str(digit) for digit in range(10)})


def readable(content: bytes, name: str) -> str:
    """All that can be read in a file."""
    if name.endswith(".pdf"):
        document = pypdfium2.PdfDocument(content)
        links = " ".join(map(str, re.findall(rb"/URI\s*\((.*?)\)", content)))
        told = " ".join(str(value) for value in document.get_metadata_dict().values())
        return " ".join([links, told, *(page.get_textpage().get_text_range() for page in document)])
    if name.endswith(".parquet"):
        return pd.read_parquet(io.BytesIO(content)).drop(columns="geometry", errors="ignore").to_csv()
    if name.endswith((".xlsx", ".docx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(part).decode("utf-8", "replace") for part in archive.namelist()]
        return html.unescape(" ".join([*parts, *(re.sub(r"<[^>]*>", "", part) for part in parts)]))
    if name.endswith(".pmtiles"):
        return " ".join(part.decode("utf-8", "replace") for part in unpacked(content))
    if name.endswith(".png"):
        return ""  # the printed map writes the names of communes alone
    return content.decode("utf-8", "replace")


def unpacked(content: bytes) -> Iterator[bytes]:
    """What each packed part of an archive of tiles holds, wherever it is: its directory is not believed."""
    at = content.find(_GZIP)
    while at >= 0:
        reader = zlib.decompressobj(31)
        try:
            yield reader.decompress(content[at:])
        except zlib.error:
            at = content.find(_GZIP, at + 1)  # three bytes that happened to look like one
        else:
            at = content.find(_GZIP, len(content) - len(reader.unused_data))
