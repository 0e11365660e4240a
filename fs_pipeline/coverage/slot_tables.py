"""One slot's hours, gaps, levers and method card, from its minutes and its offer: what the assets write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT, Service, by_service
from fs_pipeline.coverage.by_hour import OPERATOR, Group, Offer, commune_weeks, coverage_by_hour
from fs_pipeline.coverage.gaps import gap_areas
from fs_pipeline.coverage.levers import Area, Sites, acts, bus_stops, opening_levers
from fs_pipeline.coverage.longer_hours import Timetable, longer_hours
from fs_pipeline.coverage.method_card import estimate_error, method_card, with_need
from fs_pipeline.coverage.offer import offer_rows
from fs_pipeline.coverage.simulator import simulator_rows
from fs_pipeline.coverage.slot_inputs import (
    SlotInputs,
    agreed_states,
    beside,
    once,
    reached_by_bus,
    sites_of,
    states_of,
    town_halls,
)
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.warehouse.frames import table_frame

_LABEL_WITH_BUSES = (FRANCE_SERVICES, ITINERANT)
_GAPS_HELPED = 6  # a service: the most inhabited ones, as many as a brief shows


def slot_tables(inputs: SlotInputs) -> dict[str, pd.DataFrame]:
    """``coverage_by_hour``, ``commune_weeks``, ``gap_areas``, ``levers``, ``simulator`` and ``access_method`` of one slot."""
    communes, points = inputs.communes.reset_index(drop=True), inputs.points.reset_index(drop=True)
    population = points["population"].fillna(0.0).to_numpy(dtype=np.float64)
    rows = offer_rows(inputs.services, inputs.rounds, inputs.statements, communes)
    minutes = minutes_between(rows, points, roads=inputs.roads)
    # Most of a neighbour's places serve nobody here; one that is perhaps near at the fast end of the band may.
    near = inputs.homes.soonest(minutes).min(axis=0, initial=np.inf) <= max(inputs.thresholds)
    answers = by_service(inputs.minutes)
    stated = [service for service in answers if service.kind == CONFIRMED]
    labelled = _in_order(answers.get(FRANCE_SERVICES, inputs.minutes.iloc[:0]), points)
    offer = Offer(
        rows[near].reset_index(drop=True),
        minutes[:, near],
        population,
        labelled["computed"].to_numpy(dtype=bool),
        _method(inputs.minutes),
    )
    weeks = reference_weeks(inputs.reference_date)
    halls = town_halls(inputs)
    gaps = gap_areas(inputs.commune_minutes, communes, [FRANCE_SERVICES, *stated], inputs.thresholds)
    moves = {name: table_frame(name, []) for name in ("levers", "simulator")}
    if offer.method != "not_computed":
        timetable = _timetable(inputs, offer)
        told = {one: _in_order(answers[one], points) for one in stated}
        moves["levers"] = _levers(inputs, offer, gaps, halls, timetable, told)
        moves["simulator"] = simulator_rows(inputs, rows, minutes, halls, timetable)
    return {
        "coverage_by_hour": coverage_by_hour(offer, _groups(stated, inputs.operators), weeks, inputs.thresholds),
        "commune_weeks": commune_weeks(
            offer, _LABEL_WITH_BUSES, weeks, points["insee"].tolist(), inputs.thresholds.near
        ),
        "gap_areas": gaps,
        "access_method": _card(inputs),
        **moves,
    }


def _groups(stated: Sequence[Service], operators: Mapping[str, str | None]) -> list[Group]:
    """France services with their buses, the confirmed démarches of each operator together, and each alone."""
    together: dict[str, tuple[Service, ...]] = {}
    for service in stated:
        if operator := operators.get(service.demarche_id):
            together[operator] = (*together.get(operator, ()), service)
    return [
        Group(FRANCE_SERVICES, _LABEL_WITH_BUSES),
        *(Group(OPERATOR, gathered, operator) for operator, gathered in together.items()),
        *(Group(service, (service,)) for service in stated),
    ]


def _levers(
    inputs: SlotInputs,
    offer: Offer,
    gaps: pd.DataFrame,
    halls: Sites,
    timetable: Timetable,
    stated: Mapping[Service, pd.DataFrame],
) -> pd.DataFrame:
    """The moves of each kind; `stated` are the answers for each confirmed démarche, point by point."""
    points = inputs.points
    without_any = halls.among(_without_any_near(inputs))
    homes = points["insee"].to_numpy()[:, None] == np.array(without_any.insee, dtype=object)[None, :]
    least = acts()["new_place"].least_gain
    label, stops = offer.among([FRANCE_SERVICES]), offer.among(_LABEL_WITH_BUSES)
    has_bus = (inputs.services["own"] & inputs.services["bus"]).any()
    own = timetable.own
    ours = offer.rows["place_id"].isin(own).to_numpy()
    rooms = once(offer, ~offer.rows["bus"].to_numpy(dtype=bool) & ours)
    houses = sites_of(inputs, offer, rooms, states_of(inputs, offer, rooms))
    people = np.where(offer.computed, offer.population, 0.0)
    said_alone = minutes_between(inputs.declared, points, roads=inputs.roads)
    middle, middle_with_buses = (
        np.column_stack((offer.minutes[:, chosen], said_alone)).min(axis=1, initial=np.inf) for chosen in (label, stops)
    )
    soonest, soonest_with_buses = inputs.homes.soonest(middle), inputs.homes.soonest(middle_with_buses)
    gaps_of = by_service(gaps)
    blocks = []
    for threshold in inputs.thresholds:
        areas = _inside(gaps_of.get(FRANCE_SERVICES), points, threshold)
        near, far = soonest <= threshold, middle > threshold
        new = opening_levers(
            "new_place",
            FRANCE_SERVICES,
            without_any,
            people,
            near,
            threshold,
            areas,
            homes=homes & far[:, None],
            least=least,
        )
        blocks.append(new)
        if has_bus:
            reached = new[new["insee"].isin(reached_by_bus(inputs.communes))]
            blocks.append(bus_stops(reached, ITINERANT, without_any, people, soonest_with_buses <= threshold, areas))
        for service, answers in stated.items():
            near = inputs.homes.soonest(answers["minutes"].to_numpy()) <= threshold
            areas = _inside(gaps_of.get(service), points, threshold)
            blocks.append(opening_levers("open_demarche", service, houses, people, near, threshold, areas))
        sites, states, half_past, towns, own, other = timetable
        blocks.append(
            longer_hours(FRANCE_SERVICES, sites, states, half_past, people, towns, threshold, own=own, beside=other)
        )
    filled = [block for block in blocks if len(block)]
    return pd.concat(filled, ignore_index=True) if filled else table_frame("levers", [])


def _timetable(inputs: SlotInputs, offer: Offer) -> Timetable:
    """When the houses receive, the département's own and its neighbours', which are open as they are."""
    own = set(inputs.services.loc[inputs.services["own"], "place_id"])
    everyone = once(offer, offer.among([FRANCE_SERVICES]))
    states, half_past = (agreed_states(inputs, offer, everyone, minute) for minute in (0, 30))
    sites = sites_of(inputs, offer, everyone, states)
    return Timetable(sites, states, half_past, inputs.points["insee"].tolist(), own, beside(inputs, offer))


def _without_any_near(inputs: SlotInputs) -> NDArray[np.bool_]:
    """Which communes have no France services, nor say that they have, or have one that most of their people are far from."""
    services, minutes = inputs.services, inputs.commune_minutes
    having = services.loc[services["service"] == FRANCE_SERVICES.kind, "insee"]
    near = (minutes["service"] == FRANCE_SERVICES.kind) & (minutes["minutes"] <= inputs.thresholds.near)
    served = inputs.communes["insee"].isin(having) & inputs.communes["insee"].isin(minutes.loc[near, "insee"])
    return ~(served | inputs.communes["insee"].isin(inputs.declared["insee"])).to_numpy()


def _inside(gaps: pd.DataFrame | None, points: pd.DataFrame, threshold: int) -> dict[str, Area]:
    """The most inhabited gaps of one service."""
    if gaps is None:
        return {}
    rows = gaps[gaps["threshold"] == threshold].head(_GAPS_HELPED)
    members = {str(gap_id): str(insees).split() for gap_id, insees in zip(rows["gap_id"], rows["insees"], strict=True)}
    return {
        gap_id: Area(points["insee"].isin(insees).to_numpy(), frozenset(insees)) for gap_id, insees in members.items()
    }


def _in_order(minutes: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Minutes to one service and whether they could be asked for, point by point in order."""
    answers = minutes.set_index("point_id").reindex(points["point_id"])
    return pd.DataFrame(
        {
            "minutes": answers["minutes"].to_numpy(dtype=np.float64),
            "computed": answers["method"].notna().to_numpy() & (answers["method"] != "not_computed").to_numpy(),
        }
    )


def _method(minutes: pd.DataFrame) -> str:
    methods = minutes.loc[minutes["method"] != "not_computed", "method"]
    return str(methods.iloc[0]) if len(methods) else "not_computed"


def _card(inputs: SlotInputs) -> pd.DataFrame:
    demand = inputs.points.rename(columns={"point_id": "id"})
    minutes = inputs.minutes.rename(columns={"point_id": "demand_id"})
    minutes = minutes.assign(reached=minutes["minutes"].notna())
    error = None
    if inputs.roads is not None:
        houses = inputs.services[inputs.services["service"] == FRANCE_SERVICES.kind]
        houses = houses.rename(columns={"place_id": "id"})
        error = estimate_error(houses, demand, inputs.roads, inputs.thresholds, [FRANCE_SERVICES])
    card = method_card(
        minutes, demand, service=FRANCE_SERVICES, thresholds=inputs.thresholds, roads=inputs.roads, error=error
    )
    return with_need(card, inputs.communes)
