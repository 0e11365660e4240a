"""What a text of opening hours says, clause by clause, and where the reading of it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from fs_pipeline.values.hours_grammar import Item, Span
from fs_pipeline.values.hours_joints import Choices
from fs_pipeline.values.hours_text import NotUnderstoodError

Doubt = tuple[str, int, int]  # a rule of a note, and the place of the words that it quotes
SEPARATORS = frozenset({"hard", "comma", "slash", "and", "or", "also", "dash", "colon"})
EARLIEST = "05:00"  # « de 2h à 5h » is an afternoon or a mistake: nobody receives at night


@dataclass
class Slot:
    """One span, and how it is received in."""

    span: Span
    appointment: bool = False
    parity: str | None = None
    said: bool = False  # with or without an appointment, in so many words


@dataclass
class Clause:
    """Days, and what is said of them; no day is all days, or those the column names."""

    days: tuple[str, ...] = ()
    slots: list[Slot] = field(default_factory=list)
    season: str = ""  # months, or SH
    parity: str | None = None
    closed: bool = False
    half: str | None = None  # what is closed of the day
    appointment: bool = False  # these days, by appointment, no hour said
    more: bool = False  # other hours of these days, by appointment
    spoilt: bool = False  # a span of it was empty or impossible, and left out
    holidays: bool = False  # in the school's holidays, all the days of the text are like these
    adds: bool = False  # « et », « également »: to what is said of these days elsewhere
    listed: bool = False  # only a comma parts it from the clause before: in OSM's words, it adds
    hard: str = "."  # the strong sign that cuts it from the clause before: a line, « . », « ; »; "" where there is none

    def says(self) -> bool:
        """Whether there is more than days in it."""
        return bool(self.slots) or self.closed or self.appointment or self.more or self.spoilt or bool(self.half)


@dataclass(frozen=True)
class Change:
    """What « sauf », « fermé », « jusqu'à » change in what is said of days: taken away, other hours, another closing."""

    days: tuple[str, ...] = ()  # () is every day told so far
    half: str | None = None
    season: str = ""  # months, SH or PH
    spans: tuple[Span, ...] = ()  # these hours instead
    cut: Span | None = None  # closed between
    closes: str | None = None
    opens: str | None = None
    after: Span | None = None  # the span behind which it is written
    clause: int | None = None  # the only clause that it bears on
    shut: bool = False  # « fermé » only says it, « sauf » takes something away


@dataclass
class Said:
    """A whole text: clauses, changes, when nothing of it holds (``PH``, ``SH``, ``Aug``), and what there is to tell."""

    clauses: list[Clause] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    osm: bool = False  # written in OSM's own words: a later rule replaces an earlier one


@dataclass
class Walk:
    """One pass over the items; the clause that is being filled is the last."""

    items: list[Item]
    choices: Choices
    at: int = 0
    clauses: list[Clause] = field(default_factory=lambda: [Clause()])
    changes: list[Change] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    bracketed: bool = False
    mode: bool | None = None  # by appointment, without, or not said
    mode_lasts: bool = False
    section: str = ""
    parity: str | None = None
    slot_parity: str | None = None
    half: str | None = None  # « matin : »
    loose: bool = False  # a parity or months that may hold for one clause or for all
    term: bool = False
    times_first: bool = False
    skipping: str = ""  # the hours of the telephone: up to the next ``hard``, or to the ``counter``

    @property
    def clause(self) -> Clause:
        """The clause that is being filled."""
        return self.clauses[-1]

    def before(self, past: frozenset[str] = frozenset()) -> str:
        """Kind of the item before the one that is read, `past` apart; "" at the beginning."""
        at = self.at - 2
        while at >= 0 and self.items[at].kind in past:
            at -= 1
        return self.items[at].kind if at >= 0 else ""

    def after(self, past: frozenset[str] = frozenset()) -> str:
        """Kind of the item after the one that is read, `past` apart; "" at the end."""
        at = self.at
        while at < len(self.items) and self.items[at].kind in past:
            at += 1
        return self.items[at].kind if at < len(self.items) else ""

    def sign_before(self) -> str:
        """The strong sign before the item that is read (``.`` at the beginning), or ""."""
        cut = self.cut_before()
        if cut != "hard":
            return "/" if cut == "slash" else ""
        before = reversed(self.items[: self.at - 1])
        return next((item.value for item in before if item.kind == "hard"), ".")

    def cut_before(self) -> str:
        """The strongest sign between what was said and the item that is read: ``hard``, another, or ""."""
        at = self.at - 2
        found = ""
        while at >= 0 and self.items[at].kind in SEPARATORS | {"remark", "contact", "open", "close"}:
            kind = self.items[at].kind
            found = kind if kind == "hard" or not found else found
            at -= 1
        return "hard" if at < 0 and not found else found

    def days_ahead(self) -> bool:
        """Whether days are named behind the item that is read."""
        return any(item.kind == "days" for item in self.items[self.at :])

    def told(self) -> list[Clause]:
        """The clauses of which something is said."""
        return [clause for clause in self.clauses if clause.says()]

    def doubt(self, rule: str, item: Item) -> None:
        """Something to tell beside the value."""
        self.doubts.append((rule, item.begin, item.end))

    def start(self, hard: str = ".", adds: bool = False, listed: bool = False) -> None:
        """A new clause, unless the last one is still empty."""
        self.slot_parity = None
        if not self.mode_lasts:
            self.mode = None
        fresh = Clause(
            season=self.section, parity=self.parity, hard=hard, listed=listed, adds=adds or self.half is not None
        )
        if self.clause.days or self.clause.says():
            self.clauses.append(fresh)
        else:
            self.clauses[-1] = fresh

    def refuse(self, rule: str = "hours_not_understood") -> NotUnderstoodError:
        """The error about the item that is read."""
        return NotUnderstoodError(rule)


def in_half(span: Span, half: str) -> bool:
    """Whether a span lies in the morning, the afternoon or the evening."""
    if half == "am":
        return span[1] <= "13:30"
    return span[0] >= ("12:00" if half == "pm" else "16:00")


def checked_span(opens: str, closes: str) -> Span:
    """A span that grows, by day; 00:00 closes as 24:00. Raises NotUnderstoodError."""
    if opens == closes == "00:00":
        raise NotUnderstoodError("hours_are_zero")
    closes = "24:00" if closes == "00:00" else closes
    if closes <= opens:
        raise NotUnderstoodError("hours_overlap")
    if opens < EARLIEST and (opens, closes) != ("00:00", "24:00"):
        raise NotUnderstoodError("hours_are_zero" if opens == "00:00" else "hours_not_understood")
    return opens, closes
