"""« sauf le mercredi », « fermé de 12h à 14h », « 16h le vendredi »: what takes from the hours said, or moves their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fs_pipeline.values.hours_clauses import Change, Walk, checked_span
from fs_pipeline.values.hours_grammar import Item, Span
from fs_pipeline.values.hours_text import NotUnderstoodError

_JOINS = frozenset({"comma", "and", "slash", "also"})
_TARGETS = frozenset({"days", "half", "months", "school", "public"})
_ENDS = frozenset({"", "hard", "close", "comma", "and", "slash", "open"})


def change_at(walk: Walk) -> bool:
    """Read the change that begins at the item just taken, if one does; what it bears on is in `walk.changes`."""
    items, at = walk.items, walk.at - 1
    found = _read(walk, items, at)
    if found is None:
        return False
    changes, walk.at = found
    here = len(walk.clauses) - 1 if walk.bracketed else None
    after = walk.clause.slots[-1].span if walk.clause.slots else None
    for change in changes:
        _keep(walk, replace(change, after=after, clause=here), items[at], at)
    return True


def _keep(walk: Walk, change: Change, first: Item, at: int) -> None:
    """A change of all the year's weeks, or what never holds."""
    told = walk.told()
    unsaid = bool(walk.clause.days) and not walk.clause.says()
    if not told and not change.season and not unsaid:
        raise walk.refuse("hours_with_exceptions")
    moves = change.spans or change.cut or change.closes or change.opens or change.half
    if change.season and not moves:
        days = change.days
        apart = at > 0 and walk.items[at - 1].kind in {"comma", "hard", "dash", "and"}
        further = walk.days_ahead()
        if not days and (len(told) > 1 or (told and further)) and change.season != "PH" and not (apart and not further):
            if not walk.bracketed or (len(told) > 1 and walk.clause.hard in {"", ";"}):
                raise walk.refuse("hours_with_exceptions")
            days = walk.clause.days
        walk.never.append(f"{change.season} {','.join(days)}".strip())
        return
    if change.season == "PH":
        raise walk.refuse("hours_with_exceptions")
    if unsaid:  # « du lundi au vendredi, sauf le mercredi, de 9h à 12h »
        if moves or not set(change.days) < set(walk.clause.days):
            raise walk.refuse("hours_with_exceptions")
        walk.clause.days = tuple(day for day in walk.clause.days if day not in change.days)
        return
    walk.changes.append(change)


def _read(walk: Walk, items: Sequence[Item], at: int) -> tuple[list[Change], int] | None:
    kind = items[at].kind
    if kind == "except":
        return _excepted(walk, items, at + 1)
    if kind in {"closed", "pause"}:
        return _closed(walk, items, at)
    if kind in {"until", "from"} and _kind(items, at + 1) == "clock":
        return _moved(walk, items, at, at + 1)
    if kind == "clock" and _kind(items, at + 1) in {"days", "school"} and (walk.bracketed or _after_comma(items, at)):
        return _moved(walk, items, at, at)
    if kind in {"days", "school", "months", "public"}:
        return _days_then(walk, items, at)
    return None


def _after_comma(items: Sequence[Item], at: int) -> bool:
    return at > 0 and items[at - 1].kind in {"comma", "hard", "dash"}


def _kind(items: Sequence[Item], at: int) -> str:
    return items[at].kind if at < len(items) else ""


def _skip(items: Sequence[Item], at: int, past: frozenset[str]) -> int:
    while _kind(items, at) in past:
        at += 1
    return at


def _excepted(walk: Walk, items: Sequence[Item], at: int) -> tuple[list[Change], int]:
    """« sauf jeudi, 18h30 », « sauf le mercredi après-midi », « sauf 12h-13h », « sauf juillet et août »."""
    at = _skip(items, at, frozenset({"colon", "open"}))
    if _kind(items, at) == "span":
        return [Change(cut=_span(items[at]))], at + 1
    targets, at = _targets(walk, items, at)
    if not targets or _kind(items, at) in {"months", "school"}:
        raise walk.refuse("hours_with_exceptions")
    ahead = _skip(items, at, frozenset({"comma", "colon", "open"}))
    following = _kind(items, ahead)
    if following == "closed":
        return targets, ahead + 1
    if following in {"until", "from"} and _kind(items, ahead + 1) == "clock":
        return _with_clock(targets, following, items[ahead + 1]), ahead + 2
    if following == "clock":
        return _with_clock(targets, "until", items[ahead]), ahead + 1
    spans, end = _spans(items, ahead)
    unsaid = bool(walk.clause.days) and not walk.clause.says()  # then the hours are not the exception's
    if spans and not unsaid and _kind(items, at) != "hard":
        if any(target.half for target in targets):
            raise walk.refuse("hours_with_exceptions")
        return [replace(target, spans=spans) for target in targets], end
    return targets, at


def _closed(walk: Walk, items: Sequence[Item], at: int) -> tuple[list[Change], int] | None:
    """« fermé de 12h à 14h », « fermé les lundi et mercredi après-midi », « fermé en août »."""
    pause = items[at].kind == "pause"
    ahead = _skip(items, at + 1, frozenset({"colon", "open"}))
    if _kind(items, ahead) == "span" and (pause or (walk.clause.slots and ahead == at + 1)):
        return [Change(cut=_span(items[ahead]))], ahead + 1
    if pause:
        raise walk.refuse("hours_with_exceptions")
    unsaid = bool(walk.clause.days) and not walk.clause.says()
    if unsaid or (_kind(items, ahead) == "half" and ahead == at + 1):
        return None
    targets, end = _targets(walk, items, ahead)
    if not targets or _kind(items, _skip(items, end, frozenset({"colon"}))) in {"span", "closed", "appointment"}:
        return None
    if not walk.told() and any(not target.season for target in targets):
        return None
    if _kind(items, end) in {"months", "school"}:  # « fermé mardi en juillet »
        raise walk.refuse("hours_with_exceptions")
    return [replace(target, shut=bool(target.days)) for target in targets], end


def _moved(walk: Walk, items: Sequence[Item], at: int, clock: int) -> tuple[list[Change], int] | None:
    """« fermeture à 16h le vendredi », « (16h30 le vendredi) », « (17h pendant les vacances scolaires) »."""
    if not walk.told():
        return None
    kind = "until" if items[at].kind == "clock" else items[at].kind
    targets, end = _targets(walk, items, clock + 1)
    if not targets or any(target.half for target in targets):
        raise walk.refuse("hours_with_exceptions")
    if _kind(items, _skip(items, end, frozenset({"colon"}))) in {"span", "clock", "closed"}:
        raise walk.refuse()
    return _with_clock(targets, kind, items[clock]), end


def _days_then(walk: Walk, items: Sequence[Item], at: int) -> tuple[list[Change], int] | None:
    """« (vendredi : 16h) », « vendredi jusqu'à 15h30 », « (lundi et jeudi matin fermé) »."""
    targets, end = _targets(walk, items, at)
    seasons = all(target.season for target in targets)
    if not targets or not (walk.told() or seasons):
        return None
    ahead = _skip(items, end, frozenset({"colon", "comma"}))
    following = _kind(items, ahead)
    if following == "closed" and (walk.bracketed or seasons):  # « août : fermé »
        return targets, ahead + 1
    if not walk.told():
        return None
    if any(target.half or (target.season and not walk.bracketed) for target in targets):
        return None
    if following in {"until", "from"} and _kind(items, ahead + 1) == "clock":
        return _with_clock(targets, following, items[ahead + 1]), ahead + 2
    if following == "clock" and walk.bracketed and _kind(items, ahead + 1) in _ENDS:
        return _with_clock(targets, "until", items[ahead]), ahead + 1
    return None


def _with_clock(targets: Sequence[Change], kind: str, clock: Item) -> list[Change]:
    """The clock is said of the last: « sauf mercredi après-midi et vendredi 16h »."""
    *others, last = targets
    moved = replace(last, opens=clock.value) if kind == "from" else replace(last, closes=clock.value)
    return [*others, moved]


def _spans(items: Sequence[Item], at: int) -> tuple[tuple[Span, ...], int]:
    """The spans that follow one another."""
    spans: list[Span] = []
    end = at
    while _kind(items, at) == "span":
        spans.append(_span(items[at]))
        end = at + 1
        at = _skip(items, end, _JOINS | {"dash"})
    return tuple(spans), end


def _span(item: Item) -> Span:
    return checked_span(*item.span)


def _targets(walk: Walk, items: Sequence[Item], at: int) -> tuple[list[Change], int]:
    """Days with their half, halves, months, school or public holidays, in a list; where the list ends."""
    found: list[Change] = []
    end = at
    while _kind(items, at) in _TARGETS and not (items[at].kind == "school" and items[at].value == "term"):
        item = items[at]
        if found and at == end:
            break  # nothing joins them
        at += 1
        if item.kind == "days":
            half = items[at] if _kind(items, at) == "half" else None
            at += half is not None
            found += _days(walk, item, half)
        elif item.kind == "half":
            after = _kind(items, at)
            days = items[at] if after == "days" else None  # « sauf le matin du lundi »
            at += days is not None
            found.append(Change(days.days if days else (), item.value))
        elif item.kind == "months":
            found.append(Change(season=item.value))
        elif item.kind == "school":
            found.append(Change(season="SH"))
        else:
            found.append(Change(season="PH"))
        end = at
        at = _skip(items, at, _JOINS)
    return found, end


def _days(walk: Walk, item: Item, half: Item | None) -> list[Change]:
    """« le lundi et mercredi après-midi »: all Monday, or its afternoon? Both are read."""
    if item.value == "or":
        raise NotUnderstoodError("hours_which_weeks")
    if half is None or len(item.days) == 1 or item.plural or half.plural:
        return [Change(item.days, half.value if half else None)]
    if walk.choices.pick(2):
        return [Change(item.days[:-1]), Change(item.days[-1:], half.value)]
    return [Change(item.days, half.value)]
