"""Estimated minutes: straight line times a detour factor over a speed, from the bands of ``data/detour.csv``, one set a country.

Nothing here is tuned to a place or to a published figure. A straight line over an estuary or out of the communes goes
round (``ways.py``); where it means nothing it says so instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.country import country_of
from fs_pipeline.access.landmasses import Land, landmass_of, lands
from fs_pipeline.access.services import Service, rows_by_service
from fs_pipeline.access.ways import ways
from fs_pipeline.data import read_csv
from fs_pipeline.sphere import Floats, NearestPoint

NO_WAY = "non calculé\u00a0: {} à franchir, et aucun pont ni chemin connu"
NO_ROAD = "non calculé\u00a0: pas de route {}"
VILLAGE_M = 2_000.0  # the inside of a town or a village: one goes there without a road that leads elsewhere
NO_POINT = "non calculé\u00a0: le point de départ n’a pas de coordonnées"


@dataclass(frozen=True, slots=True)
class DetourBands:
    """Minutes in one kind of country, as a continuous, growing function of the straight line, one slope a band."""

    country_fr: str
    bounds_m: Floats
    minutes: Floats  # at each bound
    last_slope: float  # minutes a metre beyond the last bound

    def minutes_of(self, straight_m: Floats) -> Floats:
        """Minutes for straight lines in metres."""
        inside = np.interp(straight_m, self.bounds_m, self.minutes)
        beyond = np.maximum(straight_m - self.bounds_m[-1], 0.0) * self.last_slope
        minutes: Floats = inside + beyond
        return minutes


@cache
def detour_bands() -> Mapping[str, DetourBands]:
    """The reviewed bands of each kind of country; a kilometre of straight line costs its band's detour factor over its speed."""
    by_country: dict[str, list[dict[str, str]]] = {}
    for row in read_csv("detour.csv"):
        by_country.setdefault(row["country"], []).append(row)
    return {country: _bands(rows) for country, rows in by_country.items()}


def _bands(rows: list[dict[str, str]]) -> DetourBands:
    bounds_km = np.array([float(row["from_km"]) for row in rows])
    slopes = np.array([float(row["detour_factor"]) * 60.0 / float(row["speed_kmh"]) for row in rows])  # min a km
    minutes = np.concatenate(([0.0], np.cumsum(np.diff(bounds_km) * slopes[:-1])))
    return DetourBands(rows[0]["country_fr"], bounds_km * 1000.0, minutes, float(slopes[-1]) / 1000.0)


def minutes_of(straight_m: Floats, country: NDArray[np.object_]) -> Floats:
    """Minutes for straight lines in metres, by the country where each starts (``country_of``), which is broadcast to them."""
    minutes = np.full(straight_m.shape, np.nan)
    for kind, bands in detour_bands().items():
        starts = np.broadcast_to(country == kind, straight_m.shape)
        minutes[starts] = bands.minutes_of(straight_m[starts])
    return minutes


def nearest_estimated(places: pd.DataFrame, demand: pd.DataFrame, services: list[Service]) -> pd.DataFrame:
    """Estimated minutes from each demand point to the nearest place of each service on the same land, water gone round.

    Parameters
    ----------
    places
        id, service, demarche_id, longitude, latitude; an optional ``landmass`` overrides where the point stands.
    demand
        id, longitude, latitude, and the same option.
    services
        The services answered for, one block of rows each.

    Returns
    -------
    pandas.DataFrame
        demand_id, service, demarche_id, minutes, place_id, snapped_m and road_class (missing: nothing is snapped), reached,
        method, reason.
    """
    lon, lat, demand_land = standing(demand)
    country = country_of(lon, lat)
    place_lon, place_lat, place_land = standing(places)
    place_ids = places["id"].to_numpy(dtype=object)
    rows = rows_by_service(places)
    nowhere = np.flatnonzero(pd.isna(demand_land))
    codes = [code for code in dict.fromkeys(demand_land.tolist()) if code is not None]
    blocks = []
    for service in services:
        answers = _Answers(len(demand))
        answers.refuse(nowhere, NO_POINT)
        of_service = rows.get(service, np.empty(0, dtype=np.intp))
        located = of_service[np.isfinite(place_lon[of_service])]
        for code in codes:
            here = np.flatnonzero(demand_land == code)
            there = located[place_land[located] == code]
            land = lands().get(code) or Land(code, "island", "sur la même île")
            if len(there):
                metres, position, stopped = _nearest(_points(lon, lat, here), _points(place_lon, place_lat, there))
                if not land.has_roads:
                    metres[metres > VILLAGE_M] = np.inf
                answers.reach(here, minutes_of(metres, country[here]), place_ids[there][position])
                for row in np.flatnonzero(~np.isfinite(metres)):
                    why = NO_WAY.format(ways().name_of(stopped[row])) if land.has_roads else NO_ROAD.format(land.where)
                    answers.refuse(here[[row]], why)
            elif not land.has_roads:
                answers.refuse(here, NO_ROAD.format(land.where))
            elif len(located) and land.kind != "mainland":
                answers.refuse(here, f"non calculé\u00a0: aucun lieu {land.where}, et pas de route vers les autres")
            else:
                answers.leave(here, f"non atteint\u00a0: aucun lieu {land.where}")
        blocks.append(answers.to_frame(demand["id"], service))
    return pd.concat(blocks, ignore_index=True)


def _points(longitude: Floats, latitude: Floats, rows: NDArray[np.intp]) -> Floats:
    return np.column_stack((longitude[rows], latitude[rows]))


def _nearest(points: Floats, places: Floats) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Metres to the nearest place, its position, and what stops the straight line to the nearest one of all (``Ways.refused``).

    Most lines are stopped by nothing; the few others are asked again, with every place.
    """
    metres, position = NearestPoint(*places.T).query(*points.T)
    stopped = ways().refused(points, places[position])
    again = np.flatnonzero(stopped >= 0)
    metres[again], position[again] = ways().nearest(points[again], places)
    return metres, position, stopped


class _Answers:
    """The answers of one service, filled land by land."""

    def __init__(self, size: int) -> None:
        self.minutes = np.full(size, np.nan)
        self.place_id = np.full(size, None, dtype=object)
        self.method = np.full(size, "estimated", dtype=object)
        self.reason = np.full(size, None, dtype=object)

    def reach(self, rows: NDArray[np.intp], minutes: Floats, place_ids: NDArray[np.object_]) -> None:
        self.minutes[rows] = np.where(np.isfinite(minutes), minutes, np.nan)
        self.place_id[rows[np.isfinite(minutes)]] = place_ids[np.isfinite(minutes)]

    def refuse(self, rows: NDArray[np.intp], reason: str) -> None:
        self.method[rows] = "not_computed"
        self.reason[rows] = reason

    def leave(self, rows: NDArray[np.intp], reason: str) -> None:
        self.reason[rows] = reason

    def to_frame(self, demand_ids: pd.Series, service: Service) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "demand_id": demand_ids.to_numpy(),
                **service.columns,
                "minutes": self.minutes,
                "place_id": self.place_id,
                "snapped_m": np.nan,
                "road_class": None,
                "reached": np.isfinite(self.minutes),
                "method": self.method,
                "reason": self.reason,
            }
        )


def standing(points: pd.DataFrame) -> tuple[Floats, Floats, NDArray[np.object_]]:
    """Longitude, latitude and land of each point."""
    longitude = points["longitude"].to_numpy(dtype=np.float64)
    latitude = points["latitude"].to_numpy(dtype=np.float64)
    land = landmass_of(longitude, latitude)
    if "landmass" in points:
        said = points["landmass"].to_numpy(dtype=object)
        stated = np.array([isinstance(code, str) for code in said], dtype=bool) & np.isfinite(longitude)
        land = np.where(stated, said, land)
    longitude = np.where(np.isfinite(latitude), longitude, np.nan)
    return longitude, latitude, land
