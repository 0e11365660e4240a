"""Whose word each value of a place's card is: of which list and date and, for the prefecture, in which row of its survey.

What these readers are told of ``place_values`` comes through the door of the editions: who may not know of a source reads of
another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from fs_pipeline import french
from fs_pipeline.briefing.slot import Row, SlotTables, records

FIELDS = ("address", "postcode", "opening_hours", "phone", "email", "website", "carrier", "kind")
_SURVEY = "survey"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIDED = "décidé par"  # of the reason of a pair on which a person ruled (linkage/rulings.py)


def sources_of_values(tables: SlotTables) -> Mapping[str, Mapping[str, str]]:
    """By place_id and field, who says the value that is shown; those who say the same beside it, where readers may know."""
    lists = {
        row["source"]: f"{french.typographic(row['title'])}, {french.date(row['as_of'])}"
        for row in records(tables.brief_sources, "source", "title", "as_of")
    }
    values = tables.place_values
    rows = records(
        values[values["field"].isin(FIELDS)],
        "place_id",
        "field",
        "source",
        "source_id",
        "source_date",
        "wins",
        "compared",
    )
    said: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        said[row["place_id"], row["field"]].append(row)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (place_id, field), every in said.items():
        found[place_id][field] = _told(every, lists)
    return found


def decisions(tables: SlotTables) -> Mapping[str, tuple[str, ...]]:
    """By place_id, what persons decided of which records are one place, who and when: the prefecture's alone to read."""
    members = tables.place_members
    place_of = dict(zip(zip(members["source"], members["source_id"], strict=True), members["place_id"], strict=True))
    pairs = tables.link_pairs
    if pairs.empty or not place_of:
        return {}
    ruled = pairs[(pairs["decision"] == "match") & pairs["reason"].str.contains(_DECIDED, regex=False, na=False)]
    found: dict[str, list[str]] = defaultdict(list)
    for row in records(ruled, "left_source", "left_id", "right_source", "right_id", "reason"):
        left, right = (place_of.get((row[f"{side}_source"], row[f"{side}_id"])) for side in ("left", "right"))
        if left is not None and left == right:
            found[left].append(
                french.typographic(french.start(_ISO_DAY.sub(lambda day: french.date(day[0]), row["reason"])))
            )
    return {place_id: tuple(dict.fromkeys(reasons)) for place_id, reasons in found.items()}


def _told(rows: Iterable[Row], lists: Mapping[str, str]) -> str:
    """The one whose value is shown, then those who give the same."""
    latest = sorted(rows, key=lambda row: (row["source"], row["source_id"] or ""))
    latest.sort(key=lambda row: row["source_date"] or "", reverse=True)
    first, *others = sorted(latest, key=lambda row: not row["wins"])
    same = [row for row in others if row["compared"] is not None and row["compared"] == first["compared"]]
    said = "\u202f; ".join(dict.fromkeys(_source(row, lists) for row in (first, *same)))
    return french.start(f"{said}\u00a0: même valeur" if "\u202f; " in said else said)


def _source(row: Row, lists: Mapping[str, str]) -> str:
    """« enquête, feuille « Lieux », ligne 174, 6 décembre 2021 », « Liste des France services, 1er décembre 2022 »."""
    if row["source"] != _SURVEY:
        return lists.get(row["source"], row["source"])
    when = f", {french.date(row['source_date'])}" if row["source_date"] else ""
    _, _, where = (row["source_id"] or "").partition(":")
    sheet, _, line = where.rpartition(":")
    return f"enquête{_cell(sheet, line)}{when}"


def _cell(sheet: str, line: str) -> str:
    """Where in the survey's file; nothing for readers who are not given its rows."""
    if not line.isdigit():
        return ""
    return (f", feuille «\u00a0{sheet}\u00a0»" if sheet else "") + f", ligne {line}"
