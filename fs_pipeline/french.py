"""How a number, a share, a date is written for a French reader; nothing is computed here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache

from fs_pipeline.data import read_csv

NARROW = "\u202f"
NO_BREAK = "\u00a0"
NOT_COMPUTED = "non calculé"
_STILL_DAYS = 90  # longer is said in months
_DAYS_A_MONTH = 365.25 / 12
_VOWELS = frozenset("aàâeéèêiîoôœu")
_ISO = re.compile(r"^(\d{4})-(\d{2})(?:-(\d{2}))?")
DAY_NAMES = {  # from Monday on, by their code in OSM opening_hours
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
}
DAYS = tuple(DAY_NAMES)
_SHORT_DAYS = {code: f"{name[:3]}." for code, name in DAY_NAMES.items()}
_RULES = re.compile(r"^(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|off|\d{2}:\d{2})|[\s,;-])+$")
_PARITIES = {"odd": "semaines impaires", "even": "semaines paires"}


def is_missing(value: object) -> bool:
    """None, NaN, NaT or an empty text."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: float | None, decimals: int = 0) -> str:
    """``12 345,6`` with narrow no-break spaces; « non calculé » where there is none."""
    if value is None or is_missing(value):
        return NOT_COMPUTED
    whole = f"{_half_up(float(value), decimals):,.{decimals}f}"
    return whole.replace(",", NARROW).replace(".", ",").replace("-", "\u2212")


def share(value: float | None, decimals: int = 0) -> str:
    """``83 %``; a share that is neither none nor all never shows as 0 or 100."""
    if value is None or is_missing(value):
        return NOT_COMPUTED
    percent = 100 * float(value)
    shown = _half_up(percent, decimals)
    step = 10.0**-decimals
    if percent > 0 and shown <= 0:
        return f"moins de {number(step, decimals)}{NARROW}%"
    if percent < 100 and shown >= 100:
        return f"plus de {number(100 - step, decimals)}{NARROW}%"
    return f"{number(percent, decimals)}{NARROW}%"


def minutes(value: float | None, limits: Iterable[int]) -> str:
    """``23 min``; just over one of `limits`, a tenth more, so that what is over does not read as within."""
    if value is None or is_missing(value):
        return NOT_COMPUTED
    return f"{_beside(value, limits)}{NO_BREAK}min"


def minutes_band(soonest: float, latest: float, limits: Iterable[int]) -> str:
    """``de 18 à 27``: minutes at either end of a band, each as ``minutes`` has it."""
    limits = tuple(limits)
    return f"de{NO_BREAK}{_beside(soonest, limits)} à{NO_BREAK}{_beside(latest, limits)}"


def _beside(value: float, limits: Iterable[int]) -> str:
    over = any(limit < value and _half_up(value, 0) <= limit for limit in limits)
    return number(math.ceil(10 * value) / 10, 1) if over else number(value)


def name(text: str) -> str:
    """A proper name with the apostrophe that is printed; nothing else of it is changed."""
    return text.replace("'", "’")


def of(noun: str) -> str:
    """``d’Ambès``, ``de Langon``: before a vowel, « de » loses its own."""
    return f"d’{noun}" if noun[:1].lower() in _VOWELS else f"de {noun}"


def out_of(part: float, whole: float, singular: str = "", plural: str | None = None) -> str:
    """``3 sur 12``, ``3 sur 12 communes``, ``1 sur 1 commune``."""
    counted = count(whole, singular, plural) if singular else number(whole)
    return f"{number(part)}{NO_BREAK}sur{NO_BREAK}{counted}"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a et b``, ``a, b et c``."""
    return " et ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def count(value: float, singular: str, plural: str | None = None) -> str:
    """``1 commune``, ``12 communes``, ``aucune`` is the caller's word."""
    word = singular if abs(value) < 2 else plural or f"{singular}s"
    return f"{number(value)}{NO_BREAK}{word}"


def date(iso: str | None) -> str:
    """``1er décembre 2022``, ``décembre 2022`` from ISO text; other text as it is; « date inconnue » for nothing."""
    if iso is None or is_missing(iso):
        return "date inconnue"
    found = _ISO.match(iso)
    if not found or found[2] not in _months():
        return iso
    month = f"{_months()[found[2]]} {found[1]}"
    if found[3] is None:
        return month
    day = int(found[3])
    return f"{'1er' if day == 1 else day}{NO_BREAK}{month}"


def since(iso: str) -> str:
    """``du 1er décembre 2022``, ``d’août 2016``."""
    said = date(iso)
    return f"du {said}" if said[:1].isdigit() else of(said)


def until(iso: str) -> str:
    """``au 1er décembre 2022``, ``à août 2016``."""
    said = date(iso)
    return f"au {said}" if said[:1].isdigit() else f"à {said}"


def age(days: int) -> str:
    """``45 jours``, ``11 mois``, ``2 ans et 1 mois`` from days: months of 365.25 / 12 days, rounded from three of them on."""
    if days <= _STILL_DAYS:
        return count(days, "jour")
    years, months = divmod(round(days / _DAYS_A_MONTH), 12)
    if years < 2:
        return f"{number(12 * years + months)}{NO_BREAK}mois"
    return count(years, "an") + (f" et {number(months)}{NO_BREAK}mois" if months else "")


def short_date(iso: str | None) -> str:
    """``01/12/2022`` from ISO text, of a day or of a moment; « jour inconnu » for nothing."""
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}" if iso else "jour inconnu"


def campaign(code: str) -> str:
    """``campagne de novembre 2022`` from ``2022-11``; other codes as they are."""
    if not _ISO.match(code):
        return f"campagne {code}"
    return f"campagne {of(date(code))}"


def weekday(code: str | None, parity: str | None = None) -> str:
    """``jeudi, semaines impaires``."""
    day = DAY_NAMES.get(code or "", "jour inconnu")
    return f"{day}, {_PARITIES[parity]}" if parity in _PARITIES else day


def phone(e164: str) -> str:
    """``05 49 00 11 22`` from E.164; other text as it is."""
    found = re.match(r"^\+(33|262|590|594|596)(\d{9})$", e164)
    if not found:
        return e164
    digits = f"0{found[2]}"
    return NO_BREAK.join(digits[start : start + 2] for start in range(0, 10, 2))


def hours(opening_hours: str) -> str:
    """``lun.–ven. 9 h–12 h, 13 h 30–17 h`` from the usual forms of OSM opening_hours; other text as it is."""
    if not _RULES.match(opening_hours):
        return opening_hours
    said = re.sub(r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b", lambda found: _SHORT_DAYS[found[1]], opening_hours)
    said = re.sub(r"(\d{2}):(\d{2})", lambda found: _clock(int(found[1]), found[2]), said)
    said = re.sub(r"\s*;\s*", f"{NARROW}; ", said).replace("-", "–").replace("off", "fermé")
    return re.sub(r",(?=\S)", ", ", said)


def _clock(hour: int, minutes: str) -> str:
    return f"{hour}{NO_BREAK}h" + ("" if minutes == "00" else f"{NO_BREAK}{minutes}")


def of_departement(name: str) -> str:
    """The name alone after « Département\u00a0: », which needs no article."""
    return f"Département{NO_BREAK}: {name}"


def at(commune: str) -> str:
    """« à Bazas », « au Haillan », « aux Mathes »: only these two articles are taken in."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if commune.startswith(article):
            return contracted + commune.removeprefix(article)
    return f"à {commune}"


def typographic(text: str) -> str:
    """A sentence with no-break spaces before ; ! ? : % and inside « », whatever wrote it."""
    text = text.replace("'", "’")
    text = re.sub(r"[ \u00a0\u202f]*([;!?%])(?=\s|$|[.,)»\u00a0])", rf"{NARROW}\1", text)
    text = re.sub(r"[ \u00a0\u202f]+:(?=\s)", f"{NO_BREAK}:", text)
    return re.sub(r"«[ \u00a0\u202f]*", f"«{NO_BREAK}", re.sub(r"[ \u00a0\u202f]*»", f"{NO_BREAK}»", text))


def sentence(text: str) -> str:
    """`text` with typography and a final full stop."""
    said = typographic(text.strip())
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def start(text: str) -> str:
    """`text` as a sentence begins: its first letter a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def bounds(box: tuple[float, float, float, float]) -> str:
    """What a box of degrees (west, south, east, north) spans."""
    west, south, east, north = (number(value, 2) for value in box)
    return f"de {west} à {east}° de longitude et de {south} à {north}° de latitude"


def grouped(fingerprint: str) -> str:
    """The first twelve characters, by four, as a person copies them."""
    return "·".join(fingerprint[start : start + 4] for start in range(0, min(12, len(fingerprint)), 4))


@cache
def _months() -> dict[str, str]:
    """``01`` … ``12`` -> the month's name."""
    return {row["month"]: row["name"] for row in read_csv("months.csv")}


def _half_up(value: float, decimals: int) -> float:
    """Half away from zero, as people round; the tiny addition undoes binary noise."""
    factor = 10.0**decimals
    return math.copysign(math.floor(abs(value) * factor + 0.5 + 1e-9), value) / factor if value else 0.0
