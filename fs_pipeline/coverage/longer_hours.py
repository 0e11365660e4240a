"""Levers of hours: which existing place would serve most people by opening at a time when it is closed.

The rule is that of the other levers (``levers.py``): at least so many, certainty first. Who may have an open door then at
the fast end of the band of speeds is not gained; who is near the place at its slow end is, if that is where he would go: to
his nearest place, or to one that is hardly farther. Nobody asks a village to open late for the town that has its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array

from fs_pipeline.access.services import Service
from fs_pipeline.coverage.greedy import NEAR_EQUAL, SHARED, choose
from fs_pipeline.coverage.hours import CLOSED, EVEN, HOURS, ODD, UNKNOWN, States
from fs_pipeline.coverage.levers import ALTERNATIVES, MOVES_TOGETHER, Sites, gains, ones, where
from fs_pipeline.french import DAYS
from fs_pipeline.sphere import Floats
from fs_pipeline.warehouse.frames import table_frame

HARDLY_FARTHER_MIN = 2.0  # than the nearest place, open or not
LARGER_TOWN = (
    2.0  # times the inhabitants of the place's commune: from there one does not go to a village in the evening
)
WINDOWS: Mapping[str, tuple[Sequence[str], Sequence[int]]] = {  # when one might open longer
    "lunch": (("Mo", "Tu", "We", "Th", "Fr"), (12, 13)),
    "evening": (("Mo", "Tu", "We", "Th", "Fr"), (17, 18)),
    "saturday_morning": (("Sa",), (9, 10, 11)),
    **{f"{day}_morning": ((day,), (9, 10, 11)) for day in DAYS[:5]},
    **{f"{day}_afternoon": ((day,), (14, 15, 16)) for day in DAYS[:5]},
}


@dataclass(frozen=True, eq=False, slots=True)
class Beside:
    """What receives besides the fixed places of the national list.

    Attributes
    ----------
    minutes, states
        (demand points, doors) and (doors, periods, weekdays, hours): buses at their stops, houses that a survey alone knows.
    bus_towns, bus_states
        The commune in which the list has a bus, and when it says that this one receives; where it then stands, nobody says.
    """

    minutes: Floats
    states: States
    bus_towns: Sequence[str]
    bus_states: States


class Timetable(NamedTuple):
    """When houses receive: what ``longer_hours`` is asked with, for each threshold."""

    sites: Sites
    states: States
    half_past: States
    towns: Sequence[str]
    own: Collection[str | None]
    beside: Beside | None


def longer_hours(
    service: Service,
    sites: Sites,
    states: States,
    half_past: States,
    population: Floats,
    towns: Sequence[str],
    threshold: int,
    count: int = MOVES_TOGETHER,
    own: Collection[str | None] | None = None,
    beside: Beside | None = None,
) -> pd.DataFrame:
    """The places that would serve most people by opening at a time when they are closed.

    Parameters
    ----------
    sites
        All the fixed places of the service within reach, the neighbours' too, in the order of `states`.
    states, half_past
        (sites, periods, weekdays, hours), as ``hour_states`` gives them at each hour, and half an hour later.
    population, threshold, count
        As in ``opening_levers``.
    towns
        The commune of each demand point.
    own
        The place_id of those that may be told to open longer; all of them unless given.
    beside
        What else receives; nothing unless given.

    Returns
    -------
    pandas.DataFrame
        One row a chosen place and window of ``WINDOWS``, chosen by inhabitants x hours. inhabitants_gained: those who would
        come to it (``would_come``) and find no place open then, averaged over the window's hours of odd and even weeks;
        together, each inhabitant counts once, at the window that gains him most. A place whose hours are unknown then, that
        already opens at some hour of the window, or that is shut on one of its several days, is no candidate; people near a
        place whose hours are unknown at that hour are not counted as gained. set_aside names those of larger towns that were
        no candidate, to which much the same people would come: « insee:why », why being ``unknown`` or ``partly_open``; and the
        place's own commune where the list has a bus there that says that it is open at some of these hours (``bus``), or
        does not say its hours (``bus_unknown``).
    """
    near = would_come(sites, towns, population, threshold)
    shut, aside = candidates(sites, states, half_past, own)
    lacking = lacking_a_door(sites, states, threshold, beside)
    moves = [(window, site) for window, closed in shut.items() for site in closed]
    if not moves:
        return table_frame("levers", [])
    covers = [ones(near[:, closed].T) for closed in shut.values()]
    weights = [population * lacking[window] * _length(window) for window in shut]
    largest = np.array([sites.inhabitants[site] for _, site in moves])
    choice = choose(csr_array(block_diag(covers, format="csr")), np.concatenate(weights), count, largest)
    people_near = (near * population[:, None]).T  # (sites, demand points)
    rows, once = [], np.zeros(len(population))
    steps = zip(choice.moves, choice.gains, choice.alone, choice.guarantees, choice.near_equals, strict=True)
    for rank, (chosen, gain, alone, guarantee, others) in enumerate(steps, start=1):
        window, site = moves[chosen]
        length = _length(window)
        once = np.maximum(once, np.where(near[:, site], lacking[window], 0.0))
        label = {
            "scope": "departement",
            "move": "longer_hours",
            **service.columns,
            "threshold": threshold,
            "rank": rank,
        }
        elsewhere = [moves[other][1] for other in others if moves[other][0] == window]
        # A sum of parts of inhabitants: whoever adds them in another order finds another last bit.
        together = round(float(population @ once), 6)
        brought = gains(gain / length, alone / length, together, guarantee, length)
        said = [*_set_aside(sites, site, aside[window], people_near), *_buses(beside, sites.insee[site], window)]
        unheard = {"set_aside": " ".join(said) or None}
        rows.append(
            label | {"window": window} | where(sites, site, elsewhere) | brought | unheard | {"simulated": len(moves)}
        )
    return table_frame("levers", rows)


def candidates(
    sites: Sites, states: States, half_past: States, own: Collection[str | None] | None = None
) -> tuple[dict[str, list[int]], dict[str, dict[int, str]]]:
    """By window, the sites that may be told to open then; and of ours, those that are neither open then nor known to be closed.

    Parameters are those of ``longer_hours``; sites are given by their position, those set aside with the reason.
    """
    ours = np.array([own is None or place_id in own for place_id in sites.place_id], dtype=bool)
    shut: dict[str, list[int]] = {}
    aside: dict[str, dict[int, str]] = {}
    for window, (days, hours) in WINDOWS.items():
        both = np.concatenate([_within(grid, days, hours) for grid in (states, half_past)], axis=1)
        closed, unknown = (both == CLOSED), (both == UNKNOWN).any(axis=1)
        shut[window] = np.flatnonzero(closed.all(axis=1) & ours & _somebody_is_there(states, window)).tolist()
        passed_over = np.flatnonzero(ours & (unknown | (closed.any(axis=1) & ~closed.all(axis=1))))
        aside[window] = {int(site): "unknown" if unknown[site] else "partly_open" for site in passed_over}
    return shut, aside


def lacking_a_door(
    sites: Sites, states: States, threshold: int, beside: Beside | None = None
) -> dict[str, NDArray[np.float64]]:
    """By window, the share of its instants, odd and even weeks together, at which each point is near no door that may be open."""
    minutes = sites.minutes if beside is None else np.column_stack((sites.minutes, beside.minutes))
    perhaps_near = (sites.homes.soonest(minutes) <= threshold).astype(np.float32)
    doors = states if beside is None else np.concatenate((states, beside.states))
    return {
        window: 1.0 - (perhaps_near @ (_within(doors, days, hours) != CLOSED).astype(np.float32) > 0).mean(axis=1)
        for window, (days, hours) in WINDOWS.items()
    }


def instants(window: str) -> int:
    """How many hours of odd and even weeks a window has."""
    return 2 * _length(window)


def _somebody_is_there(states: States, window: str) -> NDArray[np.bool_]:
    """Whether each place opens at some hour of every day of a window of several days: longer, and not on days of rest.

    A window of one day is a half-day that would be new.
    """
    days, _ = WINDOWS[window]
    if len(days) == 1:
        return np.ones(len(states), dtype=bool)
    at = states[:, [ODD, EVEN]][:, :, [DAYS.index(day) for day in days]]
    there: NDArray[np.bool_] = ((at != CLOSED) & (at != UNKNOWN)).any(axis=3).all(axis=(1, 2))
    return there


def would_come(sites: Sites, towns: Sequence[str], population: Floats, threshold: int) -> NDArray[np.bool_]:
    """Whether each point is surely near each site, and would go there: (points, sites).

    To its nearest place or to one that is hardly farther (``HARDLY_FARTHER_MIN``); where the point's own commune (`towns`)
    has places, to one of these alone; where it has none, to none of a commune less than half as populous (``LARGER_TOWN``),
    where anybody was counted in that.
    """
    whole = pd.Series(population).groupby(np.asarray(towns, dtype=object)).sum()
    from_town = whole.reindex([*towns]).to_numpy(dtype=np.float64)
    to_town = whole.reindex([*sites.insee]).replace(0.0, np.nan).to_numpy(dtype=np.float64)
    at_home = np.asarray(towns, dtype=object)[:, None] == np.array(sites.insee, dtype=object)[None, :]
    minutes = np.where(at_home | ~at_home.any(axis=1)[:, None], sites.minutes, np.inf)
    nearest = minutes.min(axis=1, initial=np.inf)
    goes: NDArray[np.bool_] = minutes <= nearest[:, None] + HARDLY_FARTHER_MIN
    goes &= at_home | ~(from_town[:, None] > LARGER_TOWN * to_town[None, :])
    return sites.homes.all_of(goes & np.isfinite(minutes) & sites.surely_near(threshold))


def _set_aside(sites: Sites, site: int, aside: Mapping[int, str], people_near: Floats) -> list[str]:
    """Of the places set `aside`, those of a larger town than the chosen `site`, with as many of much the same people near."""
    own = people_near[site]
    named: dict[str, str] = {}
    for other in sorted(aside, key=lambda one: -sites.inhabitants[one]):
        as_many = people_near[other].sum() >= NEAR_EQUAL * own.sum()
        same = np.minimum(people_near[other], own).sum() >= SHARED * own.sum()
        if sites.inhabitants[other] > sites.inhabitants[site] and as_many and same:
            named.setdefault(sites.insee[other], aside[other])
    return [f"{insee}:{why}" for insee, why in [*named.items()][:ALTERNATIVES]]


def _buses(beside: Beside | None, town: str, window: str) -> list[str]:
    """What the list's buses of a town say of a window, the plainest of it."""
    if beside is None:
        return []
    flat = _within(beside.bus_states, *WINDOWS[window])[[one == town for one in beside.bus_towns]]
    if ((flat != CLOSED) & (flat != UNKNOWN)).any():
        return [f"{town}:bus"]
    return [f"{town}:bus_unknown"] if (flat == UNKNOWN).any() else []


def _within(states: States, days: Sequence[str], hours: Sequence[int]) -> States:
    """Of odd and even weeks, the instants of a window: (places, instants)."""
    at = states[:, [ODD, EVEN]][:, :, [DAYS.index(day) for day in days]][..., [HOURS.index(hour) for hour in hours]]
    return at.reshape(len(states), 2 * len(days) * len(hours))


def _length(window: str) -> int:
    days, hours = WINDOWS[window]
    return len(days) * len(hours)
