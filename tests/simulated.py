"""Moves of the web map's simulator: what the page finds of them, and what the pipeline finds of places as they leave them."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT, Service
from fs_pipeline.access.spread import with_reach
from fs_pipeline.briefing.simulation import simulation
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.coverage.greedy import follow
from fs_pipeline.coverage.levers import Sites, ones
from fs_pipeline.coverage.offer import services_of
from fs_pipeline.coverage.shares import shares
from fs_pipeline.coverage.simulator import class_ends, tenths
from fs_pipeline.coverage.slot_inputs import SlotInputs, town_halls
from fs_pipeline.coverage.slot_tables import slot_tables
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.sphere import Floats
from fs_pipeline.territory.contours import read_points
from fs_pipeline.territory.shipped import load_territory

TEMPLATES = Path(__file__).resolve().parents[1] / "fs_pipeline" / "briefing" / "templates"
THRESHOLDS = Thresholds(20, 30)
_PLACES = ["place_id", "name", "opening_hours", "week_parity", "kind", "in_survey"]
_KNOWN = ["place_id", "service", "demarche_id", "longitude", "latitude", "insee", "departement"]
_ROUNDS = ["round", "stop", "insee", "latitude", "longitude", "weekday", "week_parity", "opening_hours"]
_STATED = ["place_id", "demarche_id", "appointment", "opening_hours"]
_RUN = """
const {prepare, effect} = require(process.argv[1]);
const {table, sets} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const ready = prepare(table);
const found = sets.map((moves) => effect(ready, moves)).map((one) => ({...one, tenths: [...one.tenths]}));
process.stdout.write(JSON.stringify(found));
"""
HELP = Service(CONFIRMED, "R1")  # as if a survey had stated it of every third house
Moves = Mapping[
    str, list[Any]
]  # of closed houses, of town halls opened or with a stop, their number in the page's table, …


def page_finds(table: Mapping[str, object], sets: Sequence[Moves]) -> list[dict[str, Any]]:
    """What simulation.js finds of each set of moves."""
    run = subprocess.run(
        ["node", "-e", _RUN, str(TEMPLATES / "simulation.js")],  # whichever is on the path
        input=json.dumps({"table": table, "sets": sets}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return found


@dataclass(frozen=True, eq=False)
class Country:
    """The real houses and town halls of a département, and of those around it, of the list of December 2022."""

    inputs: SlotInputs

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        return slot_tables(self.inputs)

    @cached_property
    def page(self) -> Mapping[str, object]:
        """What the web map embeds."""
        inputs, houses = self.inputs, self.tables["simulator"].query("kind == 'house'")["site"].tolist()
        stored = {"communes": inputs.communes, "demand_points": inputs.points, "access_minutes": inputs.minutes}
        slot = SlotTables(
            campaign="2022-12",
            departement="",
            departement_name="",
            region_name="",
            reference_date="2022-12-01",
            thresholds=THRESHOLDS,
            fingerprint="",
            tables=self.tables | stored,
        )
        found = simulation(slot, houses, inputs.communes["insee"].tolist(), {HELP.demarche_id: "Une démarche"})
        assert found is not None
        return found.data

    @cached_property
    def points(self) -> pd.DataFrame:
        """In the order of the page."""
        return self.inputs.points.sort_values("point_id", kind="stable")

    @cached_property
    def houses(self) -> pd.DataFrame:
        """France services with a point, in and around."""
        label = self.inputs.services["service"] == FRANCE_SERVICES.kind
        return self.inputs.services[label].dropna(subset=["longitude", "latitude"])

    @cached_property
    def house_ids(self) -> list[str]:
        return self._sites("house")

    @cached_property
    def halls(self) -> Sites:
        """The town halls of the page, in its order."""
        every = town_halls(self.inputs)
        at = {insee: place for place, insee in enumerate(every.insee)}
        return every.among(np.isin(np.arange(len(at)), [at[insee] for insee in self._sites("town_hall")]))

    def _sites(self, kind: str) -> list[str]:
        rows = self.tables["simulator"]
        return [str(site) for site in rows.loc[rows["kind"] == kind, "site"]]

    def random_sets(self, count: int) -> list[Moves]:
        """Houses closed, opened, stops: none of some of them, several of others, now and then where somebody is gained."""
        draw = random.Random(15)  # the same sets each time
        houses, halls = len(self.house_ids), range(len(self.halls.insee))
        bus = np.flatnonzero(self.page["bus"]).tolist()

        def some(among: Sequence[int], most: int) -> list[int]:
            gaining = [hall for hall in self.gaining if hall in among]
            known = draw.sample(gaining, min(len(gaining), draw.randrange(0, 2)))
            return list(dict.fromkeys([*known, *draw.sample(among, draw.randrange(0, most))]))

        nothing_left: Moves = {"closed": [*range(houses)], "opened": [], "stops": [], "demarches": []}
        return [nothing_left] + [
            {
                "closed": draw.sample(range(houses), draw.randrange(0, min(houses, 6))),
                "opened": some(halls, 4),
                "stops": some(bus, 3),
                "demarches": [
                    {"demarche": 0, "room": room} for room in draw.sample(range(houses), draw.randrange(0, 4))
                ],
            }
            for _ in range(count - 1)
        ]

    @cached_property
    def gaining(self) -> list[int]:
        """The town halls where a house would surely gain somebody, if there are any."""
        served = self.inputs.homes.soonest(self._to_houses.min(axis=1, initial=np.inf)) <= THRESHOLDS.near
        alone = self._near_halls[THRESHOLDS.near] @ np.where(served, 0.0, self.inputs.points["population"].fillna(0.0))
        return np.flatnonzero(alone > 0.0).tolist()

    def pipeline_finds(self, moves: Moves) -> dict[str, Any]:
        """The pipeline's own numbers when the places are as `moves` leave them."""
        points, homes = self.inputs.points, self.inputs.homes
        closed = {self.house_ids[house] for house in moves["closed"]}
        left = self.houses[~self.houses["place_id"].isin(closed)]
        halls = self.inputs.communes.set_index("insee").loc[[self.halls.insee[hall] for hall in moves["opened"]]]
        opened = halls.reset_index().assign(**FRANCE_SERVICES.columns, place_id=lambda rows: "h" + rows["insee"])
        places = pd.concat([left, opened]).rename(columns={"place_id": "id"})
        demand = points.rename(columns={"point_id": "id"})
        answers = minutes_to_nearest(places, demand, roads=None, services=[FRANCE_SERVICES])
        minutes = answers["minutes"].to_numpy(dtype=np.float64)
        people = np.where(self._computed, points["population"].fillna(0.0), 0.0)
        open_still = ~self.houses["place_id"].isin(closed).to_numpy()
        today = self._to_houses
        now = np.column_stack((today[:, open_still], self.halls.minutes[:, moves["opened"]])).min(
            axis=1, initial=np.inf
        )
        nearest = today.min(axis=1, initial=np.inf)
        found: dict[str, Any] = {"gained": [], "lost": [], "byStop": []}
        for threshold in THRESHOLDS:
            near = self._near_halls[threshold]
            served, still, by_bus = (homes.soonest(one) <= threshold for one in (nearest, now, self._to_a_bus))
            surely = (homes.latest(today) <= threshold).any(axis=1)
            gained = follow(near, np.where(served, 0.0, people), moves["opened"]).gains
            stops = follow(near, np.where(served | still | by_bus, 0.0, people), moves["stops"]).gains
            found["gained"].append(sum(gained))
            found["lost"].append(float(people[surely & ~still].sum()))
            found["byStop"].append(sum(stops))
        within = shares(answers, demand, THRESHOLDS)["population_within"].tolist()
        if moves["demarches"]:
            found["demarches"] = self._of_demarche([one["room"] for one in moves["demarches"]], closed, people)
        order = [points.index.get_loc(index) for index in self.points.index]
        limits = class_ends(THRESHOLDS)[:-1]
        medians = _medians(points, minutes).reindex(self.inputs.communes["insee"]).to_numpy()
        return found | {
            "within": within,
            "tenths": tenths(minutes, limits)[order].tolist(),
            "communes": tenths(medians, limits).tolist(),
        }

    def _of_demarche(self, rooms: Sequence[int], closed: set[str], people: Floats) -> dict[str, list[float]]:
        """Who is near a house that confirms the démarche once `rooms` do, and who is so for sure."""
        services = self.inputs.services
        known = services[services["service"] == HELP.kind]
        places: list[int] = list(self.page["roomOf"])  # type: ignore[call-overload]
        opened = [place_id for room in rooms if (place_id := self.house_ids[places[room]]) not in closed]
        added = self.houses[self.houses["place_id"].isin(opened)].assign(**HELP.columns)
        left = pd.concat([known[~known["place_id"].isin(closed)], added]).rename(columns={"place_id": "id"})
        demand = self.inputs.points.rename(columns={"point_id": "id"})
        today, now = (
            minutes_to_nearest(one, demand, roads=None, services=[HELP])
            for one in (known.rename(columns={"place_id": "id"}), left)
        )
        nearest = self.inputs.homes.soonest(today["minutes"].to_numpy(dtype=np.float64))
        latest = self.inputs.homes.latest(self._to_houses[:, self.houses["place_id"].isin(opened).to_numpy()])
        gained = [
            sum(follow(ones((latest <= t).T), np.where(nearest <= t, 0.0, people), range(len(opened))).gains)
            for t in THRESHOLDS
        ]
        before, after = (shares(one, demand, THRESHOLDS)["population_within"].tolist() for one in (today, now))
        return {"today": before, "within": after, "gained": gained}

    @cached_property
    def _to_houses(self) -> Floats:
        return minutes_between(self.houses, self.inputs.points, roads=None)

    @cached_property
    def _to_a_bus(self) -> Floats:
        services = self.inputs.services
        buses = services[services["service"] == ITINERANT.kind].dropna(subset=["longitude", "latitude"])
        return minutes_between(buses, self.inputs.points, roads=None).min(axis=1, initial=np.inf)

    @cached_property
    def _near_halls(self) -> Mapping[int, csr_array]:
        """By threshold, which hall is surely near which point."""
        return {threshold: ones(self.halls.surely_near(threshold).T) for threshold in THRESHOLDS}

    @property
    def _computed(self) -> NDArray[np.bool_]:
        own = self.inputs.minutes[self.inputs.minutes["service"] == FRANCE_SERVICES.kind].set_index("point_id")
        computed: NDArray[np.bool_] = (
            own["method"].reindex(self.inputs.points["point_id"]) != "not_computed"
        ).to_numpy()
        return computed


def country(real_data: Path, code: str) -> Country:
    """One département, its merged communes at the town halls of those they took in."""
    territory = load_territory()
    communes = territory.in_departement(code).reset_index(drop=True)
    halls = read_points(real_data / "reference" / "chefs-lieux-2020.csv.gz")
    halls = halls.assign(current_insee=territory.current_insees(halls["insee"])).dropna(subset=["current_insee"])
    points = with_reach(demand_points(communes, halls=halls[halls["current_insee"].isin(communes["insee"])]))
    listed = read_snapshot(
        "france_services", real_data / "national" / "france-services-2022-12-01.csv", territory
    ).places
    around = listed[listed["departement"].isin([code, *territory.neighbours(code)])].assign(in_survey=False)
    services = services_of(pd.DataFrame(columns=_KNOWN), pd.DataFrame(columns=_PLACES), around, code)
    helping = services[services["service"] == FRANCE_SERVICES.kind].iloc[::3].assign(**HELP.columns)
    services = pd.concat([services, helping], ignore_index=True)
    located = services.dropna(subset=["longitude", "latitude"]).rename(columns={"place_id": "id"})
    demand = points.rename(columns={"point_id": "id"})
    minutes = minutes_to_nearest(located, demand, roads=None).rename(columns={"demand_id": "point_id"})
    minutes = minutes.merge(points[["point_id", "insee"]], on="point_id")
    return Country(
        SlotInputs(
            communes=communes,
            points=points,
            minutes=minutes,
            commune_minutes=_of_communes(minutes, points),
            services=services,
            rounds=pd.DataFrame(columns=_ROUNDS),
            statements=pd.DataFrame(columns=_STATED),
            operators={HELP.demarche_id: None},
            reference_date=dt.date(2022, 12, 1),
            thresholds=THRESHOLDS,
        )
    )


def _of_communes(minutes: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """``int_commune_minutes`` of the fixed houses, as far as levers read it."""
    own = minutes[minutes["service"] == FRANCE_SERVICES.kind].set_index("point_id").reindex(points["point_id"])
    found = pd.DataFrame({"insee": points["insee"], "population": points["population"].fillna(0.0)})
    time, computed = own["minutes"].to_numpy(dtype=np.float64), (own["method"] != "not_computed").to_numpy()
    for name, counted in {
        "population_near": time <= THRESHOLDS.near,
        "population_far": time <= THRESHOLDS.far,
        "population_unreached": computed & np.isnan(time),
        "population_not_computed": ~computed,
    }.items():
        found[name] = found["population"].where(counted, 0.0)
    summed = found.groupby("insee", as_index=False).sum()
    soonest = pd.Series(own["minutes_low"].to_numpy(), points["insee"]).groupby(level=0).min()
    medians = _medians(points, time).reindex(summed["insee"]).to_numpy()
    return summed.assign(
        **FRANCE_SERVICES.columns,
        minutes=medians,
        minutes_low=soonest.reindex(summed["insee"]).to_numpy(),
        minutes_high=medians,
        minutes_soonest=soonest.reindex(summed["insee"]).to_numpy(),
        points=1,
        point_id=summed["insee"],
        method="estimated",
        reason=None,
        place_id=None,
        counted_at="town_hall",
    )


def _medians(points: pd.DataFrame, minutes: Floats) -> pd.Series:
    """Of each commune, the farthest of its points that less than half of its people precede, as the model says it."""
    rows = pd.DataFrame({"insee": points["insee"], "minutes": np.where(np.isnan(minutes), np.inf, minutes)})
    rows = rows.assign(population=points["population"].fillna(0.0), point=points["point_id"])
    shared = rows["insee"].duplicated(keep=False)
    found = rows[~shared].set_index("insee")["minutes"].to_dict()
    for insee, own in rows[shared].sort_values(["minutes", "point"]).groupby("insee"):
        nearer = own["population"].cumsum().shift(fill_value=0.0).to_numpy()
        before = (nearer * 2 < own["population"].sum()) | (np.arange(len(own)) == 0)
        found[insee] = float(own["minutes"].to_numpy()[before].max())
    return pd.Series(found)
