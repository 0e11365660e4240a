"""Weeks of opening hours for `hours_renderings.py`, and what each means in OSM's format.

Written before the grammar was, from the families that the issue names and from what French town halls print; it is not
changed to please the grammar. `truth` says the week in OSM's format without the parser's code.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
Slots = tuple[tuple[int, int], ...]  # minutes of opening and closing


@dataclass(frozen=True)
class Week:
    """What one place's year looks like: each family fills what it speaks of."""

    family: str
    days: dict[int, Slots]  # 0 is Monday; -1 alone: no day is named
    appointment: str = ""  # "", "all", "am", "pm": which slots need one
    ranks: tuple[int, ...] = ()
    parity: str = ""  # odd, even
    months: tuple[str, str] | None = None
    other: dict[int, Slots] = field(default_factory=dict)  # the other weeks, months or holidays
    closed: tuple[int, ...] = ()  # days said to be closed
    never: str = ""  # "SH" where the school's holidays are out
    unknowable: bool = False  # the text does not say which weeks: nothing may be published


def shape(family: str, draw: random.Random) -> Week:
    """A week of which a family speaks."""
    plain = _plain(draw)
    return _SHAPES.get(family, lambda _, days: Week(family, days))(draw, plain)


def truth(said: Week) -> str | None:
    """The week as OSM ``opening_hours``; None where the text cannot tell."""
    if said.unknowable:
        return None
    first = ""
    if said.parity:
        first = f"week 0{1 if said.parity == 'odd' else 2}-53/2 "
    if said.months:
        first = f"{said.months[0]}-{said.months[1]} "
    rules = _rules(said, said.days, first)
    if said.other:
        second = "SH " if said.family == "holidays" else f"week 0{2 if said.parity == 'odd' else 1}-53/2 "
        second = "Jul-Aug " if said.months else second
        rules += ["SH off"] if said.family == "holidays" else []
        rules += _rules(said, said.other, second)
    if said.never:
        rules.append(f"{said.never} off")
    return "; ".join(rules)


def _rules(said: Week, days: dict[int, Slots], head: str) -> list[str]:
    rules = []
    for day, slots in days.items():
        name = "" if day < 0 else DAYS[day]
        if said.ranks:
            name += f"[{','.join(map(str, said.ranks))}]"
        free = [slot for slot in slots if not _asked(said, slot)]
        asked = [slot for slot in slots if _asked(said, slot)]
        parts = [f"{head}{name} {','.join(map(_osm, free))} open".strip()] if free else []
        parts += [f'{head}{name} {",".join(map(_osm, asked))} "sur rendez-vous"'.strip()] if asked else []
        rules.append(", ".join(parts))
    return rules


def _asked(said: Week, slot: tuple[int, int]) -> bool:
    half = "am" if slot[0] < 12 * 60 else "pm"
    return said.appointment in {"all", half}


def _osm(slot: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in slot)


# What weeks look like.


def _slots(draw: random.Random, halves: str | None = None) -> Slots:
    halves = halves or draw.choice(["ap", "ap", "ap", "a", "p"])
    quarter = [0, 0, 0, 30, 30, 15, 45]
    out = []
    if "a" in halves:
        out.append((draw.choice([8, 9, 9, 10]) * 60 + draw.choice(quarter), 12 * 60 + draw.choice([0, 0, 30])))
    if "p" in halves:
        out.append(
            (
                draw.choice([13, 14, 14]) * 60 + draw.choice(quarter),
                draw.choice([16, 17, 18]) * 60 + draw.choice(quarter),
            )
        )
    return tuple(out)


def _plain(draw: random.Random) -> dict[int, Slots]:
    """Monday to Friday alike, or some days, or each its own."""
    kind = draw.choice(["range", "range", "some", "each"])
    if kind == "range":
        days = dict.fromkeys(range(draw.choice([0, 0, 1]), draw.choice([4, 5, 5])), _slots(draw))
        return days | ({5: _slots(draw, "a")} if draw.random() < 0.4 else {})
    chosen = sorted(draw.sample(range(6), draw.randint(1, 4)))
    if kind == "some":
        return dict.fromkeys(chosen, _slots(draw))
    return {day: _slots(draw) for day in chosen}


def _one(draw: random.Random) -> dict[int, Slots]:
    return {draw.randrange(6): _slots(draw, draw.choice("ap"))}


def _range(draw: random.Random) -> dict[int, Slots]:
    return dict.fromkeys(range(draw.choice([0, 1]), 5), _slots(draw, "ap"))


_SHAPES: dict[str, Callable[[random.Random, dict[int, Slots]], Week]] = {
    "parity": lambda draw, _: Week("parity", _one(draw), parity=draw.choice(["odd", "even"])),
    "both parities": lambda draw, _: _both_parities(draw),
    "ranks": lambda draw, _: Week("ranks", _one(draw), ranks=draw.choice([(1,), (2,), (3,), (1, 3), (2, 4), (-1,)])),
    "months": lambda draw, days: Week("months", days, months=draw.choice([("Sep", "Jun"), ("Apr", "Oct")])),
    "two seasons": lambda draw, days: Week("two seasons", days, months=("Sep", "Jun"), other=_range(draw)),
    "except a half-day": lambda draw, _: _cut(draw, "except a half-day"),
    "except a day": lambda draw, _: _cut(draw, "except a day"),
    "closes earlier": lambda draw, _: _cut(draw, "closes earlier"),
    "appointment": lambda draw, days: Week("appointment", days, appointment="all"),
    "afternoon by appointment": lambda draw, _: Week(
        "afternoon by appointment", _range(draw), appointment=draw.choice(["am", "pm"])
    ),
    "out of holidays": lambda _, days: Week("out of holidays", days, never="SH"),
    "holidays": lambda draw, _: Week("holidays", _range(draw), other=_range(draw)),
    "no day": lambda draw, _: Week("no day", {-1: _slots(draw)}),
    "one week in two": lambda draw, _: Week("one week in two", _one(draw), unknowable=True),
    "this day or that": lambda draw, _: Week("this day or that", {1: _slots(draw, "p"), 3: ()}, unknowable=True),
    "closed until further notice": lambda _, days: Week("closed until further notice", days, unknowable=True),
}


def _cut(draw: random.Random, family: str) -> Week:
    """Monday to Friday alike, less a half-day, a day, or the last hour of one."""
    days = _range(draw)
    am, pm = days[2]
    if family == "closes earlier":
        days[4] = (am, (pm[0], pm[1] - 60))
    elif family == "except a day":
        del days[draw.choice([2, 3])]
    else:
        days[draw.choice([2, 3])] = (draw.choice([am, pm]),)
    return Week(family, days)


def _both_parities(draw: random.Random) -> Week:
    day = draw.randrange(5)
    return Week("both parities", {day: _slots(draw, "a")}, parity="even", other={day: _slots(draw, "p")})
