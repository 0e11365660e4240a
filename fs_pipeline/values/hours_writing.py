"""Plans of a year as OSM ``opening_hours``: days that say the same are folded, always in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fs_pipeline.french import DAYS
from fs_pipeline.values.hours_clauses import Slot
from fs_pipeline.values.hours_plan import Plan

APPOINTMENT = '"sur rendez-vous"'
_WEEKS = {None: "", "odd": "week 01-53/2 ", "even": "week 02-53/2 "}


def write(plans: dict[str, Plan], never: Sequence[str]) -> str:
    """The value; a season that does not speak of all the usual days closes the others first."""
    rules: list[str] = []
    usual = plans[""].days()
    for section, plan in plans.items():
        if section and plan.slots and not usual <= plan.days() and "" not in plan.days():
            rules.append(f"{section} off")
        rules += _rules(plan, section)
    rules += [f"{selector} off" for selector in dict.fromkeys(never)]
    more = {day: None for plan in plans.values() for day in plan.more}
    text = "; ".join(rules)
    if text == "Mo-Su 00:00-24:00":
        return "24/7"
    if more:
        fallback = APPOINTMENT if "" in more else f"{_day_list(_sorted(more))} {APPOINTMENT}"
        text = f"{text} || {fallback}" if text else fallback
    return text


def _rules(plan: Plan, section: str) -> list[str]:
    """One rule a state: weeks, days, hours."""
    rows: list[tuple[str | None, str, str, str]] = []
    for day, slots in plan.slots.items():
        found = {slot.parity for slot in slots}
        for parity in ("even", "odd") if {"even", "odd"} <= found else (None, "even", "odd"):
            kept = [slot for slot in slots if slot.parity in {None, parity}]
            rows += [(parity, day, *_state(kept))] if parity in found else []
    rows += [(parity, day, "off", "") for parity, day in plan.off]
    rows += [(parity, day, "", APPOINTMENT) for parity, day in plan.appointment]
    rows.sort(key=lambda row: (row[0] is not None, _rank(row[1])))
    by_state: dict[tuple[str | None, str, str], list[str]] = {}
    for parity, day, freely, appointed in rows:
        by_state.setdefault((parity, freely, appointed), []).append(day)
    return [
        _rule(_head(section, parity, days), freely, appointed) for (parity, freely, appointed), days in by_state.items()
    ]


def _state(slots: Sequence[Slot]) -> tuple[str, str]:
    """Hours without an appointment, and those with one; spans that touch are one."""
    freely = ",".join(_joined(slot for slot in slots if not slot.appointment))
    appointed = ",".join(_joined(slot for slot in slots if slot.appointment))
    return freely, f"{appointed} {APPOINTMENT}" if appointed else ""


def _joined(slots: Iterable[Slot]) -> list[str]:
    spans: list[list[str]] = []
    for opens, closes in sorted(slot.span for slot in slots):
        if spans and spans[-1][1] == opens:
            spans[-1][1] = closes
        else:
            spans.append([opens, closes])
    return ["-".join(span) for span in spans]


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
