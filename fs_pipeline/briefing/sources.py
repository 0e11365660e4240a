"""What the brief rests on: each source with its date, its age at the reference date, and a word where it is too old."""

from __future__ import annotations

import re

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, records
from fs_pipeline.briefing.view import Source
from fs_pipeline.national.telling import decided_in

_ABSENT = re.compile(r"^source absente\s*[:.]?\s*", re.IGNORECASE)
_STATES = {"last_good": " (dernière version valable)"}
# In the order in which a reader asks for them: what the prefecture said, what the lists say, on what both are put.
_LAST = ("population", "communes", "town_halls", "contours", "roads", "demarches")
_COLUMNS = (
    "source", "number", "title", "filename", "publisher", "licence", "as_of", "age_days", "limit_days", "past_limit", "rows",
    "dated_rows", "oldest_row", "median_row", "newest_row", "state", "message",
)  # fmt: skip


def source_rows(brief_sources: pd.DataFrame) -> tuple[Source, ...]:
    """The survey first, then the lists by title, then what places are put on."""
    return tuple(_source(row) for row in sorted(records(brief_sources, *_COLUMNS), key=_order))


def _order(row: Row) -> tuple[int, str, int]:
    source = row["source"]
    place = 0 if source == "survey" else 2 + _LAST.index(source) if source in _LAST else 1
    return (place, row["title"] or source or "", row["number"] or 0)


def _source(row: Row) -> Source:
    title = french.typographic(row["title"] or row["source"] or "source sans titre")
    if row["filename"]:
        title += f" ({french.name(row['filename'])})"
    return Source(
        title=title,
        publisher=row["publisher"] or "producteur inconnu",
        when=_when(row),
        age=_age(row),
        licence=row["licence"] or "licence inconnue",
        past=bool(row["past_limit"]),
        evidence=Evidence(
            keys=named(row, "source", "number"),
            figures=(number(row, "age_days", "days"), number(row, "limit_days", "days")),
            rows=(rows_of("brief_sources", row, "source", "number"),),
        ),
    )


def _when(row: Row) -> str:
    if row["state"] == "absent":
        why = _ABSENT.sub("", row["message"] or "")
        return f"absente\u00a0: {french.typographic(why[:1].lower() + why[1:])}" if why else "absente"
    when = french.date(row["as_of"]) + _STATES.get(row["state"], "")
    if row["source"] == "survey":
        return f"déposée le {when}{_ages_of_rows(row)}"
    decided = decided_in(row["message"])
    return f"{when}\u202f; {french.typographic(decided[:1].lower() + decided[1:])}" if decided else when


def _ages_of_rows(row: Row) -> str:
    """How old a survey's own lines are, where they say so."""
    if not row["rows"]:
        return ""
    whole = french.count(row["rows"], "lieu", "lieux")
    if not row["dated_rows"]:
        return (
            f"\u202f; aucun de ses {whole} ne porte de date" if row["rows"] > 1 else "\u202f; son lieu n’a pas de date"
        )
    dated = f"\u202f; {french.number(row['dated_rows'])} de ses {whole} datés"
    first, middle, last = (french.date(row[name]) for name in ("oldest_row", "median_row", "newest_row"))
    if first == last:
        return f"{dated}, du {first}"
    return f"{dated}, du {first} au {last} (la moitié, le {middle} ou avant)"


def _age(row: Row) -> str:
    if row["state"] == "absent":
        return "sans objet"
    limit = row["limit_days"]
    said = "sans limite fixée" if limit is None else f"limite\u00a0: {french.age(int(limit))}"
    if row["age_days"] is None:
        return f"inconnu ({said})"
    days = int(row["age_days"])
    if days < 0:
        return f"postérieure de {french.age(-days)}"
    if row["past_limit"]:
        return f"{french.age(days)}, au-delà de sa limite de {french.age(int(limit))}"
    return f"{french.age(days)} ({said})"
