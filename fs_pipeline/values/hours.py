"""Opening hours in French prose, or a day a column, as OSM ``opening_hours``; nothing where anything is uncertain.

A wrong hour is worse than none: someone travels for nothing. So every word must be understood (hours_words.py), times
must pair and grow, and what comes out must be read by an independent parser of the format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from fs_pipeline.values.hours_words import DAYS, Token, plain, tokens
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

APPOINTMENT = '"sur rendez-vous"'
_WEEKS = {"odd": "week 01-53/2 ", "even": "week 02-53/2 "}
_OSM = re.compile(r"(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|week|24/7)\b)")
_STARTS = frozenset({"day", "everyday", "weekend", "nth", "parity", "closed"})
_AND = frozenset({"et", "ou", "puis", "+", "&"})
_GLUED = re.compile(r",(?=\d\d:\d\d)")  # not a decimal comma: « 09:00-12:00,14:00-17:00 »
_CLOSED = frozenset({"ferme", "fermee", "closed", "off", "-"})
Span = tuple[str, str]


class _NotUnderstood(Exception):
    """Carries the rule that says why."""


@dataclass
class _Group:
    """Days, then the times they share."""

    days: list[str] = field(default_factory=list)
    parity: str | None = None
    times: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    closed: bool = False
    appointment: bool = False


def read_hours(raw: object) -> Reading[str]:
    """OSM ``opening_hours`` of a text, or the time part alone where it names no day.

    Returns
    -------
    Reading
        ``Mo-Fr 09:00-12:00,14:00-17:00``, ``09:00-12:00``, ``We[1] 14:00-17:00``; None where not all is certain.
    """
    text = clean(raw)
    return Reading(None) if text is None else _read(text)


def read_week(week: Mapping[str, str | Sequence[str | None] | None]) -> Reading[str]:
    """Hours given a day a column (``Mo`` … ``Su``), each a text or a sequence of opening and closing texts.

    A day with nothing written is not said to be closed.
    """
    groups: list[tuple[str, str]] = []
    for day in DAYS:
        cell = week.get(day)
        if cell is None:
            continue
        text = cell if isinstance(cell, str) else _joined(cell)
        if text is None or clean(text) is None:
            continue
        reading = read_hours(text)
        if plain(text) in _CLOSED:
            continue
        if reading.value is None or not reading.value[0].isdigit():
            return Reading(None, (Note("hours_not_understood", detail=text[:60]),))
        groups.append((day, reading.value))
    if not groups:
        return Reading(None)
    return _checked(_fold(groups))


def _joined(cells: Sequence[str | None]) -> str | None:
    """Opening, closing, opening, closing: ``09:00-12:00,14:00-17:00``."""
    times = [text for text in cells if text and clean(text) is not None]
    if not times or len(times) % 2:
        return " ".join(times) or None
    return ",".join(f"{opens}-{closes}" for opens, closes in zip(times[::2], times[1::2], strict=True))


@lru_cache(maxsize=65_536)
def _read(text: str) -> Reading[str]:
    if _OSM.match(text):
        checked = _checked(text.rstrip("; "))
        if checked.value is not None:
            return checked
    found = tokens(plain(_GLUED.sub(", ", text)))
    if found is None:
        return Reading(None, (Note("hours_not_understood"),))
    try:
        return _checked(_write(_groups(found)))
    except _NotUnderstood as problem:
        return Reading(None, (Note(str(problem)),))


def _groups(found: list[Token]) -> list[_Group]:
    """Cut the tokens where days, a parity or « fermé » follow times."""
    by_month = any(token.kind == "nothing" and token.value.endswith("mois") for token in found)
    walk_in = any(token.kind == "nothing" and token.value.startswith(("sans r", "hors r")) for token in found)
    if walk_in and any(token.kind == "appointment" for token in found):
        raise _NotUnderstood("hours_with_exceptions")
    found = _without_holidays([token for token in found if token.kind != "nothing"])
    found = _with_bare_times([token for token in found if token.value not in {"(", ")", ":"}])
    times_first = _begins_with_times(found)
    groups = [_Group()]
    said_first = bool(found) and found[0].kind == "appointment"
    for position, token in enumerate(found):
        group = groups[-1]
        filled = bool(group.times or group.closed or group.appointment)
        opened = position and found[position - 1].kind in {"nth", "parity"}
        starts = token.kind in _STARTS and filled and group.days and not opened and not times_first
        if starts and not (token.kind == "parity" and position == len(found) - 1):
            groups.append(group := _Group())
        _hear(group, found, position)
    for group in groups:
        group.appointment |= said_first and not group.closed
        _close(group)
    ranked = any("[" in day for group in groups for day in group.days)
    if (ranked and not by_month) or len({group.parity is None for group in groups}) > 1:
        raise _NotUnderstood("hours_not_understood")  # a parity said of one part may hold for the others
    return groups


def _hear(group: _Group, found: list[Token], position: int) -> None:
    """One token, in the group it belongs to."""
    token = found[position]
    if token.kind == "day":
        _add_day(group, token.value, found, position)
    elif token.kind in {"everyday", "weekend"}:
        group.days += DAYS[0 if token.kind == "everyday" else 5 :]
    elif token.kind == "time":
        _add_time(group, token.value, found, position)
    elif token.kind == "half":
        _check_half(found, position)
    elif token.kind == "closed":
        group.closed = True
    elif token.kind == "appointment":
        after = [other.kind for other in found[position + 1 :] if other.kind != "glue"][:1]
        if (group.times and after == ["time"]) or (position and found[position - 1].value in _AND):
            raise _NotUnderstood("hours_with_exceptions")  # « 9h-12h et sur rendez-vous » is more than these hours
        group.appointment = True
    elif token.kind == "parity":
        group.parity = token.value


def _with_bare_times(found: list[Token]) -> list[Token]:
    """A bare number is a time only across a dash from another time: « 9-12h »."""
    heard = list(found)
    for position, token in enumerate(found):
        if token.kind == "bare":
            before, after = found[max(0, position - 2) : position], found[position + 1 : position + 3]
            pairs = ([one.kind for one in before], [one.kind for one in reversed(after)])
            if ["time", "to"] not in pairs:
                raise _NotUnderstood("hours_not_understood")
            heard[position] = Token("time", token.value)
    return heard


def _begins_with_times(found: list[Token]) -> bool:
    """« 9h-12h du lundi au vendredi »: all times stand before all days."""
    kinds = [token.kind for token in found if token.kind in {"day", "time", "everyday", "weekend"}]
    if not kinds or kinds[0] != "time" or set(kinds) == {"time"}:
        return False
    first_day = next(i for i, kind in enumerate(kinds) if kind != "time")
    if "time" in kinds[first_day:]:
        raise _NotUnderstood("hours_not_understood")
    return True


def _add_day(group: _Group, day: str, found: list[Token], position: int) -> None:
    """One day, its ranks in the month, or the end of a range that « au » or « - » opened."""
    kinds = ["", "", "", *(token.kind for token in found[:position] if token.kind != "half")]
    if kinds[-1] == "nth":
        first = position - 1
        while first >= 2 and found[first - 1].kind == "glue" and found[first - 2].kind == "nth":
            first -= 2
        group.days += [f"{day}[{token.value}]" for token in found[first:position] if token.kind == "nth"]
        return
    if kinds[-1] == "to" and kinds[-2] == "day" and group.days:
        if kinds[-3] == "to" or "[" in group.days[-1]:
            raise _NotUnderstood("hours_not_understood")  # « lundi - mardi - jeudi »: a list or a range?
        first, last = DAYS.index(group.days[-1]), DAYS.index(day)
        if last <= first:
            raise _NotUnderstood("hours_not_understood")
        group.days += DAYS[first + 1 : last + 1]
        return
    group.days.append(day)


def _add_time(group: _Group, time: str, found: list[Token], position: int) -> None:
    """One time; what stands before it must agree that it opens or closes."""
    between = found[position - 1] if position else Token("nothing")
    closes = len(group.times) % 2 == 1
    listed = between.kind == "glue" and between.value != "/"
    said_until = between.kind == "to" and not between.value.startswith("-")
    if (closes and listed) or (group.times and not closes and said_until):
        raise _NotUnderstood("hours_not_understood")
    group.times.append(time)


def _check_half(found: list[Token], position: int) -> None:
    """« matin » and « après-midi » stand beside the times they say, and agree with them."""
    is_morning = found[position].value.startswith("matin")
    after = next((token for token in found[position + 1 :] if token.kind != "glue"), Token(""))
    before = next((token for token in reversed(found[:position]) if token.kind != "glue"), Token(""))
    opens = after.kind == "time" and (after.value < "12:30") is is_morning
    closes = before.kind == "time" and (before.value <= "13:30") is is_morning
    if not (opens or closes):
        raise _NotUnderstood("hours_not_understood")


def _without_holidays(found: list[Token]) -> list[Token]:
    """« sauf jours fériés » adds nothing certain to a week and is dropped; every other exception is refused."""
    kept: list[Token] = []
    for token in found:
        if token.kind == "holiday" and kept and kept[-1].kind in {"except", "closed"}:
            kept.pop()
        elif token.kind in {"school", "holiday"}:
            raise _NotUnderstood("hours_with_exceptions")
        else:
            kept.append(token)
    if any(token.kind == "except" for token in kept):
        raise _NotUnderstood("hours_with_exceptions")
    return kept


def _close(group: _Group) -> None:
    """Pair the times; they must grow."""
    times = group.times
    if len(times) % 2:
        raise _NotUnderstood("hours_cut")
    spans = list(zip(times[::2], times[1::2], strict=True))
    if any(span == ("00:00", "00:00") for span in spans):
        raise _NotUnderstood("hours_are_zero")
    spans = [(opens, "24:00" if closes == "00:00" else closes) for opens, closes in spans]
    flat = [time for span in spans for time in span]
    if any(later <= earlier for earlier, later in pairwise(flat)):
        raise _NotUnderstood("hours_overlap")
    group.spans = spans
    if len(set(group.days)) != len(group.days):
        raise _NotUnderstood("hours_overlap")


def _write(groups: list[_Group]) -> str:
    """One rule a group; consecutive days with the same hours are folded."""
    if len(groups) == 1 and not groups[0].days and not groups[0].parity:
        only = groups[0]
        if only.appointment and not only.spans:
            return APPOINTMENT
        if only.closed or not only.spans:
            raise _NotUnderstood("hours_not_understood")
        return _spans(only) + (f" {APPOINTMENT}" if only.appointment else "")
    rules: list[tuple[str, str, str]] = []
    for group in groups:
        if not group.days or not (group.spans or group.closed or group.appointment):
            raise _NotUnderstood("hours_not_understood")
        if group.closed and group.spans:
            raise _NotUnderstood("hours_with_exceptions")
        state = "off" if group.closed else _spans(group)
        if group.appointment:
            state = f"{state} {APPOINTMENT}".strip()
        rules += [(_WEEKS.get(group.parity or "", ""), day, state) for day in group.days]
    written = []
    for weeks in dict.fromkeys(rule[0] for rule in rules):
        mine = [(day, state) for prefix, day, state in rules if prefix == weeks]
        if len({day for day, _ in mine}) != len(mine):
            raise _NotUnderstood("hours_overlap")
        written += [weeks + part for part in _fold(mine).split("; ")]
    return "; ".join(written)


def _spans(group: _Group) -> str:
    return ",".join(f"{opens}-{closes}" for opens, closes in group.spans)


def _fold(days: Sequence[tuple[str, str]]) -> str:
    """Days with the same hours together, in the order of the week: ``Mo-Tu,Th 09:00-12:00``."""
    by_state: dict[str, list[str]] = {}
    ordered = sorted(days, key=lambda item: DAYS.index(item[0][:2]))
    for day, state in ordered:
        by_state.setdefault(state, []).append(day)
    return "; ".join(f"{_day_list(names)} {state}" for state, names in by_state.items())


def _day_list(names: Sequence[str]) -> str:
    """Runs of three days or more, and runs of two, as ranges."""
    runs: list[list[str]] = []
    for name in names:
        follows = runs and "[" not in name and "[" not in runs[-1][-1]
        if follows and DAYS.index(name) == DAYS.index(runs[-1][-1]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _checked(value: str) -> Reading[str]:
    """The value if an independent parser reads it."""
    try:
        OpeningHours(value if value[:1] in {"M", "T", "W", "F", "S", "P", "w", '"', "2"} else f"Mo {value}")
    except ParserError:
        return Reading(None, (Note("hours_not_understood"),))
    return Reading(value)
