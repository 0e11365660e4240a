"""Which hours each part of a text says of which days: what an appointment, a parity or « sauf » bears on.

Where two readings are possible, there is none: a wrong hour is worse than none.
"""

from __future__ import annotations

from dataclasses import replace

from fs_pipeline.values.hours_atoms import Atom, NotUnderstoodError
from fs_pipeline.values.hours_walk import SEPARATORS, STRONG, Clause, Item, Said, Walk, in_half


def read_clauses(said: list[Atom]) -> Said:
    """The clauses of a text; raises NotUnderstoodError."""
    return _Reading([atom for atom in said if atom.kind != "colon"]).run()


class _Reading(Walk):
    """Closings, exceptions, appointments, parities and seasons: one method a kind of atom."""

    def _closed(self, atom: Atom) -> None:
        clause = self.clause
        postfix = bool(clause.days) and not clause.says()
        postfix = postfix and (self.before() == "days" or self.after() in {"", *SEPARATORS})
        if postfix and self.after() == "half":
            self.shut(self.said[self.at].value)
            self.at += 1
        elif postfix or (not clause.days and not clause.says() and self.after() in {"", *SEPARATORS}):
            clause.closed = True
        elif self.after() in {"days", "public", "term", "months"}:
            self._exception(atom)
        elif clause.items and self.before() == "slash" and all(in_half(item.span, "am") for item in clause.items):
            return  # « 9h30-12h30 / fermé »
        else:
            raise NotUnderstoodError("hours_with_exceptions")

    def _unsaid(self, _: Atom) -> None:
        """« samedi : horaires non communiqués »: nothing is said of the day."""
        if not self.clause.days or self.clause.says():
            raise NotUnderstoodError("hours_not_understood")
        self.clauses[-1] = Clause()

    def _except(self, atom: Atom) -> None:
        self._exception(atom)

    def _exception(self, atom: Atom) -> None:
        """What « fermé » or « sauf » names: days, half days, days with other hours, holidays, months."""
        while True:
            kind = self.after()
            if kind == "days":
                self._except_days(self.said[self.at], closes=atom.kind == "closed")
            elif kind == "public":
                self._never("PH")
            elif kind == "term" and self.said[self.at].value == "holidays":
                self._never(f"SH{self._borne_on()}")
            elif kind == "months":
                self._never(f"{self.said[self.at].value}{self._borne_on()}")
            else:
                raise NotUnderstoodError("hours_with_exceptions")
            further = self.after(1)
            if self.after() not in {"and", "comma"} or further not in {"days", "public", "term", "months"}:
                return
            if further == "days" and self.after(2) == "span":
                return  # « fermé les jours fériés, lundi 9h-12h »: the days begin a clause
            self.at += 1

    def _borne_on(self) -> str:
        """The days that « sauf vacances scolaires » bears on: all, or those before its bracket."""
        before = next((one.kind for one in reversed(self.said[: self.at - 1]) if one.kind != "except"), "")
        if sum(one.says() for one in self.clauses) <= 1 or before == "hard":
            return ""
        if not self.bracketed or not self.clause.days:
            raise NotUnderstoodError("hours_with_exceptions")
        return f" {','.join(self.clause.days)}"

    def _never(self, selector: str) -> None:
        self.never.append(selector)
        self.at += 1

    def _except_days(self, atom: Atom, closes: bool) -> None:
        self.at += 1
        half = self.said[self.at].value if self.after() == "half" else None
        if half:
            self.at += 1
            if len(atom.days) > 1 and not atom.plural:  # « fermé le lundi et mercredi après-midi »: all Monday?
                raise NotUnderstoodError("hours_with_exceptions")
        spans: list[Item] = []
        clause = self.clause
        before_hours = not closes and clause.days and not clause.says()
        if self.after() == "span":
            if closes or half:
                raise NotUnderstoodError("hours_with_exceptions")
            while not before_hours and self.after() == "span":
                spans.append(Item(self.said[self.at].span))
                self.at += 1
                if self.after() in {"slash", "and", "comma", "dash"} and self.after(1) == "span":
                    self.at += 1
        if before_hours:
            if half or not set(atom.days) < set(clause.days):
                raise NotUnderstoodError("hours_with_exceptions")
            clause.days = tuple(day for day in clause.days if day not in atom.days)
            return
        self._except_for(Clause(atom.days, (), spans, self.section, None, not spans, half, exception=True))

    def _except_for(self, exception: Clause) -> None:
        """Put an exception beside the clause that is being filled, or after it where it is full."""
        clause = self.clause
        at = len(self.clauses) if clause.says() or clause.days else len(self.clauses) - 1
        self.clauses.insert(at, exception)
        if self.clauses[-1].exception:
            self.clauses.append(Clause(section=self.section, parity=self.parity))

    def _until(self, atom: Atom) -> None:
        """« 13h30-17h30 (16h30 le vendredi) »: the day's last hours end at another time."""
        day, time = atom.value.split()
        clause = self.clause
        named = not clause.days or (day in clause.days and len(clause.days) > 1)
        last = max(clause.items, key=lambda item: item.span, default=None)
        if (
            not named
            or last is None
            or time <= last.span[0]
            or time == last.span[1]
            or any(i.parity for i in clause.items)
        ):
            raise NotUnderstoodError("hours_with_exceptions")
        items = [item if item is not last else replace(last, span=(last.span[0], time)) for item in clause.items]
        self._except_for(Clause((day,), items=items, section=self.section, exception=True))

    def _appointment(self, _: Atom) -> None:
        clause, before, after = self.clause, self.before(), self.after()
        if before == "walkin" or after == "walkin":
            raise NotUnderstoodError("hours_with_exceptions")
        if after == "half" and not (self.after(1) == "span" and before != "span"):
            half = self.said[self.at].value
            self.at += 1
            self.half_by_appointment(half)
        elif self.bracketed and after == "days":
            self._other_days_by_appointment()
        elif not any(one.days or one.says() for one in self.clauses):
            self.mode, self.mode_lasts = True, True
        elif after in {"span", "half"}:
            if before == "span":
                raise NotUnderstoodError("hours_with_exceptions")
            self.mode = True
        elif before == "hard" and after in {"days", "hard"} and (clause.says() or not clause.days):
            if not self.times_first:
                self.start()
            self.mode, self.mode_lasts = True, True
        elif before in {"days", "half"} and not clause.items:
            clause.appointment = True
        elif (before == "and" and clause.items) or (before == "slash" and clause.items and after in STRONG):
            clause.more = True
        elif after in {"", "close", "hard", "slash", "comma", "and"} and clause.items:
            self._received_in(True)
        else:
            raise NotUnderstoodError("hours_with_exceptions")

    def _other_days_by_appointment(self) -> None:
        """« (sur rendez-vous les mercredi et vendredi après-midi) »."""
        days = self.said[self.at].days
        self.at += 1
        if self.after() == "half":
            self.at += 1
        if self.after() != "close":
            raise NotUnderstoodError("hours_with_exceptions")
        self.clauses.append(Clause(days, section=self.section, more=True))

    def _walkin(self, _: Atom) -> None:
        before, after = self.before(), self.after()
        if "appointment" in {before, after} or (before == "and" and self.said[self.at - 3].kind == "appointment"):
            raise NotUnderstoodError("hours_with_exceptions")
        if before == after == "span":
            raise NotUnderstoodError("hours_with_exceptions")
        if after == "span":
            self.mode = False
        elif before in {"", "hard"} and after == "days":
            self.mode, self.mode_lasts = False, True
        elif self.clause.items:
            self._received_in(False)

    def _received_in(self, appointment: bool) -> None:
        """Said after hours: of those of which it was not said yet."""
        clause = self.clause
        unsaid = [item for item in clause.items if not item.said]
        earlier = [one for one in self.clauses[:-1] if one.items and not one.exception]
        listed = earlier and not self.bracketed and self._follows_loosely()
        doubtful = self.bracketed or self._last_two_joined()  # « 9h-12h et 14h-17h sur rdv »: both?
        if appointment and (not unsaid or (doubtful and len(unsaid) > 1) or listed):
            raise NotUnderstoodError("hours_with_exceptions")
        for item in unsaid:
            item.appointment, item.said = appointment, True

    def _last_two_joined(self) -> bool:
        """Whether « et » stands right before the last span."""
        last = next(at for at in range(self.at - 1, -1, -1) if self.said[at].kind == "span")
        return last > 0 and self.said[last - 1].kind == "and"

    def _stands_alone(self) -> bool:
        """Whether a full stop or a line cuts the clause from the next one and the one before."""
        ahead = [one.kind for one in self.said[self.at :]]
        cut = "days" not in ahead or ahead[ahead.index("days") - 1] == "hard"
        return cut and not (any(one.says() for one in self.clauses[:-1]) and self._follows_loosely())

    def _follows_loosely(self) -> bool:
        """Whether no full stop or line cuts the last clause from the one before."""
        start = next(at for at in range(self.at - 1, -1, -1) if self.said[at].kind == "days")
        return start > 0 and self.said[start - 1].kind != "hard"

    def _parity(self, atom: Atom) -> None:
        clause, before, after = self.clause, self.before(), self.after()
        if self.bracketed and clause.items:
            unsaid = [item for item in clause.items if item.parity is None]
            ahead = [one.kind for one in self.said[self.at :]]
            again = "parity" in ahead and "days" not in ahead[: ahead.index("parity")]
            again |= len(unsaid) < len(clause.items)
            if not unsaid or (len(unsaid) > 1 and not again):
                raise NotUnderstoodError("hours_not_understood")
            unsaid[-1].parity = atom.value
        elif after == "span" and clause.items and before in SEPARATORS and not _names_all(clause):
            self.item_parity = atom.value
        elif after in {"span", "days", "closed"} and before in {"", "hard", "slash", "comma"}:
            self.parity = atom.value
            self.start()
        elif (before == "days" and not clause.items) or (clause.items and after in {"", *SEPARATORS, "close"}):
            for item in clause.items:
                item.parity = item.parity or atom.value
            clause.parity = atom.value
            self.loose_parity |= not self._stands_alone()
        else:
            raise NotUnderstoodError("hours_not_understood")

    def _term(self, atom: Atom) -> None:
        before, after = self.before(), self.after()
        heads = after in {"days", "span", "hard"} and before in {"", *SEPARATORS}
        if heads:
            self.section = "SH" if atom.value == "holidays" else ""
            self.start()
        elif before == "days" and after == "span" and atom.value == "term":
            self.never.append(f"SH {','.join(self.clause.days)}")  # « samedi, hors vacances : 9h-12h »
            return
        elif atom.value == "holidays" or sum(one.says() for one in self.clauses) != 1:
            raise NotUnderstoodError("hours_with_exceptions")
        self.term |= atom.value == "term"

    def _months(self, atom: Atom) -> None:
        before, after = self.before(), self.after()
        if after in {"days", "span"} and before in {"", *SEPARATORS, "span"}:
            self.section = atom.value
            self.start()
        elif len(self.clauses) == 1 and self.clause.items and not self.section:
            self.clause.section = atom.value
        else:
            raise NotUnderstoodError("hours_with_exceptions")

    def _summer(self, _: Atom) -> None:
        """« été » is July and August where the rest of the year is said to be September to June."""
        if self.section != "Sep-Jun":
            raise NotUnderstoodError("hours_with_exceptions")
        self._months(Atom("months", "Jul-Aug"))


def _names_all(clause: Clause) -> bool:
    """Whether every hour of a clause has its parity."""
    return all(item.parity for item in clause.items)
