"""Levers: what a new place, a bus stop or a démarche opened at an existing place would bring at least, in inhabitants.

Each kind of move is simulated on the same minutes and chosen greedily (``greedy.py``): the best few together for the
département, and the best one for each gap. Certainty first, as for gaps: a gain counts the people who are beyond the
threshold today even at the fast end of the band of speeds, and within it after the move even at its slow end, wherever in
their commune they live (``access/spread.py``). Moves of
different kinds compare by inhabitants x hours a week, a bus counting for the hours of its stop alone. Of sites whose gains
are alike (``greedy.NEAR_EQUAL``), the most inhabited is chosen and the next ones are named. Longer hours: ``longer_hours.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fs_pipeline.access.band import road_band
from fs_pipeline.access.services import Service
from fs_pipeline.access.spread import Homes, where_counted
from fs_pipeline.coverage.greedy import SHARED, Choice, choose, follow
from fs_pipeline.coverage.hours import CLOSED, EVEN, ODD, UNKNOWN, States
from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats
from fs_pipeline.warehouse.frames import table_frame

MOVES_TOGETHER = 5
ALTERNATIVES = 3  # named beside a move
ADDED = 0.25  # of what a move brings alone: one that adds less to those before it is one of them again


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
        Of the town in which each site is, 0 where it is in none or where nobody counted them.
    hours
        A week at which each site would receive, NaN where unknown.
    homes
        The bounds of minutes from each demand point; those of times by road, where all are counted, unless given.
    """

    insee: Sequence[str]
    place_id: Sequence[str | None]
    minutes: Floats
    inhabitants: Floats
    hours: Floats
    homes: Homes = field(default_factory=lambda: where_counted(road_band()))

    def among(self, chosen: NDArray[np.bool_]) -> Sites:
        """The chosen ones (bool, one a site)."""
        rows = np.flatnonzero(chosen).tolist()
        return replace(
            self,
            insee=[self.insee[row] for row in rows],
            place_id=[self.place_id[row] for row in rows],
            minutes=self.minutes[:, rows],
            inhabitants=self.inhabitants[rows],
            hours=self.hours[rows],
        )

    def surely_near(self, threshold: float) -> NDArray[np.bool_]:
        """Whether all of a point's people are within `threshold` minutes of a site even at the slow end: (points, sites)."""
        return self.homes.latest(self.minutes) <= threshold


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
    least_gain
        Inhabitants; a move that gains fewer is not told.
    cost, delay
        A class in French, None while no source was given for it.
    """

    hours: float
    least_gain: float
    cost: str | None
    delay: str | None


@cache
def acts() -> Mapping[str, Act]:
    """Every kind of move."""
    return {
        row["move"]: Act(
            float(row["hours_a_week"]) if row["hours_a_week"] else np.nan,
            float(row["least_gain"] or 1.0),
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
    weeks, hours = states[:, [ODD, EVEN]], (1, 2, 3)
    receiving = ((weeks != CLOSED) & (weeks != UNKNOWN)).sum(axis=hours) / 2.0
    return np.where((weeks == UNKNOWN).any(axis=hours), np.nan, receiving)


def opening_levers(
    move: str,
    service: Service,
    sites: Sites,
    population: Floats,
    served: NDArray[np.bool_],
    threshold: int,
    gaps: Mapping[str, Area] | None = None,
    count: int = MOVES_TOGETHER,
    homes: NDArray[np.bool_] | None = None,
    least: float = 1.0,
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
        Whether each demand point may already be within `threshold` minutes: it is at the fast end of the band.
    gaps
        By gap_id: the best single move of each is added, its gain counted inside of the gap. A move chosen for the
        département that is in one of its communes stands beside it too, unless another gains twice as much inside
        (``greedy.SHARED``); else one of its own communes goes first if that gains as much (``greedy.NEAR_EQUAL``).
    homes
        Bool, (demand points, sites): which points are of the site's own commune and beyond the threshold today, at the
        middle of the band. A site opens only where one of its own comes nearer: nobody opens a house in a village for the
        next one alone, and the town between the villages may itself be far only probably.
    least
        Inhabitants; a move that gains fewer is not told.

    Returns
    -------
    pandas.DataFrame
        Rows of ``levers``; nothing where no move gains as many. Of the département's, none that adds less than a
        quarter (``ADDED``) of what it would bring alone: it is an earlier one again, a village away.
    """
    near = sites.surely_near(threshold).T
    rows: list[dict[str, object]] = []
    together: Sequence[int] = ()  # the moves of the département
    for scope, weights, moves in _scopes(population, served, gaps, count):
        area = (gaps or {}).get(scope)
        covers = ones(near if homes is None else near & _for_its_own(homes & near.T, population, area)[:, None])
        inside = [site for site in together if area and sites.insee[site] in area.insees]
        same, preference = _already_chosen(covers, weights, inside), _preference(sites, area)
        choice = follow(covers, weights, same, preference) if same else choose(covers, weights, moves, preference)
        together = together if area else choice.moves
        rows += _rows(choice, sites, {"scope": scope, "move": move, **service.columns, "threshold": threshold})
    return table_frame("levers", [row for row in rows if _worth_telling(row, least)])


def _for_its_own(homes_near: NDArray[np.bool_], population: Floats, area: Area | None) -> NDArray[np.bool_]:
    """Whether each site brings a far point of its own commune near; of a gap, one of its points."""
    people = population if area is None else np.where(area.points, population, 0.0)
    own: NDArray[np.bool_] = people @ homes_near > 0.0
    return own


def _worth_telling(row: Mapping[str, object], least: float) -> bool:
    gained, alone = (float(str(row[name])) for name in ("inhabitants_gained", "inhabitants_gained_alone"))
    return gained >= least and (row["rank"] == 1 or gained >= ADDED * alone)


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
        Whether each demand point may be within the threshold of a house or of a stop already.
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
    covers = ones(sites.surely_near(threshold).T)
    stops = replace(sites, hours=np.full(len(sites.insee), _hours("bus_stop")))
    position = {insee: at for at, insee in enumerate(sites.insee)}
    weighed = {scope: weights for scope, weights, _ in _scopes(population, served, gaps, 0)}
    rows: list[dict[str, object]] = []
    for scope, chosen in houses.groupby("scope", sort=False):
        choice = follow(covers, weighed[str(scope)], [position[insee] for insee in chosen["insee"]])
        label = {"scope": scope, "move": "bus_stop", **service.columns, "threshold": threshold}
        rows += [row for row in _rows(choice, stops, label) if row["inhabitants_gained"]]
    return table_frame("levers", rows)


def _already_chosen(covers: csr_array, weights: Floats, moves: Sequence[int]) -> list[int]:
    """Of `moves`, the first that covers half of what any may, or more."""
    alone = covers @ weights
    return [move for move in moves if alone[move] >= SHARED * alone.max() > 0.0][:1]


def _preference(sites: Sites, area: Area | None) -> Floats:
    """The most inhabited commune first; of a gap, its own communes before any other."""
    if area is None:
        return sites.inhabitants
    inside = np.array([insee in area.insees for insee in sites.insee], dtype=bool)
    return np.where(inside, sites.inhabitants + sites.inhabitants.max(initial=0.0) + 1.0, sites.inhabitants)


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
        brought = gains(gain, alone, together, guarantee, float(sites.hours[site]))
        told = {"window": None, "set_aside": None, **where(sites, site, others), **brought}
        rows.append({**label, "rank": rank, **told, "simulated": len(sites.insee)})
    return rows


def where(sites: Sites, site: int, others: Iterable[int]) -> dict[str, object]:
    """The site, and the other communes among `others`."""
    own = sites.insee[site]
    largest_first = sorted(others, key=lambda other: -sites.inhabitants[other])
    elsewhere = dict.fromkeys(sites.insee[other] for other in largest_first if sites.insee[other] != own)
    names = [*elsewhere][:ALTERNATIVES]
    return {"insee": own, "place_id": sites.place_id[site], "alternatives": " ".join(names) or None}


def gains(gain: float, alone: float, together: float, guarantee: float, hours: float) -> dict[str, object]:
    """What a move brings, in the columns of ``levers``; `hours` a week, NaN where unknown."""
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


def ones(covers: NDArray[np.bool_]) -> csr_array:
    """Which move covers which element, as ``choose`` takes it."""
    return csr_array(covers.astype(np.float64))
