"""Weeks, and the many ways in which French town halls and associations write them.

Written from the practice of their sheets and doors, without sight of the reader's grammar, nor of its own author's
trials: what one person forgets in both, another may think of. A week goes in; a text comes out, with what it means.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
MONTH_KEYS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
RDV = '"sur rendez-vous"'

Slot = tuple[int, int]
"""Opening and closing, in minutes since midnight."""
Slots = tuple[Slot, ...]
Clock = Callable[[int], str]


@dataclass(frozen=True)
class Week:
    """Hours of the days that are open, 0 for Monday."""

    days: dict[int, Slots]

    def runs(self) -> list[tuple[list[int], Slots]]:
        """Days of the same hours, together, in the order of the first of each."""
        gathered: dict[Slots, list[int]] = {}
        for day in sorted(self.days):
            gathered.setdefault(self.days[day], []).append(day)
        return [(days, slots) for slots, days in gathered.items()]


@dataclass(frozen=True)
class Letter:
    """A text, its family, and the only value that may be read from it; None where only silence is right."""

    family: str
    text: str
    means: str | None


Family = Callable[[Week, random.Random], tuple[str, str | None]]
FAMILIES: dict[str, Family] = {}


def render(week: Week, seed: int, family: str) -> Letter:
    """The week as `family` writes it."""
    return Letter(family, *FAMILIES[family](week, random.Random(f"{family} {seed}")))


def letters(count: int, seed: int = 0) -> list[Letter]:
    """`count` letters, of each family in turn, each of its own week."""
    names = list(FAMILIES)
    return [render(a_week(random.Random(seed + n)), seed + n, names[n % len(names)]) for n in range(count)]


def a_week(rng: random.Random) -> Week:
    """Two halves a day in most places, one in some, with a day or two that differ."""
    morning = (rng.choice([480, 510, 525, 540, 555, 570]), rng.choice([690, 705, 720, 735, 750]))
    evening = (rng.choice([780, 810, 825, 840, 870]), rng.choice([960, 990, 1005, 1020, 1050, 1080, 1110]))
    kinds: list[Slots] = [(morning, evening), (morning,), (evening,)]
    usual = rng.choice(kinds + kinds[:1] * 2)
    opened = rng.choice([range(5), range(5), range(1, 6), range(4), sorted(rng.sample(range(6), rng.randint(1, 4)))])
    days = dict.fromkeys(opened, usual)
    if rng.random() < 0.5:
        days[rng.choice(list(days))] = rng.choice(kinds)
    if rng.random() < 0.2:
        days[5] = (morning,)
    return Week(days)


def osm(week: Week, when: str = "", then: str = "") -> str:
    """The week as OSM writes it, a day a rule, `when` before each and `then` after."""
    return "; ".join(f"{when} {DAYS[day]} {times(slots)} {then}".strip() for day, slots in sorted(week.days.items()))


def times(slots: Slots) -> str:
    """``09:00-12:00,14:00-17:00``."""
    return ",".join("-".join(f"{m // 60:02}:{m % 60:02}" for m in slot) for slot in slots)


def family(write: Family) -> Family:
    """Let a function that writes weeks be one of the families, under its own name."""
    FAMILIES[write.__name__] = write
    return write


def short(minute: int) -> str:
    """``9h``, ``9h30``."""
    return f"{minute // 60}h{minute % 60:02}".removesuffix("00")


def long(minute: int) -> str:
    """``9 heures``, ``9 heures 30``, ``midi``."""
    hour, rest = divmod(minute, 60)
    if hour == 12:
        return "midi" + {0: "", 15: " et quart", 30: " et demi"}.get(rest, f" {rest:02}")
    return f"{hour} heures" + (f" {rest:02}" if rest else "")


CLOCKS: tuple[Clock, ...] = (
    short,
    lambda m: f"{m // 60}h{m % 60:02}",
    lambda m: f"{m // 60:02}h{m % 60:02}",
    lambda m: f"{m // 60} h {m % 60:02}".removesuffix(" 00"),
    lambda m: f"{m // 60:02}:{m % 60:02}",
)


def said(slots: Slots, clock: Clock, style: str = "{} - {}", joint: str = " et ") -> str:
    """Hours, one half after the other."""
    return joint.join(style.format(clock(a), clock(b)) for a, b in slots)


def listed(words: list[str], last: str = " et ") -> str:
    """``a, b et c``."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + last + words[-1]


def follow(days: list[int]) -> bool:
    """Whether three days or more follow each other."""
    return len(days) > 2 and days == list(range(days[0], days[-1] + 1))


def which(days: list[int], rng: random.Random) -> str:
    """``du lundi au vendredi``, ``les lundis et jeudis``."""
    if follow(days):
        return f"du {NAMES[days[0]]} au {NAMES[days[-1]]}"
    if len(days) == 1:
        return rng.choice(["le {}", "{}", "le {}"]).format(NAMES[days[0]])
    plural = rng.choice(["", "s"])
    return rng.choice(["les ", "le ", ""]) + listed([NAMES[day] + plural for day in days])


def sentence(week: Week, rng: random.Random, clock: Clock | None = None, joint: str = ", ") -> str:
    """The runs of the week, each with its hours."""
    clock, style = clock or rng.choice(CLOCKS), rng.choice(["de {} à {}", "{}-{}", "{} à {}", "de {} à {}"])
    glue = rng.choice([" ", " : ", " "]) if style != "de {} à {}" else " "
    return joint.join(which(days, rng) + glue + said(slots, clock, style) for days, slots in week.runs())


def lined(week: Week, rng: random.Random, closed: str, end: str = "\n", clock: Clock | None = None) -> str:
    """A day a line, closed days told by `closed` or, without it, left out."""
    clock, joint = clock or rng.choice(CLOCKS), rng.choice([" / ", " et ", ", ", " - ", "  "])
    style, glue = rng.choice(["{}-{}", "{} à {}", "de {} à {}"]), rng.choice([" : ", ": ", " ", "\t"])
    last = 7 if rng.random() < 0.5 else 6
    return end.join(
        NAMES[day].capitalize() + glue + (said(week.days[day], clock, style, joint) if day in week.days else closed)
        for day in range(last)
        if closed or day in week.days
    )


def halves(week: Week) -> tuple[list[int], Slot, list[int], Slot] | None:
    """Days of each half-day with its hours, where the week has both and each its one hour."""
    slots = {slot for day in week.days.values() for slot in day}
    if len(slots) != 2:
        return None
    am, pm = sorted(slots)
    return [d for d in week.days if am in week.days[d]], am, [d for d in week.days if pm in week.days[d]], pm


def plain(week: Week) -> Week:
    """The same, of its first hours on all of its days."""
    return Week(dict.fromkeys(week.days, next(iter(week.days.values()))))
