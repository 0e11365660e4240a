"""How time and memory grow with communes, démarches and hours: `python -m benchmarks.scale`, minutes on one core.

One slot is made of real communes and invented help: the communes nearest to the middle of the country, a house in one of
thirteen (as France services stand, 2,683 for 34,900), which helps with every other démarche. Each stage is the product's
own function, in a process of its own, straight lines for roads. One size grows at a time, the others stay; the exponent is
the slope of the least squares of logarithms: 1 grows as the size does, 2 as its square. The largest slot there would be is
measured itself, so that only the sum of all is extrapolated. docs/scale.md says what follows.
"""

from __future__ import annotations

import multiprocessing as mp
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import CONFIRMED, Service
from fs_pipeline.coverage import by_hour, hours
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.engine import Warehouse

MIDDLE = (2.4, 46.6)  # longitude, latitude
COMMUNES_A_HOUSE, DEMARCHES_SHARED = 13, 2
THRESHOLDS = (20, 30)
TEXTS = ("Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00,14:00-17:00", "Tu,Th 14:00-18:00", "Sa 09:00-12:00", None)
DAYS = 7
READABLE = {"seconds": 0.01, "MB": 4.0, "made": 1.0}  # the least of which a slope is told


@dataclass(frozen=True, slots=True)
class Size:
    """Of one slot: communes, démarches, hours of the week that are looked at."""

    communes: int = 500
    demarches: int = 20
    hours: int = 84


GROWTH = {
    "communes": [Size(communes=count) for count in (500, 1_000, 2_000, 4_000)],
    "demarches": [Size(demarches=count) for count in (20, 40, 80, 160)],
    "hours": [Size(hours=count) for count in (42, 84, 168)],
}
LARGEST = Size(communes=887, demarches=250, hours=168)  # the département of most communes, with all that is asked


@dataclass(frozen=True, slots=True)
class Land:
    """Points that people leave from, and rows of help: a house and a démarche each."""

    demand: pd.DataFrame
    help: pd.DataFrame


def land_of(size: Size) -> Land:
    """The same for the same size."""
    known = load_territory().communes.dropna(subset=["longitude", "latitude"])
    away = np.hypot((known["longitude"] - MIDDLE[0]) * np.cos(np.radians(MIDDLE[1])), known["latitude"] - MIDDLE[1])
    near = known.loc[away.sort_values().index[: size.communes]]
    demand = near[["insee", "longitude", "latitude"]].rename(columns={"insee": "id"}).assign(population=1_000.0)
    houses = near.iloc[::COMMUNES_A_HOUSE]
    rows = [
        (house, demarche)
        for house in range(len(houses))
        for demarche in range(house % DEMARCHES_SHARED, size.demarches, DEMARCHES_SHARED)
    ]
    house, demarche = np.array(rows).T
    texts = np.array(TEXTS, dtype=object)
    offered = houses.iloc[house][["longitude", "latitude"]].assign(
        id=[f"p{number}" for number in house],
        service=CONFIRMED,
        demarche_id=[f"R{number}" for number in demarche],
        opening_hours=texts[house % len(texts)],
        week_parity=None,
        bus=False,
        appointment=False,
    )
    return Land(demand.reset_index(drop=True), offered.reset_index(drop=True))


def offer_of(land: Land) -> by_hour.Offer:
    """As ``slot_tables`` makes it."""
    minutes = minutes_between(land.help, land.demand, roads=None)
    rows = land.help.rename(columns={"id": "place_id"})
    everybody = np.ones(len(land.demand), dtype=bool)
    return by_hour.Offer(rows, minutes, land.demand["population"].to_numpy(), everybody, "estimated")


def nearest(land: Land, _: Size) -> Callable[[], int]:
    """Rows of the nearest place of each démarche, a row a commune and démarche."""
    return lambda: len(minutes_to_nearest(land.help, land.demand, roads=None))


def each_to_each(land: Land, _: Size) -> Callable[[], int]:
    """Minutes from each commune to each row of help: what hours and levers ask."""
    return lambda: minutes_between(land.help, land.demand, roads=None).size


def hour_by_hour(land: Land, size: Size) -> Callable[[], int]:
    """Rows of ``coverage_by_hour``."""
    hours.HOURS = by_hour.HOURS = tuple(range(size.hours // DAYS))  # what is looked at, of a day
    offer, weeks = offer_of(land), reference_weeks(pd.Timestamp("2022-12-01").date())
    groups = [
        by_hour.Group(service, (service,)) for service in (Service(CONFIRMED, f"R{n}") for n in range(size.demarches))
    ]
    return lambda: len(by_hour.coverage_by_hour(offer, groups, weeks, THRESHOLDS))


def _told(land: Land) -> pd.DataFrame:
    found = minutes_to_nearest(land.help, land.demand, roads=None).rename(columns={"demand_id": "point_id"})
    return found.assign(insee=found["point_id"]).drop(columns=["snapped_m", "reached"])


def stored(land: Land, _: Size) -> Callable[[], int]:
    """Rows of ``access_minutes``, in SQLite."""
    told, folder = _told(land), tempfile.mkdtemp()
    warehouse = Warehouse(f"sqlite:///{folder}/warehouse.db")
    return lambda: warehouse.replace("access_minutes", {"campaign": "2022-12", "departement": "18"}, told)


def published(land: Land, _: Size) -> Callable[[], int]:
    """Bytes of the same rows in a Parquet file."""
    told, path = _told(land), Path(tempfile.mkdtemp()) / "minutes-points.parquet"

    def write() -> int:
        told.to_parquet(path)
        return path.stat().st_size

    return write


STAGES: Mapping[str, Callable[[Land, Size], Callable[[], int]]] = {
    "nearest": nearest,
    "each to each": each_to_each,
    "hour by hour": hour_by_hour,
    "stored": stored,
    "published": published,
}


def _resident(name: str) -> float:
    text = Path("/proc/self/status").read_text()
    return int(text.partition(f"{name}:")[2].split()[0]) / 1024


def _measure(stage: str, size: Size) -> dict[str, float]:
    """Seconds of processor, megabytes at the most beside those of before, and rows, values or bytes made."""
    few = Size(50, 4, size.hours)
    STAGES[stage](land_of(few), few)()  # what is loaded or prepared once a process is not what grows
    work = STAGES[stage](land_of(size), size)
    Path("/proc/self/clear_refs").write_text("5")  # the most of from now on
    before, began = _resident("VmRSS"), time.process_time()
    made = work()
    return {"seconds": time.process_time() - began, "MB": _resident("VmHWM") - before, "made": made}


def exponent(sizes: list[int], values: list[float]) -> float:
    """Slope of logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def main() -> None:
    """Print a line a stage and size, the exponents, then the largest slot."""
    load_territory()
    context = mp.get_context("fork")
    with context.Pool(1, maxtasksperchild=1) as pool:
        for grows, sizes in GROWTH.items():
            for stage in STAGES:
                if grows == "hours" and stage != "hour by hour":
                    continue
                found = [pool.apply(_measure, (stage, size)) for size in sizes]
                counts = [getattr(size, grows) for size in sizes]
                for count, figures in zip(counts, found, strict=True):
                    print(f"{grows:<10} {count:>6,} {stage:<13} {_told_of(figures)}", flush=True)
                series = {name: [one[name] for one in found] for name in READABLE}
                slopes = {
                    name: exponent(counts, values)
                    for name, values in series.items()
                    if min(values) >= READABLE[name]  # below it, what is measured is the clock and the allocator
                }
                print(f"{grows:<10}        {stage:<13} exponents {_told_of(slopes)}", flush=True)
        for stage in STAGES:
            print(f"{'largest':<17} {stage:<13} {_told_of(pool.apply(_measure, (stage, LARGEST)))}", flush=True)


def _told_of(figures: Mapping[str, float]) -> str:
    return " ".join(f"{name} {value:,.3g}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
