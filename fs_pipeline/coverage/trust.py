"""How far a dossier's figures may be trusted, in one row: the ages of what it rests on, and what waits or is not drawn."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.ages import age_in_days
from fs_pipeline.warehouse.frames import table_frame

OLD_DAYS = 365
_TABLE = "brief_trust"


def brief_trust(
    sources: pd.DataFrame,
    survey_dates: pd.Series,
    places: pd.DataFrame,
    pairs: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    on: str,
) -> pd.DataFrame:
    """``brief_trust`` of one slot.

    Parameters
    ----------
    sources
        ``brief_sources``: as_of, age_days, state.
    survey_dates
        ``updated_on`` of each row of the surveys that count (ISO); missing where a row has none.
    places
        updated_on (ISO), latitude, longitude of each place that was kept.
    pairs
        ``link_pairs``: those looked at.
    counts
        ``slot_counts``: to_review.
    on
        The campaign's reference date, ISO.

    Returns
    -------
    pandas.DataFrame
        One row. What is older than a year and what has no date are counted apart: an unknown age is no old one.
    """
    told = sources[sources["state"] != "absent"]
    dated = told.dropna(subset=["age_days"]).sort_values("age_days", kind="stable")
    rows_old, rows_undated = _ages(survey_dates, on)
    places_old, places_undated = _ages(places["updated_on"], on)
    waiting = counts["to_review"].iloc[0] if len(counts) else None
    row = {
        "sources": len(sources),
        "sources_absent": len(sources) - len(told),
        "sources_undated": len(told) - len(dated),
        "sources_old": int((dated["age_days"] > OLD_DAYS).sum()),
        "oldest_source_on": dated["as_of"].iloc[-1] if len(dated) else None,
        "newest_source_on": dated["as_of"].iloc[0] if len(dated) else None,
        "survey_rows": len(survey_dates),
        "survey_rows_old": rows_old,
        "survey_rows_undated": rows_undated,
        "places": len(places),
        "places_old": places_old,
        "places_undated": places_undated,
        "places_without_point": int(places[["latitude", "longitude"]].isna().any(axis=1).sum()),
        "pairs": len(pairs),
        "pairs_waiting": waiting,
    }
    return table_frame(_TABLE, [row])


def _ages(dates: pd.Series, on: str) -> tuple[int, int]:
    """How many are older than a year on a date, and of how many nothing is known."""
    ages = [age_in_days(day, on) for day in dates]
    return sum(age is not None and age > OLD_DAYS for age in ages), ages.count(None)
