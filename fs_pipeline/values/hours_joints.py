"""What stands between two things said: « à », a dash, a comma, « et » are named by what they join, for the grammar.

A dash or a slash between two days may be a range or a list: `Choices` gives each in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fs_pipeline.french import DAYS
from fs_pipeline.values.hours_lexer import Token
from fs_pipeline.values.hours_text import NotUnderstoodError

MOST_READINGS = 24  # beyond it nobody can tell either
_DAYS = frozenset({"day", "rank", "firsts"})
_TIMES = frozenset({"time", "bare"})
_LISTS = frozenset({"comma", "and", "slash"})
_JOINS = frozenset({"to", "dash", "comma", "slash", "and", "or", "also", "colon"})


class Choices:
    """Answers to what has two readings, one sequence of answers a reading; `rank` counts those less natural."""

    def __init__(self, answers: tuple[int, ...] = ()) -> None:
        self._answers = answers
        self.asked: list[int] = []
        self.rank = 0

    def pick(self, count: int, ranked: bool = False) -> int:
        """An answer from 0 to `count` - 1; with `ranked`, 0 wins wherever it can be read at all."""
        at = len(self.asked)
        answer = self._answers[at] if at < len(self._answers) else 0
        self.asked.append(count)
        self.rank += answer if ranked else 0
        return answer

    def following(self) -> Iterator[tuple[int, ...]]:
        """The sequences of answers that leave this one at a question that it was the first to ask."""
        known = len(self._answers)
        for at in range(known, len(self.asked)):
            for answer in range(1, self.asked[at]):
                yield (*self._answers, *[0] * (at - known), answer)


@dataclass(frozen=True)
class _Joint:
    """Joining words between two things: what stands before and after, and what they are."""

    before: Token | None
    after: Token | None
    beyond: Token | None  # the day behind the next joining word
    kinds: tuple[str, ...]

    def stands_between(self, kinds: frozenset[str]) -> bool:
        """Whether both sides are of these kinds."""
        return bool(self.before and self.after and {self.before.kind, self.after.kind} <= kinds)


def named(found: Sequence[Token], choices: Choices) -> list[tuple[str, Token]]:
    """Each token's name in the grammar: joining words by what they join."""
    core = [token for token in found if token.kind != "harmless"]
    given: list[tuple[str, Token]] = []
    opened = between = False  # an opening time waits for its closing time; « entre 9h et 12h »
    chained = _chained(core)
    at = 0
    while at < len(core):
        token = core[at]
        at += 1
        if token.kind in _JOINS:
            stop = next((place for place in range(at, len(core)) if core[place].kind not in _JOINS), len(core))
            joint = _joint(core, at - 1, stop)
            if opened and _links(joint, between):
                given.append(("LINK", token))
                between = False
            else:
                opened = opened and not joint.stands_between(_TIMES)
                name = _name(joint, choices, chained)
                words = core[at - 1 : stop]
                given += [(name, token)] if name else [(one.kind.upper(), one) for one in words if one.kind != "to"]
            at = stop
        elif token.kind in _TIMES:
            if opened and token.kind == "time" and core[at - 2].kind == "time":  # « 9h12h »
                given.append(("LINK", token))
            opened = not opened
            given.append((token.kind.upper(), token))
        elif token.kind == "between":
            between = True
        else:
            opened = False
            given.append((token.kind.upper(), token))
    return given


def _joint(core: Sequence[Token], at: int, stop: int) -> _Joint:
    beyond = core[stop + 2] if stop + 2 < len(core) and core[stop + 1].kind in _JOINS else None
    before, after = core[at - 1] if at else None, core[stop] if stop < len(core) else None
    return _Joint(before, after, beyond, tuple(one.kind for one in core[at:stop]))


def _links(joint: _Joint, between: bool) -> bool:
    """Whether an opening and a closing time are joined; bare numbers are hours only across a dash or « à »."""
    kinds = set(joint.kinds)
    if not joint.stands_between(_TIMES):
        return False
    if not (kinds <= {"to", "dash", "slash", "colon"} or (between and joint.kinds == ("and",))):
        return False
    sides = {token.kind for token in (joint.before, joint.after) if token}
    if "bare" in sides and not ({"to", "dash"} & kinds or ("slash" in kinds and "time" in sides)):
        raise NotUnderstoodError("hours_not_understood")
    return True


def _chained(core: Sequence[Token]) -> frozenset[str]:
    """Signs that list days somewhere in the text: « lundi-mardi-jeudi », « lun/mer/ven »."""
    kinds = [token.kind for token in core]
    return frozenset(
        sign
        for sign in ("dash", "slash")
        if any(kinds[at : at + 5] == ["day", sign, "day", sign, "day"] for at in range(len(kinds)))
    )


def _name(joint: _Joint, choices: Choices, chained: frozenset[str]) -> str | None:
    """What joins two days or two months; None where it joins something else."""
    kinds = set(joint.kinds)
    if joint.stands_between(frozenset({"month"})):
        return "MONTH_TO" if joint.kinds in {("to",), ("dash",)} else "MONTH_AND" if kinds <= _LISTS else None
    if not joint.stands_between(_DAYS):
        return None
    if joint.kinds == ("to",):
        return "DAY_TO"
    if joint.kinds == ("or",):  # « du mardi ou samedi » is a slip for « au »
        return "DAY_TO" if joint.before and joint.before.opens else "DAY_OR"
    if joint.kinds in {("dash",), ("slash",)}:
        return _range_or_list(joint, choices, chained)
    return "DAY_AND" if kinds <= _LISTS | {"also"} and joint.kinds.count("and") < 2 else None


def _range_or_list(joint: _Joint, choices: Choices, chained: frozenset[str]) -> str:
    """A dash is a range unless that cannot be; a slash is one or the other, and so is « mardi-jeudi et vendredi »."""
    gap = _gap(joint.before, joint.after)
    if joint.kinds[0] in chained or gap is None or gap <= 1:
        return "DAY_AND"
    natural = joint.kinds == ("dash",) and _gap(joint.after, joint.beyond) != 1
    return ("DAY_TO", "DAY_AND")[choices.pick(2, ranked=natural)]


def _gap(first: Token | None, last: Token | None) -> int | None:
    """Days from one plain day to another; None where one of them is none or several."""
    if not first or not last or first.value not in DAYS or last.value not in DAYS:
        return None
    return DAYS.index(last.value) - DAYS.index(first.value)
