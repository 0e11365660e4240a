"""What a slot's tables are drawn from, and the places of it where something may open: their minutes, people and hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.landmasses import lands
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT
from fs_pipeline.access.spread import Homes, homes_of
from fs_pipeline.access.straight_line import standing
from fs_pipeline.coverage.by_hour import Offer
from fs_pipeline.coverage.hours import UNKNOWN, States, hour_states
from fs_pipeline.coverage.levers import Sites, acts, weekly_hours
from fs_pipeline.coverage.longer_hours import Beside
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.sphere import great_circle_m

if TYPE_CHECKING:
    from fs_pipeline.roads.reading import RoadGraph

_CUT_OFF = frozenset({"island", "roadless"})
_HOURS = ("opening_hours", "week_parity")
TOWN_M = 5_000.0  # from the town hall: what is farther stands in a hamlet, whatever its commune holds


@dataclass(frozen=True, eq=False)
class SlotInputs:
    """What a slot's tables are drawn from.

    Attributes
    ----------
    communes
        insee, name, epci, epci_name, population, longitude, latitude of the département, and the columns of
        ``commune_need`` where a source gave them.
    points
        ``demand_points`` of the slot: where its people live.
    minutes, commune_minutes
        The tables of these names of the slot.
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
    roads
        The network, or None where times are estimated.
    disputed
        By place_id, the hours of those that two sources give otherwise: when they differ, nobody knows.
    declared
        insee, longitude, latitude and, where they are told, opening_hours and week_parity of the fixed France services that
        the survey alone knows: who lives near one is perhaps not far, and none is opened beside it.
    """

    communes: pd.DataFrame
    points: pd.DataFrame
    minutes: pd.DataFrame
    commune_minutes: pd.DataFrame
    services: pd.DataFrame
    rounds: pd.DataFrame
    statements: pd.DataFrame
    operators: Mapping[str, str | None]
    reference_date: dt.date
    thresholds: Thresholds
    roads: RoadGraph | None = None
    disputed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    declared: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["insee", "longitude", "latitude"]))

    @cached_property
    def homes(self) -> Homes:
        """The bounds of minutes from each point."""
        return homes_of(self.points, by_road=self.roads is not None)


def town_halls(inputs: SlotInputs) -> Sites:
    """The town halls of the communes, in their order."""
    rows = inputs.communes
    return Sites(
        rows["insee"].tolist(),
        [None] * len(rows),
        minutes_between(rows, inputs.points, roads=inputs.roads),
        rows["population"].fillna(0.0).to_numpy(dtype=np.float64),
        np.full(len(rows), acts()["new_place"].hours),
        inputs.homes,
    )


def reached_by_bus(communes: pd.DataFrame) -> frozenset[str]:
    """Codes of the communes to which a bus can drive: none of an island without a bridge, nor where there is no road."""
    _, _, land = standing(communes)
    cut_off = [code is None or (code in lands() and lands()[code].kind in _CUT_OFF) for code in land]
    return frozenset(communes.loc[~np.array(cut_off, dtype=bool), "insee"])


def sites_of(inputs: SlotInputs, offer: Offer, chosen: NDArray[np.bool_], states: States) -> Sites:
    """The places of the chosen rows, which name each once; one that is far from its town hall is in a hamlet, no town."""
    rows = offer.rows[chosen]
    own = inputs.communes.drop_duplicates("insee").set_index("insee").reindex(rows["insee"])
    ends = [one[axis].to_numpy(dtype=np.float64) for one in (rows, own) for axis in ("longitude", "latitude")]
    in_town = great_circle_m(*ends) <= TOWN_M
    return Sites(
        rows["insee"].tolist(),
        rows["place_id"].tolist(),
        offer.minutes[:, chosen],
        np.where(in_town, own["population"].fillna(0.0).to_numpy(dtype=np.float64), 0.0),
        weekly_hours(states),
        inputs.homes,
    )


def once(offer: Offer, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of the chosen rows, the first of each place."""
    once = chosen.copy()
    once[chosen] = ~offer.rows.loc[chosen, "place_id"].duplicated().to_numpy()
    return once


def states_of(inputs: SlotInputs, offer: Offer, chosen: NDArray[np.bool_], minute: int = 0) -> States:
    """When the places of the chosen rows receive: (rows, periods, weekdays, hours), at `minute` past each hour."""
    rows = Offer(offer.rows[chosen], offer.minutes[:, chosen], offer.population, offer.computed, offer.method)
    return rows.states(reference_weeks(inputs.reference_date), minute)


def agreed_states(inputs: SlotInputs, offer: Offer, chosen: NDArray[np.bool_], minute: int) -> States:
    """``states_of``, unknown where two sources disagree."""
    states, weeks = states_of(inputs, offer, chosen, minute), reference_weeks(inputs.reference_date)
    for at, place_id in enumerate(offer.rows.loc[chosen, "place_id"]):
        for said in inputs.disputed.get(place_id, ()):
            states[at][states[at] != hour_states(said, None, weeks, minute)] = UNKNOWN
    return states


def beside(inputs: SlotInputs, offer: Offer) -> Beside:
    """The stops whose hours are known, the houses that the survey alone knows, and the hours that the list gives its buses."""
    stops = offer.among([ITINERANT]) & offer.rows["opening_hours"].notna().to_numpy()
    buses = inputs.services[inputs.services["bus"] & inputs.services["insee"].notna()]
    buses = buses[buses["service"].isin([ITINERANT.kind, FRANCE_SERVICES.kind])].drop_duplicates("place_id")
    houses = inputs.declared.reindex(columns=["longitude", "latitude", *_HOURS])
    return Beside(
        np.column_stack((offer.minutes[:, stops], minutes_between(houses, inputs.points, roads=inputs.roads))),
        np.concatenate((states_of(inputs, offer, stops), _as_written(inputs, houses))),
        buses["insee"].tolist(),
        _as_written(inputs, buses),
    )


def _as_written(inputs: SlotInputs, rows: pd.DataFrame) -> States:
    """When each of `rows` receives by its own hours, which nobody knows where it has none."""
    weeks = reference_weeks(inputs.reference_date)
    texts = rows[[*_HOURS]].astype(object).where(rows[[*_HOURS]].notna(), None)
    unknown = hour_states(None, None, weeks)
    return np.stack([unknown, *(hour_states(*said, weeks) for said in texts.itertuples(index=False))])[1:]
