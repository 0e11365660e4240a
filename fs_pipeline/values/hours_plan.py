"""What clauses and changes make of each day: one plan for the ordinary year, one for each season that is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fs_pipeline.values.hours_clauses import Change, Clause, Said, Slot, checked_span, in_half
from fs_pipeline.values.hours_text import NotUnderstoodError
from fs_pipeline.values.hours_words import MONTHS

Key = tuple[str | None, str]  # a parity and a day; the day "" is every day, or the one that a column names


@dataclass
class Plan:
    """What one section (the ordinary year, months, school holidays) says of each day."""

    slots: dict[str, list[Slot]] = field(default_factory=dict)
    off: dict[Key, None] = field(default_factory=dict)
    appointment: dict[Key, None] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)  # days told together with others

    def days(self) -> set[str]:
        """Days of which something is said."""
        return {*self.slots, *(day for _, day in (*self.off, *self.appointment))}


def plans(said: Said, osm: bool = False) -> dict[str, Plan]:
    """Section ("" first, then as they are told) to its plan; raises NotUnderstoodError where two clauses disagree.

    With `osm`, a later rule replaces an earlier one, as the format has it.
    """
    made: dict[str, Plan] = {"": Plan()}
    clauses = _with_usual_days(said.clauses)
    for at, clause in enumerate(clauses):
        _add(made.setdefault(clause.season, Plan()), clause, clauses[:at], osm)
    for clause in clauses:
        _close(made[clause.season], clause)
        if clause.holidays:
            _add(made.setdefault("SH", Plan()), replace(clause, days=tuple(made[""].slots)), (), osm)
    for change in said.changes:
        _change(made, change, clauses)
    for plan in made.values():
        _check(plan)
    _check_months(made)
    return made


def _with_usual_days(clauses: Sequence[Clause]) -> list[Clause]:
    """« du lundi au samedi 10h-18h ; en août : 10h-13h »: a season that names no day has the usual ones."""
    usual = tuple(dict.fromkeys(day for one in clauses if not one.season and one.slots for day in one.days))
    return [replace(one, days=usual) if one.season and not one.days and usual else one for one in clauses]


def _add(plan: Plan, clause: Clause, earlier: Sequence[Clause], osm: bool) -> None:
    for day in clause.days or ("",):
        if clause.more:
            plan.more.append(day)
        if clause.appointment:
            plan.appointment[clause.parity, day] = None
        if clause.slots:
            if clause.half and any(in_half(slot.span, clause.half) for slot in clause.slots):
                raise NotUnderstoodError("hours_with_exceptions")
            old = plan.slots.get(day, [])
            plan.slots[day] = _together(old, clause, [one for one in earlier if day in one.days], osm)
        if len(clause.days) > 1:
            plan.shared.add(day)


def _together(old: Sequence[Slot], clause: Clause, earlier: Sequence[Clause], osm: bool) -> list[Slot]:
    """Hours said in two places of one day: both, or the later ones where they hold the earlier ones."""
    new = clause.slots
    if any(_overlap(one, other) for at, one in enumerate(new) for other in new[:at]):
        raise NotUnderstoodError("hours_overlap")
    alike = any(set(one.days) == set(clause.days) for one in earlier)
    new = [slot for slot in new if slot not in old] if alike else new
    if not any(_overlap(one, other) for one in old for other in new):
        partly = any(not set(clause.days) <= set(one.days) for one in earlier)
        modes = {slot.appointment for slot in (*old, *new)}
        # « mardi à vendredi 9h-12h, jeudi et vendredi 14h-17h »: mornings first, then afternoons.
        halves = len(clause.days) > 1 and not partly and _all_in(old, "am") and _all_in(new, "pm")
        if (
            old
            and new
            and not (clause.adds or alike or halves or len(modes) > 1 or (osm and (partly or clause.listed)))
        ):
            if osm:
                return list(clause.slots)
            raise NotUnderstoodError("hours_overlap")  # « lundi-vendredi 9h-12h, mercredi 14h-17h »: also, or instead?
        return [*old, *new]
    if osm:
        return list(clause.slots)
    if not all(any(_holds(other, one) for other in clause.slots) for one in old):
        raise NotUnderstoodError("hours_overlap")
    return list(clause.slots)


def _all_in(slots: Sequence[Slot], half: str) -> bool:
    return all(in_half(slot.span, half) for slot in slots)


def _overlap(one: Slot, other: Slot) -> bool:
    if one.parity and other.parity and one.parity != other.parity:
        return False
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _holds(outer: Slot, inner: Slot) -> bool:
    same = (outer.appointment, outer.parity) == (inner.appointment, inner.parity)
    return same and outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1]


def _close(plan: Plan, clause: Clause) -> None:
    """« du lundi au vendredi …, mercredi fermé »: a day, or half of one, taken from those told together."""
    half = clause.half if not clause.slots else None
    if not (clause.closed or half):
        return
    for day in clause.days or ("",):
        usual = plan.slots.get(day)
        if usual is not None and (day not in plan.shared or clause.parity):
            raise NotUnderstoodError("hours_overlap")
        if half:
            if usual is None:
                raise NotUnderstoodError("hours_with_exceptions")
            plan.slots[day] = _less_half(usual, half)
        else:
            plan.slots.pop(day, None)
            plan.off[clause.parity, day] = None


def _change(made: dict[str, Plan], change: Change, clauses: Sequence[Clause]) -> None:
    """Take from days, or give them other hours."""
    only = clauses[change.clause] if change.clause is not None else None
    source = made[only.season if only else ""]
    if not source.slots and not only:
        source = made[clauses[-1].season]
    plan = source
    if change.season:
        if any(slot.parity for slots in source.slots.values() for slot in slots) or change.season in made:
            raise NotUnderstoodError("hours_with_exceptions")
        plan = made[change.season] = Plan()
    told = only.days if only and not change.days else tuple(source.slots)
    for day in change.days or told or ("",):
        usual = source.slots.get(day) or source.slots.get(day[:2]) or source.slots.get("")
        if usual is None:
            if not (change.spans or change.cut or change.closes or change.opens or change.half):
                plan.off[None, day] = None
                continue
            raise NotUnderstoodError("hours_with_exceptions")
        kept = _changed(usual, change)
        if kept:
            plan.slots[day] = [replace(slot, span=checked_span(*slot.span)) for slot in kept]
        else:
            plan.slots.pop(day, None)
            plan.off[None, day] = None


def _changed(usual: Sequence[Slot], change: Change) -> list[Slot]:
    """The slots of one day after a change; raises where it does not fit them."""
    if change.spans:
        modes = {slot.appointment for slot in usual}
        if len(modes) > 1:
            raise NotUnderstoodError("hours_with_exceptions")
        return [replace(usual[0], span=span) for span in change.spans]
    if change.cut:
        return _less_span(usual, change.cut)
    if change.closes:
        return _closing(usual, change.closes, change.after)
    if change.opens:
        return _opening(usual, change.opens)
    if not change.half:
        return []
    other = "pm" if change.half == "am" else "am"
    if change.shut and all(in_half(slot.span, other) for slot in usual):
        return list(usual)
    return _less_half(usual, change.half)


def _less_half(usual: Sequence[Slot], half: str) -> list[Slot]:
    other = "pm" if half == "am" else "am"
    kept = [slot for slot in usual if not in_half(slot.span, half)]
    if len(kept) == len(usual) or any(not in_half(slot.span, other) for slot in kept):
        raise NotUnderstoodError("hours_with_exceptions")
    return kept


def _less_span(usual: Sequence[Slot], cut: tuple[str, str]) -> list[Slot]:
    kept: list[Slot] = []
    for slot in usual:
        opens, closes = slot.span
        if opens < cut[0] and cut[1] < closes:
            kept += [replace(slot, span=(opens, cut[0])), replace(slot, span=(cut[1], closes))]
        elif cut[0] < closes and opens < cut[1]:
            raise NotUnderstoodError("hours_with_exceptions")
        else:
            kept.append(slot)
    if len(kept) == len(usual) and not any(slot.span[1] == cut[0] for slot in usual):
        raise NotUnderstoodError("hours_with_exceptions")
    return kept


def _closing(usual: Sequence[Slot], closes: str, after: tuple[str, str] | None) -> list[Slot]:
    """The slot behind which it is written ends at another time; at the day's end, nothing follows it."""
    ordered = sorted(usual, key=lambda slot: slot.span)
    at = next((at for at, slot in enumerate(ordered) if slot.span == after), len(ordered) - 1)
    last = at == len(ordered) - 1
    if last and closes <= ordered[at].span[0]:
        ordered = [slot for slot in ordered if slot.span[0] < closes]
        at = len(ordered) - 1
    if at < 0 or closes <= ordered[at].span[0] or (not last and closes >= ordered[at + 1].span[0]):
        raise NotUnderstoodError("hours_with_exceptions")
    ordered[at] = replace(ordered[at], span=(ordered[at].span[0], closes))
    return ordered


def _opening(usual: Sequence[Slot], opens: str) -> list[Slot]:
    ordered = [slot for slot in sorted(usual, key=lambda slot: slot.span) if opens < slot.span[1]]
    if not ordered:
        raise NotUnderstoodError("hours_with_exceptions")
    return [replace(ordered[0], span=(opens, ordered[0].span[1])), *ordered[1:]]


def _check(plan: Plan) -> None:
    """Nobody can tell which of two rules holds for a day."""
    for said in (plan.off, plan.appointment):
        if any(day in plan.slots and (parity is None or None in _parities(plan, day)) for parity, day in said):
            raise NotUnderstoodError("hours_overlap")
    for slots in plan.slots.values():
        if any(_overlap(one, other) for at, one in enumerate(slots) for other in slots[:at]):
            raise NotUnderstoodError("hours_overlap")
    named = plan.days() - {""}
    if "" in plan.slots and any(day in plan.slots and "[" in day for day in named):
        raise NotUnderstoodError("hours_with_exceptions")
    ranked = {day[:2] for day in plan.slots if "[" in day}
    if ranked & set(plan.slots):
        raise NotUnderstoodError("hours_with_exceptions")


def _parities(plan: Plan, day: str) -> set[str | None]:
    return {slot.parity for slot in plan.slots[day]}


def _check_months(made: dict[str, Plan]) -> None:
    """Two seasons that share a month may not speak of the same day."""
    seasons = [(name, plan) for name, plan in made.items() if name not in {"", "SH"}]
    for at, (name, plan) in enumerate(seasons):
        for other, second in seasons[:at]:
            if _months(name) & _months(other) and plan.days() & second.days():
                raise NotUnderstoodError("hours_overlap")


def _months(season: str) -> set[int]:
    found: set[int] = set()
    for part in season.split(","):
        names = re.findall("[A-Z][a-z]{2}", part)
        begin, end = MONTHS.index(names[0]), MONTHS.index(names[-1])
        found |= {number % 12 for number in range(begin, (end if end >= begin else end + 12) + 1)}
    return found
