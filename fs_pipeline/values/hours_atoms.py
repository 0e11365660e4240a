"""Days, spans of time and months, put together from the words of opening hours.

What stands beside them (an appointment, an exception, a parity) is passed on as it is: hours_clauses.py tells what it
bears on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from fs_pipeline.values.hours_words import DAYS, MONTHS, Token

Span = tuple[str, str]
EARLIEST = "05:00"  # « de 2h à 5h » is an afternoon or a mistake: nobody receives at night
_CONNECTORS = frozenset({"to", "dash", "comma", "slash", "and"})
_DAY_KINDS = frozenset({"day", "everyday", "weekend", "nth", "firsts"})


class NotUnderstoodError(Exception):
    """Carries the rule that says why."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing said: ``days``, ``ranks``, ``span``, ``months``, or a token's own kind."""

    kind: str
    value: str = ""
    days: tuple[str, ...] = ()
    span: Span = ("", "")
    plural: bool = False  # « les mardi et jeudi »
    inner: tuple[str, ...] = ()  # the days inside a range that a dash wrote, where it may have been a list


def atoms(found: list[Token]) -> list[Atom]:
    """The tokens gathered; raises NotUnderstoodError where a time is alone or a range of days is none."""
    said: list[Atom] = []
    at = 0
    while at < len(found):
        token = found[at]
        if token.kind in _DAY_KINDS:
            atom, at = _read_days(found, at)
        elif token.kind in {"time", "bare"}:
            atom, at = _read_span(found, at)
        elif token.kind == "month":
            atom, at = _read_months(found, at)
        elif token.kind == "ofmonth":
            at += 1
            continue
        elif token.kind == "to":
            raise NotUnderstoodError("hours_not_understood")
        else:
            atom, at = Atom(token.kind, token.value), at + 1
        said.append(atom)
    return said


def _read_span(found: list[Token], at: int) -> tuple[Atom, int]:
    """Two times; bare numbers are hours only across a dash or « à »."""
    after = at + 1
    link = ""
    if after < len(found) and found[after].kind in {"to", "dash", "slash", "colon"}:
        link = found[after].kind
        after += 1
    if after >= len(found) or found[after].kind not in {"time", "bare"}:
        raise NotUnderstoodError("hours_cut" if found[at].kind == "time" else "hours_not_understood")
    opens, closes = found[at], found[after]
    if "bare" in {opens.kind, closes.kind} and link not in {"to", "dash"}:
        raise NotUnderstoodError("hours_not_understood")
    return Atom("span", span=checked_span(opens.value, closes.value)), after + 1


def checked_span(opens: str, closes: str) -> Span:
    """A span that grows, by day; 00:00 closes as 24:00."""
    if opens == closes == "00:00":
        raise NotUnderstoodError("hours_are_zero")
    closes = "24:00" if closes == "00:00" else closes
    if closes <= opens:
        raise NotUnderstoodError("hours_overlap")
    if opens < EARLIEST and (opens, closes) != ("00:00", "24:00"):
        raise NotUnderstoodError("hours_are_zero" if opens == "00:00" else "hours_not_understood")
    return opens, closes


def _read_days(found: list[Token], at: int) -> tuple[Atom, int]:
    """A list of days: ``lundi, mardi et jeudi``, ``lundi au vendredi``, ``1er et 3e jeudis``."""
    read = _read_item(found, at)
    if read is None:
        ranks, after = _read_ranks(found, at)
        return Atom("ranks", days=tuple(ranks)), after
    plural = found[at].plural
    items, links = [read[0]], []
    at = read[1]
    while at < len(found):
        after = at
        while after < len(found) and found[after].kind in _CONNECTORS and after - at < 2:
            after += 1
        link = [token.kind for token in found[at:after]]
        if len(link) == 2 and link != ["comma", "and"]:
            break
        read = _read_item(found, after) if after < len(found) and found[after].kind in _DAY_KINDS else None
        if read is None:
            break
        items.append(read[0])
        links.append(link[-1] if link else "")
        at = read[1]
    return replace(_listed(items, links), plural=plural), at


def _read_item(found: list[Token], at: int) -> tuple[tuple[str, ...], int] | None:
    """One day, with its ranks in the month; None where ranks stand alone."""
    kind = found[at].kind
    if kind == "everyday":
        return DAYS, at + 1
    if kind == "weekend":
        return DAYS[5:], at + 1
    if kind == "day":
        return (found[at].value,), at + 1
    ranks, after = _read_ranks(found, at)
    if after < len(found) and found[after].kind == "day":
        return (f"{found[after].value}[{','.join(ranks)}]",), after + 1
    return None


def _read_ranks(found: list[Token], at: int) -> tuple[list[str], int]:
    if found[at].kind == "firsts":
        return [str(rank) for rank in range(1, int(found[at].value) + 1)], at + 1
    ranks = [found[at].value]
    at += 1
    while at < len(found):
        after = at
        while after < len(found) and found[after].kind in {"comma", "and"}:
            after += 1
        if after >= len(found) or found[after].kind != "nth":
            break
        ranks.append(found[after].value)
        at = after + 1
    return ranks, at


def _listed(items: list[tuple[str, ...]], links: list[str]) -> Atom:
    """What the words between days make of them: a range, a list, or nothing certain."""
    if links == ["slash"] and _gap(items[0], items[1]) != 1:
        raise NotUnderstoodError("hours_not_understood")  # « lundi/vendredi »: a list or a range?
    days = list(items[0])
    inner: tuple[str, ...] = ()
    for at, (link, item) in enumerate(zip(links, items[1:], strict=True)):
        around = links[max(0, at - 1) : at] + links[at + 1 : at + 2]
        if link == "to" or (link == "dash" and "dash" not in around):
            gap = _gap(items[at], item)
            if gap is None or gap < 1 or "to" in around:
                raise NotUnderstoodError("hours_not_understood")
            first = DAYS.index(days[-1])
            between = DAYS[first + 1 : first + gap]
            # « mardi-jeudi et vendredi » would have been « mardi-vendredi »: maybe a list.
            if link == "dash" and at + 2 < len(items) and _gap(item, items[at + 2]) == 1:
                inner = between
            days += between
        days += item
    if len(set(days)) != len(days):
        raise NotUnderstoodError("hours_overlap")
    return Atom("days", days=tuple(days), inner=inner)


def _gap(first: tuple[str, ...], last: tuple[str, ...]) -> int | None:
    """Days from one plain day to another; None where one has ranks or is many."""
    if len(first) != 1 or len(last) != 1 or "[" in first[0] + last[0]:
        return None
    return DAYS.index(last[0]) - DAYS.index(first[0])


def _read_months(found: list[Token], at: int) -> tuple[Atom, int]:
    """``Sep-Jun``, ``Jul,Aug`` or ``Aug``."""
    names, links = [found[at].value], []
    at += 1
    while at + 1 < len(found) and found[at].kind in _CONNECTORS and found[at + 1].kind == "month":
        links.append(found[at].kind)
        names.append(found[at + 1].value)
        at += 2
    numbers = [MONTHS.index(name) for name in names]
    if len(names) == 2 and links[0] in {"to", "dash"}:
        return Atom("months", f"{names[0]}-{names[1]}"), at
    if {"to", "dash"} & set(links):
        raise NotUnderstoodError("hours_not_understood")
    if len(names) > 1 and all(later == earlier + 1 for earlier, later in pairwise(numbers)):
        return Atom("months", f"{names[0]}-{names[-1]}"), at
    return Atom("months", ",".join(names)), at
