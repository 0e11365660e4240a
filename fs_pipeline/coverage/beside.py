"""A département's figures beside those of its région, of the nation, of its neighbours in the région, and of its last campaign.

Only what was found in the same way is compared: same figure, same unit, same method as ``indicators`` words it. What is not
computed elsewhere is not waited for: each row says on how many départements it rests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.data import read_csv
from fs_pipeline.warehouse.frames import table_frame

NATION = "FR"
READ = ("departement", "key", "dimension", "value", "unit", "n", "method")  # of ``indicators``
_ENOUGH = 0.5  # of its départements, below which a région or the nation is spoken of by nobody
_TABLE = "brief_comparisons"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure that may be compared, and how several départements' are taken together.

    Attributes
    ----------
    pooled
        ``weighted`` (a share of what all of them count, `n` being the weights), ``mean`` (a département), or nothing.
    why_not
        French, where it is not compared.
    """

    key: str
    dimension: str
    pooled: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last campaign before, of the same département."""

    campaign: str
    figures: pd.DataFrame  # its ``indicators``: READ


def compared_figures(thresholds: Thresholds) -> tuple[Compared, ...]:
    """What the reviewed file says of each figure, its thresholds filled in."""
    return tuple(
        Compared(row["key"], row["dimension"].format(**thresholds._asdict()), row["pooled"], row["why_not"])
        for row in read_csv("compared_figures.csv")
    )


def compared_keys() -> list[str]:
    """Names of the figures that may be compared."""
    return sorted({row["key"] for row in read_csv("compared_figures.csv") if row["pooled"]})


def beside(
    figures: pd.DataFrame,
    *,
    campaign: str,
    departement: str,
    departements: pd.DataFrame,
    thresholds: Thresholds,
    earlier: Earlier | None = None,
    changes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """``brief_comparisons`` of one slot.

    Parameters
    ----------
    figures
        Rows of ``indicators`` of the campaign, of every département that has some: ``READ``.
    departements
        code, name, region, region_name, of those alone that are départements.
    earlier
        None where no campaign before has figures of this département.
    changes
        ``access_changes`` of the slot: shares of the last campaign by the same inhabitants.

    Returns
    -------
    pandas.DataFrame
        No row of a figure that the département itself lacks.
    """
    known = departements.set_index("code")
    figures = figures.sort_values("departement", kind="stable")  # a sum is the same whatever the database's order
    rows: list[dict[str, object]] = []
    for one in compared_figures(thresholds):
        alike = figures[(figures["key"] == one.key) & (figures["dimension"] == one.dimension)].dropna(subset=["value"])
        own = alike[alike["departement"] == departement]
        if own.empty or not one.pooled:
            continue
        alike = alike[(alike["method"] == own["method"].iloc[0]) & alike["departement"].isin(known.index)]
        about = {"key": one.key, "dimension": one.dimension, "unit": own["unit"].iloc[0], "of_campaign": campaign}
        found = [*_elsewhere(alike, departement, known, one.pooled)]
        if earlier is not None:
            found.append(_before(one, own, earlier, departement, str(known.at[departement, "name"]), changes))
        rows += [about | row for row in found]
    return table_frame(_TABLE, rows)


def _elsewhere(alike: pd.DataFrame, departement: str, known: pd.DataFrame, pooled: str) -> Iterator[dict[str, object]]:
    """Other départements of the région by their codes, then the région and the nation."""
    region, region_name = known.at[departement, "region"], known.at[departement, "region_name"]
    codes = known.index[known["region"] == region]
    there = alike[alike["departement"].isin(codes)]
    others = there[there["departement"] != departement]
    for code, value in zip(others["departement"], others["value"], strict=True):
        one = {"scope": "departement", "territory": code, "territory_name": known.at[code, "name"]}
        yield one | {"value": float(value), "departements": 1, "among": 1, "reason": None}
    yield {"scope": "region", "territory": region, "territory_name": region_name, **_pool(there, len(codes), pooled)}
    yield {"scope": "nation", "territory": NATION, "territory_name": "France", **_pool(alike, len(known), pooled)}


def _pool(alike: pd.DataFrame, among: int, pooled: str) -> dict[str, object]:
    reason = "alone" if among == 1 else "few" if len(alike) < 2 or len(alike) < _ENOUGH * among else None
    value = None
    if reason is None:
        value = float(alike["value"].mean())
        if pooled == "weighted":
            value = float((alike["value"] * alike["n"]).sum() / alike["n"].sum())
    return {"value": value, "departements": len(alike), "among": among, "reason": reason}


def _before(
    one: Compared, own: pd.DataFrame, earlier: Earlier, departement: str, name: str, changes: pd.DataFrame | None
) -> dict[str, object]:
    """The figure of the last campaign; a share of inhabitants is that of the same inhabitants as now."""
    told = earlier.figures
    there = told[(told["key"] == one.key) & (told["dimension"] == one.dimension)].dropna(subset=["value"])
    value, reason = None, None
    if there.empty:
        reason = "not_computed"
    elif there["method"].iloc[0] != own["method"].iloc[0]:
        reason = "other_method"
    elif one.key == "population_within":
        value = _of_the_same_people(one.dimension, earlier.campaign, changes)
        reason = "other_points" if value is None else None
    else:
        value = float(there["value"].iloc[0])
    row: Mapping[str, object] = {"scope": "previous", "territory": departement, "territory_name": name}
    return {**row, "of_campaign": earlier.campaign, "value": value, "departements": 1, "among": 1, "reason": reason}


def _of_the_same_people(dimension: str, campaign: str, changes: pd.DataFrame | None) -> float | None:
    if changes is None or changes.empty:
        return None
    at = changes["threshold"].astype(float) == float(dimension.removeprefix("threshold="))
    same = (changes["service"] == FRANCE_SERVICES.kind) & (changes["previous_campaign"] == campaign)
    found = changes.loc[at & same, "previous_share"]
    return float(found.iloc[0]) if len(found) else None
