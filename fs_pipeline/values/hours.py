"""Opening hours in French prose, or a day a column, as OSM ``opening_hours``; nothing where anything is uncertain.

A wrong hour is worse than none: someone travels for nothing. So every word must be understood (hours_words.py), what
each bears on must be plain (hours_clauses.py), and what comes out must be read by an independent parser of the format.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from fs_pipeline.values.hours_atoms import NotUnderstoodError, atoms
from fs_pipeline.values.hours_clauses import read_clauses
from fs_pipeline.values.hours_walk import Said
from fs_pipeline.values.hours_week import of_day, write
from fs_pipeline.values.hours_words import DAY_NAMES, DAYS, plain, tokens
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

_OSM = re.compile(
    r"(?:\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|week|off|closed|open|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
    r'|"[^"]*"|24/7|\d\d:\d\d|[\d\s,;:/|+\[\]-])+'
)
_OSM_STATE = re.compile(r'\d\d:\d\d|\boff\b|\bclosed\b|"|24/7')
_OSM_WORD = re.compile(r'[A-Za-z"]|24/7')
_NIGHT = re.compile(r"00:00-0?0:00")
_GLUED = re.compile(r",(?=\d\d?[:h])")  # not a decimal comma: « 09:00-12:00,14:00-17:00 »
# « 9h-12h + Permanence à Givry : 14h-17h » says this place's hours first, then another's.
_ELSEWHERE = re.compile(r"\s*[+/;,.]\s*permanences? (?:à|au|aux|de) [A-ZÉÈ].*", re.DOTALL | re.IGNORECASE)
# A closing sentence that speaks of what is offered, and of nothing that could change the hours.
_REMARK = re.compile(r"(?<=\S)\s*(?:[.;]\s+|\n+\s*)(?P<remark>[^\W\d_][^.;\n\d]{14,})[.\s]*$")
_CHANGES = re.compile(
    r"\b(?:lun|mar|mer|jeu|ven|sam|dim|jour|journee|semaine|week|mois|ete|hiver|saison|annee|matin|apres|soir|midi|heure"
    r"|horaire|ouver|ouvr|ferm|clos|rdv|rendez|accueil|recoi|recev|vacance|conge|ferie|periode|scolaire|sauf|except|hors"
    r"|hormis|unique|seul|exclus|reserv|adherent|inscri|selon|fonction|plan|calend|agenda|date|site|lieu|lieux|commune|"
    r"antenne|permanence|itiner|deplac|tele|appel|contact|mail|certain|partie|partiel|vari|modif|chang|suscept|provis|"
    r"temp|actuel|moment|covid|sanitaire|pas|plus|non|ne|aucun|sans|ni|sur|sous|avec|jusqu|partir|avant|entre|fin|debut|"
    r"adapt|demand|confirm|verif|possib|parfois|souvent|regul|except|alternan|pair|impair|public|secretar|mairie|n')"
)
_LONGEST = 2_000  # characters; what is longer tells a story, not hours
_CLOSED = frozenset({"ferme", "fermee", "closed", "off", "-", "/", "non"})


def read_hours(raw: object) -> Reading[str]:
    """OSM ``opening_hours`` of a text, or the time part alone where it names no day.

    Returns
    -------
    Reading
        ``Mo-Fr 09:00-12:00,14:00-17:00``, ``09:00-12:00``, ``We[1] 14:00-17:00``; None where not all is certain.
    """
    text = clean(raw)
    return Reading(None) if text is None else _read(text.replace("\\n", "\n"))  # an export's line break


def read_week(week: Mapping[str, str | Sequence[str | None] | None]) -> Reading[str]:
    """Hours given a day a column (``Mo`` … ``Su``), each a text or a sequence of opening and closing texts.

    A day with nothing written is not said to be closed.
    """
    whole = Said()
    for day in DAYS:
        cell = week.get(day)
        text = cell if cell is None or isinstance(cell, str) else _joined(cell)
        if text is None or clean(text) is None or plain(text).strip(" .!'") in _CLOSED:
            continue
        try:
            said = of_day(_said(str(clean(text))), day)
        except NotUnderstoodError as problem:
            return Reading(None, (Note(str(problem), detail=f"{DAY_NAMES[DAYS.index(day)]} : {text[:60]}"),))
        whole.clauses += said.clauses
        whole.never += said.never
    return _written(whole) if whole.clauses else Reading(None)


def _joined(cells: Sequence[str | None]) -> str | None:
    """Opening, closing, opening, closing: ``09:00-12:00,14:00-17:00``."""
    times = [text for text in cells if text and clean(text) is not None]
    if not times or len(times) % 2:
        return " ".join(times) or None
    return ",".join(f"{opens}-{closes}" for opens, closes in zip(times[::2], times[1::2], strict=True))


@lru_cache(maxsize=65_536)
def _read(text: str) -> Reading[str]:
    if _OSM.fullmatch(text) and _OSM_STATE.search(text) and _OSM_WORD.search(text):
        if _NIGHT.search(text):
            return Reading(None, (Note("hours_are_zero"),))
        checked = _checked(text.strip("; "))
        if checked.value is not None:
            return checked
    if len(text) > _LONGEST:
        return Reading(None, (Note("hours_not_understood"),))
    if text[0] in "{[":
        return _read_structured(text)
    reading = _read_prose(text)
    if reading.value is None:
        for rule, pattern in (("hours_elsewhere_left_out", _ELSEWHERE), ("hours_remark_left_out", _REMARK)):
            found = pattern.search(text)
            if not found or (rule == "hours_remark_left_out" and _CHANGES.search(plain(found.group("remark")))):
                continue
            shorter = _read_prose(text[: found.start()])
            if shorter.value is not None:
                return Reading(shorter.value, (Note(rule),))
    return reading


def _read_prose(text: str) -> Reading[str]:
    try:
        return _written(_said(text))
    except NotUnderstoodError as problem:
        return Reading(None, (Note(str(problem)),))


def _said(text: str) -> Said:
    """The clauses of a text; raises NotUnderstoodError."""
    found = tokens(_GLUED.sub(", ", plain(text)))
    if not found:
        raise NotUnderstoodError("hours_not_understood")
    return read_clauses(atoms(found))


def _written(said: Said) -> Reading[str]:
    try:
        return _checked(write(said))
    except NotUnderstoodError as problem:
        return Reading(None, (Note(str(problem)),))


def _read_structured(text: str) -> Reading[str]:
    """JSON or Python text: ``{"lundi": "9h-12h"}``, ``['Lundi 9h-12h', 'Mardi 9h-12h']``."""
    content: object = None
    for reader in (json.loads, ast.literal_eval):
        try:
            content = reader(text)
            break
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    if isinstance(content, list) and content and all(isinstance(line, str) for line in content):
        return _read_prose("\n".join(content))
    week: dict[str, str] = {}
    for name, hours in content.items() if isinstance(content, dict) else ():
        starts = [code for code, day in zip(DAYS, DAY_NAMES, strict=True) if str(name).lower() in {day, code.lower()}]
        written = ", ".join(map(str, hours)) if isinstance(hours, list) else hours
        if len(starts) != 1 or not (written is None or isinstance(written, str)):
            return Reading(None, (Note("hours_not_understood"),))
        week[starts[0]] = written or ""
    return read_week(week) if week else Reading(None, (Note("hours_not_understood"),))


def _checked(value: str) -> Reading[str]:
    """The value if an independent parser reads it."""
    try:
        OpeningHours(value)
    except ParserError:
        return Reading(None, (Note("hours_not_understood"),))
    return Reading(value)
