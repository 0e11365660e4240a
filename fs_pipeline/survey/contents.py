"""What the cells under a header look like: the share of them that can be each kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from fs_pipeline.survey.cells import Cell, as_text
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.text import clean

SAMPLE = 120
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_HOURS = re.compile(r"\d{1,2}\s*[h:]\s*\d{0,2}\D{1,12}\d{1,2}\s*[h:]|\b(?:lundi|mardi|mercredi|jeudi|24/7)\b", re.I)
_STREET = re.compile(
    r"\b(?:rue|avenue|av|bd|boulevard|place|chemin|route|impasse|all[ée]e|quai|cours|square|lotissement|zone|za|zi|"
    r"r[ée]sidence|bourg|lieu[- ]dit|mairie|esplanade|rond[- ]point|voie|passage|faubourg|parvis)\b",
    re.I,
)
# Ranges of degrees, metropolitan France then overseas: no latitude of one can be a longitude of the same.
_LATITUDES = ((41.0, 51.6), (-22.0, -20.0), (-13.6, -12.0), (14.0, 18.2), (2.0, 6.2), (46.5, 47.5))
_LONGITUDES = ((-5.6, 10.0), (55.0, 56.2), (44.5, 46.0), (-63.5, -60.5), (-55.0, -51.0))


def shares(cells: Sequence[Cell], territory: Territory) -> dict[str, float]:
    """Kind -> share of the written cells that can be it; ``filled`` is the share of cells with something written."""
    texts = [text for cell in cells if (text := clean(as_text(cell))) is not None]
    filled = len(texts) / len(cells) if cells else 0.0
    if not texts:
        return {"filled": filled}
    step = max(1, len(texts) // SAMPLE)
    sample = texts[::step]
    found = {kind: sum(map(looks, sample)) / len(sample) for kind, looks in _LOOKS.items()}
    found["commune"] = sum(bool(_commune(text, territory)) for text in sample) / len(sample)
    found["insee"] = sum(territory.current_insee(_code(text)) is not None for text in sample) / len(sample)
    found["filled"] = filled
    return found


def _commune(text: str, territory: Territory) -> bool:
    name = re.sub(r"\bcedex\b.*$|\b\d{5}\b", "", text, flags=re.I).strip(" ,-")
    return (
        bool(name) and not name[0].isdigit() and bool(territory.by_name(name) or territory.by_name(name, former=True))
    )


def _code(text: str) -> str:
    compact = text.removesuffix(".0")
    return compact.zfill(5) if compact.isdigit() and len(compact) == 4 else compact


def _degrees(ranges: Sequence[tuple[float, float]]) -> Callable[[str], bool]:
    def looks(text: str) -> bool:
        if not _NUMBER.fullmatch(text):
            return False
        value = float(text.replace(",", "."))
        return value != 0 and any(low <= value <= high for low, high in ranges)

    return looks


def _is_metres(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and 50_000 < abs(float(text.replace(",", "."))) < 10_000_000


def _digits(*sizes: int) -> Callable[[str], bool]:
    def looks(text: str) -> bool:
        compact = re.sub(r"[\s.]", "", text.removesuffix(".0"))
        return compact.isdigit() and len(compact) in sizes

    return looks


_LOOKS: dict[str, Callable[[str], bool]] = {
    "phone": lambda text: sum(map(str.isdigit, text)) >= 9 and len(text) < 60 and read_phone(text).value is not None,
    "email": lambda text: "@" in text and "." in text and len(text) < 200,
    "website": lambda text: bool(
        re.search(r"https?://|\bwww\.|^[\w-]+(\.[\w-]+)*\.(?:fr|com|org|net|eu|re)\b", text, re.I)
    ),
    "postcode": lambda text: bool(re.fullmatch(r"(?:0?[1-9]\d|[1-9]\d{2})\d{2}(?:\.0)?", text)),
    "latitude": _degrees(_LATITUDES),
    "longitude": _degrees(_LONGITUDES),
    "metres": _is_metres,
    "siret": _digits(13, 14),
    "siren": _digits(9),
    "updated_on": lambda text: read_date(text).value is not None or text.startswith("01/01/1970"),
    "opening_hours": lambda text: bool(_HOURS.search(text)),
    "address": lambda text: bool(_STREET.search(text)) and len(text) < 200,
    "address_number": lambda text: bool(re.fullmatch(r"\d{1,4}(?:\.0)?\s*(?:bis|ter|quater|[A-Da-d])?", text)),
    "boolean": lambda text: text.lower() in {"oui", "non", "x", "true", "false", "vrai", "faux", "0", "1"},
    "week_parity": lambda text: bool(re.search(r"\bi?m?paires?\b", text, re.I)),
    "long": lambda text: len(text) > 60,
}
