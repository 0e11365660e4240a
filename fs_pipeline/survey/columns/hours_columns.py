"""Opening hours spread over columns: one a day, opening and closing apart, or days, mornings and afternoons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fs_pipeline.french import DAY_NAMES, DAYS
from fs_pipeline.values.text import normalise

Look = dict[str, float]
WEEKDAYS = {name: code for code, name in DAY_NAMES.items()}
_DAY_WORDS = WEEKDAYS | dict(zip(("lun", "mar", "mer", "jeu", "ven", "sam", "dim", "vend"), (*DAYS, "Fr"), strict=True))
_TIME_WORDS = re.compile(
    r"\b(?:ouvertures?|ouvre|fermetures?|ferme|debut|fin|horaires?|heures?|h|matins?|matinee|apres|aprem|midi|am|pm)\b"
)
_OPENS = re.compile(r"\b(?:ouvertures?|ouvre|debut|d ouverture)\b")
_CLOSES = re.compile(r"\b(?:fermetures?|ferme|fin)\b")
_FROM = re.compile(r"(?:^|\s)de$|^de\b")  # « Matin de », « Matin à »: not the « de » of « heure de fermeture »
_TO = re.compile(r"(?:^|\s)a$|^a\b")
_MORNING = re.compile(r"\bmatin")
_AFTERNOON = re.compile(r"\b(?:apres midi|aprem|apm)\b")
_LIST_OF_DAYS = re.compile(r"\bjours?\b")
_DAYS_OF_OPENING = frozenset(  # what a header may say besides: not « Jours de fermeture », « Jours de marché »
    {"jour", "jours", "semaine", "ouverture", "ouvertures", "ouvert", "ouverts", "ouvre", "ouvres", "accueil", "public",
     "presence", "permanence", "permanences", "lieu", "structure", "site", "horaires", "des", "les", "hebdomadaires"}
)  # fmt: skip
_AMONG_DAYS = frozenset({"du", "au", "a", "et", "le", "les", "tous", "jours"})
_TELLS = 0.3  # share of hours among a column's cells from which a bare day's name is a column of hours
_SOME_DAYS = 3  # days that must have a column before columns that do not look like hours are taken for them


def is_time_word(text: str) -> bool:
    """Whether a header names a day or a part of one, and nothing else needs to."""
    words = normalise(text)
    return bool(_day_of(words) or _TIME_WORDS.search(words))


def day_columns(headers: Mapping[int, str], looks: Mapping[int, Look]) -> dict[str, tuple[int, ...]]:
    """``Mo`` … ``Su`` -> its columns of hours: those that look like it, or that say so of at least three days."""
    told: dict[str, list[int]] = {}
    sure: dict[str, list[int]] = {}
    dates: dict[str, list[int]] = {}
    for column, header in headers.items():
        words = normalise(header)
        day = _day_of(words)
        if day is None:
            continue
        if _TIME_WORDS.search(words):
            told.setdefault(day, []).append(column)
        if _tells(looks[column]):
            sure.setdefault(day, []).append(column)
        elif words.rstrip("s") in _DAY_WORDS and looks[column].get("updated_on", 0.0) > _TELLS:
            dates.setdefault(day, []).append(column)
    written = {day: columns for day, columns in told.items() if any(looks[column]["filled"] for column in columns)}
    chosen = told if len(told) >= _SOME_DAYS and written else sure
    if chosen is sure and len(sure) > 1:  # « 9-12 » became a date: that day is not closed
        chosen = {day: sure.get(day) or dates[day] for day in DAYS if day in sure or day in dates}
    return {day: tuple(columns) for day, columns in chosen.items()}


def _day_of(words: str) -> str | None:
    days = {_DAY_WORDS[word.rstrip("s")] for word in words.split() if word.rstrip("s") in _DAY_WORDS}
    return days.pop() if len(days) == 1 else None


def hours_with_parts(column: int, headers: Mapping[int, str], looks: Mapping[int, Look]) -> tuple[int, ...]:
    """The column of hours together with those that complete it, in the order in which they are read aloud.

    Hours that say their days need nothing beside them.
    """
    if looks[column].get("with_days", 0.0) > _TELLS and not _tells_days(looks[column]):
        return (column,)
    days = [place for place, header in headers.items() if _lists_days(header) and _tells_days(looks[place])]
    roles: dict[tuple[int, bool], int] = {}
    for place, header in headers.items():
        role = _role(header)
        if role and _tells(looks[place]) and looks[place].get("with_days", 0.0) < _TELLS:
            roles.setdefault(role, place)
    times = [roles[role] for role in sorted(roles)]
    if column not in times and column not in days:
        times = [column]
    return (*days[:1], *times) if times else (column,)


def days_told(header: str, text: str) -> str | None:
    """The days of a cell that says nothing else, under a header of days of opening, as the grammar of hours reads them.

    « {Lundi,Mardi} » is « Lundi, Mardi »; None for « Lundi, Inconnu », and under « Jours de fermeture ».
    """
    words = normalise(text).split()
    if not words or not _lists_days(header):
        return None
    if not all(word in _AMONG_DAYS or word.rstrip("s") in _DAY_WORDS for word in words):
        return None
    return re.sub(r"[;|/{}\[\]\"'\n]+", ", ", text).strip(" ,")


def joined_hours(texts: list[tuple[str, str]]) -> str:
    """The parts of one row's hours as one text: (header, cell) pairs; « 9h » under « Ouverture », « 12h » under « Fermeture »."""
    said = ""
    for header, text in texts:
        opens, closes = _says(normalise(header))
        glue = "-" if said and closes and not opens else " "
        said = f"{said}{glue}{text}" if said else text
    return said


def _role(header: str) -> tuple[int, bool] | None:
    """(1 in the morning, 2 in the afternoon; whether it closes); None where the header is about something else."""
    words = normalise(header)
    if not _TIME_WORDS.search(words) or _day_of(words):
        return None
    half = 1 if _MORNING.search(words) else 2 if _AFTERNOON.search(words) else None
    opens, closes = _says(words)
    if half is None and opens == closes:
        return None
    return half or 1, closes and not opens


def _says(words: str) -> tuple[bool, bool]:
    """Whether a header says an opening, and a closing."""
    opens, closes = bool(_OPENS.search(words)), bool(_CLOSES.search(words))
    if opens or closes:
        return opens, closes
    return bool(_FROM.search(words)), bool(_TO.search(words))


def _lists_days(header: str) -> bool:
    words = normalise(header).replace("_", " ")
    told = {word for word in words.split() if len(word) > 2}  # « c_jours_semaine », « Jours d'ouverture »
    return bool(_LIST_OF_DAYS.search(words)) and told <= _DAYS_OF_OPENING


def _tells(look: Look) -> bool:
    return max(look.get("opening_hours", 0.0), look.get("time", 0.0)) > _TELLS


def _tells_days(look: Look) -> bool:
    return look.get("days_only", 0.0) > _TELLS
