"""Walking over what a text of opening hours says: clauses, their days, their spans, their halves of a day.

What an appointment, a parity or « sauf » bears on is hours_clauses.py's question.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fs_pipeline.values.hours_atoms import Atom, NotUnderstoodError, Span

SEPARATORS = frozenset({"hard", "comma", "slash", "and", "dash"})
STRONG = frozenset({"", "hard", "slash"})  # "" stands for the text's beginning or end


@dataclass
class Item:
    """One span, and how it is received in."""

    span: Span
    appointment: bool = False
    parity: str | None = None
    said: bool = False  # with or without an appointment, in so many words


@dataclass
class Clause:
    """Days, and what is said of them; no day is all days, or those the column names."""

    days: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)
    section: str = ""  # months, or SH
    parity: str | None = None
    closed: bool = False
    half: str | None = None  # what is closed of the day
    appointment: bool = False  # these days, by appointment, no hour said
    more: bool = False  # other hours of these days, by appointment
    exception: bool = False  # replaces what the clauses before say of these days

    def says(self) -> bool:
        """Whether there is more than days in it."""
        return bool(self.items) or self.closed or self.appointment or self.more


@dataclass
class Said:
    """A whole text: its clauses, and when nothing of it holds (``PH``, ``SH``, ``Aug``)."""

    clauses: list[Clause] = field(default_factory=list)
    never: list[str] = field(default_factory=list)


def in_half(span: Span, half: str) -> bool:
    """Whether a span lies in the morning or the afternoon."""
    return span[1] <= "13:30" if half == "am" else span[0] >= "12:00"


class Walk:
    """One pass over the atoms, the clause that is being filled last in `clauses`."""

    def __init__(self, said: list[Atom]) -> None:
        self.said = said
        self.at = 0
        self.clauses = [Clause()]
        self.never: list[str] = []
        self.bracketed = False
        self.mode: bool | None = None  # by appointment, without, or not said
        self.mode_lasts = False
        self.section = ""
        self.parity: str | None = None
        self.item_parity: str | None = None
        self.loose_parity = False
        self.term = False
        self.times_first = _ends_with_days(said)

    def run(self) -> Said:
        """What the whole text says; raises NotUnderstoodError."""
        while self.at < len(self.said):
            atom = self.said[self.at]
            self.at += 1
            if atom.kind in SEPARATORS:
                continue
            handler = getattr(self, f"_{atom.kind}", None)
            if handler is None:
                raise NotUnderstoodError("hours_not_understood")
            handler(atom)
        return self.finished()

    # What stands around the atom that is being read.

    @property
    def clause(self) -> Clause:
        """The clause that is being filled."""
        return self.clauses[-1]

    def before(self) -> str:
        """Kind of the atom before; "" at the beginning."""
        return self.said[self.at - 2].kind if self.at >= 2 else ""

    def after(self, further: int = 0) -> str:
        """Kind of the atom after, or of one `further` on; "" at the end."""
        return self.said[self.at + further].kind if self.at + further < len(self.said) else ""

    def start(self) -> None:
        """A new clause, unless the last one is still empty."""
        self.item_parity = None
        if not self.mode_lasts:
            self.mode = None
        fresh = Clause(section=self.section, parity=self.parity)
        if self.clause.days or self.clause.says():
            self.clauses.append(fresh)
        else:
            self.clauses[-1] = fresh

    # One method a kind of atom.

    def _open(self, _: Atom) -> None:
        self.bracketed = True

    def _close(self, _: Atom) -> None:
        self.bracketed = False
        if not self.mode_lasts:
            self.mode = None

    def _days(self, atom: Atom) -> None:
        clause = self.clause
        if self.bracketed:
            self._ranked_in_brackets(atom)
            return
        if self.times_first:
            if not clause.items or clause.days:
                raise NotUnderstoodError("hours_not_understood")
            clause.days = atom.days
            return
        if clause.days and clause.says():
            self.start()
        elif clause.days and {day[:2] for day in atom.days} == set(clause.days):
            pass  # « samedi : le 1er samedi du mois : 9h-12h »
        elif clause.days or clause.items:
            raise NotUnderstoodError("hours_not_understood")
        self.clause.days, self.clause.inner = atom.days, atom.inner

    def _ranked_in_brackets(self, atom: Atom) -> None:
        """« samedi 9h-12h (le 1er samedi du mois) »."""
        clause = self.clause
        ranked = all("[" in day for day in atom.days)
        same = not clause.days or {day[:2] for day in atom.days} == set(clause.days)
        if not (ranked and same and clause.items):
            raise NotUnderstoodError("hours_not_understood")
        clause.days = atom.days

    def _ranks(self, atom: Atom) -> None:
        """« samedi 10h-12h (2e et 4e du mois) »."""
        clause = self.clause
        if len(clause.days) != 1 or "[" in clause.days[0] or not clause.items:
            raise NotUnderstoodError("hours_not_understood")
        clause.days = (f"{clause.days[0]}[{','.join(atom.days)}]",)

    def _span(self, atom: Atom) -> None:
        if self.times_first and self.clause.days:
            self.start()
        clause = self.clause
        if clause.closed:  # « fermé / 13h30-18h »: the morning is closed
            if clause.half is None and (atom.span[0] < "12:00" or self.before() != "slash"):
                raise NotUnderstoodError("hours_with_exceptions")
            clause.closed = False
        if clause.appointment:  # « lundi sur rdv : 9h-12h »
            clause.appointment, self.mode = False, True
        parity = self.item_parity or clause.parity
        clause.items.append(Item(atom.span, bool(self.mode), parity, self.mode is not None))

    def _half(self, atom: Atom) -> None:
        """« matin » and « après-midi » stand beside the times they say, and agree with them."""
        if atom.value == "eve" and self.after() != "appointment":
            raise NotUnderstoodError("hours_not_understood")
        if self.after() == "closed":
            self.at += 1
            self.shut(atom.value)
        elif self.after() == "appointment" and self.after(1) != "span":
            self.at += 1
            self.half_by_appointment(atom.value)
        elif self._next_span_is_in(atom.value):
            return
        elif not (self.before() == "span" and in_half(self.clause.items[-1].span, atom.value)):
            raise NotUnderstoodError("hours_not_understood")

    def _next_span_is_in(self, half: str) -> bool:
        ahead = self.said[self.at + 1 if self.after() == "appointment" else self.at :]
        return bool(ahead) and ahead[0].kind == "span" and in_half(ahead[0].span, half)

    def shut(self, half: str) -> None:
        """Half of the clause's days is closed; what is said of the other half must be said."""
        if self.clause.half or any(in_half(item.span, half) for item in self.clause.items):
            raise NotUnderstoodError("hours_with_exceptions")
        self.clause.half = half

    def half_by_appointment(self, half: str) -> None:
        """« l'après-midi sur rendez-vous »: its hours, or others that nobody wrote."""
        clause = self.clause
        inside = [item for item in clause.items if in_half(item.span, half)]
        for item in inside:
            item.appointment = item.said = True
        if not inside:
            if not clause.items:
                raise NotUnderstoodError("hours_with_exceptions")
            clause.more = True

    def finished(self) -> Said:
        """The clauses, each of which must say something."""
        if len(self.clauses) == 1 and not self.clause.days and not self.clause.says() and self.mode:
            self.clause.appointment = True
        if not self.clause.days and not self.clause.says() and len(self.clauses) > 1:
            self.clauses.pop()
        for clause in self.clauses:
            if clause.days and not clause.says() and clause.half is None and self.mode and self.mode_lasts:
                clause.appointment = True
            if not clause.says():
                raise NotUnderstoodError("hours_not_understood")
        plain = [clause for clause in self.clauses if not clause.exception]
        if self.loose_parity and any(clause.parity is None for clause in plain):
            raise NotUnderstoodError("hours_not_understood")  # a parity said of one part may hold for the others
        if self.term and not any(clause.section == "SH" for clause in self.clauses):
            self.never.append("SH")
        for at, clause in enumerate(self.clauses):  # « mardi-jeudi et vendredi … mercredi … » was a list
            later = {day for one in self.clauses[at + 1 :] for day in one.days}
            if clause.inner and set(clause.inner) <= later:
                clause.days = tuple(day for day in clause.days if day not in clause.inner)
            elif clause.inner:
                raise NotUnderstoodError("hours_not_understood")
        return Said(self.clauses, self.never)


def _ends_with_days(said: list[Atom]) -> bool:
    """« 9h-12h le lundi, 14h-17h le mardi »: each part's times stand before its days."""
    core: list[str] = []
    bracketed = False
    for at, atom in enumerate(said):
        bracketed = (bracketed or atom.kind == "open") and atom.kind != "close"
        before = said[at - 1].kind if at else ""
        if atom.kind in {"days", "span"} and not bracketed and before not in {"except", "closed"}:
            core.append(atom.kind)
    return bool(core) and core[0] == "span" and core[-1] == "days"
