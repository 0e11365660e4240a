"""A date, ISO, from what spreadsheets and people write; 1 January 1970 is no date."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise

_EPOCH = datetime.date(1899, 12, 30)  # day 0 of Excel's calendar, its invented 29 February 1900 counted
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juil", "aout",
         "septembre sept", "octobre oct", "novembre nov", "decembre dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_FRENCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ,].*)?")
_SHORT = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}")
_WORDS = re.compile(r"(?:\w+ )?(\d{1,2})(?:er)? (\w+) (\d{4}).*")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_TIMESTAMP = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?")  # seconds, or milliseconds, since 1970: on-line forms' exports
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


def read_date(raw: object) -> Reading[str]:
    """ISO date, or None with a note; a two-digit year is refused rather than guessed."""
    if isinstance(raw, datetime.date):
        return _built(raw.year, raw.month, raw.day)
    text = clean(raw)
    return Reading(None) if text is None else _read(text)


@lru_cache(maxsize=65_536)
def _read(text: str) -> Reading[str]:
    if found := _ISO.fullmatch(text):
        return _built(*map(int, found.groups()))
    if found := _FRENCH.fullmatch(text):
        day, month, year = map(int, found.groups())
        return _built(year, month, day)
    if found := _COMPACT.fullmatch(text):
        return _built(*map(int, found.groups()))
    if found := _TIMESTAMP.fullmatch(text):
        moment = datetime.datetime.fromtimestamp(int(found.group(1)), datetime.UTC)
        return _accept(moment.date(), (Note("date_was_a_serial"),))
    if found := _SERIAL.fullmatch(text):
        return _accept(_EPOCH + datetime.timedelta(days=int(found.group(1))), (Note("date_was_a_serial"),))
    if (found := _WORDS.fullmatch(normalise(text))) and found.group(2) in _MONTHS:
        return _built(int(found.group(3)), _MONTHS[found.group(2)], int(found.group(1)))
    return Reading(None, (Note("date_two_digit_year" if _SHORT.fullmatch(text) else "date_unreadable"),))


def _built(year: int, month: int, day: int) -> Reading[str]:
    try:
        return _accept(datetime.date(year, month, day))
    except ValueError:
        return Reading(None, (Note("date_unreadable"),))


def _accept(date: datetime.date, notes: tuple[Note, ...] = ()) -> Reading[str]:
    if date == datetime.date(1970, 1, 1):
        return Reading(None, (Note("date_is_1970"),))
    if not 1990 <= date.year <= 2100:
        return Reading(None, (Note("date_unreadable"),))
    return Reading(date.isoformat(), notes)
