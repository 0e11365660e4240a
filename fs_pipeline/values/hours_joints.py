"""What stands between two things said: « à », a dash, a comma, « et » are named by what they join, for the grammar.

A dash or a slash between two days may be a range or a list: `Choices` gives each in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fs_pipeline.values.hours_lexer import NotUnderstoodError, Token
from fs_pipeline.values.hours_words import DAYS

MOST_READINGS = 24  # beyond it nobody can tell either
_DAYS = frozenset({"day", "rank", "firsts"})
_TIMES = frozenset({"time", "bare"})
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


def named(found: Sequence[Token], choices: Choices) -> list[tuple[str, Token]]:
    """Each token's name in the grammar: joining words by what they join."""
    core = [token for token in found if token.kind != "harmless"]
    named: list[tuple[str, Token]] = []
    opened = False  # an opening time waits for its closing time
    between = False
    chained = _chained(core)
    at = 0
    while at < len(core):
        token = core[at]
        before = core[at - 1].kind if at else ""
        if token.kind in _TIMES:
            if opened and before == token.kind == "time":  # « 9h12h »
                named.append(("LINK", token))
            opened = not opened
            named.append((token.kind.upper(), token))
            at += 1
            continue
        if token.kind == "between":
            between = True
            at += 1
            continue
        if token.kind not in _JOINS:
            opened = False
            named.append((token.kind.upper(), token))
            at += 1
            continue
        stop = at
        while stop < len(core) and core[stop].kind in _JOINS:
            stop += 1
        after = core[stop].kind if stop < len(core) else ""
        kinds = [one.kind for one in core[at:stop]]
        name = _joint(before, after, kinds, core, at, stop, choices, chained) if before and after else None
        links = opened and before in _TIMES and after in _TIMES
        if links and (set(kinds) <= {"to", "dash", "slash", "colon"} or (between and kinds == ["and"])):
            bare = "bare" in {before, after}
            if bare and not ({"to", "dash"} & set(kinds) or ("slash" in kinds and "time" in {before, after})):
                raise NotUnderstoodError("hours_not_understood")
            named.append(("LINK", token))
            between = False
        elif name:
            named.append((name, token))
        else:
            opened = False if links else opened
            named += [(one.kind.upper(), one) for one in core[at:stop] if one.kind != "to"]
        at = stop
    return named


def _chained(core: list[Token]) -> frozenset[str]:
    """Signs that list days somewhere in the text: « lundi-mardi-jeudi », « lun/mer/ven »."""
    kinds = [token.kind for token in core]
    return frozenset(
        sign
        for sign in ("dash", "slash")
        if any(kinds[at : at + 5] == ["day", sign, "day", sign, "day"] for at in range(len(kinds)))
    )


def _joint(
    before: str,
    after: str,
    kinds: list[str],
    core: list[Token],
    at: int,
    stop: int,
    choices: Choices,
    chained: frozenset[str],
) -> str | None:
    """What joins two days or two months; None where it joins something else."""
    if before == "month" and after == "month":
        return (
            "MONTH_TO"
            if kinds in (["to"], ["dash"])
            else "MONTH_AND"
            if set(kinds) <= {"comma", "and", "slash"}
            else None
        )
    if before == "ofmonth" and after == "rank" and set(kinds) <= {"comma", "and"}:
        return None
    if before not in _DAYS or after not in _DAYS:
        return None
    if kinds == ["to"]:
        return "DAY_TO"
    if kinds == ["or"]:
        return "DAY_TO" if core[at - 1].opens else "DAY_OR"  # « du mardi ou samedi » is a slip for « au »
    if kinds in (["dash"], ["slash"]):
        if kinds[0] in chained or before != "day" or after != "day":
            return "DAY_AND"
        gap = _gap(core[at - 1].value, core[stop].value)
        if gap == 1 or gap is None or gap < 1:
            return "DAY_AND"
        # A dash is a range unless that cannot be; a slash is one or the other, and so is « mardi-jeudi et vendredi ».
        further = core[stop + 2].value if stop + 2 < len(core) and core[stop + 1].kind in _JOINS else ""
        natural = kinds == ["dash"] and _gap(core[stop].value, further) != 1
        return ("DAY_TO", "DAY_AND")[choices.pick(2, ranked=natural)]
    if set(kinds) <= {"comma", "and", "slash", "also"} and kinds.count("and") < 2:
        return "DAY_AND"
    return None


def _gap(first: str, last: str) -> int | None:
    """Days from one plain day to another; None where one of them is several."""
    return DAYS.index(last) - DAYS.index(first) if first in DAYS and last in DAYS else None
