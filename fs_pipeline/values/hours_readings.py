"""All the readings of a text of opening hours, capped; the one week that they agree on, or that there are two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from fs_pipeline.values.hours_clauses import Said
from fs_pipeline.values.hours_grammar import items
from fs_pipeline.values.hours_joints import MOST_READINGS, Choices
from fs_pipeline.values.hours_lexer import Token
from fs_pipeline.values.hours_plan import plans
from fs_pipeline.values.hours_scope import scope
from fs_pipeline.values.hours_text import NotUnderstoodError
from fs_pipeline.values.hours_writing import write

_BEGIN, _END = (
    dt.datetime(2026, 1, 1),
    dt.datetime(2028, 1, 1),
)  # parities, ranks and months all come round in two years
_OSM_DAYS = frozenset({"mo", "tu", "we", "th", "fr", "sa", "su"})


def read(found: Sequence[Token], words: Sequence[str], day: str | None = None) -> Said:
    """What a text says, of one week; in the column of `day`, its own.

    `words` are the days as they are written. Raises NotUnderstoodError, with the two weeks where two readings differ.
    """
    osm = bool(words) and all(word in _OSM_DAYS for word in words)
    if not osm and any(token.kind == "time" and int(token.value[3:]) % 5 for token in found):
        raise NotUnderstoodError("hours_not_understood")  # « 11h31 » is a spreadsheet's drag, not somebody's hours
    waiting: list[tuple[int, ...]] = [()]
    read: list[tuple[int, str, Said]] = []
    problem: NotUnderstoodError | None = None
    tried = 0
    while waiting:
        tried += 1
        if tried > MOST_READINGS:
            raise NotUnderstoodError("hours_two_readings")
        choices = Choices(waiting.pop(0))
        try:
            said = scope(items(found, choices), choices)
            said = of_day(said, day) if day else said
            read.append((choices.rank, checked(write(plans(said, osm), said.never), said), said))
        except NotUnderstoodError as one:
            problem = problem or one
        waiting += choices.following()
    if not read:
        raise problem or NotUnderstoodError("hours_not_understood")
    natural = min(rank for rank, _, _ in read)
    agreed = [(value, said) for rank, value, said in read if rank == natural]
    for value, _ in agreed[1:]:
        if not _same(agreed[0][0], value):
            raise NotUnderstoodError("hours_two_readings", f"{agreed[0][0]} » ou « {value}")
    agreed[0][1].osm = osm
    return agreed[0][1]


def of_day(said: Said, day: str) -> Said:
    """What a cell says in the column of a day; raises where it names other days."""
    named = [clause.days for clause in said.clauses] + [change.days for change in said.changes]
    if any(name[:2] != day for days in named for name in days):
        raise NotUnderstoodError("hours_of_another_day")
    for clause in said.clauses:
        clause.days = clause.days or (day,)
    changes = [replace(change, days=change.days or (day,)) for change in said.changes]
    return Said(said.clauses, changes, [f"{selector} {day}" for selector in said.never], said.doubts)


def checked(value: str, said: Said) -> str:
    """The value, where something is left and an independent parser reads it; raises NotUnderstoodError."""
    if not value:
        raise NotUnderstoodError(said.doubts[0][0] if said.doubts else "hours_are_zero")
    try:
        OpeningHours(value)
    except ParserError as problem:
        raise NotUnderstoodError("hours_not_understood") from problem
    return value


def _same(one: str, other: str) -> bool:
    """Whether two values are open at the same times of two years, received in alike."""
    if one == other:
        return True
    if "SH" in one + other or "PH" in one + other:
        return False
    first, second = (list(OpeningHours(value).intervals(_BEGIN, _END)) for value in (one, other))
    return first == second
