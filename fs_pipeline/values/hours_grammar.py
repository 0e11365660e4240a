"""The grammar of what is said locally in opening hours: lists of days, ranks in the month, spans of time, months.

Tokens are named for what stands on both sides of them first (hours_joints.py), so that one token ahead is enough
(LALR). What an appointment, a parity or
« sauf » bears on is for hours_scope.py to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from fs_pipeline.values.hours_joints import Choices, named
from fs_pipeline.values.hours_lexer import NotUnderstoodError, Token
from fs_pipeline.values.hours_words import DAYS, MONTHS

if TYPE_CHECKING:
    from lark import Lark

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
_TIMES = frozenset({"time", "bare"})


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


class _Node(Protocol):
    """What a tree of the grammar and its leaves offer."""

    data: str  # of a tree, its rule
    children: list[_Node]
    type: str  # of a leaf, its name in the grammar
    source: Token

    def scan_values(self, pred: Callable[[object], bool]) -> Iterator[_Node]:
        """The leaves, in order."""


def items(found: Sequence[Token], choices: Choices) -> list[Item]:
    """The tokens gathered by the grammar; raises NotUnderstoodError where it does not know them."""
    from lark import UnexpectedInput

    try:
        tree = _parser().parse(named(found, choices))
    except UnexpectedInput as problem:
        raise NotUnderstoodError("hours_not_understood") from problem
    return [_item(node) for node in cast("list[_Node]", tree.children)]


@cache
def _parser() -> Lark:
    """Built once, where it is first needed: a survey without hours does not wait for it."""
    from lark import Lark
    from lark.lexer import Lexer
    from lark.lexer import Token as Terminal

    class Leaf(Terminal):
        """A terminal that knows its token."""

        __slots__ = ("source",)
        source: Token

    class Given(Lexer):
        """The tokens are there already."""

        def __init__(self, _: object) -> None:
            """Nothing is configured."""

        def lex(self, data: Iterable[tuple[str, Token]]) -> Iterator[Terminal]:  # type: ignore[override]
            """Each token under its grammar's name, itself as its value's place."""
            for name, token in data:
                terminal = Leaf(name, token.value)
                terminal.source = token
                yield terminal

    return Lark(_GRAMMAR, parser="lalr", lexer=Given, start="start")


def _item(node: _Node) -> Item:
    """A phrase of the tree as one item."""
    leaves = [leaf.source for leaf in node.scan_values(lambda _: True)]
    begin, end = leaves[0].begin, leaves[-1].end
    if node.data == "span":
        times = [leaf.value for leaf in leaves if leaf.kind in _TIMES]
        return Item("span", begin, end, span=(times[0], times[-1]))
    if node.data == "clock":
        return Item("clock", begin, end, leaves[0].value)
    if node.data == "months":
        return Item("months", begin, end, _months(node))
    if node.data == "ranks":
        return Item("ranks", begin, end, days=tuple(_ranks(node)))
    if node.data == "days":
        return Item("days", begin, end, days=_days(node), plural=leaves[0].plural, value=_flavour(node))
    return Item(leaves[0].kind, begin, end, leaves[0].value, plural=leaves[0].plural)


def _flavour(node: _Node) -> str:
    """``or`` where the days exclude one another."""
    return "or" if any(getattr(child, "type", "") == "DAY_OR" for child in node.children) else ""


def _ranks(node: _Node) -> list[str]:
    found = [leaf for leaf in node.children if leaf.type in {"RANK", "FIRSTS"}]
    if found and found[0].type == "FIRSTS":
        return [str(rank) for rank in range(1, int(found[0].source.value) + 1)]
    return [str(leaf) for leaf in found]


def _days(node: _Node) -> tuple[str, ...]:
    """``Mo``, ``We[1,3]`` … of a list; a rank bears on the days after it in its list."""
    days: list[str] = []
    ranks = ""
    link = ""
    for child in node.children:
        name = getattr(child, "type", "")
        if name in {"DAY_AND", "DAY_TO", "DAY_OR"}:
            link = name
            continue
        if name == "OFMONTH":
            if not ranks:
                raise NotUnderstoodError("hours_which_weeks")  # « les lundis du mois »
            continue
        if name != "DAY":
            ranks = f"[{','.join(_ranks(child.children[0]))}]"
        first, _, last = str(child if name == "DAY" else child.children[1]).partition("-")
        named = [*DAYS[DAYS.index(first) : DAYS.index(last) + 1]] if last else [first]
        if link == "DAY_TO":
            begin, end = days[-1], named[0]
            if ranks or "[" in begin or last or DAYS.index(end) <= DAYS.index(begin):
                raise NotUnderstoodError("hours_not_understood")
            days += DAYS[DAYS.index(begin) + 1 : DAYS.index(end)]
        days += [day + ranks for day in named]
        link = ""
    if len(set(days)) != len(days):
        raise NotUnderstoodError("hours_overlap")
    return tuple(days)


def _months(node: _Node) -> str:
    """``Sep-Jun``, ``Jul-Aug`` or ``Aug``."""
    names = [str(leaf) for leaf in node.children if leaf.type == "MONTH"]
    if len(names) == 1:
        return names[0]
    links = {leaf.type for leaf in node.children} - {"MONTH"}
    if links == {"MONTH_TO"} and len(names) == 2 and set(names) <= set(MONTHS):
        return "-".join(names)
    if "MONTH_TO" in links:
        raise NotUnderstoodError("hours_not_understood")
    if any(name not in MONTHS for name in names):
        raise NotUnderstoodError("hours_not_understood")
    numbers = [MONTHS.index(name) for name in names]
    if len(names) > 1 and numbers == list(range(numbers[0], numbers[0] + len(names))):
        return f"{names[0]}-{names[-1]}"
    return ",".join(names)
