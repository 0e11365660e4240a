"""A week of opening hours, from clauses, and its writing as OSM ``opening_hours``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from fs_pipeline.values.hours_atoms import NotUnderstoodError
from fs_pipeline.values.hours_walk import Clause, Item, Said, in_half
from fs_pipeline.values.hours_words import DAYS

APPOINTMENT = '"sur rendez-vous"'
_WEEKS = {None: "", "odd": "week 01-53/2 ", "even": "week 02-53/2 "}
_Key = tuple[str | None, str]  # a parity and a day; the day "" is every day, or the one that a column names


@dataclass
class _Plan:
    """What one section (the ordinary year, months, school holidays) says of each day."""

    items: dict[str, list[Item]] = field(default_factory=dict)
    off: dict[_Key, None] = field(default_factory=dict)
    appointment: dict[_Key, None] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)  # days told together with others

    def days(self) -> set[str]:
        """Days of which something is said."""
        return {*self.items, *(day for _, day in (*self.off, *self.appointment))}


def of_day(said: Said, day: str) -> Said:
    """What a cell says in the column of a day; raises where it names other days."""
    clauses = []
    for clause in said.clauses:
        if any(name[:2] != day for name in clause.days):
            raise NotUnderstoodError("hours_not_understood")
        clauses.append(replace(clause, days=clause.days or (day,)))
    return Said(clauses, [f"{selector} {day}" for selector in said.never])


def write(said: Said) -> str:
    """OSM ``opening_hours``; days that say the same are folded. Raises where two clauses disagree."""
    plans: dict[str, _Plan] = {}
    for clause in (*_of_kind(said, exception=False), *_of_kind(said, exception=True)):
        plan = plans.setdefault(clause.section, _Plan())
        (_except if clause.exception else _add)(plan, clause)
    rules: list[str] = []
    usual = plans.get("", _Plan())
    for section, plan in plans.items():
        _check(plan)
        if section == "SH" and not usual.days() <= plan.days():
            rules.append("SH off")
        rules += _rules(plan, section)
    rules += [f"{selector} off" for selector in dict.fromkeys(said.never)]
    more = {day: None for plan in plans.values() for day in plan.more}
    text = "; ".join(rules)
    if text == "Mo-Su 00:00-24:00":
        return "24/7"
    if more:
        text += f" || {APPOINTMENT if '' in more else f'{_day_list(_sorted(more))} {APPOINTMENT}'}"
    return text


def _of_kind(said: Said, exception: bool) -> list[Clause]:
    return [clause for clause in said.clauses if clause.exception is exception]


def _add(plan: _Plan, clause: Clause) -> None:
    for day in clause.days or ("",):
        key = (clause.parity, day)
        if clause.more:
            plan.more.append(day)
        if clause.half and any(in_half(item.span, clause.half) for item in clause.items):
            raise NotUnderstoodError("hours_with_exceptions")
        if clause.closed:
            plan.off[key] = None
        if clause.appointment:
            plan.appointment[key] = None
        if clause.items:
            # « lundi-vendredi 9h-12h, mercredi 14h-17h »: also, or instead?
            alone = len(clause.days) == 1 and day in plan.shared
            plan.items[day] = _together(plan.items.get(day, []), clause.items, may_add=not alone)
        if len(clause.days) > 1:
            plan.shared.add(day)


def _together(old: Sequence[Item], new: Sequence[Item], may_add: bool) -> list[Item]:
    """Hours said in two places of one day: both, or the later ones where they hold the earlier ones."""
    if any(_overlap(one, other) for at, one in enumerate(new) for other in new[:at]):
        raise NotUnderstoodError("hours_overlap")
    if not any(_overlap(one, other) for one in old for other in new):
        modes = {item.appointment for item in (*old, *new)}
        if old and not may_add and len(modes) == 1:
            raise NotUnderstoodError("hours_overlap")
        return [*old, *new]
    if not all(any(_holds(other, one) for other in new) for one in old):
        raise NotUnderstoodError("hours_overlap")
    return list(new)


def _overlap(one: Item, other: Item) -> bool:
    if one.parity and other.parity and one.parity != other.parity:
        return False
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _holds(outer: Item, inner: Item) -> bool:
    same = (outer.appointment, outer.parity) == (inner.appointment, inner.parity)
    return same and outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1]


def _except(plan: _Plan, clause: Clause) -> None:
    """Take from a day, or give it other hours."""
    for day in clause.days:
        usual = plan.items.get(day) or plan.items.get(day[:2]) or plan.items.get("")
        kept = [item for item in usual or () if clause.half and not in_half(item.span, clause.half)]
        if clause.items:
            if usual is None:
                raise NotUnderstoodError("hours_with_exceptions")
            plan.items[day] = list(clause.items)
        elif clause.half and (usual is None or len(kept) == len(usual)):
            raise NotUnderstoodError("hours_with_exceptions")
        elif kept:
            plan.items[day] = kept
        else:
            plan.items.pop(day, None)
            plan.off[None, day] = None


def _check(plan: _Plan) -> None:
    """Nobody can tell which of two rules holds for a day."""
    for said in (plan.off, plan.appointment):
        if any(day in plan.items and (parity is None or None in _parities(plan, day)) for parity, day in said):
            raise NotUnderstoodError("hours_overlap")
    named = plan.days() - {""}
    if "" in plan.items and any(day in plan.items and "[" in day for day in named):
        raise NotUnderstoodError("hours_with_exceptions")
    ranked = {day[:2] for day in plan.items if "[" in day}
    if ranked & set(plan.items):
        raise NotUnderstoodError("hours_with_exceptions")


def _parities(plan: _Plan, day: str) -> set[str | None]:
    return {item.parity for item in plan.items[day]}


def _rules(plan: _Plan, section: str) -> list[str]:
    """One rule a state: weeks, days, hours."""
    rows: list[tuple[str | None, str, str, str]] = []
    for day, items in plan.items.items():
        found = _parities(plan, day)
        for parity in ("even", "odd") if {"even", "odd"} <= found else (None, "even", "odd"):
            if parity not in found:
                continue
            rows.append((parity, day, *_state([item for item in items if item.parity in {None, parity}])))
    rows += [(parity, day, "off", "") for parity, day in plan.off]
    rows += [(parity, day, "", APPOINTMENT) for parity, day in plan.appointment]
    rows.sort(key=lambda row: (row[0] is not None, _rank(row[1])))
    by_state: dict[tuple[str | None, str, str], list[str]] = {}
    for parity, day, freely, appointed in rows:
        by_state.setdefault((parity, freely, appointed), []).append(day)
    return [
        _rule(_head(section, parity, days), freely, appointed) for (parity, freely, appointed), days in by_state.items()
    ]


def _state(items: Sequence[Item]) -> tuple[str, str]:
    """Hours without an appointment, and those with one."""
    ordered = sorted(items, key=lambda item: item.span)
    freely = ",".join("-".join(item.span) for item in ordered if not item.appointment)
    appointed = ",".join("-".join(item.span) for item in ordered if item.appointment)
    return freely, f"{appointed} {APPOINTMENT}" if appointed else ""


def _head(section: str, parity: str | None, days: Sequence[str]) -> str:
    words = [section, _WEEKS[parity].strip(), _day_list(_sorted(days))]
    if section == "SH":
        words = [words[1], section, words[2]]
    return " ".join(word for word in words if word)


def _rule(head: str, freely: str, appointed: str) -> str:
    if head:
        return ", ".join(f"{head} {state}" for state in (freely, appointed) if state)
    if freely and appointed:  # without « open », the comma would go on with the times that need an appointment
        return f"{freely} open, {appointed}" if freely < appointed else f"{appointed}, {freely}"
    return freely or appointed


def _rank(day: str) -> tuple[int, str]:
    return (DAYS.index(day[:2]) if day else -1), day


def _sorted(days: Iterable[str]) -> list[str]:
    return sorted((day for day in days if day), key=_rank)


def _day_list(names: Sequence[str]) -> str:
    """Days that follow one another as ranges: ``Mo-Tu,Th``; days of the month as they are."""
    runs: list[list[str]] = []
    for name in names:
        follows = runs and "[" not in name and "[" not in runs[-1][-1]
        if follows and DAYS.index(name) == DAYS.index(runs[-1][-1]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
