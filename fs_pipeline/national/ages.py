"""What a brief rests on, each source with its age at the campaign's reference date and the limit of that age.

Limits are reviewed: ``max_age_days`` of ``data/sources.toml`` for what is taken, and of ``data/shipped_sources.csv`` for what
the prefecture hands in and for what is shipped. What a reader sees of them is ``briefing/``'s work.
"""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.http.dates import iso_date
from fs_pipeline.national.links import SURVEY
from fs_pipeline.national.sources import REFERENCES, SOURCES
from fs_pipeline.warehouse.declared import declaration

Row = Mapping[Hashable, object]
_ALWAYS_TOLD = frozenset({"contours"})  # a map without them is another map; the others are named where they serve
_NOT_HANDED_IN = "Aucune enquête n’a été déposée."


def told_sources(taken: pd.DataFrame, *, on: str, vintage: str | None, catalogued: str | None) -> pd.DataFrame:
    """What the figures of a campaign rest on, but for surveys: ``brief_sources``.

    Parameters
    ----------
    taken
        ``campaign_sources`` as readers may have it (``telling.for_readers``).
    on
        The campaign's reference date, ISO.
    vintage
        Of the communes and their population: a year.
    catalogued
        Month or day (ISO) of the list that the catalogue of démarches is drawn from.
    """
    rows = [row for row in taken.to_dict("records") if _is_told(row)]
    served = {row["source"] for row in rows if row["state"] != "absent"}
    dates = {"population": vintage, "demarches": catalogued}
    found = [_row(row, on=on, limit=_limit(str(row["source"]))) for row in rows]
    for shipped in read_csv("shipped_sources.csv"):
        if shipped["source"] != SURVEY and shipped["source"] not in served:
            as_of = dates.get(shipped["source"]) or shipped["as_of"] or None
            found.append(_shipped(shipped["source"], on, as_of=as_of))
    return _frame(found)


def told_surveys(deposits: pd.DataFrame, places: pd.DataFrame, *, on: str) -> pd.DataFrame:
    """The surveys that count, each with the ages of what it says: ``brief_sources``; one absent row where there is none.

    Parameters
    ----------
    deposits
        Those of a slot that count: deposit_id, filename, received_at.
    places
        ``survey_places`` of the slot: deposit_id, updated_on.
    """
    if deposits.empty:
        return _frame([_shipped(SURVEY, on, state="absent", message=_NOT_HANDED_IN)])
    return _frame(_surveys(deposits, places, on))


def _surveys(deposits: pd.DataFrame, places: pd.DataFrame, on: str) -> Iterator[Row]:
    for number, deposit in enumerate(deposits.sort_values("filename").to_dict("records"), start=1):
        said = places.loc[places["deposit_id"] == deposit["deposit_id"], "updated_on"]
        dated = sorted(day for day in map(iso_date, said) if day is not None)
        yield _shipped(
            SURVEY,
            on,
            number=number,
            filename=deposit["filename"],
            as_of=iso_date(deposit["received_at"]),  # the day alone: an hour would make two briefs of one survey
            rows=len(said),
            dated_rows=len(dated),
            oldest_row=dated[0] if dated else None,
            median_row=dated[(len(dated) - 1) // 2] if dated else None,
            newest_row=dated[-1] if dated else None,
        )


def _is_told(row: Row) -> bool:
    return row["source"] not in REFERENCES or row["source"] in _ALWAYS_TOLD or row["state"] != "absent"


def _limit(source: str) -> int | None:
    declared = (SOURCES | REFERENCES).get(source)
    return declared.max_age_days if declared else None


def _shipped(source: str, on: str, **said: object) -> Row:
    """A row of what no publisher gives a campaign: who publishes it and its limit are in the reviewed file."""
    about = next(row for row in read_csv("shipped_sources.csv") if row["source"] == source)
    limit = int(about["max_age_days"]) if about["max_age_days"] else None
    named: dict[Hashable, object] = {name: about[name] for name in ("source", "title", "publisher", "licence")}
    return _row(named | {"state": "taken"} | {**said}, on=on, limit=limit)


def _row(said: Row, *, on: str, limit: int | None) -> Row:
    age = age_in_days(said.get("as_of"), on) if said["state"] != "absent" else None
    past = age is not None and limit is not None and age > limit
    return {"number": 1, **said, "age_days": age, "limit_days": limit, "past_limit": past}


def age_in_days(as_of: object, on: str) -> int | None:
    """Days from a date (ISO; a month or a year is its first day) to another; negative where it is later, None for nothing."""
    if not isinstance(as_of, str) or not as_of:
        return None
    first = iso_date(f"{as_of}-01-01"[:10] if len(as_of) == 4 else f"{as_of}-01"[:10])
    if first is None:
        return None
    return (datetime.date.fromisoformat(on) - datetime.date.fromisoformat(first)).days


def _frame(rows: object) -> pd.DataFrame:
    columns = declaration("brief_sources").names
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)  # type: ignore[call-overload]
    return frame.where(frame.notna(), None)
