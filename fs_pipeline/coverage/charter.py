"""The charter of aller-vers, item by item: what our own tables answer, and what nobody has stated yet.

Items are drafts of ``data/charter_items.csv``: their column `source` is empty until somebody has validated their text. What
a prefecture states of them has no form yet; ``stated`` is where it will come in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fs_pipeline.coverage.hours import hour_states
from fs_pipeline.coverage.levers import acts, weekly_hours
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.data import read_csv
from fs_pipeline.warehouse.frames import table_frame

_STATED = ("confirmed", "orientation", "none")
_FIXED = ("fixed", "multi_site")
_SOURCES = {
    "hours": "horaires du dossier",
    "matrix": "enquête, catalogue des démarches",
    "outreach": "enquête, temps de trajet",
    "actors": "enquête",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A value of an item: how many, of how many, and of how many others nothing is known."""

    value: float
    n: float
    missing: float
    source: str


def charter_items() -> list[dict[str, str]]:
    """The reviewed file: code, title_fr, indicator_fr, unit, computed_from, source (empty: a draft)."""
    return [dict(row) for row in read_csv("charter_items.csv")]


def charter(
    places: pd.DataFrame,
    matrix: pd.DataFrame,
    counts: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    on: str,
    stated: Mapping[str, Answer] | None = None,
) -> pd.DataFrame:
    """``charter`` of one slot, a row an item; what is stated comes before what is computed.

    Parameters
    ----------
    places
        in_france_services, kind, opening_hours, week_parity of the places of the slot.
    matrix
        ``demarche_matrix``: evidence.
    counts
        ``outreach_counts``; no row where the survey declares no outreach.
    actors
        ``survey_actors``: commitment.
    on
        The campaign's reference date, ISO: hours are read in the ordinary weeks that follow.
    stated
        Item's code to what the prefecture says of it.
    """
    said = stated or {}
    rows = []
    for place, item in enumerate(charter_items(), start=1):
        found = said.get(item["code"]) or _computed(item["computed_from"], places, matrix, counts, actors, on)
        state = "stated" if item["code"] in said else "computed" if found else "not_stated"
        rows.append(
            {
                "position": place,
                **{name: item[name] for name in ("code", "title_fr", "indicator_fr", "unit")},
                "draft": not item["source"],
                "state": state,
                "value": found.value if found else None,
                "n": found.n if found else None,
                "missing": found.missing if found else None,
                "source_fr": found.source if found else None,
            }
        )
    return table_frame("charter", rows)


def _computed(
    what: str, places: pd.DataFrame, matrix: pd.DataFrame, counts: pd.DataFrame, actors: pd.DataFrame, on: str
) -> Answer | None:
    """What our own tables say; None where they hold nothing to say it of."""
    if what == "hours":
        return _open_enough(places, on)
    if what == "matrix" and len(matrix):
        known = matrix["evidence"].isin(_STATED)
        return Answer(float(known.sum()), float(len(matrix)), 0.0, _SOURCES[what]) if known.any() else None
    if what == "outreach" and len(counts) and counts["beyond"].iloc[0] > 0:
        row = counts.iloc[0]
        return Answer(float(row["beyond_with_stop"]), float(row["beyond"]), 0.0, _SOURCES[what])
    if what == "actors" and len(actors):
        return Answer(float(actors["commitment"].notna().sum()), float(len(actors)), 0.0, _SOURCES[what])
    return None


def _open_enough(places: pd.DataFrame, on: str) -> Answer | None:
    """Fixed France services that open as long as the national charter asks, of those whose hours are read."""
    houses = places[places["in_france_services"].eq(True) & places["kind"].isin(_FIXED)]
    if houses.empty:
        return None
    weeks = reference_weeks(dt.date.fromisoformat(on))
    cells = [
        (text if isinstance(text, str) else None, parity if isinstance(parity, str) else None)
        for text, parity in zip(houses["opening_hours"], houses["week_parity"], strict=True)
    ]
    halves = [np.stack([hour_states(*cell, weeks, minute) for cell in cells]) for minute in (0, 30)]
    hours = np.mean([weekly_hours(states) for states in halves], axis=0)
    known = ~np.isnan(hours)
    if not known.any():
        return None
    enough = hours[known] >= float(acts()["new_place"].hours or 0.0)
    return Answer(float(enough.sum()), float(known.sum()), float((~known).sum()), _SOURCES["hours"])
