"""The grammar of what is said locally in opening hours: lists of days, ranks in the month, spans of time, months.

Tokens are named for what stands on both sides of them first (hours_joints.py), so that one token ahead is enough
(LALR). What an appointment, a parity or
« sauf » bears on is for hours_scope.py to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

from fs_pipeline.french import DAYS
from fs_pipeline.values.hours_joints import Choices, named
from fs_pipeline.values.hours_lexer import Token
from fs_pipeline.values.hours_text import NotUnderstoodError
from fs_pipeline.values.hours_words import MONTHS

if TYPE_CHECKING:
    from lark import Lark, Tree

Span = tuple[str, str]
_GRAMMAR = """
start: item*
?item: days | ranks | span | clock | months | mark

days: _day (DAY_AND? _day | DAY_TO _day | DAY_OR _day)*
_day: DAY OFMONTH? | ranked
ranked: ranks DAY OFMONTH?
ranks: RANK (DAY_AND RANK)* OFMONTH? | FIRSTS OFMONTH?
span: _moment LINK _moment
_moment: TIME | BARE
clock: TIME
months: MONTH (MONTH_AND MONTH | MONTH_TO MONTH)*
!mark: HARD | COMMA | SLASH | DASH | AND | OR | ALSO | COLON | OPEN | CLOSE | PARITY | SCHOOL | PUBLIC | SUMMER | USUAL
     | CLOSED | EXCEPT | APPOINTMENT | WALKIN | HALF | UNTIL | FROM | PAUSE | TELEPHONE | COUNTER | CONTACT | PLACE
     | REMARK | SAME

%declare DAY DAY_AND DAY_TO DAY_OR RANK FIRSTS OFMONTH TIME BARE LINK MONTH MONTH_AND MONTH_TO HARD COMMA SLASH DASH AND OR
%declare ALSO COLON OPEN CLOSE PARITY SCHOOL PUBLIC SUMMER USUAL CLOSED EXCEPT APPOINTMENT WALKIN HALF UNTIL FROM PAUSE
%declare TELEPHONE COUNTER CONTACT PLACE REMARK SAME
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing said: ``days``, ``ranks``, ``span``, ``clock``, ``months``, or a token's own kind."""

    kind: str
    begin: int
    end: int
    value: str = ""
    days: tuple[str, ...] = ()
    span: Span = ("", "")
    plural: bool = False


Leaves = list[tuple[str, Token]]  # a phrase's tokens, each under its name in the grammar


def items(found: Sequence[Token], choices: Choices) -> list[Item]:
    """The tokens gathered by the grammar; raises NotUnderstoodError where it does not know them."""
    given = named(found, choices)
    phrases = _phrases(tuple(name for name, _ in given))
    if phrases is None:
        raise NotUnderstoodError("hours_not_understood")
    said: list[Item] = []
    at = 0
    for rule, size in phrases:
        said.append(_item(rule, given[at : at + size]))
        at += size
    return said


@lru_cache(maxsize=8_192)  # a survey's cells have few shapes
def _phrases(names: tuple[str, ...]) -> tuple[tuple[str, int], ...] | None:
    """The rule and the number of tokens of each phrase, in order; None where the grammar does not know them."""
    from lark import UnexpectedInput

    try:
        tree = _parser().parse(names)
    except UnexpectedInput:
        return None
    phrases = cast("list[Tree[object]]", tree.children)  # each item of the grammar is a rule
    return tuple((str(phrase.data), len(list(phrase.scan_values(lambda _: True)))) for phrase in phrases)


@cache
def _parser() -> Lark:
    """Built once, where it is first needed: a survey without hours does not wait for it."""
    from lark import Lark
    from lark.lexer import Lexer
    from lark.lexer import Token as Leaf

    class Given(Lexer):
        """The tokens are named already."""

        def __init__(self, _: object) -> None:
            """Nothing is configured."""

        def lex(self, data: tuple[str, ...]) -> Iterator[Leaf]:  # type: ignore[override]
            """Each name as a token of the grammar."""
            for name in data:
                yield Leaf(name, "")

    return Lark(_GRAMMAR, parser="lalr", lexer=Given, start="start")


def _item(rule: str, leaves: Leaves) -> Item:
    """A phrase as one item."""
    first, last = leaves[0][1], leaves[-1][1]
    if rule == "span":
        return Item("span", first.begin, last.end, span=(first.value, last.value))
    if rule == "clock":
        return Item("clock", first.begin, last.end, first.value)
    if rule == "months":
        return Item("months", first.begin, last.end, _months(leaves))
    if rule == "ranks":
        return Item("ranks", first.begin, last.end, days=tuple(_ranks(leaves)))
    if rule == "days":
        one_or_other = any(name == "DAY_OR" for name, _ in leaves)
        return Item("days", first.begin, last.end, "or" if one_or_other else "", _days(leaves), plural=first.plural)
    return Item(first.kind, first.begin, last.end, first.value, plural=first.plural)


def _ranks(leaves: Leaves) -> list[str]:
    if leaves[0][0] == "FIRSTS":
        return [str(rank) for rank in range(1, int(leaves[0][1].value) + 1)]
    return [token.value for name, token in leaves if name == "RANK"]


def _days(leaves: Leaves) -> tuple[str, ...]:
    """``Mo``, ``We[1,3]`` … of a list; a rank bears on the days after it in its list.

    « 1er lundi et jeudi du mois » is the first of both; « 1er lundi du mois et jeudi », « 1er lundi et le jeudi » may
    be every Thursday.
    """
    days: list[str] = []
    ranks: list[str] = []
    collecting = monthly = False
    link = ""
    for at, (name, token) in enumerate(leaves):
        following = leaves[at + 1][0] if at + 1 < len(leaves) else ""
        if name in {"RANK", "FIRSTS"}:
            ranks = [*(ranks if collecting else ()), *_ranks([(name, token)])]
            collecting, monthly = True, False
        elif name == "OFMONTH":
            if not ranks:
                raise NotUnderstoodError("hours_which_weeks")  # « les lundis du mois »
            monthly = True
        elif name != "DAY":
            link = link if collecting else name
        else:
            if ranks and not collecting and following != "OFMONTH" and (monthly or token.article):
                raise NotUnderstoodError("hours_two_readings")
            days += _to(days, token.value, link, bool(ranks))
            named = _run(token.value)
            days += [day + (f"[{','.join(ranks)}]" if ranks else "") for day in named]
            collecting, link = False, ""
    if len(set(days)) != len(days):
        raise NotUnderstoodError("hours_overlap")
    return tuple(days)


def _run(value: str) -> tuple[str, ...]:
    """The days of ``Mo`` or ``Mo-Fr``."""
    first, _, last = value.partition("-")
    return DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]


def _to(days: list[str], value: str, link: str, ranked: bool) -> tuple[str, ...]:
    """The days between the last one and another, across « au »."""
    if link != "DAY_TO":
        return ()
    begin = days[-1]
    if ranked or "[" in begin or value not in DAYS or DAYS.index(value) <= DAYS.index(begin):
        raise NotUnderstoodError("hours_not_understood")
    return DAYS[DAYS.index(begin) + 1 : DAYS.index(value)]


def _months(leaves: Leaves) -> str:
    """``Sep-Jun``, ``Jul-Aug`` or ``Aug``."""
    names = [token.value for name, token in leaves if name == "MONTH"]
    if len(names) == 1:
        return names[0]
    ranged = any(name == "MONTH_TO" for name, _ in leaves)
    if not set(names) <= set(MONTHS) or (ranged and len(names) > 2):
        raise NotUnderstoodError("hours_not_understood")
    numbers = [MONTHS.index(name) for name in names]
    if ranged or numbers == list(range(numbers[0], numbers[0] + len(names))):
        return f"{names[0]}-{names[-1]}"
    return ",".join(names)
