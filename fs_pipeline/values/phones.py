"""A phone number as a machine can dial it (E.164), from what people and spreadsheets write."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import phonenumbers

from fs_pipeline.data import read_csv
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

# libphonenumber knows overseas départements by their own regions; a national number there begins like them.
_REGIONS = {"971": "GP", "972": "MQ", "973": "GF", "974": "RE", "976": "YT", "975": "PM", "977": "BL", "978": "MF"}
_SHORT = re.compile(r"(?:1[0-9]|11[0-9]|1[01]\d{2}|3\d{3}|118\d{3})")
_ALONE = re.compile(r"0\d([ .]?)\d\d(?:\1\d\d){3}")  # as nearly every cell has it
_FLOAT = re.compile(r"(\+?\d+)(?:\.0+)")
_SEPARATOR = re.compile(r"\s*(?:/|;|\||\bou\b|\bet\b|,|\n|(?<=\d)\s+-\s+(?=\d))\s*", re.IGNORECASE)
_FAX = re.compile(r"\b(?:fax|t[ée]l[ée]copie)\b\s*:?\s*[+\d(][\d .()-]*", re.IGNORECASE)
_EXTENSION = re.compile(r"\b(?:poste|ext\.?|p\.)\s*(\d{1,5})\b.*$", re.IGNORECASE)
# What stands beside a number and is none: a price, an hour, round the clock, a coordinate.
_BESIDE = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:€|%|(?:euros?|cts?|cents?|centimes?)\b)"
    r"|\b(?:24\s?h?\s?/\s?24|7\s?j?\s?/\s?7)\b"
    r"|(?<![\d:.])\d{1,2}\s?h(?:\s?[0-5]\d(?!\d)|eures?\b|(?![^\W_]))"
    r"|(?<![\d:.])\d{1,2}:[0-5]\d(?![:\d])"
    r"|(?<![\d.,])-?(?!0\d)\d{1,3}[.,]\d{3,}(?:\s*[,;/]?\s*-?(?!0\d)\d{1,3}[.,]\d{3,})?(?![\d.,])",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"[+(]*\d(?:[\d\s.()_/-]*\d)?")
_ASIDE = re.compile(r"[^\W\d_]{2,}")  # a word; before two or three figures it says that they are no number to dial
_PHONE_WORDS = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone)?s?|num[ée]ros?|appel(?:er|ez)?|compose[rz]|urgences?|samu|social|le|au|ou|et)\b",
    re.IGNORECASE,
)
_IS_SHARED = re.compile(r"\d{1,6}|08\d{8}")
_WITHIN_FRANCE = re.compile(r"(?:(?:\+|00)(?:33|262|590|594|596)0?|0?)([1-9]\d{8})")


def read_phone(raw: object, departement: str | None = None) -> Reading[str]:
    """The first number in a cell, E.164; short numbers (3631, 3949) stay as they are, with a note.

    Parameters
    ----------
    departement
        Tells the overseas numbering plan where the number is written as dialled there.
    """
    text = clean(raw)
    return Reading(None) if text is None else _read(text, departement)


def same_number(text: str) -> str | None:
    """A number as it is dialled within France, overseas included: lists write it so, surveys with a country code."""
    digits = re.sub(r"[^\d+]", "", text)
    found = _WITHIN_FRANCE.fullmatch(digits)
    if found is None:
        digits = read_phone(text).value or ""
        found = _WITHIN_FRANCE.fullmatch(digits)
    return f"0{found[1]}" if found else digits or None


def own_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a cell that may be one place's own, as dialled within France, sorted.

    No short number (3631, 39xx) nor a number beginning with 08: they are an organisation's, the same in every town.
    """
    if alone := _WITHIN_FRANCE.fullmatch(re.sub(r"[\s.-]", "", text)):
        found = {f"0{alone[1]}"}
    else:
        written = _numbers(_BESIDE.sub(" ; ", _FAX.sub(" ", clean(text) or "")))
        found = {number for part in written or [text] if (number := same_number(part))}
    return tuple(sorted(number for number in found if not _IS_SHARED.fullmatch(number)))


@lru_cache(maxsize=65_536)
def _read(text: str, departement: str | None) -> Reading[str]:
    region = _REGIONS.get(departement or "", "FR")
    if _ALONE.fullmatch(text):
        value, note = _one(text, region)
        return Reading(value, ((note,) if note else ()) if value else (Note("phone_unreadable"),))
    notes: list[Note] = []
    if whole := _FLOAT.fullmatch(text):
        text = whole.group(1)
    text = _BESIDE.sub(" ; ", _FAX.sub(" ", text))
    text, extensions = _EXTENSION.subn("", text)
    if extensions:
        notes.append(Note("phone_extension_dropped"))
    written = _numbers(text)
    for position, number in enumerate(written):
        value, note = _one(number, region)
        if value:
            if position + 1 < len(written):
                notes.append(Note("phone_several_numbers", value))
            return Reading(value, (*notes, *([note] if note else [])))
    return Reading(None, (*notes, Note("phone_unreadable")))


def _numbers(text: str) -> list[str]:
    """What is written as a number, in order: figures that only spaces, points and the like part.

    Two or three figures are a number to dial only where they stand alone, or after words that speak of a telephone.
    """
    parts = [part for part in _SEPARATOR.split(text) if re.search(r"\d", part)]
    parts = _two_glued(parts) if len(parts) == 1 else parts
    if len(parts) > 1 and all(_figures(part) < _LEAST and not _ASIDE.search(part) for part in parts):
        parts = ["".join(parts)]
    found = [run.group() for part in parts for run in _WRITTEN.finditer(part)]
    if whole := [number for number in found if _figures(number) > _EMERGENCY]:
        return whole
    before = _PHONE_WORDS.sub(" ", text.partition(found[0])[0]) if len(found) == 1 else text
    return [] if _ASIDE.search(before) else found


def _figures(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _two_glued(parts: list[str]) -> list[str]:
    digits = re.sub(r"\D", "", parts[0])
    if len(digits) == 20 and digits[0] == digits[10] == "0" and not _ASIDE.search(parts[0]):
        return [digits[:10], digits[10:]]
    return parts


def _one(part: str, region: str) -> tuple[str | None, Note | None]:
    digits = re.sub(r"[^0-9]", "", re.sub(r"(?<=\d)\s*\(0\)", "", part))
    if _SHORT.fullmatch(digits):
        return digits, Note("phone_is_short")
    french = region == "FR" and len(digits) == _NATIONAL and digits[0] == "0"
    if french and (digits.startswith(_kept_for_fiction(), 1) or _french_numbers().fullmatch(digits, 1)):
        return f"+33{digits[1:]}", None
    for candidate, note in _candidates(digits, with_plus=part.strip().startswith("+")):
        # a number is dialled as in another département only when written whole: six figures are one of Saint-Pierre alone
        elsewhere = _REGIONS.values() if candidate.startswith(("+", "0")) else ()
        for place in dict.fromkeys((region, "FR", *elsewhere)):
            try:
                number = phonenumbers.parse(candidate, place)
            except phonenumbers.NumberParseException:
                break
            if phonenumbers.is_valid_number(number) or _is_fictional(number):
                return _format(number, note)
    return None, None


def _candidates(digits: str, *, with_plus: bool) -> list[tuple[str, Note | None]]:
    """What may have been meant, in order, with what is to be said of it."""
    if digits.startswith("00"):
        return [("+" + digits[2:], None)]
    if with_plus:
        found: list[tuple[str, Note | None]] = [("+" + digits, None)]
        if digits[:3] in _OVERSEAS_PREFIXES:
            if len(digits) == _CUT_OVERSEAS:
                found.append((f"+{digits[:3]}{digits}", None))  # « +590 85 19 50 » stands for 0590 85 19 50
            elif len(digits) == _OVERSEAS and digits[3] == "9":  # « +262 9 72 … »: numbers in 09 are of no territory
                found.append((f"+33{digits[3:]}", Note("phone_country_code")))
        return found
    if len(digits) == _NATIONAL - 1 and digits[0] != "0":
        return [("0" + digits, Note("phone_lost_zero"))]
    coded = len(digits) in {11, 12} and digits[:2] == "33"
    if coded or (len(digits) == _OVERSEAS and digits[:3] in _OVERSEAS_PREFIXES):
        return [("+" + digits, None)]
    return [(digits, None)]


_NATIONAL = 10  # digits, the first 0 counted
_LEAST = 6  # fewer are part of a number
_EMERGENCY = 3  # 15, 115
_CUT_OVERSEAS = 9
_OVERSEAS = 12  # with the country's code
_OVERSEAS_PREFIXES = frozenset({"262", "590", "594", "596", "508", "269"})


@cache
def _french_numbers() -> re.Pattern[str]:
    """What the library holds for valid in France, in one pattern: asked of it a number at a time, it takes 0.1 ms."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("FR")
    assert metadata is not None
    kinds = (
        metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.premium_rate, metadata.shared_cost,
        metadata.voip, metadata.uan,
    )  # fmt: skip
    return re.compile(
        "|".join(f"(?:{kind.national_number_pattern})" for kind in kinds if kind and kind.national_number_pattern)
    )


@cache
def _kept_for_fiction() -> tuple[str, ...]:
    """How the numbers begin that are in no operator's range."""
    return tuple(row["begins"] for row in read_csv("fictional_numbers.csv"))


def _is_fictional(number: phonenumbers.PhoneNumber) -> bool:
    national = str(number.national_number)
    return number.country_code == 33 and len(national) == 9 and national.startswith(_kept_for_fiction())


def _format(number: phonenumbers.PhoneNumber, note: Note | None) -> tuple[str, Note | None]:
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return value, Note(note.rule, value) if note else None
