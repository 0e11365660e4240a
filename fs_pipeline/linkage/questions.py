"""What a person is asked about places: one question a place, those that change most first, under ids that do not change.

A question is written with both records as they stand, so that the file in which it is answered is enough to make a
ruling of it (``settling.py``), here or in another installation, and even when the records have changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fs_pipeline.national.links import SURVEY
from fs_pipeline.national.sources import SOURCES
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.warehouse.frames import table_frame

DECISION = "décision"  # as clerks read it; every other name of a column is a key
SIDES = ("left", "right")
SHOWN = ("name", "service_type", "address", "postcode", "insee", "commune", "phone", "email")
_TO_FILL_IN = dict.fromkeys((DECISION, "why", "decided_by", "decided_on"))
_BETWEEN = ":"
Record = tuple[str, str]  # source, source_id


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two records and the places, two or one, in which they are."""

    records: tuple[Record, ...]
    places: frozenset[str]
    reason: str
    score: float
    disputed: bool


def question_id(departement: str, sides: Iterable[tuple[str, str]]) -> str:
    """The id of the question whether two records, each (source, source_key), are one place, in whichever order."""
    said = "|".join((departement, *(part for side in sorted(sides) for part in side)))
    return f"{departement}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def reference(source: str, key: str) -> str:
    """A record's source and key as one text, which no spreadsheet takes for a number."""
    return f"{source}{_BETWEEN}{key}"


def referred(text: str) -> tuple[str, str]:
    """The source and the key of ``reference``; either may be empty where the text is none."""
    source, _, key = text.partition(_BETWEEN)
    return source, key


def ask(
    departement: str,
    records: pd.DataFrame,
    pairs: pd.DataFrame,
    waiting: pd.DataFrame,
    members: pd.DataFrame,
    minutes: pd.DataFrame,
    points: pd.DataFrame,
) -> pd.DataFrame:
    """Rows of ``questions`` of one slot, in the order in which they are worth a clerk's minutes.

    Parameters
    ----------
    records
        As ``records.gather_records`` gives.
    pairs
        Rows of ``link_pairs``.
    waiting
        Rows of ``int_pairs_waiting``: the pairs of places that are not settled.
    members
        Rows of ``place_members``.
    minutes, points
        Rows of ``access_minutes`` and ``demand_points``: ``inhabitants`` are those of the points from which one of the
        two places is the nearest for something.
    """
    place = dict(zip(zip(members["source"], members["source_id"], strict=True), members["place_id"], strict=True))
    at = {record: row for row, record in enumerate(zip(records["source"], records["source_id"], strict=True))}
    near = _points_of(minutes)
    people = dict(zip(points["point_id"], points["population"].fillna(0.0), strict=True))
    told = []
    for pair, also in _one_a_place(_candidates(pairs, waiting, place)).items():
        left, right = (records.iloc[at[record]] for record in pair.records)
        served = {point for place_id in pair.places for point in near.get(place_id, ())}
        inhabitants = float(round(sum(people.get(point, 0.0) for point in served)))
        metres = _metres(left, right)
        asked = question_id(departement, [(side["source"], side["source_key"]) for side in (left, right)])
        row = {
            "question_id": asked, "inhabitants": inhabitants, "metres": metres, "reason": pair.reason,
            "also_waiting": also, **_shown("left", left), **_shown("right", right), **_TO_FILL_IN,
        }  # fmt: skip
        # What divides people comes first; then inhabitants; then what moves furthest on the map.
        told.append(((not pair.disputed, -inhabitants, -(metres or 0.0), asked), row))
    ranked = sorted(told, key=lambda one: one[0])
    return table_frame("questions", [{"rank": rank} | row for rank, (_, row) in enumerate(ranked, 1)])


def _candidates(pairs: pd.DataFrame, waiting: pd.DataFrame, place: Mapping[Record, str]) -> Iterator[_Pair]:
    """Pairs of records that a person has to settle: contradictions of people, then the likeliest first."""
    unsettled = {frozenset(one) for one in zip(waiting["place_id"], waiting["other_place_id"], strict=True)}
    found = []
    for row in pairs[pairs["decision"].isin(["review", "contradiction"])].to_dict("records"):
        records = tuple((str(row[f"{side}_source"]), str(row[f"{side}_id"])) for side in SIDES)
        places = frozenset(place[record] for record in records if record in place)
        disputed = row["decision"] == "contradiction"
        if disputed or places in unsettled:
            found.append(_Pair(records, places, str(row["reason"]), float(row["score"]), disputed))
    yield from sorted(found, key=lambda pair: (not pair.disputed, -pair.score, pair.records))


def _one_a_place(candidates: Iterable[_Pair]) -> dict[_Pair, int]:
    """The first question of each place, and how many other pairs of its places wait for the answer."""
    chosen: dict[_Pair, int] = {}
    asked: dict[str, _Pair] = {}
    seen: set[frozenset[str]] = set()
    for pair in candidates:
        if pair.places in seen:
            continue
        seen.add(pair.places)
        earlier = next((asked[place_id] for place_id in sorted(pair.places) if place_id in asked), None)
        if earlier is None:
            chosen[pair] = 0
            asked |= dict.fromkeys(pair.places, pair)
        else:
            chosen[earlier] += 1
    return chosen


def _points_of(minutes: pd.DataFrame) -> dict[str, set[str]]:
    """The points of which each place is the nearest for something."""
    found: dict[str, set[str]] = {}
    told = minutes[minutes["place_id"].notna()]
    for place_id, point in zip(told["place_id"], told["point_id"], strict=True):
        found.setdefault(place_id, set()).add(point)
    return found


def _metres(left: pd.Series, right: pd.Series) -> float | None:
    """Great-circle distance between two records, to the metre; None where one has no point."""
    cells = [np.array([record[name]], dtype=float) for record in (left, right) for name in ("longitude", "latitude")]
    metres = float(np.round(great_circle_m(*cells)[0]))
    return None if np.isnan(metres) else metres


def _shown(side: str, record: pd.Series) -> dict[str, object]:
    source = str(record["source"])
    title = "Enquête" if source == SURVEY else SOURCES[source].title_fr
    told = {f"{side}_{name}": record[name] for name in SHOWN}
    return {side: reference(source, str(record["source_key"])), f"{side}_source": title, **told}
