"""In which weeks, months and holidays opening hours hold: before hours it heads them, behind them it bears on them."""

from __future__ import annotations

from dataclasses import replace

from fs_pipeline.values.hours_clauses import SEPARATORS, Walk
from fs_pipeline.values.hours_grammar import Item

_COLON = frozenset({"colon", "comma"})


def parity(walk: Walk, item: Item) -> None:
    """« semaines paires »."""
    clause, before, after = walk.clause, walk.before(), walk.after(_COLON)
    if walk.bracketed and clause.slots:
        _bracketed_parity(walk, item.value)
    elif not clause.slots and clause.days:
        if walk.after(_COLON | {"close"}) == "span":
            walk.slot_parity = item.value if _again(walk) else None
            clause.parity = None if walk.slot_parity else item.value
        else:
            raise walk.refuse()
    elif clause.slots and walk.after() in {"span", "colon"} and before in SEPARATORS and walk.after(_COLON) == "span":
        walk.slot_parity = item.value
    elif after in {"span", "days", "closed", "half"} and (
        before in {"", "hard", "slash", "comma", "dash"} or (before == "span" and walk.parity not in {None, item.value})
    ):
        walk.parity = item.value
        walk.start()
    elif clause.slots and walk.after() in {"", *SEPARATORS, "close"}:
        _parity_behind(walk, item.value)
    else:
        raise walk.refuse()


def _again(walk: Walk) -> bool:
    """Whether the other weeks are told too, before another day is."""
    ahead = [one.kind for one in walk.items[walk.at :]]
    return "parity" in ahead and "days" not in ahead[: ahead.index("parity")]


def _bracketed_parity(walk: Walk, value: str) -> None:
    """« 14h-16h (semaine paire) ou 16h-18h (semaine impaire) »: the span right before."""
    clause = walk.clause
    unsaid = [slot for slot in clause.slots if slot.parity is None]
    again = _again(walk) or len(unsaid) < len(clause.slots)
    if not unsaid or (len(unsaid) > 1 and not again):
        raise walk.refuse()
    unsaid[-1].parity = value


def _parity_behind(walk: Walk, value: str) -> None:
    """« 9h-12h les semaines paires et 14h-17h les semaines impaires »."""
    clause = walk.clause
    unsaid = [slot for slot in clause.slots if slot.parity is None]
    several = _again(walk) or len(unsaid) < len(clause.slots)
    if not unsaid or (len(unsaid) > 1 and (several or _joined(walk))):
        raise walk.refuse("hours_with_exceptions")
    for slot in unsaid:
        slot.parity = value
    if not several:
        clause.parity = value
        walk.loose |= not _stands_alone(walk)


def _joined(walk: Walk) -> bool:
    """« mardi 9h-12h et 14h-17h les semaines paires »: the afternoon only?"""
    last = next(at for at in range(walk.at - 1, -1, -1) if walk.items[at].kind == "span")
    return last > 0 and walk.items[last - 1].kind in {"and", "span"}


def _stands_alone(walk: Walk) -> bool:
    """Whether a full stop or a line cuts the clause from the next one and the one before."""
    ahead = [one.kind for one in walk.items[walk.at :]]
    cut = "days" not in ahead or ahead[ahead.index("days") - 1] == "hard"
    return cut and (bool(walk.clause.hard) or len(walk.told()) == 1)


def school(walk: Walk, item: Item) -> None:
    """The school's term or its holidays."""
    clause = walk.clause
    after = walk.after(_COLON)
    out = item.value == "term"
    if (
        after in {"days", "span", "hard"}
        and walk.before() in {"", *SEPARATORS}
        and not (clause.days and not clause.says())
    ):
        if after == "hard" and walk.told() and walk.before() != "hard":
            raise walk.refuse("hours_with_exceptions")
        walk.section = "" if out else "SH"
        walk.parity = None
        walk.start()
        walk.term |= out
    elif clause.days and not clause.says() and out and walk.after(_COLON | {"close"}) == "span":
        walk.never.append(f"SH {','.join(clause.days)}")  # « samedi, hors vacances : 9h-12h »
    elif clause.days and not clause.says() and walk.before() == "and" and walk.after(_COLON) == "span":
        clause.holidays = True  # « mercredi et vacances scolaires : 9h-12h »
    elif not walk.told():
        raise walk.refuse("hours_with_exceptions")
    elif out:
        _out_of_holidays(walk)
    elif len(walk.told()) == 1 and clause.slots and not clause.season and not walk.days_ahead():
        clause.season = "SH"
    else:
        raise walk.refuse("hours_with_exceptions")


def _out_of_holidays(walk: Walk) -> None:
    """« …, hors vacances scolaires »: all of it, or the clause in whose brackets it stands."""
    further = walk.days_ahead()
    if len(walk.told()) == 1 and further and walk.clause.days:  # « mercredi 14h-17h hors vacances, samedi 9h-12h »
        walk.never.append(f"SH {','.join(walk.clause.days)}")
    elif not further and (len(walk.told()) == 1 or (walk.before() in {"comma", "hard", "dash"} and not walk.bracketed)):
        walk.never.append("SH")
    elif walk.bracketed and walk.clause.hard not in {"", ";"} and walk.clause.days:
        walk.never.append(f"SH {','.join(walk.clause.days)}")
    else:
        raise walk.refuse("hours_with_exceptions")


def months(walk: Walk, item: Item) -> None:
    """« de septembre à juin »."""
    clause, before, after = walk.clause, walk.before(), walk.after(_COLON)
    behind = before == "span" and walk.after() not in {"colon", "span"}
    outside = walk.items[walk.at - 3].kind if walk.at > 2 else ""
    heads = before == "open" and outside in {"", *SEPARATORS} and not (clause.days and not clause.says())
    if heads and walk.after(_COLON | {"close"}) in {"days", "span"}:  # « hiver (octobre à mars) : »
        walk.section = item.value
        walk.start()
        return
    if after in {"days", "span", "hard", "half", "parity"} and before in {"", *SEPARATORS, "span"} and not behind:
        if clause.days and not clause.says():
            clause.season = item.value
            return
        walk.section = item.value
        walk.parity = None
        walk.start()
    elif clause.says() and not clause.season and walk.after() in {"", "close", "days", *SEPARATORS - {"colon"}}:
        clause.season = item.value
        walk.loose |= len(walk.told()) > 1 or after == "days"
    elif clause.days and not clause.says():
        clause.season = item.value
    else:
        raise walk.refuse("hours_with_exceptions")


def usual(walk: Walk, _: Item) -> None:
    """« le reste de l'année »."""
    walk.section = ""
    walk.parity = None
    walk.start()


def summer(walk: Walk, item: Item) -> None:
    """« été » is July and August where the rest of the year is said to go to June and from September or October."""
    seasons = {clause.season for clause in walk.told()}
    if "Sep-Jun" not in seasons or not seasons <= {"Sep-Jun", "Oct-Jun"}:
        raise walk.refuse("hours_with_exceptions")
    months(walk, replace(item, value="Jul-Aug"))
