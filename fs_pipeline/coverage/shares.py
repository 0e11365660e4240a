"""What minutes cover: population shares under a threshold, and how they change from one campaign to the next.

A share weighs inhabitants, not points. What was not computed is set apart, never counted as covered nor as uncovered.
Verdicts a commune and démarche are the SQL mart ``coverage``; hours are in ``hours.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT, SERVICE_COLUMNS, by_service

SHARE_COLUMNS = (
    *SERVICE_COLUMNS,
    "threshold",
    "method",
    "share",
    "share_low",
    "share_high",
    "population_within",
    "population_reached",
    "population_unreached",
    "population_not_computed",
    "population",
    "points",
    "points_unreached",
    "points_not_computed",
)


def shares(minutes: pd.DataFrame, demand: pd.DataFrame, thresholds: Sequence[int]) -> pd.DataFrame:
    """Population-weighted shares under each threshold, one row a service and threshold.

    Parameters
    ----------
    minutes
        What ``minutes_to_nearest`` returns.
    demand
        id, population (inhabitants; a missing one weighs nothing).
    thresholds
        Minutes.

    Returns
    -------
    pandas.DataFrame
        share (of the population whose time was asked of a network or an estimate: reached and unreached), share_low (if
        travel is at the slow end of the band), share_high (fast end), None when nobody was computed; populations within, reached,
        unreached, not computed and in all; the same counts in points; method (``road``, ``estimated``, or
        ``not_computed`` when nothing else).
    """
    weight = demand.set_index("id")["population"].astype("float64").fillna(0.0)
    rows = []
    for service, answers in by_service(minutes).items():
        population = weight.reindex(answers["demand_id"]).to_numpy()
        computed = (answers["method"] != "not_computed").to_numpy()
        reached = answers["reached"].to_numpy(dtype=bool)
        known = {
            "population_reached": population[reached].sum(),
            "population_unreached": population[computed & ~reached].sum(),
            "population_not_computed": population[~computed].sum(),
            "population": population.sum(),
            "points": len(answers),
            "points_unreached": int((computed & ~reached).sum()),
            "points_not_computed": int((~computed).sum()),
        }
        base = known["population_reached"] + known["population_unreached"]
        method = answers.loc[computed, "method"].iloc[0] if computed.any() else "not_computed"
        for threshold in thresholds:
            within, low, high = (
                population[(answers[column] <= threshold).to_numpy()].sum()
                for column in ("minutes", "minutes_all_slow", "minutes_all_fast")
            )
            found = {"share": within, "share_low": low, "share_high": high}
            rows.append(
                {
                    **service.columns,
                    "threshold": threshold,
                    "method": method,
                    **{name: value / base if base else None for name, value in found.items()},
                    "population_within": within,
                    **known,
                }
            )
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


def share_changes(
    before: pd.DataFrame, now: pd.DataFrame, points: pd.DataFrame, thresholds: Sequence[int]
) -> pd.DataFrame:
    """The shares of the label's services beside those of an earlier campaign, weighed by the same inhabitants.

    Parameters
    ----------
    before, now
        ``access_minutes`` of the two campaigns; a service that only one of them computed has no row.
    points
        point_id, population: of the later campaign, so that only access changes.
    thresholds
        Minutes, those of the later campaign: both are counted with them.

    Returns
    -------
    pandas.DataFrame
        service (its kind: a label is no démarche's), threshold, share, previous_share, change; no row where the two
        campaigns set out from other points: what would change is not access.
    """
    if {*before["point_id"]} != {*now["point_id"]}:
        before = before.iloc[:0]
    demand = points.rename(columns={"point_id": "id"})
    keys = ["service", "threshold"]
    earlier, later = (
        shares(_labelled(minutes), demand, thresholds)[[*keys, "share"]].dropna(subset=["share"])
        for minutes in (before, now)
    )
    both = later.merge(earlier.rename(columns={"share": "previous_share"}), on=keys)
    return both.assign(change=both["share"] - both["previous_share"])


def _labelled(minutes: pd.DataFrame) -> pd.DataFrame:
    kept = minutes[minutes["service"].isin([FRANCE_SERVICES.kind, ITINERANT.kind])]
    return kept.rename(columns={"point_id": "demand_id"}).assign(reached=kept["minutes"].notna())
