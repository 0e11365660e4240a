"""What each thing said in opening hours bears on: one reading of the items, as clauses and changes.

Appointments and the telephone are in hours_modes.py, parities, seasons and months in hours_when.py, « sauf » and what
else takes away in hours_changes.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from fs_pipeline.values.hours_changes import change_at
from fs_pipeline.values.hours_clauses import SEPARATORS, Said, Slot, Walk, checked_span, in_half
from fs_pipeline.values.hours_grammar import Item
from fs_pipeline.values.hours_joints import Choices
from fs_pipeline.values.hours_modes import appointment, half_by_appointment, skipped, telephone, walk_in
from fs_pipeline.values.hours_text import NotUnderstoodError
from fs_pipeline.values.hours_when import months, parity, school, summer, usual

_SOFT = frozenset({"colon", "comma", "open", "dash"})


def scope(items: Sequence[Item], choices: Choices) -> Said:
    """What the whole text says in one reading; raises NotUnderstoodError."""
    walk = Walk(list(items), choices, times_first=_ends_with_days(items))
    while walk.at < len(walk.items):
        item = walk.items[walk.at]
        walk.at += 1
        if skipped(walk, item) or item.kind in SEPARATORS or change_at(walk):
            continue
        handler = _HANDLERS.get(item.kind)
        if handler is None:
            raise walk.refuse("hours_cut" if item.kind == "clock" else "hours_not_understood")
        handler(walk, item)
    return _finished(walk)


def _open(walk: Walk, _: Item) -> None:
    walk.bracketed = True


def _close(walk: Walk, _: Item) -> None:
    walk.bracketed = False
    if not walk.mode_lasts and walk.clause.slots:
        walk.mode = None


def _days(walk: Walk, item: Item) -> None:
    clause = walk.clause
    if item.value == "or":
        raise walk.refuse("hours_which_weeks")
    if walk.bracketed and (clause.days or clause.says()):
        _days_in_brackets(walk, item)
        return
    if walk.times_first:
        if not clause.slots or clause.days:
            raise walk.refuse()
        clause.days = item.days
        return
    if clause.says() and walk.before() == "or":
        raise walk.refuse("hours_which_weeks")
    sign = walk.sign_before()
    listed = walk.before() == "comma"
    if clause.days and clause.says():
        walk.start(hard=sign, adds=_adds(walk), listed=listed)
    elif clause.days and {day[:2] for day in item.days} == set(clause.days):
        pass  # « samedi : le 1er samedi du mois : 9h-12h »
    elif clause.closed and not clause.slots and not clause.days:
        pass  # « fermé lundi »
    elif clause.days or (clause.says() and not clause.slots):
        raise walk.refuse()
    elif clause.says() and not clause.season:
        raise walk.refuse()  # « 9h-12h, mardi 14h-17h »: whose are the first?
    elif clause.says():
        walk.start(hard=sign, adds=_adds(walk))
    walk.clause.days = item.days


def _adds(walk: Walk) -> bool:
    """Whether « et » or « également » binds what follows to what was said."""
    at = walk.at - 2
    kinds = []
    while at >= 0 and walk.items[at].kind in SEPARATORS:
        kinds.append(walk.items[at].kind)
        at -= 1
    ahead = walk.items[walk.at].kind if walk.at < len(walk.items) else ""
    return ("and" in kinds or "also" in kinds or ahead == "also") and "hard" not in kinds


def _days_in_brackets(walk: Walk, item: Item) -> None:
    """« samedi 9h-12h (le 1er samedi du mois) », « 13h30-17h30 (mercredi) »."""
    clause = walk.clause
    ranked = all("[" in day for day in item.days)
    same = not clause.days or {day[:2] for day in item.days} == set(clause.days)
    alone = not clause.days and len(walk.clauses) == 1 and clause.slots and walk.after() == "close"
    if not ((ranked and same) or alone):
        raise walk.refuse()
    clause.days = item.days


def _ranks(walk: Walk, item: Item) -> None:
    """« samedi 10h-12h (2e et 4e du mois) »."""
    clause = walk.clause
    if len(clause.days) != 1 or "[" in clause.days[0] or not (clause.slots or walk.bracketed):
        raise walk.refuse()
    clause.days = (f"{clause.days[0]}[{','.join(item.days)}]",)


def _span(walk: Walk, item: Item) -> None:
    if walk.times_first and walk.clause.days:
        walk.start()
    clause = walk.clause
    if walk.before(_SOFT) == "contact" and not clause.days:
        raise walk.refuse("hours_of_telephone")
    if clause.closed:  # « fermé / 13h30-18h »: the morning is closed
        if item.span[0] < "12:00" or walk.before() not in {"slash", "comma", "dash", "hard", "and"}:
            raise walk.refuse("hours_with_exceptions")
        clause.closed = False
    if clause.appointment:  # « lundi sur rdv : 9h-12h »
        clause.appointment, walk.mode = False, True
    try:
        span = checked_span(*item.span)
    except NotUnderstoodError as problem:
        clause.spoilt = True
        if problem.rule != "hours_are_zero" or item.span != ("00:00", "00:00"):
            walk.doubt(problem.rule, item)
        return
    if walk.half and not in_half(span, walk.half):
        raise walk.refuse()
    slot = Slot(span, bool(walk.mode), walk.slot_parity or clause.parity, walk.mode is not None)
    if not any(one.span == span and one.parity == slot.parity for one in clause.slots):
        clause.slots.append(slot)


def _half(walk: Walk, item: Item) -> None:
    """« matin » and « après-midi » stand beside the times they say, and agree with them."""
    after = walk.after(_SOFT)
    following = walk.items[walk.at + 1].kind if walk.at + 1 < len(walk.items) else ""
    if walk.after(frozenset({"colon", "open"})) == "closed":
        walk.at = next(at for at in range(walk.at, len(walk.items)) if walk.items[at].kind == "closed") + 1
        _shut(walk, item.value)
    elif walk.before(frozenset({"colon"})) == "closed" and walk.items[walk.at - 2].kind == "closed":
        walk.clause.closed = False
        _shut(walk, item.value)
    elif after == "appointment" and following != "span" and not _span_follows(walk):
        walk.at = next(at for at in range(walk.at, len(walk.items)) if walk.items[at].kind == "appointment") + 1
        half_by_appointment(walk, item.value)
    elif walk.after() in {"and", "comma", "dash"} and following == "half":
        walk.at += 2  # « matin et après-midi »
    elif _next_span_is_in(walk, item.value):
        return
    elif after == "days" and walk.before(frozenset({"and", "colon"})) in {"", "hard", "slash", "comma", "close"}:
        walk.half = item.value if walk.after() == "colon" else None  # « matin : lundi au vendredi 8h30-12h »
        if walk.clause.says():
            walk.start(adds=True)
        walk.clause.adds = True
    elif not (walk.before(_SOFT) == "span" and walk.clause.slots and in_half(walk.clause.slots[-1].span, item.value)):
        raise walk.refuse()


def _span_follows(walk: Walk) -> bool:
    """Whether hours stand behind the appointment that comes next."""
    at = next(at for at in range(walk.at, len(walk.items)) if walk.items[at].kind == "appointment") + 1
    while at < len(walk.items) and walk.items[at].kind in {"colon", "close"}:
        at += 1
    return at < len(walk.items) and walk.items[at].kind == "span"


def _next_span_is_in(walk: Walk, half: str) -> bool:
    past = _SOFT | {"appointment", "walkin", "close", "counter"}
    at = walk.at
    while at < len(walk.items) and walk.items[at].kind in past:
        at += 1
    return at < len(walk.items) and walk.items[at].kind == "span" and in_half(walk.items[at].span, half)


def _shut(walk: Walk, half: str) -> None:
    """Half of the clause's days is closed; what is said of the other half must be said."""
    if walk.clause.half or any(in_half(slot.span, half) for slot in walk.clause.slots):
        raise walk.refuse("hours_with_exceptions")
    walk.clause.half = half


def _closed(walk: Walk, _: Item) -> None:
    """« Lundi : fermé », « 9h-12h / fermé »."""
    clause = walk.clause
    if walk.after() == "half" and not clause.closed:
        clause.closed = not clause.slots  # the half itself is read next
        return
    if clause.slots and walk.after() == "days":
        raise walk.refuse("hours_with_exceptions")  # « lundi 9h-12h, fermé mardi, mercredi 9h-12h »
    if clause.slots:
        afternoon = not any(slot.span[1] > "13:30" for slot in clause.slots)
        if not (afternoon and walk.before() in {"slash", "comma", "dash", "colon", "and"}):
            raise walk.refuse("hours_with_exceptions")
        return
    clause.closed = True


def _same(walk: Walk, _: Item) -> None:
    """« Mardi : idem »: the hours of the clause before."""
    clause, told = walk.clause, walk.told()
    if not clause.days or clause.says() or not told or not told[-1].slots:
        raise walk.refuse()
    clause.slots = [replace(slot) for slot in told[-1].slots]


def _place(walk: Walk, _: Item) -> None:
    """A place named once, before all days and times, heads the text; elsewhere it could be another place."""
    named = sum(item.kind == "place" for item in walk.items)
    if named > 1 or walk.clause.days or walk.told():
        raise walk.refuse("hours_elsewhere")


def _contact(walk: Walk, item: Item) -> None:
    """« de 9h à 12h au 01 99 00 12 34 » are the telephone's hours."""
    if item.value == "au" and walk.before() == "span" and not any(slot.appointment for slot in walk.clause.slots):
        raise walk.refuse("hours_of_telephone")


def _remark(walk: Walk, _: Item) -> None:
    """Words that nobody knows: hours.py tells them; nothing is said by them."""


_HANDLERS: dict[str, Callable[[Walk, Item], None]] = {
    "open": _open, "close": _close, "days": _days, "ranks": _ranks, "span": _span, "half": _half, "closed": _closed,
    "place": _place, "remark": _remark, "contact": _contact, "counter": _remark, "appointment": appointment,
    "walkin": walk_in, "telephone": telephone, "parity": parity, "school": school, "months": months, "summer": summer,
    "usual": usual, "same": _same,
}  # fmt: skip


def _finished(walk: Walk) -> Said:
    """The clauses, each of which must say something."""
    if len(walk.clauses) == 1 and not walk.clause.days and not walk.clause.says() and walk.mode:
        walk.clause.appointment = True
    if not walk.clause.days and not walk.clause.says() and len(walk.clauses) > 1:
        walk.clauses.pop()
    for clause in walk.clauses:
        if clause.days and not clause.says() and walk.mode and walk.mode_lasts:
            clause.appointment = True
        if not clause.says():
            telephone_only = any(rule == "hours_of_telephone_left_out" for rule, _, _ in walk.doubts)
            raise walk.refuse("hours_of_telephone" if telephone_only else "hours_not_understood")
    if walk.loose:
        told = [(clause.parity or any(slot.parity for slot in clause.slots), clause.season) for clause in walk.clauses]
        if len({bool(said) for said, _ in told}) > 1 or len({bool(season) for _, season in told}) > 1:
            raise walk.refuse()  # what is said of one part may hold for the others
    if walk.term and not any(clause.season == "SH" for clause in walk.clauses):
        walk.never.append("SH")
    return Said(walk.clauses, walk.changes, walk.never, walk.doubts)


def _ends_with_days(items: Sequence[Item]) -> bool:
    """« 9h-12h le lundi, 14h-17h le mardi »: each part's times stand before its days."""
    core: list[str] = []
    bracketed = False
    plain = any(item.kind == "span" for item in _outside_brackets(items))
    for at, item in enumerate(items):
        bracketed = (bracketed or item.kind == "open") and item.kind != "close" and plain
        before = items[at - 1].kind if at else ""
        if item.kind in {"days", "span"} and not bracketed and before not in {"except", "closed", "clock"}:
            core.append(item.kind)
    return bool(core) and core[0] == "span" and core[-1] == "days"


def _outside_brackets(items: Sequence[Item]) -> list[Item]:
    found: list[Item] = []
    bracketed = False
    for item in items:
        bracketed = (bracketed or item.kind == "open") and item.kind != "close"
        found += [] if bracketed else [item]
    return found
