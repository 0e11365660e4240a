"""Share of the population near a place that is open, by weekday and hour, with and without buses.

"On Tuesdays at 14 h: x %; counting buses: y %." People whose only near places have unknown hours are a share of their
own. Hours are read in ``hours.py``, minutes in ``access/reach.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fs_pipeline.access.services import Service, rows_by_service
from fs_pipeline.coverage.hours import (
    APPOINTMENT,
    EVEN,
    HOURS,
    ODD,
    OPEN,
    PERIODS,
    PUBLIC,
    SCHOOL_EVEN,
    SCHOOL_ODD,
    UNKNOWN,
    States,
    hour_states,
)
from fs_pipeline.coverage.weeks import ReferenceWeeks
from fs_pipeline.french import DAYS
from fs_pipeline.sphere import Floats
from fs_pipeline.warehouse.frames import table_frame

SHARES = ("share", "share_with_buses", "share_without_appointment", "share_unknown")
OPERATOR = Service("operator")  # what an operator's démarches are together; no minutes are asked of it
WEEK_LETTERS = "ob?.x"  # open, bus, unknown, nobody, not computed


@dataclass(frozen=True, eq=False)
class Offer:
    """Who receives, where, when: one row a place and service, and the minutes that lead there.

    Attributes
    ----------
    rows
        place_id, service, demarche_id, bus (bool), appointment (bool), opening_hours, week_parity.
    minutes
        (demand points, rows), infinite where too far.
    population
        Inhabitants of each demand point, 0 where nobody counted.
    computed
        Whether a time could be asked for each demand point; the others are in no share.
    method
        ``road``, ``estimated`` or ``not_computed``.
    """

    rows: pd.DataFrame
    minutes: Floats
    population: Floats
    computed: NDArray[np.bool_]
    method: str

    def among(self, services: Iterable[Service]) -> NDArray[np.bool_]:
        """Whether each row is of one of `services`."""
        chosen = np.zeros(len(self.rows), dtype=bool)
        for service in self._by_service.keys() & set(services):
            chosen[self._by_service[service]] = True
        return chosen

    @cached_property
    def _by_service(self) -> dict[Service, NDArray[np.intp]]:
        return rows_by_service(self.rows)

    def states(self, weeks: ReferenceWeeks, minute: int = 0) -> States:
        """int8 (rows, periods, weekdays, hours), `minute` past each; what is open is by appointment where the row says so."""
        pairs = zip(_texts(self.rows["opening_hours"]), _texts(self.rows["week_parity"]), strict=True)
        grids = [hour_states(opening_hours, parity, weeks, minute) for opening_hours, parity in pairs]
        states = np.stack(grids) if grids else np.empty((0, len(PERIODS), len(DAYS), len(HOURS)), dtype=np.int8)
        asked = self.rows["appointment"].to_numpy(dtype=bool)
        states[asked] = np.where(states[asked] == OPEN, APPOINTMENT, states[asked])
        return states


@dataclass(frozen=True, slots=True)
class Group:
    """Services whose places count together: a label's with its buses, a démarche's, or all that one operator's have.

    Attributes
    ----------
    service
        What its rows are said to be of, ``OPERATOR`` where it gathers the démarches of one.
    gathered
        The services counted.
    operator
        Whose démarches it gathers, "" otherwise, for the reason that ``Service`` gives.
    """

    service: Service
    gathered: tuple[Service, ...]
    operator: str = ""


def coverage_by_hour(
    offer: Offer,
    groups: Sequence[Group],
    weeks: ReferenceWeeks,
    thresholds: Sequence[int],
) -> pd.DataFrame:
    """One row a group of services, threshold, period, week, weekday and hour.

    Parameters
    ----------
    offer
        The places of the slot and around it.
    groups
        One without any place has no rows.
    weeks
        The dates hours are read at.
    thresholds
        Minutes.

    Returns
    -------
    pandas.DataFrame
        Rows of ``coverage_by_hour``. period is ``usual``, ``school_holidays`` or ``public_holiday`` (the last two only
        where some place's hours speak of them; a public holiday has the weekday ``PH``); week_parity is ``every`` where
        odd and even weeks are alike. share: near a fixed place that is open; share_with_buses: or near a stop at its
        hour; share_without_appointment: as share, walking in; share_unknown: near no open place, bus or not, but near
        one whose hours are unknown. Their base is the population for which times could be asked. places, buses and
        without_hours count those within the threshold of somebody.
    """
    weight = np.where(offer.computed, offer.population, 0.0)
    base = float(weight.sum())
    if not len(offer.rows) or not base:
        return table_frame("coverage_by_hour", [])
    states = offer.states(weeks)
    places, bus = offer.rows["place_id"], offer.rows["bus"].to_numpy(dtype=bool)
    blocks = []
    for group in groups:
        chosen = offer.among(group.gathered)
        if not chosen.any():
            continue
        known = (states[chosen] != UNKNOWN).any(axis=(1, 2, 3))
        for threshold in thresholds:
            near = (offer.minutes[:, chosen] <= threshold).astype(np.float32)
            counts = {**_counts(places[chosen], bus[chosen], known, np.asarray(near.any(axis=0))), "population": base}
            label = {
                **group.service.columns,
                "operator": group.operator,
                "threshold": threshold,
                "method": offer.method,
            }
            for period, slots in _slots(states[chosen]):
                shares = _shares(near, slots, bus[chosen], weight, base)
                blocks.append(pd.DataFrame({**label, **period, **shares, **counts}))
    return table_frame("coverage_by_hour", pd.concat(blocks, ignore_index=True) if blocks else [])


def commune_weeks(
    offer: Offer, services: Sequence[Service], weeks: ReferenceWeeks, insees: Sequence[str], threshold: int
) -> pd.DataFrame:
    """What each commune has at each hour of the usual week, in one text.

    Parameters
    ----------
    services
        Those that count together.
    insees
        The commune of each demand point, in order.

    Returns
    -------
    pandas.DataFrame
        insee, week_parity (``every`` where odd and even weeks are alike), week: a letter an hour, Monday's first, of
        ``WEEK_LETTERS``: a fixed place open, a bus alone, unknown hours alone, nobody, or not computed; what most of its
        inhabitants have.
    """
    chosen = offer.among(services)
    if not chosen.any():
        return table_frame("commune_weeks", [])
    near = (offer.minutes[:, chosen] <= threshold).astype(np.float32)
    bus = offer.rows["bus"].to_numpy(dtype=bool)[chosen]
    codes, communes = pd.factorize(np.array(list(insees), dtype=object))
    blocks = []
    for label, slots in _slots(offer.states(weeks)[chosen]):
        if label["period"] != "usual":
            continue
        open_fixed, anywhere, _, unknown = _reached(near, slots, bus)
        letters = np.select([open_fixed, anywhere, unknown], list(WEEK_LETTERS[:3]), WEEK_LETTERS[3])
        letters[~offer.computed] = WEEK_LETTERS[4]
        of_communes = _of_most(letters, offer.population, codes, len(communes))
        texts = ["".join(row) for row in of_communes]
        blocks.append(pd.DataFrame({"insee": communes, "week_parity": label["week_parity"], "week": texts}))
    return table_frame("commune_weeks", pd.concat(blocks, ignore_index=True))


def _of_most(
    letters: NDArray[np.str_], population: Floats, commune: NDArray[np.intp], communes: int
) -> NDArray[np.str_]:
    """(communes, instants): the letter of most inhabitants of each commune; of equals, the first of ``WEEK_LETTERS``."""
    weight = population + 1e-9  # points where nobody was counted have a letter too
    gather = csr_array((weight, (commune, np.arange(len(commune)))), shape=(communes, len(commune)))
    totals = np.stack([gather @ (letters == letter).astype(np.float64) for letter in WEEK_LETTERS])
    return np.asarray(np.array(list(WEEK_LETTERS))[totals.argmax(axis=0)])


def _counts(
    places: pd.Series, bus: NDArray[np.bool_], known: NDArray[np.bool_], serves: NDArray[np.bool_]
) -> dict[str, int]:
    """Places that serve somebody here, each once."""
    return {
        "places": places[serves & ~bus].nunique(),
        "buses": places[serves & bus].nunique(),
        "without_hours": places[serves & ~known].nunique(),
    }


def _slots(states: States) -> Iterator[tuple[dict[str, object], States]]:
    """The weeks worth telling apart: their columns, and states (places, instants)."""
    week = {"weekday": np.repeat(DAYS, len(HOURS)), "hour": np.tile(HOURS, len(DAYS))}
    flat = states.reshape(*states.shape[:2], -1)
    usual, school = flat[:, [ODD, EVEN]], flat[:, [SCHOOL_ODD, SCHOOL_EVEN]]
    periods = [("usual", usual)] + ([] if np.array_equal(usual, school) else [("school_holidays", school)])
    for period, weeks in periods:
        if np.array_equal(weeks[:, 0], weeks[:, 1]):
            yield {"period": period, "week_parity": "every", **week}, weeks[:, 0]
        else:
            for position, parity in enumerate(("odd", "even")):
                yield {"period": period, "week_parity": parity, **week}, weeks[:, position]
    holiday = states[:, PUBLIC, 0]
    if (holiday != UNKNOWN).any():
        yield {"period": "public_holiday", "week_parity": "every", "weekday": "PH", "hour": np.array(HOURS)}, holiday


def _shares(
    near: NDArray[np.float32], states: States, bus: NDArray[np.bool_], weight: Floats, base: float
) -> dict[str, Floats]:
    """The four shares of each instant."""
    found = _reached(near, states, bus)
    return {name: np.minimum(weight @ who / base, 1.0) for name, who in zip(SHARES, found, strict=True)}


def _reached(near: NDArray[np.float32], states: States, bus: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], ...]:
    """Who is near what at each instant, in the order of ``SHARES``: (demand points, instants) each."""

    def reached(who: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(near @ who.astype(np.float32) > 0)

    receives = (states == OPEN) | (states == APPOINTMENT)
    fixed = ~bus[:, None]
    anywhere = reached(receives)
    return (
        reached(receives & fixed),
        anywhere,
        reached((states == OPEN) & fixed),
        reached(states == UNKNOWN) & ~anywhere,
    )


def _texts(column: pd.Series) -> list[str | None]:
    return [value if isinstance(value, str) and value else None for value in column]
