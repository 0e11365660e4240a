"""Page 5: where the survey and the national lists disagree, and one act for each."""

from __future__ import annotations

from collections import Counter

from fs_pipeline import french
from fs_pipeline.briefing.slot import Row, SlotTables, counts_of, records
from fs_pipeline.briefing.view import Difference, Differences
from fs_pipeline.briefing.words import FIELD_NAMES, KINDS_OF_DIFFERENCE, named
from fs_pipeline.editions.edition import Edition

SHOWN = 16
# What misleads the public first: a house said open that is closed, then when to come and whom to call.
_ORDER = (
    ("closed_or_moved", None), ("value_differs", "hours"), ("value_differs", "phone"), ("value_differs", "address"),
    ("value_differs", "insee"), ("label_not_in_survey", None), ("only_in_survey", None),
)  # fmt: skip
_COLUMNS = ("kind", "name", "commune", "insee", "field", "survey_value", "national_value", "source_date", "action")


def differences(tables: SlotTables, edition: Edition) -> Differences:
    """Counted by kind; each with its act, but for the public, who reads the counts."""
    rows = records(tables.discrepancies, *_COLUMNS)
    public = edition == "public"
    counts = Counter(row["kind"] for row in rows)
    known = counts_of(tables)
    counts["to_review"] += known["to_review"]
    kinds = tuple(
        (words.label, french.number(counts[kind]), french.typographic(words.action))
        for kind, words in KINDS_OF_DIFFERENCE.items()
        if edition == "internal" or kind != "to_review"  # who settles what is the prefecture's; its pairs are held back
    )
    shown = () if public else tuple(_difference(row) for row in _shown(rows))
    more = None
    if public and rows:
        more = "Le détail, lieu par lieu, est réservé aux éditions interne et partenaires."
    elif len(rows) > SHOWN:
        more = f"{french.out_of(SHOWN, len(rows))} différences sont montrées ici\u202f; toutes sont remises à la préfecture."
    return Differences(
        title="Ce que l’enquête et les listes nationales disent autrement",
        lead=(
            f"{french.count(known['surveyed'], 'lieu', 'lieux')} dans l’enquête, "
            f"{french.count(known['listed'], 'lieu', 'lieux')}{_rows_of_the_list(known)} dans la liste des France services, "
            f"{french.number(known['in_both'])} dans les deux."
        ),
        kinds=kinds,
        rows=shown,
        more=more,
        empty=None if rows else _why_empty(known["surveyed"]),
        trust=f"n\u00a0=\u00a0{french.count(len(rows), 'différence')}{_but_pairs(counts)} sur "
        f"{french.count(known['places'], 'lieu', 'lieux')} recensés · enquête et listes nationales, état\u00a0: {_dates(rows)}.",
    )


def _shown(rows: list[Row]) -> list[Row]:
    """At most ``SHOWN`` rows, in the order of the page: some of every sort, so that one with many hides no other."""
    ordered = sorted(rows, key=lambda row: (_rank(row), row["commune"] or "", row["name"] or ""))
    before = Counter[int]()
    turns: list[tuple[int, int]] = []
    for row in ordered:
        turns.append((before[_rank(row)], len(turns)))
        before[_rank(row)] += 1
    return [ordered[place] for place in sorted(place for _, place in sorted(turns)[:SHOWN])]


def _rank(row: Row) -> int:
    sort = (row["kind"], row["field"] if row["kind"] == "value_differs" else None)
    return _ORDER.index(sort) if sort in _ORDER else len(_ORDER)


def _difference(row: Row) -> Difference:
    words = KINDS_OF_DIFFERENCE.get(row["kind"])
    finding = words.finding if words else "différence"
    if row["kind"] == "value_differs" or row["survey_value"] is not None or row["national_value"] is not None:
        field = named(FIELD_NAMES, row["field"], "valeur")
        finding = f"{field}\u00a0: {_value(row, 'survey_value')} ici, {_value(row, 'national_value')} là"
    return Difference(
        place=french.typographic(row["name"] or "lieu sans nom"),
        commune=french.name(row["commune"] or row["insee"] or "commune inconnue"),
        finding=french.typographic(finding),
        action=french.sentence(row["action"] or (words.action if words else "vérifier auprès du porteur")),
    )


def _value(row: Row, column: str) -> str:
    value = row[column]
    if value is None:
        return "rien"
    text = french.hours(str(value)) if row["field"] in {"hours", "opening_hours"} else str(value)
    text = french.phone(text) if row["field"] == "phone" else text
    return text if len(text) <= 70 else text[:69].rstrip() + "…"


def _rows_of_the_list(known: dict[str, int]) -> str:
    """Where the list has more rows than places: two of one house, or one without a commune."""
    return f" ({french.count(known['listed_rows'], 'ligne')})" if known["listed_rows"] != known["listed"] else ""


def _why_empty(surveyed: int) -> str:
    if not surveyed:
        return "Aucune enquête n’a été déposée\u00a0: il n’y a rien à comparer aux listes nationales."
    return "Aucune différence n’a été trouvée entre l’enquête et les listes nationales."


def _but_pairs(counts: Counter[str]) -> str:
    return ", hors rapprochements à trancher," if counts["to_review"] else ""


def _dates(rows: list[Row]) -> str:
    dates = sorted({row["source_date"] for row in rows if row["source_date"] is not None})
    return ", ".join(french.date(one) for one in dates[-3:]) if dates else "date inconnue"
