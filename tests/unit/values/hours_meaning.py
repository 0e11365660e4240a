"""What a value of OSM ``opening_hours`` means, to compare two writings of one week; independent of the parser's own.

Only the part of the format that labels use: ``;`` replaces, ``, `` before a selector adds, ``||`` falls back.
"""

from __future__ import annotations

import re

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_RULE = re.compile(
    rf"(?P<months>(?:[A-Z][a-z]{{2}}(?:[-,][A-Z][a-z]{{2}})*(?=\s|$))?)\s*(?P<week>(?:week \d\d-\d\d/\d)?)\s*"
    rf"(?P<holiday>(?:PH|SH)?)\s*(?P<days>(?:{_DAY}(?:\[[-\d,]+\]|-{_DAY})?,?)*)\s*"
    r"(?P<times>(?:\d\d:\d\d-\d\d:\d\d,?)*)\s*(?P<state>open|off|closed)?\s*(?P<comment>\"[^\"]*\")?"
)
_ADDS = re.compile(r", (?=[A-Zw])|(?<=open), |(?<=\"), ")


def meaning(value: str | None) -> dict[tuple[str, ...], frozenset[tuple[str, str]]] | None:
    """Selector (months, weeks, holidays, day, fallback) to its times with their comment; None for no value."""
    if not value:
        return None
    if value == "24/7":
        value = "Mo-Su 00:00-24:00"
    told: dict[tuple[str, ...], frozenset[tuple[str, str]]] = {}
    for fallback, part in enumerate(value.split(" || ")):
        for rule in part.split(";"):
            for added, piece in enumerate(_ADDS.split(rule.strip())):
                _tell(told, piece.strip(), str(fallback), added > 0)
    plain = {key: said for key, said in told.items() if said != {("off", "")} or key[:3] != ("", "", "") or not key[3]}
    return plain or told


def _tell(told: dict[tuple[str, ...], frozenset[tuple[str, str]]], piece: str, fallback: str, adds: bool) -> None:
    found = _RULE.fullmatch(piece)
    if not found:
        raise ValueError(piece)
    comment = found["comment"] or ""
    said = {(time, comment) for time in found["times"].split(",") if time} or {(found["state"] or "", comment)}
    if found["state"] in {"off", "closed"}:
        said = {("off", "")}
    for day in _days(found["days"]):
        key = (found["months"], found["week"], found["holiday"], day, fallback)
        told[key] = frozenset(said) | (told.get(key, frozenset()) if adds else frozenset())
    if found["holiday"] == "SH" and not found["days"]:  # « SH off » takes what was said of single days there
        for key in [key for key in told if key[2] == "SH" and key[3]]:
            del told[key]


def _days(text: str) -> list[str]:
    if not text:
        return [""]
    days: list[str] = []
    for part in re.findall(rf"{_DAY}(?:\[[-\d,]+\]|-{_DAY})?", text):
        if "[" in part:
            days += [f"{part[:2]}[{rank}]" for rank in part[3:-1].split(",")]
        elif "-" in part:
            first, last = (DAYS.index(day) for day in part.split("-"))
            days += DAYS[first : last + 1]
        else:
            days.append(part)
    return days
