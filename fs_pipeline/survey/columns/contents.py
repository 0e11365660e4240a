"""What the cells under a header look like: the share of them that can be each kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from itertools import pairwise

from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import Cell, as_text
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import one_of_two_tongues
from fs_pipeline.values.coordinates import signed_degrees
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.service_types import read_service_type
from fs_pipeline.values.text import clean, normalise

SAMPLE = 40
_READ_OF_EACH = 300  # characters that tell what a cell is
_COUNTED = 0.9  # share of its rows that a line number goes up by one at
_COUNTS = 4  # rows from which it may begin anywhere
_FEW = 0.25  # distinct values over written cells: below, a column classifies rather than names
_DECIMAL = re.compile(r"-?\d{1,2}[.,]\d+")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_HOURS = re.compile(
    r"\d{1,2}\s*[h:]\s*\d{0,2}\D{1,12}\d{1,2}\s*[h:]|\b(?:lundi|mardi|mercredi|jeudi|24/7)\b|"
    r"\b(?:Mo|Tu|We|Th|Fr)\b.*\d\d:\d\d",
    re.I,
)
_ONE_TIME = re.compile(r"(?:[01]?\d|2[0-3])\s*[h:]\s*(?:[0-5]\d)?(?::\d\d)?", re.I)
_STREET = re.compile(
    r"\b(?:rue|avenue|av|bd|boulevard|place|chemin|route|impasse|all[ée]es?|quai|cours|square|lotissement|zone|za|zi|"
    r"r[ée]sidence|bourg|lieu[- ]dit|mairie|esplanade|rond[- ]point|voie|passage|faubourg|parvis|mail|promenade|"
    r"venelle|hameau|ruelle|mont[ée]e|traverse|sentier)\b",
    re.I,
)
# What names a place that receives people, whatever its kind is called in the reviewed list.
_ORGANISATION = re.compile(
    r"\b(?:espace|maison|centre|association|asso|agence|point|bureau|antenne|pole|relais|service|services|foyer|"
    r"communaute|syndicat|conseil|departement|cooperative|atelier|ateliers|club|comite|union|federation|"
    r"cyber\w*|media\w*|biblio\w*|bus|camion|permanence|ecole|college|lycee|universite|hopital|institut)\b"
)
# Latitudes and longitudes in degrees, metropolitan France then overseas.
_FRANCE = (
    ((41.0, 51.6), (-5.6, 10.0)),
    ((-22.0, -20.0), (55.0, 56.2)),
    ((-13.6, -12.0), (44.5, 46.0)),
    ((14.0, 18.2), (-63.5, -60.5)),
    ((2.0, 6.2), (-55.0, -51.0)),
    ((46.5, 47.5), (-57.0, -55.5)),
)
_LATITUDES = tuple(latitudes for latitudes, _ in _FRANCE)
_LONGITUDES = tuple(longitudes for _, longitudes in _FRANCE)
_PAIRED_AT_MOST = 6  # columns of degrees beyond which pairs are not tried
_BOTH_DEGREES = re.compile(
    r"\W*(?:(?:lat|point)[a-z]*\W*)?-?\d{1,2}[.,]\d{2,}\s*°?\s*[NSEWO]?\s*[,;/ ]\s*(?:lon[a-z]*\W*)?"
    r"-?\d{1,2}[.,]\d{2,}\s*°?\s*[NSEWO]?\s*[])}]?",
    re.I,
)
_DAY = re.compile(r"\b(?:lun|mar|mercre|jeu|vendre|same)di\b", re.I)


def shares(cells: Sequence[Cell], territory: Territory) -> dict[str, float]:
    """Kind -> share of the written cells that can be it.

    Also ``filled``, the share of cells with something written; ``distinct``, how many different ones per written cell.
    """
    texts = [text for cell in cells if cell is not None and (text := _cleaned(cell)) is not None]
    filled = len(texts) / len(cells) if cells else 0.0
    if not texts:
        return {"filled": filled}
    sample = [text[:_READ_OF_EACH] for text in texts[:: max(1, len(texts) // SAMPLE)]]
    looks = _LOOKS | {kind: partial(knows, territory=territory) for kind, knows in _KNOWN.items()}
    found = {
        kind: sum(tried(f"look of {kind}", partial(look, text), False) for text in sample) / len(sample)
        for kind, look in looks.items()
    }
    found["filled"] = filled
    found["distinct"] = len(set(texts)) / len(texts)
    return found


@lru_cache(maxsize=65_536, typed=True)  # 1 and True are equal, and are not written the same
def _cleaned(cell: Cell) -> str | None:
    return clean(as_text(cell))


def note_fits(looks: dict[int, dict[str, float]], rows: Sequence[Sequence[Cell]], territory: Territory) -> None:
    """Add ``fits`` to columns of communes: the share of rows where the commune is one that the row's postcode serves."""
    codes = [column for column, look in looks.items() if look.get("postcode", 0.0) > 0.8]
    communes = [column for column, look in looks.items() if look.get("commune", 0.0) > 0.4]
    if not codes or len(communes) < 2:
        return
    sample = [row for row in rows[:: max(1, len(rows) // SAMPLE)] if as_text(row[codes[0]])]
    served = [set(territory.by_postcode(_code(as_text(row[codes[0]]) or ""))) for row in sample]
    for column in communes:
        names = [as_text(row[column]) or "" for row in sample]
        fitting = sum(
            bool(here.intersection(territory.by_name(name))) for here, name in zip(served, names, strict=True)
        )
        looks[column]["fits"] = fitting / max(1, len(sample))


def note_points(looks: dict[int, dict[str, float]], rows: Sequence[Sequence[Cell]]) -> None:
    """Tell latitudes from longitudes by pairs: 44.8 alone may be either (Mayotte), 44.8 beside -0.6 is in Gironde."""
    columns = [
        column for column, look in looks.items() if max(look.get("latitude", 0.0), look.get("longitude", 0.0)) > 0.5
    ]
    if not 2 <= len(columns) <= _PAIRED_AT_MOST:
        return
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    points = {column: [_decimal(as_text(row[column])) for row in sample] for column in columns}
    fits = {
        (first, second): _share_in_france(points[first], points[second])
        for first in columns
        for second in columns
        if first != second
    }
    (first, second), best = max(fits.items(), key=lambda item: item[1])
    if best > 0.5 and fits[second, first] < best:
        looks[first] |= {"latitude": best, "longitude": 0.0}
        looks[second] |= {"latitude": 0.0, "longitude": best}


def note_numbers(looks: dict[int, dict[str, float]], rows: Sequence[Sequence[Cell]]) -> None:
    """Add ``counted`` to columns that number the rows, or stand beside addresses with numbers of their own: no house's."""
    numbered = any(look.get("address", 0.0) > 0.5 and look.get("numbered", 0.0) > _FEW for look in looks.values())
    for column, look in looks.items():
        if look.get("address_number", 0.0) < 0.5:
            continue
        cells = [as_text(row[column]) or "" for row in rows]
        numbers = [int(text) for text in cells if text.isdecimal() and len(text) < len("1000000")]
        steps = sum(after - before == 1 for before, after in pairwise(numbers))
        counts = len(numbers) > 1 and steps >= _COUNTED * (len(numbers) - 1)
        if numbered or (counts and (numbers[0] <= 1 or len(numbers) > _COUNTS)):
            look["counted"] = 1.0


def _share_in_france(latitudes: Sequence[float | None], longitudes: Sequence[float | None]) -> float:
    pairs = [(a, b) for a, b in zip(latitudes, longitudes, strict=True) if a is not None and b is not None]
    inside = sum(
        any(south <= a <= north and west <= b <= east for (south, north), (west, east) in _FRANCE) for a, b in pairs
    )
    return inside / len(pairs) if pairs else 0.0


def _decimal(text: str | None) -> float | None:
    """Degrees with their decimals, whatever unit or hemisphere is written with them."""
    bare = text and signed_degrees(text).strip(" °")
    return float(bare.replace(",", ".")) if bare and _DECIMAL.fullmatch(bare) else None


def classifies(look: dict[str, float]) -> bool:
    """Whether a few values come back again and again."""
    return look.get("distinct", 1.0) <= _FEW


def _is_commune(text: str, territory: Territory) -> bool:
    name = one_of_two_tongues(re.sub(r"\bcedex\b.*$|\b\d{5}\b", "", text, flags=re.I).strip(" ,-"), territory)
    return (
        bool(name) and not name[0].isdigit() and bool(territory.by_name(name) or territory.by_name(name, former=True))
    )


def _is_insee(text: str, territory: Territory) -> bool:
    return territory.current_insee(_code(text)) is not None


def _is_postcode(text: str, territory: Territory) -> bool:
    return bool(territory.by_postcode(_code(re.sub(r"\s", "", text))))


def _code(text: str) -> str:
    compact = text.removesuffix(".0")
    return compact.zfill(5) if compact.isdigit() and len(compact) == 4 else compact


def _degrees(ranges: Sequence[tuple[float, float]]) -> Callable[[str], bool]:
    def looks(text: str) -> bool:
        value = _decimal(text)
        return value is not None and any(low <= value <= high for low, high in ranges)

    return looks


def _is_metres(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and 50_000 < abs(float(text.replace(",", "."))) < 10_000_000


def _digits(*sizes: int) -> Callable[[str], bool]:
    def looks(text: str) -> bool:
        compact = re.sub(r"[\s.]", "", text.removesuffix(".0"))
        return compact.isdigit() and len(compact) in sizes

    return looks


@cache
def _is_organisation(text: str) -> bool:
    if len(text) > 110 or not re.search(r"[A-Za-zÀ-ÿ]{2}", text):
        return False
    return bool(_ORGANISATION.search(normalise(text))) or read_service_type(text).value != "other"


def _is_kind_of_place(text: str) -> bool:
    return len(text) < 90 and read_service_type(text).value != "other"


def _is_words(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= 3 and letters >= 0.6 * len(text.replace(" ", ""))


_LOOKS: dict[str, Callable[[str], bool]] = {
    "phone": lambda text: (
        sum(map(str.isdigit, text)) >= 9
        and len(text) < 60
        and not _BOTH_DEGREES.fullmatch(text)
        and read_phone(text).value is not None
    ),
    "email": lambda text: "@" in text and "." in text and len(text) < 200,
    "website": lambda text: (
        "@" not in text
        and bool(re.search(r"https?://|\bwww\.|^[\w-]+(\.[\w-]+)*\.(?:fr|com|org|net|eu|re)\b", text, re.I))
    ),
    "postcode_like": lambda text: bool(re.fullmatch(r"(?:0?[1-9]\d|[1-9]\d{2})\s?\d{2}(?:\.0)?", text)),
    "latitude": _degrees(_LATITUDES),
    "longitude": _degrees(_LONGITUDES),
    "both_degrees": lambda text: bool(_BOTH_DEGREES.fullmatch(text)),
    "metres": _is_metres,
    "whole_number": lambda text: bool(re.fullmatch(r"\d{1,7}(?:\.0)?", text)),
    "siret": _digits(13, 14),
    "siren": _digits(9),
    "updated_on": lambda text: read_date(text).value is not None or text.startswith("01/01/1970"),
    "opening_hours": lambda text: bool(_HOURS.search(text)),
    "time": lambda text: bool(_ONE_TIME.fullmatch(text)),
    "with_days": lambda text: bool(_DAY.search(text)) or bool(re.match(r"(?:Mo|Tu|We|Th|Fr|Sa|Su)\b", text)),
    "days_only": lambda text: bool(_DAY.search(text)) and not re.search(r"\d\s*[h:]", text, re.I),
    "address": lambda text: bool(_STREET.search(text)) and len(text) < 200,
    "address_number": lambda text: bool(re.fullmatch(r"\d{1,4}(?:\.0)?\s*(?:bis|ter|quater|[A-Da-d])?", text)),
    "boolean": lambda text: text.lower() in {"oui", "non", "x", "true", "false", "vrai", "faux", "0", "1"},
    "week_parity": lambda text: bool(re.search(r"\bi?m?paires?\b", text, re.I)),
    "organisation": _is_organisation,
    "type": _is_kind_of_place,
    "words": _is_words,
    "numbered": lambda text: bool(re.match(r"\d{1,4}\s*(?:bis|ter|quater|[A-Da-d])?\b\s*,?\s*[^\W\d]{2}", text)),
    "long": lambda text: len(text) > 60,
    "prose": lambda text: len(text) > 60 and text.count(" ") >= 4,
    "very_long": lambda text: len(text) > 110,
}
_KNOWN: dict[str, Callable[..., bool]] = {
    "commune": _is_commune,
    "insee": _is_insee,
    "postcode": _is_postcode,
}
