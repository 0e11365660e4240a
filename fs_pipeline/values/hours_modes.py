"""How one is received: by appointment, freely, on the telephone. « sur rendez-vous » is part of what hours mean."""

from __future__ import annotations

from fs_pipeline.values.hours_clauses import SEPARATORS, Clause, Walk, in_half
from fs_pipeline.values.hours_grammar import Item

_COLON = frozenset({"colon"})
_BREAKS = frozenset({"hard", "comma", "dash", "slash"})


def appointment(walk: Walk, item: Item) -> None:
    """« sur rendez-vous »: what it bears on is before it, after it, or everything."""
    clause = walk.clause
    headed = walk.after() == "colon"  # « sur rendez-vous : », a line
    first = not walk.told() and not clause.days
    past = _COLON | ({"hard"} if headed else set()) | ({"comma"} if first else set())
    after, before = walk.after(past), walk.before()
    if after == "half" and not _hours_behind_half(walk):
        half = next(item for item in walk.items[walk.at :] if item.kind == "half")
        walk.at = walk.items.index(half, walk.at) + 1
        half_by_appointment(walk, half.value)
    elif after in {"span", "half"} and (not clause.slots or before in SEPARATORS | {"open", ""}):
        walk.mode = True
    elif walk.bracketed and after == "days" and walk.told():
        _days_in_brackets(walk)
    elif not clause.says() and clause.days:
        if walk.times_first:
            raise walk.refuse("hours_with_exceptions")
        clause.appointment = True  # taken back where hours follow
    elif after == "span" and walk.after() == "span":
        raise walk.refuse("hours_two_readings")  # « 9h-12h sur rdv 14h-17h »
    elif after == "days" and walk.cut_before() == "hard" and _heads(walk):
        walk.mode, walk.mode_lasts = True, True
        walk.start()
    elif after == "days" and before in SEPARATORS and walk.after() == "days":
        walk.mode, walk.mode_lasts = True, True  # « …, sur rendez-vous le mardi 14h-17h »
        walk.doubt("hours_appointment_of_all", item)
        walk.start(adds=before in {"and", "also"})
    elif clause.slots:
        _said_after(walk, item)
    elif walk.told() or clause.closed:
        raise walk.refuse("hours_with_exceptions")
    else:
        walk.mode = True


def _days_in_brackets(walk: Walk) -> None:
    """« … (sur rendez-vous les mercredi et vendredi après-midi) »: these days too, no hour said."""
    days = walk.items[walk.at]
    walk.at += 1
    if walk.after() == "half":
        walk.at += 1
    if walk.after() != "close" or days.value == "or":
        raise walk.refuse("hours_with_exceptions")
    walk.clauses.append(Clause(days=days.days, more=True, season=walk.clause.season))


def walk_in(walk: Walk, _: Item) -> None:
    """« sans rendez-vous », « accès libre »."""
    clause = walk.clause
    first = not walk.told() and not clause.days
    after = walk.after(_COLON | ({"comma"} if first else set()))
    if clause.appointment:
        raise walk.refuse("hours_with_exceptions")
    if after in {"span", "half"} and (not clause.slots or walk.before() in SEPARATORS | {"open"}):
        walk.mode = False
    elif after == "days" and walk.cut_before() == "hard":
        walk.mode, walk.mode_lasts = False, True
        walk.start()
    else:
        for slot in clause.slots:
            slot.said = True
        walk.mode = None if clause.slots else walk.mode


def _heads(walk: Walk) -> bool:
    """Whether the appointment opens what follows, and does not close what precedes on a line of its own."""
    if not walk.told():
        return True
    ahead = walk.items[walk.at].kind
    if ahead == "hard":
        raise walk.refuse("hours_with_exceptions")
    return True


def _hours_behind_half(walk: Walk) -> bool:
    """« sur rendez-vous l'après-midi : 14h-17h »."""
    at = next(at for at in range(walk.at, len(walk.items)) if walk.items[at].kind == "half") + 1
    while at < len(walk.items) and walk.items[at].kind in {"colon", "open", "comma"}:
        at += 1
    return at < len(walk.items) and walk.items[at].kind == "span"


def _said_after(walk: Walk, item: Item) -> None:
    """Behind hours: of those of which it was not said yet; of all where it stands apart."""
    clause, before = walk.clause, walk.before()
    if before in {"and", "or", "also"}:
        clause.more = True  # « 9h-12h et sur rendez-vous »
        return
    told = [one for one in walk.told() if one.slots]
    unsaid = [slot for slot in clause.slots if not slot.said]
    if len(told) > 1 and before in _BREAKS and not walk.bracketed:
        if before != "hard":
            walk.doubt("hours_appointment_of_all", item)
        unsaid = [slot for one in told for slot in one.slots if not slot.said]
    elif len(told) > 1 and not walk.bracketed and not clause.hard and walk.after() == "":
        walk.doubt("hours_appointment_of_all", item)  # « lundi 9h-12h, mardi 14h-17h sur rdv »: Monday too?
        unsaid = [slot for one in told for slot in one.slots if not slot.said]
    elif len(unsaid) > 1 and before == "colon":
        pass  # « 10h à 12h - 14h à 16h : RDV »
    elif len(unsaid) > 1 and (walk.bracketed or _last_joined_by(walk) not in {"span", "and"}):
        raise walk.refuse("hours_two_readings")  # « 9h-12h / 14h-17h (sur rdv) »: the morning too?
    elif len(unsaid) > 1 and _last_joined_by(walk) == "and":
        walk.doubt("hours_appointment_of_all", item)
    if not unsaid:
        raise walk.refuse("hours_with_exceptions")
    for slot in unsaid:
        slot.appointment = slot.said = True


def _last_joined_by(walk: Walk) -> str:
    """Kind of the item before the last span."""
    last = next(at for at in range(walk.at - 1, -1, -1) if walk.items[at].kind == "span")
    return walk.items[last - 1].kind if last else ""


def half_by_appointment(walk: Walk, half: str) -> None:
    """« l'après-midi sur rendez-vous »: its hours, or others that nobody wrote."""
    clause = walk.clause
    inside = [slot for slot in clause.slots if in_half(slot.span, half)]
    for slot in inside:
        slot.appointment = slot.said = True
    if not inside:
        if not clause.slots:
            raise walk.refuse("hours_with_exceptions")
        clause.more = True


def telephone(walk: Walk, item: Item) -> None:
    """The telephone's hours are not the counter's: those in brackets before, or those that follow, are left out."""
    walk.doubt("hours_of_telephone_left_out", item)
    clause = walk.clause
    if walk.bracketed:
        if not clause.slots:
            raise walk.refuse("hours_of_telephone")
        clause.slots.pop()
        clause.spoilt = True
        return
    if walk.cut_before() in {"", "colon"} and walk.before() not in {"", "hard", "and"}:
        raise walk.refuse("hours_of_telephone")
    walk.skipping = "counter" if walk.after(_COLON) == "hard" else "hard"


def skipped(walk: Walk, item: Item) -> bool:
    """Whether the item belongs to the telephone's hours."""
    if not walk.skipping:
        return False
    if item.kind in {"counter", walk.skipping}:
        walk.skipping = ""
        return item.kind == "hard"
    rule, begin, _ = walk.doubts[-1]
    walk.doubts[-1] = (rule, begin, item.end)
    return True
