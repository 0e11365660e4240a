"""Levers: what a new place, a bus stop, a démarche opened at an existing place or longer hours would bring, in inhabitants.

Each kind of move is simulated on the same minutes and chosen greedily (``greedy.py``): the best few together for the
département, and the best one for each gap. A gain counts people within the threshold after the move who were not before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array

from fs_pipeline.access.services import Service
from fs_pipeline.coverage.greedy import choose
from fs_pipeline.coverage.hours import CLOSED, EVEN, HOURS, ODD, States
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


@dataclass(frozen=True, eq=False)
class Sites:
    """Where a move may happen, and who is near.

    Attributes
    ----------
    insee, place_id
        One a site; place_id is None for a site that is a commune's point.
    minutes
        (demand points, sites).
    """

    insee: Sequence[str]
    place_id: Sequence[str | None]
    minutes: Floats


def opening_levers(
    move: str,
    service: Service,
    sites: Sites,
    population: Floats,
    served: NDArray[np.bool_],
    threshold: int,
    gaps: Mapping[str, NDArray[np.bool_]] | None = None,
    count: int = MOVES_TOGETHER,
) -> pd.DataFrame:
    """The best moves that open `service` somewhere.

    Parameters
    ----------
    move
        ``new_place``, ``bus_stop`` or ``open_demarche``.
    sites
        Where it may open.
    population
        Inhabitants of each demand point, 0 for those no time could be asked for.
    served
        Whether each demand point is already within `threshold` minutes.
    gaps
        gap_id to its demand points: the best single move of each is added, its gain counted inside of the gap.

    Returns
    -------
    pandas.DataFrame
        Rows of ``levers``; nothing where no move gains anyone.
    """
    covers = _ones((sites.minutes <= threshold).T)
    wanted = [("departement", np.where(served, 0.0, population), count)]
    wanted += [(gap_id, np.where(served | ~inside, 0.0, population), 1) for gap_id, inside in (gaps or {}).items()]
    rows = []
    for scope, weights, moves in wanted:
        for row, site in _chosen(covers, weights, moves):
            rows.append(
                row
                | {"scope": scope, "move": move, **service.columns, "threshold": threshold, "window": None}
                | {"insee": sites.insee[site], "place_id": sites.place_id[site]}
            )
    return table_frame("levers", rows)


def longer_hours(
    service: Service,
    sites: Sites,
    states: States,
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
    states
        (sites, periods, weekdays, hours), as ``hour_states`` gives them.
    population, threshold, count
        As in ``opening_levers``.
    candidates
        The place_id of those that may open longer; all of them unless given.

    Returns
    -------
    pandas.DataFrame
        One row a chosen place and window of ``WINDOWS``. inhabitants_gained: those near it who would find a place open
        then and don't now, averaged over the window's hours of odd and even weeks. A place whose hours are unknown, or
        that already opens at some hour of the window, is no candidate; people near a place whose hours are unknown at
        that hour are not counted as gained.
    """
    near = sites.minutes <= threshold
    may = np.array([candidates is None or place_id in candidates for place_id in sites.place_id], dtype=bool)
    moves: list[tuple[str, int]] = []
    weights, covers = [], []
    for window, (days, hours) in WINDOWS.items():
        at = states[:, [ODD, EVEN]][:, :, [DAYS.index(day) for day in days]][..., [HOURS.index(h) for h in hours]]
        flat = at.reshape(len(states), -1)
        perhaps_open = (near.astype(np.float32) @ (flat != CLOSED).astype(np.float32)) > 0
        weights.append(population * (1.0 - perhaps_open.mean(axis=1)))
        shut = np.flatnonzero((flat == CLOSED).all(axis=1) & may)
        moves += [(window, int(site)) for site in shut]
        covers.append(_ones(near[:, shut].T))
    if not moves:
        return table_frame("levers", [])
    rows = []
    for row, chosen in _chosen(csr_array(block_diag(covers, format="csr")), np.concatenate(weights), count):
        window, site = moves[chosen]
        rows.append(
            row
            | {"scope": "departement", "move": "longer_hours", **service.columns, "threshold": threshold}
            | {"window": window, "insee": sites.insee[site], "place_id": sites.place_id[site]}
        )
    return table_frame("levers", rows)


def _ones(covers: NDArray[np.bool_]) -> csr_array:
    return csr_array(covers.astype(np.float64))


def _chosen(covers: csr_array, weights: Floats, count: int) -> Iterator[tuple[dict[str, object], int]]:
    choice = choose(covers, weights, count)
    together = 0.0
    steps = zip(choice.moves, choice.gains, choice.alone, choice.guarantees, strict=True)
    for rank, (move, gain, alone, guarantee) in enumerate(steps, start=1):
        together += gain
        yield (
            {
                "rank": rank,
                "inhabitants_gained": gain,
                "inhabitants_gained_alone": alone,
                "inhabitants_gained_together": together,
                "guarantee": guarantee,
            },
            move,
        )
