"""Minutes to the nearest place that helps with a démarche, whether a survey confirms it or the label alone implies it.

A commune is as far as its median inhabitant, by the rule of ``int_commune_minutes``: the median of the nearer of two times is not
the nearer of two medians, so it is found from the points.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES

KNOWN, RESERVED, NOT_COMPUTED, UNREACHED = "known", "reserved", "not_computed", "unreached"
_Times = NDArray[np.float64]
_Flags = NDArray[np.bool_]


def nearest_help(minutes: pd.DataFrame, points: pd.DataFrame, reserved: pd.Series) -> pd.DataFrame:
    """How far each commune is from a place that is confirmed, or labelled, for each démarche that some place confirms.

    Parameters
    ----------
    minutes
        ``access_minutes``: point_id, service, demarche_id, minutes, method.
    points
        ``demand_points``: point_id, insee, population.
    reserved
        Which of `minutes` are kept from these readers.

    Returns
    -------
    pandas.DataFrame
        demarche_id, insee, minutes (NaN where there are none), state: ``known``, ``reserved``, ``not_computed`` or ``unreached``.
        A commune is ``reserved`` as soon as one of its points is: which of them is the median's, nobody could tell.
    """
    ordered = points.sort_values(["insee", "point_id"], kind="stable").drop_duplicates("point_id")
    rank = pd.Index(ordered["point_id"])
    communes, first = np.unique(ordered["insee"].to_numpy(dtype=object).astype(str), return_index=True)
    people = ordered["population"].fillna(0.0).to_numpy(dtype=np.float64)
    told = minutes.assign(reserved=reserved.to_numpy(dtype=bool))
    label = _of_points(told[told["service"] == FRANCE_SERVICES.kind], rank)
    confirmed = told[told["service"] == CONFIRMED]
    return pd.DataFrame(
        [
            row
            for demarche, rows in confirmed.groupby("demarche_id", sort=True)
            for row in _of_communes(str(demarche), label, _of_points(rows, rank), communes, first, people)
        ],
        columns=["demarche_id", "insee", "minutes", "state"],
    )


def _of_points(rows: pd.DataFrame, rank: pd.Index) -> tuple[_Times, _Flags, _Flags]:
    """Of each point: minutes (infinite where there are none), and whether they are reserved, or not computed."""
    size = len(rank)
    times, reserved, lacking = np.full(size, np.inf), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    at = rank.get_indexer(pd.Index(rows["point_id"]))
    rows, at = rows[at >= 0], at[at >= 0]
    times[at] = rows["minutes"].fillna(np.inf).to_numpy(dtype=np.float64)
    reserved[at] = rows["reserved"].to_numpy(dtype=bool)
    lacking[at] = (rows["method"] == NOT_COMPUTED).to_numpy(dtype=bool)
    return times, reserved, lacking


def _of_communes(
    demarche: str,
    label: tuple[_Times, _Flags, _Flags],
    confirmed: tuple[_Times, _Flags, _Flags],
    communes: NDArray[np.str_],
    first: NDArray[np.intp],
    people: _Times,
) -> Iterator[tuple[str, str, float, str]]:
    nearer = np.minimum(label[0], confirmed[0])
    reserved, lacking = label[1] | confirmed[1], label[2] | confirmed[2]
    ends = np.append(first[1:], len(people))
    for insee, start, end in zip(communes, first, ends, strict=True):
        if reserved[start:end].any():
            yield demarche, str(insee), np.nan, RESERVED
            continue
        at = start + median_point(nearer[start:end], people[start:end])
        if np.isfinite(nearer[at]):
            yield demarche, str(insee), float(nearer[at]), KNOWN
        else:
            yield demarche, str(insee), np.nan, NOT_COMPUTED if lacking[at] else UNREACHED


def median_point(times: _Times, people: _Times) -> int:
    """The farthest of the points that less than half of a commune precedes, points being in the order of their codes.

    Nobody precedes the first; what has no time (infinite) comes last, and of equal times the later code.
    """
    order = np.argsort(times, kind="stable")
    before = np.cumsum(people[order]) - people[order]
    chosen = np.flatnonzero(before * 2 < people.sum())
    return int(order[chosen[-1]] if len(chosen) else order[0])
