"""One slot's hours, gaps, levers and method card, from its minutes and its offer: what the assets write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.coverage.by_hour import Offer, commune_weeks, coverage_by_hour
from fs_pipeline.coverage.gaps import gap_areas
from fs_pipeline.coverage.levers import BUSES, LABEL, Sites, longer_hours, opening_levers
from fs_pipeline.coverage.method_card import estimate_error, method_card, with_need
from fs_pipeline.coverage.offer import offer_rows
from fs_pipeline.coverage.shares import shares
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.warehouse.frames import table_frame

if TYPE_CHECKING:
    from fs_pipeline.roads.reading import RoadGraph

CONFIRMED = "confirmed:"
_GAPS_HELPED = 10  # a service: the most inhabited ones


@dataclass(frozen=True, eq=False)
class SlotInputs:
    """What a slot's tables are drawn from.

    Attributes
    ----------
    communes
        insee, name, epci, epci_name, population, longitude, latitude of the département, and the columns of
        ``commune_need`` where a source gave them.
    minutes
        ``access_minutes`` of the slot.
    services
        As ``offer_rows`` takes them, neighbours' included, with ``own`` (bool): a place of the département itself.
    rounds, statements
        As ``offer_rows`` takes them.
    operators
        Démarche to its operator, None where it has none.
    reference_date
        The campaign's: hours are read in the ordinary weeks that follow.
    thresholds
        Those in force at that date.
    squares
        Population squares of the département (id, longitude, latitude, population), or None without their source.
    roads
        The network, or None where times are estimated.
    """

    communes: pd.DataFrame
    minutes: pd.DataFrame
    services: pd.DataFrame
    rounds: pd.DataFrame
    statements: pd.DataFrame
    operators: Mapping[str, str | None]
    reference_date: dt.date
    thresholds: Thresholds
    squares: pd.DataFrame | None = None
    roads: RoadGraph | None = None


def slot_tables(inputs: SlotInputs) -> dict[str, pd.DataFrame]:
    """``coverage_by_hour``, ``commune_weeks``, ``gap_areas``, ``levers`` and ``access_method`` of one slot."""
    communes = inputs.communes.reset_index(drop=True)
    population = communes["population"].fillna(0.0).to_numpy(dtype=np.float64)
    rows = offer_rows(inputs.services, inputs.rounds, inputs.statements, communes)
    minutes = minutes_between(rows, communes, roads=inputs.roads)
    near = minutes.min(axis=0, initial=np.inf) <= max(
        inputs.thresholds
    )  # most of a neighbour's places serve nobody here
    labelled = _of_service(inputs.minutes, communes, LABEL)
    offer = Offer(
        rows[near].reset_index(drop=True),
        minutes[:, near],
        population,
        labelled["computed"].to_numpy(dtype=bool),
        _method(inputs.minutes),
    )
    stated = sorted(service for service in inputs.minutes["service"].unique() if service.startswith(CONFIRMED))
    weeks = reference_weeks(inputs.reference_date)
    gaps = gap_areas(inputs.minutes, communes, [LABEL, *stated], inputs.thresholds)
    return {
        "coverage_by_hour": coverage_by_hour(offer, _groups(stated, inputs.operators), weeks, inputs.thresholds),
        "commune_weeks": commune_weeks(
            offer, (LABEL, BUSES), weeks, communes["insee"].tolist(), inputs.thresholds.near
        ),
        "gap_areas": gaps,
        "levers": _levers(inputs, communes, offer, gaps),
        "access_method": _card(inputs, communes),
    }


def _groups(stated: list[str], operators: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """France services with their buses, the confirmed démarches of each operator together, and each alone."""
    groups: dict[str, tuple[str, ...]] = {LABEL: (LABEL, BUSES)}
    for service in stated:
        operator = operators.get(service.removeprefix(CONFIRMED))
        if operator:
            name = f"operator:{operator}"
            groups[name] = (*groups.get(name, ()), service)
    return groups | {service: (service,) for service in stated}


def _levers(inputs: SlotInputs, communes: pd.DataFrame, offer: Offer, gaps: pd.DataFrame) -> pd.DataFrame:
    if offer.method == "not_computed":
        return table_frame("levers", [])
    everywhere = Sites(
        communes["insee"].tolist(), [None] * len(communes), minutes_between(communes, communes, roads=inputs.roads)
    )
    label = (offer.rows["service"] == LABEL).to_numpy()
    stops = label | (offer.rows["service"] == BUSES).to_numpy()
    has_bus = (inputs.services["own"] & inputs.services["bus"]).any()
    own = set(inputs.services.loc[inputs.services["own"], "place_id"])
    houses = _sites(offer, ~offer.rows["bus"].to_numpy(dtype=bool) & offer.rows["place_id"].isin(own).to_numpy())
    fixed = _sites(offer, label & offer.rows["place_id"].isin(own).to_numpy())
    people = offer.population
    served_somewhere = offer.minutes[:, label].min(axis=1, initial=np.inf)
    served_with_buses = offer.minutes[:, stops].min(axis=1, initial=np.inf)
    blocks = []
    for threshold in inputs.thresholds:
        areas = _inside(gaps, communes, LABEL, threshold)
        near = served_somewhere <= threshold
        blocks.append(opening_levers("new_place", LABEL, everywhere, people, near, threshold, areas))
        if has_bus:
            near = served_with_buses <= threshold
            blocks.append(opening_levers("bus_stop", BUSES, everywhere, people, near, threshold, areas))
        for service in sorted({*inputs.minutes["service"]}):
            if service.startswith(CONFIRMED):
                near = (_of_service(inputs.minutes, communes, service)["minutes"] <= threshold).to_numpy()
                areas = _inside(gaps, communes, service, threshold)
                blocks.append(opening_levers("open_demarche", service, houses, people, near, threshold, areas))
        blocks.append(_longer_hours(inputs, offer, fixed, label, threshold))
    filled = [block for block in blocks if len(block)]
    return pd.concat(filled, ignore_index=True) if filled else table_frame("levers", [])


def _longer_hours(
    inputs: SlotInputs, offer: Offer, fixed: Sites, label: NDArray[np.bool_], threshold: int
) -> pd.DataFrame:
    """Longer hours at the département's own houses, those of the neighbours being open as they are."""
    everyone = _sites(offer, label)
    states = Offer(offer.rows[label], everyone.minutes, offer.population, offer.computed, offer.method).states(
        reference_weeks(inputs.reference_date)
    )
    people = np.where(offer.computed, offer.population, 0.0)
    return longer_hours(LABEL, everyone, states, people, threshold, candidates=set(fixed.place_id))


def _sites(offer: Offer, chosen: NDArray[np.bool_]) -> Sites:
    """The places of the chosen rows, each once."""
    rows = offer.rows[chosen]
    first = ~rows["place_id"].duplicated().to_numpy()
    kept = rows[first]
    return Sites(kept["insee"].tolist(), kept["place_id"].tolist(), offer.minutes[:, chosen][:, first])


def _inside(gaps: pd.DataFrame, communes: pd.DataFrame, service: str, threshold: int) -> dict[str, NDArray[np.bool_]]:
    """The communes of the most inhabited gaps of a service."""
    rows = gaps[(gaps["service"] == service) & (gaps["threshold"] == threshold)].head(_GAPS_HELPED)
    return {
        str(gap_id): communes["insee"].isin(str(insees).split()).to_numpy()
        for gap_id, insees in zip(rows["gap_id"], rows["insees"], strict=True)
    }


def _of_service(minutes: pd.DataFrame, communes: pd.DataFrame, service: str) -> pd.DataFrame:
    """Minutes to a service and whether they could be asked for, commune by commune in order."""
    answers = minutes[minutes["service"] == service].set_index("insee").reindex(communes["insee"])
    return pd.DataFrame(
        {
            "minutes": answers["minutes"].to_numpy(dtype=np.float64),
            "computed": answers["method"].notna().to_numpy() & (answers["method"] != "not_computed").to_numpy(),
        }
    )


def _method(minutes: pd.DataFrame) -> str:
    methods = minutes.loc[minutes["method"] != "not_computed", "method"]
    return str(methods.iloc[0]) if len(methods) else "not_computed"


def _card(inputs: SlotInputs, communes: pd.DataFrame) -> pd.DataFrame:
    demand = communes.rename(columns={"insee": "id"})
    minutes = inputs.minutes.rename(columns={"insee": "demand_id"})
    minutes = minutes.assign(reached=minutes["minutes"].notna())
    error = None
    if inputs.roads is not None:
        houses = inputs.services[inputs.services["service"] == LABEL].rename(columns={"place_id": "id"})
        error = estimate_error(houses, demand, inputs.roads, inputs.thresholds, [LABEL])
    card = method_card(minutes, demand, service=LABEL, thresholds=inputs.thresholds, roads=inputs.roads, error=error)
    return with_need(card, communes, _on_squares(inputs))


def _on_squares(inputs: SlotInputs) -> pd.DataFrame | None:
    """The label's shares asked from each population square instead of from each commune's point."""
    if inputs.squares is None:
        return None
    houses = inputs.services[inputs.services["service"] == LABEL].rename(columns={"place_id": "id"})
    minutes = minutes_to_nearest(houses, inputs.squares, roads=inputs.roads, services=[LABEL])
    return shares(minutes, inputs.squares, inputs.thresholds)
