"""The known answer on access: minutes, verdicts, hours and best levers of the fiction, worked out the plain way.

From the roads and the offer as they were invented, with a search, a calendar and an enumeration of their own: nothing of
``access/`` is used but the reviewed table of speeds. A run must find exactly this.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import geopandas as gpd
import pandas as pd

from fs_pipeline.rehearsal.land import DEPARTEMENT, FORMER_HALLS, ISLAND, SQUARED, SQUARES, Land, distance_m, make_land
from fs_pipeline.rehearsal.offer import WEEK, Spot, make_offer, town_hall
from fs_pipeline.rehearsal.sources import HOURS_DIFFER, LISTED_WEEK
from fs_pipeline.rehearsal.surveys import STATED
from fs_pipeline.rehearsal.surveys_other import BUS_STOPS, HELP_IN_GENERAL
from fs_pipeline.roads.profiles import load_profile

DAYS = dict(zip(WEEK, ("Mo", "Tu", "We", "Th", "Fr", "Sa"), strict=True))
STATED_DEMARCHES = {
    "RSA": "R50282",
    "Prime d’activité": "R42726",
    "Déclaration de revenus": "R1280",
    "Carte grise": "R48603",
    "Demande de retraite": "R10261",
}  # « Permis de conduire »: no help there, so nothing is confirmed
_CONFIRMED = ("Accompagnement", "Rendez-vous ou visio avec l’opérateur")
_ORIENTATION = ("Orientation", "Information")
_HELPING = ("Souvent", "De temps en temps")
_WINDOWS = {
    "lunch": (WEEK[:5], (12, 13)),
    "evening": (WEEK[:5], (17, 18)),
    "saturday_morning": (WEEK[5:], (9, 10, 11)),
    **{f"{DAYS[day]}_morning": ((day,), (9, 10, 11)) for day in WEEK[:5]},
    **{f"{DAYS[day]}_afternoon": ((day,), (14, 15, 16)) for day in WEEK[:5]},
}
_TIME = re.compile(r"(\d{1,2})(?::|h)(\d\d)?")
Minutes = Mapping[str, float | None]  # point to minutes; None where nothing leads there


@dataclass(frozen=True)
class Home:
    """Where some of a commune's inhabitants start from."""

    insee: str
    longitude: float
    latitude: float
    people: float
    origin: str


@dataclass(frozen=True)
class AccessAnswer:
    """What must be found for the fictional département, point by point."""

    land: Land
    near: float  # minutes

    @cached_property
    def homes(self) -> dict[str, Home]:
        """One point a commune, but one a former commune where its hall is known, and one a square where squares are."""
        merged: dict[str, list[str]] = {}
        for code in FORMER_HALLS:
            merged.setdefault(self.land.territory.current_insee(code), []).append(code)
        found: dict[str, Home] = {}
        for row in self.land.territory.in_departement(DEPARTEMENT).to_dict("records"):
            insee, people, hall = row["insee"], float(row["population"]), (row["longitude"], row["latitude"])
            if row["name"] == SQUARED:
                found |= _squares(insee, people)
            elif insee in merged:
                halls = {insee: hall} | {code: FORMER_HALLS[code] for code in merged[insee]}
                shares = _whole(people, [1] * len(halls))
                found |= {
                    code: Home(insee, *halls[code], share, "former_commune")
                    for code, share in zip(sorted(halls), shares, strict=True)
                }
            else:
                found[insee] = Home(insee, *hall, people, "town_hall")
        return found

    def names_of(self, points: pd.DataFrame) -> dict[str, str]:
        """Of each point of a run (``demand_points``), what it is called here: what stands at the same place."""
        found = {}
        for row in points.to_dict("records"):
            metres = {
                name: distance_m((home.longitude, home.latitude), (row["longitude"], row["latitude"]))
                for name, home in self.homes.items()
                if home.insee == row["insee"]
            }
            nearest = min(metres, key=lambda name: metres[name])
            assert metres[nearest] < 1, row
            found[str(row["point_id"])] = nearest
        return found

    @cached_property
    def population(self) -> dict[str, float]:
        """Inhabitants of each point."""
        return {point: home.people for point, home in self.homes.items()}

    @cached_property
    def island(self) -> str:
        """The commune that no road reaches."""
        return str(self.land.commune(ISLAND)["insee"])

    @cached_property
    def label_minutes(self) -> Minutes:
        """Minutes to the nearest fixed labelled place, the neighbour's included."""
        beyond = self.land.commune("Corbessac")
        points = [(spot.longitude, spot.latitude) for spot in self._labelled]
        return self._minutes([*points, (float(beyond["longitude"]), float(beyond["latitude"]))])

    def confirmed_minutes(self, demarche: str) -> Minutes:
        """Minutes to the nearest place that the survey says helps with the démarche."""
        return self._minutes(self._saying(demarche, _CONFIRMED))

    def verdict_near(self, point: str, demarche: str) -> str:
        """The verdict within the near threshold; each of these démarches is of an operator of the bundle."""
        if point == self.island:
            return "not_computed"
        for name, minutes in (
            ("confirmed", self.confirmed_minutes(demarche)),
            ("by_label", self.label_minutes),
            ("general", self.general_minutes),
            ("orientation", self._minutes(self._saying(demarche, _ORIENTATION))),
        ):
            if self._within(minutes[point]):
                return name
        return "uncovered"

    @cached_property
    def general_minutes(self) -> Minutes:
        """Minutes to the nearest place that says that it helps, without saying with which démarche."""
        helping = [make_offer()[town_hall(name)] for name, word in HELP_IN_GENERAL.items() if word in _HELPING]
        return self._minutes([(spot.longitude, spot.latitude) for spot in helping])

    @cached_property
    def far_communes(self) -> dict[str, float]:
        """Communes at least half of whose inhabitants are beyond the threshold, with how many are."""
        far: dict[str, float] = {}
        whole: dict[str, float] = {}
        for point, home in self.homes.items():
            time = self.label_minutes[point]
            if time is not None:
                whole[home.insee] = whole.get(home.insee, 0.0) + home.people
                far[home.insee] = far.get(home.insee, 0.0) + (home.people if time > self.near else 0.0)
        return {insee: people for insee, people in far.items() if people * 2 > whole[insee]}

    def share_at(self, parity: str, day: str, hour: int) -> tuple[float, float]:
        """Share of those with a road near enough of an open place: fixed ones, then buses too."""
        houses, stops = self._open_houses(day, hour), self._stops(parity, day, hour)
        everyone = sum(people for point, people in self.population.items() if point != self.island)
        fixed, with_buses = (self._people_within(points) / everyone for points in (houses, [*houses, *stops]))
        return fixed, with_buses

    @cached_property
    def best_new_place(self) -> tuple[float, str, set[str]]:
        """Inhabitants brought near by a new place in the largest town that brings two thirds of the most; the others.

        Half of the most are brought by it too, and some of the town's own.
        """
        brought: dict[str, dict[str, float]] = {}
        towns = self.land.territory.in_departement(DEPARTEMENT).set_index("insee")
        for site, row in towns.iterrows():
            if site == self.island:
                continue
            minutes = self._minutes([(float(row["longitude"]), float(row["latitude"]))])
            near = {
                point: people
                for point, people in self.population.items()
                if self._certainly_within(minutes[point]) and not self._perhaps_within(self.label_minutes[point])
            }
            if any(self.homes[point].insee == site for point in near):
                brought[str(site)] = near
        gains = {site: sum(near.values()) for site, near in brought.items()}
        most = max(gains, key=lambda site: gains[site])
        shared = {site: sum(near[point] for point in near if point in brought[most]) for site, near in brought.items()}
        nearly = [site for site in gains if gains[site] >= 2 / 3 * gains[most] and shared[site] >= gains[most] / 2]
        town = max(nearly, key=lambda site: float(towns.loc[site, "population"]))
        alike = {site for site in nearly if 2 / 3 <= gains[site] / gains[town] <= 3 / 2}
        return gains[town], town, alike - {town}

    @cached_property
    def best_longer_hours(self) -> tuple[float, set[tuple[str, str]]]:
        """Inhabitants x hours of an open door that is shut now, by the best place and window; which ones reach it."""
        gains: dict[tuple[str, str], float] = {}
        for window, (days, hours) in _WINDOWS.items():
            moments = [(day, hour) for day in days for hour in hours]
            for spot in self._labelled:
                weeks = (_week_of(spot), dict(spot.week))
                if not any(
                    _open(week, day, hour + past) for week in weeks for day, hour in moments for past in (0, 0.5)
                ):
                    lost = [self._without_an_open_door(spot, day, hour) for day, hour in moments]
                    gains[spot.name, window] = sum(lost)
        best = max(gains.values())
        return best, {move for move, gain in gains.items() if abs(gain - best) < 1e-6}

    def best_place_for(self, demarche: str) -> tuple[float, set[str]]:
        """Inhabitants brought near enough of help with the démarche, by the best labelled place; which ones."""
        known = self.confirmed_minutes(demarche)
        gains = {
            spot.name: sum(
                self.population[point]
                for point, time in self._minutes([(spot.longitude, spot.latitude)]).items()
                if self._certainly_within(time) and not self._perhaps_within(known[point])
            )
            for spot in self._labelled
        }
        best = max(gains.values())
        return best, {name for name, gain in gains.items() if gain == best}

    def _without_an_open_door(self, spot: Spot, day: str, hour: int) -> float:
        """Inhabitants near a place, none of the others being five minutes nearer, and near none that is open."""
        near = self._minutes([(spot.longitude, spot.latitude)])
        houses = self._open_houses(day, hour, perhaps=True)
        found = []
        for parity in ("impaire", "paire"):
            served = self._minutes([*houses, *self._stops(parity, day, hour)])
            goes = {
                point: self._certainly_within(near[point])
                and self._hardly_farther(point, near[point])
                and not self._perhaps_within(served[point])
                for point in self.population
            }
            found.append(
                sum(people for point, people in self.population.items() if all(map(goes.get, self._alike(point))))
            )
        return sum(found) / len(found)

    def _stops(self, parity: str, day: str, hour: float) -> list[tuple[float, float]]:
        """Points of the stops at which the bus is open in weeks of this parity."""
        stops = [
            self.land.commune(commune)
            for _, commune, weekday, weeks, hours in BUS_STOPS
            if weekday == day and weeks in {parity, "toutes"} and _open({day: hours}, day, hour)
        ]
        return [(float(row["longitude"]), float(row["latitude"])) for row in stops]

    def _alike(self, point: str) -> list[str]:
        """The points among which the people of a merged commune are shared by rule; a point alone elsewhere."""
        own = self.homes[point]
        if own.origin != "former_commune":
            return [point]
        return [other for other, home in self.homes.items() if (home.insee, home.origin) == (own.insee, own.origin)]

    def _hardly_farther(self, point: str, minutes: float | None) -> bool:
        nearest = self.label_minutes[point]
        return minutes is not None and nearest is not None and minutes <= nearest + 5.0 + 1e-6

    def _open_houses(self, day: str, hour: float, perhaps: bool = False) -> list[tuple[float, float]]:
        """Points of the fixed places that are open, the neighbour's included; `perhaps`, by one source of two, or alone."""
        alone = [spot for spot in make_offer().values() if spot.type == "France services" and not spot.id_fs]
        houses = [
            (spot.longitude, spot.latitude)
            for spot in (*self._labelled, *(alone if perhaps else ()))
            if _open(_week_of(spot), day, hour) or (perhaps and _open(dict(spot.week), day, hour))
        ]
        if day in WEEK[:5] and _open({day: "09:00 - 12:00 / 14:00 - 17:00"}, day, hour):
            beyond = self.land.commune("Corbessac")
            houses.append((float(beyond["longitude"]), float(beyond["latitude"])))
        return houses

    def _people_within(self, points: list[tuple[float, float]]) -> float:
        minutes = self._minutes(points)
        return sum(people for point, people in self.population.items() if self._within(minutes[point]))

    def _within(self, minutes: float | None) -> bool:
        return minutes is not None and minutes <= self.near

    def _perhaps_within(self, minutes: float | None) -> bool:
        """Within, when everyone drives 20 % faster."""
        return minutes is not None and minutes / 1.2 <= self.near

    def _certainly_within(self, minutes: float | None) -> bool:
        """Within, even when everyone drives 20 % slower."""
        return minutes is not None and minutes / 0.8 <= self.near

    @cached_property
    def _labelled(self) -> list[Spot]:
        return [spot for spot in make_offer().values() if spot.id_fs and spot.kind != "itinerant"]

    def _saying(self, demarche: str, levels: Iterable[str]) -> list[tuple[float, float]]:
        words = [word for word, code in STATED_DEMARCHES.items() if code == demarche]
        names = [name for name, stated in STATED.items() if any(stated.get(word, "") in levels for word in words)]
        return [(make_offer()[name].longitude, make_offer()[name].latitude) for name in names]

    def _minutes(self, places: list[tuple[float, float]]) -> dict[str, float | None]:
        found: dict[str, float | None] = dict.fromkeys(self.population)
        seconds = _seconds_from(self.land, tuple(sorted({_junction(self.land, place) for place in places})))
        for point, home in self.homes.items():
            if point != self.island:
                at = seconds.get(_junction(self.land, (home.longitude, home.latitude)))
                found[point] = None if at is None else at / 60.0
        return found


@cache
def access_answer(near: float) -> AccessAnswer:
    """The answer for the one fictional land, `near` being within so many minutes."""
    return AccessAnswer(make_land(), near)


def _squares(insee: str, people: float) -> dict[str, Home]:
    """The middles of the squares, the commune's inhabitants in proportion to theirs; no two are near enough to be one."""
    east, north, inhabitants = ([square[at] for square in SQUARES] for at in (1, 0, 2))
    middles = gpd.points_from_xy([km * 1000 + 500 for km in east], [km * 1000 + 500 for km in north], crs=3035).to_crs(
        4326
    )
    return {
        f"{insee}.{number}": Home(insee, middle.x, middle.y, share, "squares")
        for number, (middle, share) in enumerate(zip(middles, _whole(people, inhabitants), strict=True))
    }


def _whole(people: float, weights: Sequence[float]) -> list[float]:
    """Whole people in proportion to weights: shares rounded down, and one more to those of which most was cut."""
    shares = [people * weight / sum(weights) for weight in weights]
    cut = sorted(range(len(shares)), key=lambda at: (-round(shares[at] % 1, 6), at))
    more = cut[: round(people) - sum(map(int, shares))]
    return [float(int(share) + (at in more)) for at, share in enumerate(shares)]


@cache
def _junction(land: Land, point: tuple[float, float]) -> int:
    """The junction nearest to a point."""
    return min(range(len(land.nodes)), key=lambda node: distance_m(land.nodes[node], point))


@cache
def _seconds_from(land: Land, sources: tuple[int, ...]) -> dict[int, float]:
    """Seconds to the nearest of some junctions; every road of the fiction is two-way."""
    roads: dict[int, list[tuple[int, float]]] = {}
    for edge in land.edges:
        passage = load_profile("car").passage({"highway": edge.highway, "maxspeed": str(edge.maxspeed)})
        if passage is None:
            continue
        time = round(edge.length_m * 3.6 / passage.kmh, 2)  # times are kept to the hundredth of a second
        roads.setdefault(edge.first, []).append((edge.second, time))
        roads.setdefault(edge.second, []).append((edge.first, time))
    settled: dict[int, float] = {}
    queue = [(0.0, node) for node in sources]
    while queue:
        time, node = heapq.heappop(queue)
        if node in settled:
            continue
        settled[node] = time
        for other, step in roads.get(node, ()):
            if other not in settled:
                heapq.heappush(queue, (round(time + step, 2), other))
    return settled


def _week_of(spot: Spot) -> Mapping[str, str]:
    """What the list of 1 December says; the survey is of November, and a place it says closed is still listed."""
    return LISTED_WEEK if spot.name == HOURS_DIFFER else dict(spot.week)


def _open(week: Mapping[str, str], day: str, hour: float) -> bool:
    """Whether « 09:00 - 12:00 / 13:30 - 17:00 », or « 9h-12h », is open at an hour."""
    times = [int(found[1]) + int(found[2] or 0) / 60 for found in _TIME.finditer(week.get(day, ""))]
    return any(start <= hour < end for start, end in zip(times[::2], times[1::2], strict=True))
