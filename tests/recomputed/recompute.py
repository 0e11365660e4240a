"""Figures of the published packs, computed anew from the raw files: plain pandas and numpy, no line of ``fs_pipeline``.

The rules are those of ``docs/methods.md``, written again here; each function says which files its figure rests on. What is
not here: what needs the linking of a survey's rows to those of the list, which is a model and no arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.recomputed.raw import DATE, SLOT, SPLIT, Raw

MOST_M = 40_000.0  # of straight line, which no threshold's minutes are enough for
VILLAGE_M = 2_000.0  # where there is no road, one goes as far as one's own village
LEAST_GAIN = 500.0  # acts.csv: a house for fewer is not told
ANNOUNCED = "2022-01-31"  # the end of the month of which the announcement speaks


def houses(raw: Raw, moved: Mapping[str, tuple[float, float]] | None = None) -> pd.DataFrame:
    """Fixed France services with a position, labelled by the campaign's date: id_fs, commune (of today), hours, land.

    `moved` gives, by id_fs, the longitude and latitude of those of which a survey says where they are. Rests on the list of
    2022-12-01 and, for the communes of today, on the COG.
    """
    rows = raw.listed[(raw.listed["kind"] != "bus") & ~(raw.listed["labelled"] > DATE)].copy()
    for axis, name in enumerate(("longitude", "latitude")):
        said = rows["id_fs"].map({key: point[axis] for key, point in (moved or {}).items()})
        rows[name] = said.fillna(rows[name]).astype(float)
    rows = rows[rows["longitude"].notna() & rows["latitude"].notna()]
    inside = dict(raw.cog.loc[raw.cog["chefLieu"].notna(), ["code", "chefLieu"]].to_numpy())
    parts = {code: commune for commune, start in SPLIT.items() for code in raw.cog["code"] if code.startswith(start)}
    commune = rows["insee_com"].map(inside | parts).fillna(rows["insee_com"])
    return rows.assign(commune=commune, land=raw.land_of(rows))


def answers(raw: Raw, places: pd.DataFrame, departements: Sequence[str]) -> pd.DataFrame:
    """The points of `departements` with estimated ``minutes`` to the nearest of `places` on the same land, and ``answer``.

    ``answer`` is ``reached``, ``unreached`` (of the mainland, where no place is) or ``not_computed``: no point, a land without
    roads beyond the village that holds a place, an island where no place is, or water that no bridge crosses. Rests on the
    chefs-lieux of 2020, the COG, detour.csv, landmasses.csv and what ``ways.py`` reads.
    """
    points = raw.points[raw.points["departement"].isin(departements)].reset_index(drop=True)
    roadless = {code for code, kind, _ in raw.lands if kind == "roadless"}
    minutes = np.full(len(points), np.nan)
    for land in {*points["land"].dropna()}:
        here, there = np.flatnonzero(points["land"] == land), places[places["land"] == land]
        if len(there):
            within_m = VILLAGE_M if land in roadless else np.inf
            starts = points.iloc[here]
            minutes[here] = raw.minutes_of(nearest_m(raw, starts, there, within_m), starts["country"].to_numpy())
    no_way = np.isinf(minutes)
    minutes[no_way] = np.nan
    unreached = np.isnan(minutes) & ~no_way & (points["land"] == "mainland").to_numpy()
    answer = np.where(unreached, "unreached", np.where(np.isnan(minutes), "not_computed", "reached"))
    return points.assign(minutes=minutes, answer=answer)


def people(found: pd.DataFrame, *answer: str) -> float:
    """Inhabitants of the points that have one of these answers, or of all."""
    return float(found.loc[found["answer"].isin(answer) | (not answer), "population"].sum())


def at(found: pd.DataFrame, end: str) -> pd.Series:
    """Minutes at an `end` of the band of speeds of each point's country: ``fast`` or ``slow``; the table's own where ""."""
    return found["minutes"] / found[end] if end else found["minutes"]


def soonest(found: pd.DataFrame, end: str = "fast") -> pd.Series:
    """Minutes at the fast `end` for the nearest of each point's people, who may live at any of their commune's town halls."""
    own = (found["minutes"] - found["away"]).clip(lower=0.0) / found[end]
    return own.groupby(found["group"]).transform("min")


def within(found: pd.DataFrame, threshold: float, end: str = "") -> float:
    """Inhabitants within `threshold` minutes, at an `end` of the band (``at``)."""
    return float(found.loc[at(found, end) <= threshold, "population"].sum())


def share(found: pd.DataFrame, threshold: float, end: str = "") -> float:
    """`within`, of those whose time could be asked for."""
    return within(found, threshold, end) / people(found, "reached", "unreached")


def beyond(found: pd.DataFrame, threshold: float, end: str = "") -> set[str]:
    """Communes most of whose inhabitants are farther than `threshold` minutes at an `end` of the band, or reach no place."""
    computed = found[found["answer"] != "not_computed"]
    people = computed["population"].clip(lower=1e-6)  # nobody lives in six communes, which stand somewhere all the same
    near = people.where(at(computed, end) <= threshold, 0.0).groupby(computed["commune"]).sum()
    most = people.groupby(computed["commune"]).sum() / 2
    return {*most.index[near < most]}


def surely_beyond(found: pd.DataFrame, threshold: float) -> set[str]:
    """Of the communes beyond `threshold`, those so at the fast end of one trip's band wherever people live in them."""
    return beyond(found.assign(minutes=soonest(found, "fast_one"), fast=1.0), threshold, "fast") & beyond(
        found, threshold
    )


def not_computed(found: pd.DataFrame) -> set[str]:
    """Communes of which no point has a time."""
    return {*found["commune"]} - {*found.loc[found["answer"] != "not_computed", "commune"]}


def zones(raw: Raw, found: pd.DataFrame, threshold: float) -> list[float]:
    """Inhabitants of each gap, the largest first: neighbouring communes of one EPCI, all beyond `threshold`.

    Neighbours are two communes at most 25 km apart with no other inside the circle of which they make a diameter (Gabriel
    and Sokal, 1969), on the plane that touches the globe in the département's middle. The EPCI are the COG's.
    """
    towns = raw.towns.loc[sorted({*found["commune"]})].dropna(subset=["longitude"])
    east = towns["longitude"] * np.cos(np.radians(towns["latitude"].mean()))
    xy = np.column_stack((east, towns["latitude"])) * 111_195.0
    codes, far = list(towns.index), beyond(found, threshold)
    far_ones = [position for position, code in enumerate(codes) if code in far]
    group = {code: code for code in far}
    for i, j in combinations(far_ones, 2):
        one, other = codes[i], codes[j]
        if raw.communes.loc[one, "epci"] != raw.communes.loc[other, "epci"]:
            continue
        length = np.hypot(*(xy[i] - xy[j]))
        from_middle = np.delete(np.hypot(*(xy - (xy[i] + xy[j]) / 2).T), [i, j])
        if length <= 25_000 and from_middle.min() >= length / 2:
            group = {code: group[one] if of == group[other] else of for code, of in group.items()}
    counted = found[(found["answer"] != "not_computed") & ~(found["minutes"] <= threshold) & found["commune"].isin(far)]
    return sorted(counted["population"].groupby(counted["commune"].map(group)).sum(), reverse=True)


def best_new_place(
    raw: Raw, found: pd.DataFrame, places: pd.DataFrame, threshold: float, declared: pd.DataFrame
) -> float:
    """Inhabitants whom one more fixed place surely brings within `threshold` minutes, where the brief would have it stand.

    In a commune that has none, or whose own is more than 20 minutes from most of its inhabitants, and some of whose own are
    brought from beyond `threshold` at the middle of the band; of those that gain two thirds of the most, half of it for the
    same people, the most inhabited. Counted are those who are farther than `threshold` today even at the fast end of the
    band and nearer afterwards even at the slow end; who lives as near to one of `declared`, which a survey alone knows
    (commune, longitude, latitude, land), is not, and none is opened in its commune. Fewer than ``LEAST_GAIN`` are not told.
    """
    roadless = {code for code, kind, _ in raw.lands if kind == "roadless"}
    served = {*places["commune"]} - beyond(found, 20)
    middle = at(found, "")
    served |= {*declared["commune"]}
    if len(declared):
        said = answers(raw, declared, [*found["departement"].unique()])
        middle = pd.Series(np.fmin(middle.to_numpy(), at(said, "").to_numpy()), found.index)
    sooner = soonest(found.assign(minutes=middle))
    towns = raw.towns.loc[sorted({*found["commune"]} - served)].rename_axis("commune").reset_index()
    sites = towns[~towns["land"].isin({None, *roadless})]
    asked = found["answer"] != "not_computed"
    far = found[asked & ~((sooner <= threshold) & (middle <= threshold))]
    surely = ~(sooner <= threshold)[far.index].to_numpy()
    by_estimate = ~(middle <= threshold)[far.index].to_numpy()
    homes = found[found["group"].isin(far["group"])]
    latest = np.full((len(homes), len(sites)), np.inf)
    for number, (_, home) in enumerate(homes.iterrows()):
        here = pd.DataFrame({axis: [home[axis]] for axis in ("longitude", "latitude")}, dtype=float)
        same = (sites["land"] == home["land"]).to_numpy()
        metres = nearest_m(raw, sites[same], here, MOST_M)
        minutes = raw.minutes_of(metres, np.full(len(metres), home["country"], dtype=object))
        latest[number, same] = (minutes + home["away"]) / home["slow"]
    near = (pd.DataFrame(latest).groupby(homes["group"].to_numpy()).max().loc[far["group"]] <= threshold).to_numpy(
        dtype=bool
    )
    own = far["commune"].to_numpy()[:, None] == sites["commune"].to_numpy()[None, :]
    near = near & (far["population"].to_numpy(float) @ (near & own & by_estimate[:, None]) > 0.0)
    people_there = np.where(surely, far["population"].to_numpy(float), 0.0)
    gains = people_there @ near
    if not gains.max(initial=0.0):
        return 0.0
    shared = (people_there * near[:, gains.argmax()]) @ near
    inhabitants = sites["population"].to_numpy()
    chosen = np.flatnonzero((gains >= 2 / 3 * gains.max()) & (shared >= gains.max() / 2))
    gained = float(gains[max(chosen, key=lambda at: (inhabitants[at], gains[at]))])
    return gained if gained >= LEAST_GAIN else 0.0


def open_share(raw: Raw, found: pd.DataFrame, places: pd.DataFrame, day: str, hour: int, threshold: float) -> float:
    """Share of the inhabitants within `threshold` minutes of a fixed place whose row of the list (h_lundi…) says it is open."""
    at = f"{hour:02d}:00"
    slots = places[f"h_{day}"].fillna("").str.findall(SLOT)
    receiving = places[[any(start <= at < end for start, end in written) for written in slots]]
    return within(answers(raw, receiving, [*found["departement"].unique()]), threshold) / people(
        found, "reached", "unreached"
    )


def classes(found: pd.DataFrame) -> dict[str, tuple[int, float]]:
    """Communes and inhabitants of the COG by minutes: near (20 or less), between, far (over 30), not_computed."""
    lost, far, beyond_near = not_computed(found), beyond(found, 30), beyond(found, 20)
    sets = {
        "near": {*found["commune"]} - beyond_near - lost,
        "between": beyond_near - far,
        "far": far,
        "not_computed": lost,
    }
    people = {
        "near": within(found, 20),
        "between": within(found, 30) - within(found, 20),
        "far": float(found.loc[found["minutes"] > 30, "population"].sum()),
        "not_computed": float(found.loc[found["minutes"].isna(), "population"].sum()),
    }
    return {name: (len(communes), people[name]) for name, communes in sets.items()}


def by_label(raw: Raw) -> set[str]:
    """Démarches (demarches.csv) whose operator is in the bundle (bundles.csv) on the campaign's date."""
    bundle = {*raw.in_force("bundles.csv")["operator"]}
    followed = raw.in_force("demarches.csv")
    return {*followed.loc[followed["operator"].isin(bundle), "demarche_id"]}


def mean_by_label(raw: Raw, found: pd.DataFrame, threshold: float) -> float:
    """Mean over the catalogue of the share of all inhabitants within `threshold` of help that is due by the label alone."""
    return (
        within(found, threshold)
        / people(found, "reached", "unreached")
        * len(by_label(raw))
        / len(raw.in_force("demarches.csv"))
    )


def mean_general(raw: Raw, found: pd.DataFrame, helped: pd.DataFrame, threshold: float) -> float:
    """Mean over the catalogue of the share of all inhabitants within `threshold` of help in general and of none due by label.

    `found` are the answers to the label's places, `helped` those to the places that say that they help, point by point.
    """
    near, helps = (one["minutes"] <= threshold for one in (found, helped.reindex(found.index)))
    due, followed = len(by_label(raw)), len(raw.in_force("demarches.csv"))
    only = float(found.loc[helps & ~near, "population"].sum()) * due
    return (only + float(found.loc[helps, "population"].sum()) * (followed - due)) / people(found) / followed


def per_territory(raw: Raw) -> pd.Series:
    """Rows of the list labelled by the announcement's month, by the département or collectivité that the list says."""
    return (raw.listed["labelled"] <= ANNOUNCED).groupby(raw.listed["insee_dep"]).sum()


def nearest_m(raw: Raw, points: pd.DataFrame, places: pd.DataFrame, within_m: float = np.inf) -> NDArray[np.float64]:
    """Metres from each of `points` to the nearest of `places`, waters and borders gone round (``ways.py``); infinite without way.

    Straight lines of `within_m` or more are not asked: infinite.
    """
    goal = places[["longitude", "latitude"]].to_numpy(dtype=float)
    homes = points[["longitude", "latitude"]].to_numpy(dtype=float)
    return np.array([raw.ways.nearest(home, goal, within_m) for home in homes])
