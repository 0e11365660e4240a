"""Opening hours in French prose, in OSM's format or a day a column, as OSM ``opening_hours``; or nothing, with the reason.

A wrong hour is worse than none: someone travels for nothing. A text is made plain (hours_text.py), cut into words
(hours_lexer.py), gathered by a grammar (hours_grammar.py), read in each way that it can be (hours_scope.py,
hours_readings.py), laid out by days (hours_plan.py) and written (hours_writing.py); an independent parser reads what
comes out.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from fs_pipeline.french import DAY_NAMES, DAYS
from fs_pipeline.values.hours_clauses import Said
from fs_pipeline.values.hours_lexer import tokens
from fs_pipeline.values.hours_plan import plans
from fs_pipeline.values.hours_readings import checked, read
from fs_pipeline.values.hours_remarks import covered, remarks
from fs_pipeline.values.hours_text import LONGEST, NotUnderstoodError, plain_text
from fs_pipeline.values.hours_words import MONTHS
from fs_pipeline.values.hours_writing import write
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise

_FARTHEST = 40_000  # characters of a cell that are looked at
_MOST_WORDS = 400  # a fortnight told day by day has half of it
_OSM_WORDS = frozenset({*DAYS, *MONTHS, "PH", "SH", "week", "off", "closed", "open"})
_OSM_SIGNS = re.compile(r'[A-Za-z\d\s,;:/|+\[\]"\'\-]*')
_OSM_ONLY = re.compile(r'"|\|\||\bweek\b|\bSH\b|\bPH\b|\[|[A-Z][a-z]{2} \d')  # what French does not write
_LOST_DAYS = re.compile(r";\s*\d")  # a later rule without days: they were lost, or it would hold every day
_NIGHT = re.compile(r"00:00-0?0:00")
# « 9h-12h + Permanence à Givry : 14h-17h » says this place's hours first, then another's.
_ELSEWHERE = re.compile(r"\s*[+/;,.]\s*permanences? (?:à|au|aux|de) [A-ZÉÈ].*", re.DOTALL | re.IGNORECASE)
_A_TIME = re.compile(r"\d\s*[h:]|\d{1,2}\s*(?:-|–|à)\s*\d{1,2}", re.IGNORECASE)
_TOLD_ELSEWHERE = re.compile(
    r"(?:(?:pour )?(?:les |ses |nos )?(?:jours et |jours )?(?:horaires?|heures|permanences?)(?: d ouverture| et jours)?(?: a)? )?"
    r"(?:se (?:referer|renseigner|reporter|rapprocher)|s adresser|voir|consulter|cf|(?:nous |me |les )?contacter|appeler|"
    r"selon|suivant|en fonction|variables?)\b"
)
_EXCEPTS = re.compile(
    r"\b(?:sauf|except|hors|hormis|exception|ferm|off\b|closed|pas\b|pause|coupure|vacances|conges|scolaire|feries?|ete\b|hiver"
    r"|saison|semaines? (?:im)?paire|jusqu|janv|fevr|mars|avril|mai\b|juin|juil|aout|sept|octo|nove|dece)"
)
_IMPOSSIBLE = frozenset({"hours_overlap", "hours_are_zero"})  # hours that are understood, and cannot be
_CLOSED = frozenset({"ferme", "fermee", "closed", "off", "-", "/", "non"})

Week = Mapping[str, str | Sequence[str | None] | None]


def read_hours(raw: object) -> Reading[str]:
    """OSM ``opening_hours`` of a text, or the time part alone where it names no day.

    Returns
    -------
    Reading
        ``Mo-Fr 09:00-12:00,14:00-17:00``, ``09:00-12:00``, ``We[1] 14:00-17:00``; None where not all is certain.
    """
    text = clean(raw)
    if text is None:
        return Reading(None)
    reading = _read(text)
    if reading.value is None and not _A_TIME.search(text) and _TOLD_ELSEWHERE.match(normalise(text)):
        return Reading(None, (Note("hours_told_elsewhere"),))
    return reading


def read_week(week: Week) -> Reading[str]:
    """Hours given a day a column (``Mo`` … ``Su``), each a text or a sequence of opening and closing texts.

    A day with nothing written is not said to be closed. A day that is not understood leaves no week; one whose hours
    are impossible (« 14h-12h ») costs those hours, and it is said.
    """
    value, notes = week_and_notes(week)
    return Reading(value, tuple(note for _, note in notes))


def week_and_notes(week: Week) -> tuple[str | None, list[tuple[str, Note]]]:
    """The value of `read_week`, and its notes with the day (``Fr``) whose cell each is about; "" for the whole."""
    whole = Said()
    notes: list[tuple[str, Note]] = []
    for day in DAYS:
        cell = week.get(day)
        text = cell if cell is None or isinstance(cell, str) else _joined(cell)
        written = None if text is None else clean(text)
        if written is None or plain_text(written[:20]).text.strip(" .!'") in _CLOSED:
            continue
        name = f"{DAY_NAMES[day]} : {written[:60]}"
        try:
            said, told = _said(written, day)
        except NotUnderstoodError as problem:
            notes.append((day, Note(problem.rule, _meant(problem), name)))
            if problem.rule not in _IMPOSSIBLE:
                return None, notes[-1:]
            continue
        notes += [(day, replace(note, detail=name)) for note in told]
        shift = len(whole.clauses)
        whole.changes += [
            replace(one, clause=None if one.clause is None else one.clause + shift) for one in said.changes
        ]
        whole.clauses += said.clauses
        whole.never += said.never
    if not whole.clauses:
        return None, notes
    try:
        return checked(write(plans(whole), whole.never), whole), notes
    except NotUnderstoodError as problem:
        return None, [("", Note(problem.rule))]


@lru_cache(maxsize=65_536)
def names_days(value: str) -> bool:
    """Whether a value of hours says on which days; a place's hours without them are no week."""
    rules = [rule for rule in re.split(r"; ?|\|\|", value) if re.search(r"\d\d:\d\d", rule)]
    return all(re.search(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b", rule) for rule in rules)


def _meant(problem: NotUnderstoodError) -> str | None:
    """« 9-12 » that a spreadsheet took for the 9th of December: « 9h-12h »."""
    found = re.fullmatch(r"\d{4}-(\d\d)-(\d\d)(?: .*)?", problem.words)
    if problem.rule != "hours_are_dates" or not found:
        return None
    month, day = int(found[1]), int(found[2])
    return f"{day}h-{month}h" if day < month else None


def _joined(cells: Sequence[str | None]) -> str | None:
    """Opening, closing, opening, closing: ``09:00-12:00,14:00-17:00``."""
    times = [text for text in cells if text and clean(text) is not None]
    if not times or len(times) % 2:
        return " ".join(times) or None
    return ",".join(f"{opens}-{closes}" for opens, closes in zip(times[::2], times[1::2], strict=True))


@lru_cache(maxsize=65_536)
def _read(text: str) -> Reading[str]:
    osm = _is_osm(text)
    if osm and _OSM_ONLY.search(text):
        return _as_it_is(text)
    if text[0] in "{[":
        structured = _read_structured(text)
        if structured is not None:
            return structured
    reading = _read_prose(text)
    if reading.value is None and osm:
        return _as_it_is(text)
    found = _ELSEWHERE.search(text) if reading.value is None else None
    if found:
        shorter = _read_prose(text[: found.start()])
        if shorter.value is not None:
            left = Note("hours_elsewhere_left_out", detail=_quoted(found.group().strip(" +/;,.")))
            return Reading(shorter.value, (*shorter.notes, left))
    return reading


def _is_osm(text: str) -> bool:
    """Whether a text has only the words and signs of OSM's format."""
    if len(text) > LONGEST or not _OSM_SIGNS.fullmatch(re.sub(r'"[^"]*"', '""', text)):
        return False
    words = re.findall(r"[A-Za-z]+", re.sub(r'"[^"]*"', "", text))
    return all(word in _OSM_WORDS for word in words) and bool(words or '"' in text or "24/7" in text)


def _as_it_is(text: str) -> Reading[str]:
    """A value of the format that says more than French does here: kept as it is, where it is one."""
    value = " ".join(text.split()).strip("; ")
    if _NIGHT.search(value):
        return Reading(None, (Note("hours_are_zero"),))
    try:
        OpeningHours(value)
    except ParserError:
        return Reading(None, (Note("hours_not_understood"),))
    told = re.search(r'\d\d:\d\d|\boff\b|\bclosed\b|"|24/7', value)
    return Reading(
        None if _LOST_DAYS.search(value) or not told else value, () if told else (Note("hours_not_understood"),)
    )


def _read_prose(text: str) -> Reading[str]:
    try:
        said, notes = _said(text)
        return Reading(checked(write(plans(said, said.osm), said.never), said), tuple(notes))
    except NotUnderstoodError as problem:
        hours = any(sign.isdigit() for sign in text)  # a word forbids hours where there are some
        rule = problem.rule if hours or not problem.words else "hours_not_understood"
        if rule == "hours_with_exceptions" and not problem.words and not _EXCEPTS.search(normalise(text)):
            rule = "hours_not_understood"  # what is said beside the hours is no exception by its words
        if rule == "hours_are_dates" and "/" in problem.words and _A_TIME.search(text.replace(problem.words, " ")):
            rule = "hours_uncertain"  # « vendredi 21/04 : 10h-12h »: one week's
        return Reading(None, (Note(rule, detail=_quoted(problem.words) if problem.words else None),))


def _said(text: str, day: str | None = None) -> tuple[Said, list[Note]]:
    """The clauses of a text and what there is to tell of it; raises NotUnderstoodError."""
    if len(text) > _FARTHEST:
        raise NotUnderstoodError("hours_not_understood")
    plain = plain_text(text)
    if len(plain.written) > LONGEST:
        raise NotUnderstoodError("hours_not_understood")
    found = tokens(plain)
    if len(found) > _MOST_WORDS:
        raise NotUnderstoodError("hours_not_understood")
    unknown = remarks(found, plain)
    if not found or not covered(found, plain):
        raise NotUnderstoodError("hours_not_understood")
    words = [plain.text[token.begin : token.end] for token in found if token.kind == "day"]
    said = read(found, words, day)
    notes = [Note("hours_remark_left_out", detail=_quoted(words)) for words in unknown]
    for rule, begin, end in said.doubts:
        notes.append(Note(_TOLD.get(rule, "hours_half_day_left_out"), detail=_quoted(plain.quote(begin, end))))
    return said, notes


_TOLD = {rule: rule for rule in ("hours_appointment_of_all", "hours_of_telephone_left_out")}


def _quoted(words: str) -> str:
    """« words », on one line, not too long."""
    line = " ".join(words.split())
    return f"« {line if len(line) <= 160 else line[:157] + '…'} »"


def _read_structured(text: str) -> Reading[str] | None:
    """JSON or Python text: ``{"lundi": "9h-12h"}``, ``['Lundi 9h-12h', 'Mardi 9h-12h']``; None where it is neither."""
    content: object = None
    for reader in (json.loads, ast.literal_eval):
        try:
            content = reader(text) if len(text) <= LONGEST else None
            break
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    if isinstance(content, list) and content and all(isinstance(line, str) for line in content):
        return _read_prose("\n".join(content))
    if not isinstance(content, dict):
        return None
    week: dict[str, str] = {}
    for name, hours in content.items():
        starts = [code for code, day in DAY_NAMES.items() if str(name).lower() in {day, code.lower()}]
        written = ", ".join(map(str, hours)) if isinstance(hours, list) else hours
        if len(starts) != 1 or not (written is None or isinstance(written, str)):
            return Reading(None, (Note("hours_not_understood"),))
        week[starts[0]] = written or ""
    return read_week(week) if week else Reading(None, (Note("hours_not_understood"),))
