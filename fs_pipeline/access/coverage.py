"""What minutes cover: population shares under a threshold, and a verdict for each commune and démarche.

A share weighs inhabitants, not points. What was not computed is set apart, never counted as covered nor as uncovered.
Hours are in ``hours.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

THRESHOLDS_MIN = (20, 30)  # the release's figure, and the commitment of 2019
VERDICTS = ("confirmed", "by_label", "orientation", "uncovered", "unknown", "not_computed")
SHARE_COLUMNS = (
    "service",
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


def shares(minutes: pd.DataFrame, demand: pd.DataFrame, thresholds: Sequence[float] = THRESHOLDS_MIN) -> pd.DataFrame:
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
        travel is 20 % slower), share_high (20 % faster), None when nobody was computed; populations within, reached,
        unreached, not computed and in all; the same counts in points; method (``road``, ``estimated``, or
        ``not_computed`` when nothing else).
    """
    weight = demand.set_index("id")["population"].astype("float64").fillna(0.0)
    rows = []
    for service, answers in minutes.groupby("service", sort=False):
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
                for column in ("minutes", "minutes_high", "minutes_low")
            )
            found = {"share": within, "share_low": low, "share_high": high}
            rows.append(
                {
                    "service": service,
                    "threshold": threshold,
                    "method": method,
                    **{name: value / base if base else None for name, value in found.items()},
                    "population_within": within,
                    **known,
                }
            )
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


def verdicts(
    minutes: pd.DataFrame,
    demarches: Collection[str],
    *,
    by_label: Collection[str],
    thresholds: Sequence[float] = THRESHOLDS_MIN,
    label_service: str = "label:france_services",
) -> pd.DataFrame:
    """The verdict of each demand point and démarche at each threshold.

    Parameters
    ----------
    minutes
        What ``minutes_to_nearest`` returns for the services ``confirmed:<demarche>``, ``orientation:<demarche>`` and
        `label_service`; a service that is absent has no place anywhere.
    demarches
        The démarches to answer for.
    by_label
        Those that the label alone obliges a France services to help with, at the campaign's date.
    label_service
        Also tells *unknown* (a labelled place is near, and nothing was said of this démarche) from *uncovered*.

    Returns
    -------
    pandas.DataFrame
        demand_id, demarche_id, threshold, verdict; the first that holds of confirmed, by_label, orientation,
        not_computed, unknown, uncovered.
    """
    times = minutes.pivot(index="demand_id", columns="service", values="minutes")
    refused = (
        minutes.assign(refused=minutes["method"] == "not_computed")
        .pivot(index="demand_id", columns="service", values="refused")
        .astype(bool)
    )
    order = pd.Index(minutes["demand_id"].drop_duplicates(), name="demand_id")
    times, refused = times.reindex(order), refused.reindex(order)
    blocks = []
    for demarche in demarches:
        confirmed, orientation = f"confirmed:{demarche}", f"orientation:{demarche}"
        asked = [service for service in (confirmed, orientation, label_service) if service in times]
        not_computed = refused[asked].any(axis=1).to_numpy()
        for threshold in thresholds:
            near = {
                service: (times[service] <= threshold).to_numpy() if service in times else np.zeros(len(order), bool)
                for service in (confirmed, orientation, label_service)
            }
            verdict = np.select(
                [
                    near[confirmed],
                    near[label_service] & (demarche in by_label),
                    near[orientation],
                    not_computed,
                    near[label_service],
                ],
                ["confirmed", "by_label", "orientation", "not_computed", "unknown"],
                "uncovered",
            )
            blocks.append(
                pd.DataFrame({"demand_id": order, "demarche_id": demarche, "threshold": threshold, "verdict": verdict})
            )
    columns = ["demand_id", "demarche_id", "threshold", "verdict"]
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=columns)


def verdict_shares(found: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """Share of the population under each verdict: one row a démarche, threshold and verdict, that none is lost in.

    Shares of *confirmed* and *by_label* stand apart and are never added here; the base is the whole population.
    """
    weight = demand.set_index("id")["population"].astype("float64").fillna(0.0)
    weighed = found.assign(population=weight.reindex(found["demand_id"]).to_numpy())
    keys = ["demarche_id", "threshold"]
    counted = weighed.pivot_table(
        index=keys, columns="verdict", values="population", aggfunc="sum", fill_value=0.0, sort=False
    ).reindex(columns=list(VERDICTS), fill_value=0.0)
    total = counted.sum(axis=1)
    shared = counted.div(total.where(total > 0), axis=0)
    long = counted.reset_index().melt(keys, var_name="verdict", value_name="population")
    return long.assign(share=shared.reset_index().melt(keys, value_name="share")["share"])
