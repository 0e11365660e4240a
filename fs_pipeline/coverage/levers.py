"""Levers: what a new place, a bus stop, a démarche opened at an existing place or longer hours would bring, in inhabitants.

Each kind of move is simulated on the same minutes and chosen greedily (``greedy.py``): the best few together for the
département, and the best one for each gap. A gain counts people within the threshold after the move who were not before;
moves of different kinds compare by inhabitants x hours a week, a bus counting for the hours of its stop alone. Of sites whose
gains are alike (``greedy.NEAR_EQUAL``), the most inhabited is chosen and the next ones are named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array

from fs_pipeline.access.services import Service
from fs_pipeline.coverage.greedy import Choice, choose, follow
from fs_pipeline.coverage.hours import CLOSED, EVEN, HOURS, ODD, UNKNOWN, States
from fs_pipeline.data import read_csv
from fs_pipeline.french import DAYS
from fs_pipeline.sphere import Floats
from fs_pipeline.warehouse.frames import table_frame

MOVES_TOGETHER = 5
WINDOWS: Mapping[str, tuple[Sequence[str], Sequence[int]]] = {  # when one might open longer
    "lunch": (("Mo", "Tu", "We", "Th", "Fr"), (12, 13)),
    "evening": (("Mo", "Tu", "We", "Th", "Fr"), (17, 18)),
    "saturday_morning": (("Sa",), (9, 10, 11)),
    **{f"{day}_morning": ((day,), (9, 10, 11)) for day in DAYS[:5]},
    **{f"{day}_afternoon": ((day,), (14, 15, 16)) for day in DAYS[:5]},
}


ALTERNATIVES = 3  # named beside a move


@dataclass(frozen=True, eq=False)
class Sites:
    """Where a move may happen, and who is near.

    Attributes
    ----------
    insee, place_id
        One a site; place_id is None for a site that is a commune's point.
    minutes
        (demand points, sites).
    inhabitants
        Of the commune of each site, 0 where nobody counted them.
    hours
        A week at which each site would receive, NaN where unknown.
    """

    insee: Sequence[str]
    place_id: Sequence[str | None]
    minutes: Floats
    inhabitants: Floats
    hours: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """A gap: its demand points (bool, one a point) and the codes of its communes."""

    points: NDArray[np.bool_]
    insees: frozenset[str]


@dataclass(frozen=True, slots=True)
class Act:
    """What is reviewed of a kind of move: ``data/acts.csv``.

    Attributes
    ----------
    hours
        A week that the move brings, NaN where they are the place's own or the window's.
    cost, delay
        A class in French, None while no source was given for it.
    """

    hours: float
    cost: str | None
    delay: str | None


@cache
def acts() -> Mapping[str, Act]:
    """Every kind of move."""
    return {
        row["move"]: Act(
            float(row["hours_a_week"]) if row["hours_a_week"] else np.nan,
            row["cost_class"] if row["cost_source"] else None,
            row["delay_class"] if row["delay_source"] else None,
        )
        for row in read_csv("acts.csv")
    }


def weekly_hours(states: States) -> Floats:
    """Hours a week at which each place receives, odd and even weeks together halved; NaN where one of them is unknown.

    Parameters
    ----------
    states
        (places, periods, weekdays, hours), as ``hour_states`` gives them.
    """
    weeks = states[:, [ODD, EVEN]].reshape(len(states), -1)
    receiving = ((weeks != CLOSED) & (weeks != UNKNOWN)).sum(axis=1) / 2.0
    return np.where((weeks == UNKNOWN).any(axis=1), np.nan, receiving)


def opening_levers(
    move: str,
    service: Service,
    sites: Sites,
    population: Floats,
    served: NDArray[np.bool_],
    threshold: int,
    gaps: Mapping[str, Area] | None = None,
    count: int = MOVES_TOGETHER,
) -> pd.DataFrame:
    """The best moves that open `service` somewhere.

    Parameters
    ----------
    move
        ``new_place`` or ``open_demarche``.
    sites
        Where it may open.
    population
        Inhabitants of each demand point, 0 for those no time could be asked for.
    served
        Whether each demand point is already within `threshold` minutes.
    gaps
        By gap_id: the best single move of each is added, its gain counted inside of the gap, in one of its own communes if
        that gains as much (``greedy.NEAR_EQUAL``).

    Returns
    -------
    pandas.DataFrame
        Rows of ``levers``; nothing where no move gains anyone.
    """
    covers = _ones((sites.minutes <= threshold).T)
    rows: list[dict[str, object]] = []
    for scope, weights, moves in _scopes(population, served, gaps, count):
        choice = choose(covers, weights, moves, _preference(sites, (gaps or {}).get(scope)))
        rows += _rows(choice, sites, {"scope": scope, "move": move, **service.columns, "threshold": threshold})
    return table_frame("levers", rows)


def bus_stops(
    houses: pd.DataFrame,
    service: Service,
    sites: Sites,
    population: Floats,
    served: NDArray[np.bool_],
    gaps: Mapping[str, Area] | None = None,
) -> pd.DataFrame:
    """The other form of each new place: the bus stops there instead.

    Parameters
    ----------
    houses
        Rows of ``levers`` for new places, of one threshold, from the same `sites`.
    sites
        Where a house may open; its hours are not read, a stop having its own.
    served
        Whether each demand point is within the threshold of a house or of a stop already.
    population, gaps
        As in ``opening_levers``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``levers`` at the communes of `houses`, in their order, those that gain someone.
    """
    if houses.empty:
        return table_frame("levers", [])
    threshold = int(houses["threshold"].iloc[0])
    covers = _ones((sites.minutes <= threshold).T)
    stops = Sites(
        sites.insee, sites.place_id, sites.minutes, sites.inhabitants, np.full(len(sites.insee), _hours("bus_stop"))
    )
    position = {insee: at for at, insee in enumerate(sites.insee)}
    weighed = {scope: weights for scope, weights, _ in _scopes(population, served, gaps, 0)}
    rows: list[dict[str, object]] = []
    for scope, chosen in houses.groupby("scope", sort=False):
        choice = follow(covers, weighed[str(scope)], [position[insee] for insee in chosen["insee"]])
        label = {"scope": scope, "move": "bus_stop", **service.columns, "threshold": threshold}
        rows += [row for row in _rows(choice, stops, label) if row["inhabitants_gained"]]
    return table_frame("levers", rows)


def longer_hours(
    service: Service,
    sites: Sites,
    states: States,
    half_past: States,
    population: Floats,
    threshold: int,
    count: int = MOVES_TOGETHER,
    candidates: Collection[str | None] | None = None,
) -> pd.DataFrame:
    """The places that would serve most people by opening at a time when they are closed.

    Parameters
    ----------
    sites
        The fixed places of the service, in the order of `states`.
    states, half_past
        (sites, periods, weekdays, hours), as ``hour_states`` gives them at each hour, and half an hour later.
    population, threshold, count
        As in ``opening_levers``.
    candidates
        The place_id of those that may open longer; all of them unless given.

    Returns
    -------
    pandas.DataFrame
        One row a chosen place and window of ``WINDOWS``, chosen by inhabitants x hours. inhabitants_gained: those near it
        who would find a place open then and don't now, averaged over the window's hours of odd and even weeks; together,
        each inhabitant counts once, at the window that gains him most. A place whose hours are unknown, or that already
        opens at some hour of the window, is no candidate; people near a place whose hours are unknown at that hour are
        not counted as gained.
    """
    near = sites.minutes <= threshold
    may = np.array([candidates is None or place_id in candidates for place_id in sites.place_id], dtype=bool)
    moves: list[tuple[str, int]] = []
    lacking: dict[str, Floats] = {}  # share of the window at which each point finds no open door
    weights, covers = [], []
    for window, (days, hours) in WINDOWS.items():
        flat, later = (_within(grid, days, hours) for grid in (states, half_past))
        perhaps_open = (near.astype(np.float32) @ (flat != CLOSED).astype(np.float32)) > 0
        lacking[window] = 1.0 - perhaps_open.mean(axis=1)
        weights.append(population * lacking[window] * _length(window))
        shut = np.flatnonzero((flat == CLOSED).all(axis=1) & (later == CLOSED).all(axis=1) & may)
        moves += [(window, int(site)) for site in shut]
        covers.append(_ones(near[:, shut].T))
    if not moves:
        return table_frame("levers", [])
    towns = np.array([sites.inhabitants[site] for _, site in moves])
    choice = choose(csr_array(block_diag(covers, format="csr")), np.concatenate(weights), count, towns)
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
        gains = _gains(gain / length, alone / length, float(population @ once), guarantee, length)
        rows.append(label | {"window": window} | _where(sites, site, elsewhere) | gains | {"simulated": len(moves)})
    return table_frame("levers", rows)


def _preference(sites: Sites, area: Area | None) -> Floats:
    """The most inhabited commune first; of a gap, its own communes before any other."""
    if area is None:
        return sites.inhabitants
    inside = np.array([insee in area.insees for insee in sites.insee], dtype=bool)
    return np.where(inside, sites.inhabitants + sites.inhabitants.max(initial=0.0) + 1.0, sites.inhabitants)


def _within(states: States, days: Sequence[str], hours: Sequence[int]) -> States:
    """Of odd and even weeks, the instants of a window: (places, instants)."""
    at = states[:, [ODD, EVEN]][:, :, [DAYS.index(day) for day in days]][..., [HOURS.index(hour) for hour in hours]]
    return at.reshape(len(states), -1)


def _scopes(
    population: Floats, served: NDArray[np.bool_], gaps: Mapping[str, Area] | None, count: int
) -> Iterator[tuple[str, Floats, int]]:
    """Each scope with who is to be gained in it, and how many moves it wants."""
    yield "departement", np.where(served, 0.0, population), count
    for gap_id, area in (gaps or {}).items():
        yield gap_id, np.where(served | ~area.points, 0.0, population), 1


def _rows(choice: Choice, sites: Sites, label: Mapping[str, object]) -> list[dict[str, object]]:
    together, rows = 0.0, []
    steps = zip(choice.moves, choice.gains, choice.alone, choice.guarantees, choice.near_equals, strict=True)
    for rank, (site, gain, alone, guarantee, others) in enumerate(steps, start=1):
        together += gain
        where = {"window": None} | _where(sites, site, others)
        gains = _gains(gain, alone, together, guarantee, float(sites.hours[site]))
        rows.append({**label, "rank": rank, **where, **gains, "simulated": len(sites.insee)})
    return rows


def _where(sites: Sites, site: int, others: Iterable[int]) -> dict[str, object]:
    """The site, and the other communes among `others`."""
    own = sites.insee[site]
    largest_first = sorted(others, key=lambda other: -sites.inhabitants[other])
    elsewhere = dict.fromkeys(sites.insee[other] for other in largest_first if sites.insee[other] != own)
    names = [*elsewhere][:ALTERNATIVES]
    return {"insee": own, "place_id": sites.place_id[site], "alternatives": " ".join(names) or None}


def _gains(gain: float, alone: float, together: float, guarantee: float, hours: float) -> dict[str, object]:
    known = np.isfinite(hours)
    return {
        "inhabitants_gained": gain,
        "inhabitants_gained_alone": alone,
        "inhabitants_gained_together": together,
        "hours_a_week": hours if known else None,
        "inhabitant_hours": alone * hours if known else None,
        "guarantee": guarantee,
    }


def _hours(move: str) -> float:
    return acts()[move].hours


def _length(window: str) -> int:
    days, hours = WINDOWS[window]
    return len(days) * len(hours)


def _ones(covers: NDArray[np.bool_]) -> csr_array:
    return csr_array(covers.astype(np.float64))
