"""The raw files that figures are computed anew from, read with pandas alone: no line of ``fs_pipeline`` is used.

Of the package only reviewed facts are read, as the files they are (``detour.csv``, ``landmasses.csv``, ``bundles.csv``…).
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from tests.recomputed.ways import Round

_POINT = ["longitude", "latitude"]
DATE = "2022-12-01"  # of the campaign 2022-12, as examples/sources-shared.toml gives it
_DAYS = ["h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi"]
_MOVES = re.compile(
    r"\b(?:bus|bibliobus|mobibus|numeribus|cyberbus|itinerant|itinerante|itinerants|itinerantes|itinerance|mobile|mobiles|"
    r"camion|camionnette|camping car|van|pirogue|fourgon|caravane)\b"
)
_WEEKDAY = re.compile(r"\b(lundi|mardi|mercredi|jeudi|vendredi|samedi)s?\b")
SLOT = re.compile(r"(\d\d:\d\d) ?- ?(\d\d:\d\d)")
SPLIT = {
    "13055": "132",
    "69123": "6938",
    "75056": "751",
}  # Marseille, Lyon, Paris: how their arrondissements' codes begin


def _in_whole_people(parts: pd.Series) -> pd.Series:
    """A commune's people at each of its points, rounded down, and one more where most was lost until all are there."""
    if len(parts) == 1:
        return parts
    people = {place: math.floor(part + 1e-9) for place, part in parts.items()}
    by_loss = sorted(people, key=lambda place: (-round(parts[place] - people[place], 6), place))
    for place in by_loss[: round(parts.sum()) - sum(people.values())]:
        people[place] += 1
    return pd.Series(people, dtype=float)


@dataclass(frozen=True)
class Raw:
    """The raw files, and what follows from them before any département is chosen."""

    data: Path  # ../shared/data
    facts: Path  # fs_pipeline/data, read as files

    def fact(self, name: str) -> pd.DataFrame:
        """A reviewed file of the package, every cell a text."""
        return pd.read_csv(self.facts / name, dtype=str, keep_default_na=False)

    def in_force(self, name: str) -> pd.DataFrame:
        """The lines of a reviewed file that hold on the campaign's date."""
        rows = self.fact(name)
        return rows[(rows["valid_from"] <= DATE) & ((rows["valid_to"] >= DATE) | (rows["valid_to"] == ""))]

    @cached_property
    def cog(self) -> pd.DataFrame:
        """The code officiel géographique: communes-cog-2026.csv.gz, population as a number."""
        rows = pd.read_csv(self.data / "reference/communes-cog-2026.csv.gz", dtype=str)
        return rows.assign(population=rows["population"].astype(float).fillna(0.0))

    @cached_property
    def communes(self) -> pd.DataFrame:
        """Current communes by code."""
        return self.cog[self.cog["type"] == "commune-actuelle"].set_index("code")

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The 2,683 rows of the list, with ``kind`` (fixed, antenne, bus), ``by`` (how it was decided) and ``labelled``."""
        rows = pd.read_csv(self.data / "national/france-services-2022-12-01.csv", dtype=str)
        decided = [_kind(row) for row in rows.fillna("").to_dict("records")]
        day, month, year = (rows["labellisation"].str.extract(r"(\d\d)/(\d\d)/(\d{4})$")[part] for part in range(3))
        return rows.assign(
            kind=[kind for kind, _ in decided],
            by=[by for _, by in decided],
            labelled=year + "-" + month + "-" + day,
            latitude=rows["latitude"].astype(float),
            longitude=rows["longitude"].astype(float),
        )

    @cached_property
    def lands(self) -> list[tuple[str, str, shapely.Geometry]]:
        """Code, kind and outline of landmasses.csv, the largest first: the smallest one that holds a point is its land."""
        rows = self.fact("landmasses.csv")
        shapes = [shapely.from_wkt(text) for text in rows["outline_4326"]]
        found = zip(rows["landmass"], rows["kind"], shapes, strict=True)
        return sorted(found, key=lambda land: -shapely.area(land[2]))

    @cached_property
    def ways(self) -> Round:
        """What stops straight lines, and the ways round."""
        return Round(self.facts)

    @cached_property
    def current(self) -> dict[str, str]:
        """The commune of today of each code: former_communes.csv.gz, but those of today are themselves."""
        former = self.fact("former_communes.csv.gz")
        return dict(zip(former["insee"], former["current_insee"], strict=True)) | {
            code: code for code in self.communes.index
        }

    @cached_property
    def towns(self) -> pd.DataFrame:
        """By code of commune: departement, population, longitude and latitude of its town hall, land.

        Town halls are those of chefs-lieux-2020.csv.gz of origin ``ign``; a commune without stands in the middle of those that
        it took in.
        """
        halls = self._halls[self._halls["origin"] == "ign"]
        former = self.cog[self.cog["chefLieu"].notna()].set_index("code")
        middles = halls[_POINT].join(former["chefLieu"], how="inner").groupby("chefLieu").mean()
        arrondissements = {
            code: commune for commune, start in SPLIT.items() for code in halls.index if code.startswith(start)
        }
        parts = halls[_POINT].groupby(halls.index.map(arrondissements)).mean()
        found = self.communes[["departement", "population"]].join(halls[_POINT])
        found = found.fillna(middles).fillna(parts)
        return found.assign(land=self.land_of(found))

    @cached_property
    def wide(self) -> pd.DataFrame:
        """By code of the communes that took in others or have 60 km² or more: km2, and km from their town hall to their farthest.

        Rests on communes-contours-2018.parquet, gathered into the communes of today.
        """
        contours = gpd.read_parquet(self.data / "reference/communes-contours-2018.parquet")
        contours = contours.reset_index(drop=True)
        own = contours["code"].map(self.current)
        km2 = (contours.to_crs(6933).area / 1e6).groupby(own).sum()
        former = self.fact("former_communes.csv.gz")
        merged = former[former["kind"].isin(["commune_fusionnee", "commune_deleguee", "commune_associee"])]
        took_in = {*merged.loc[merged["insee"] != merged["current_insee"], "current_insee"]}
        chosen = own.isin({*km2.index[km2 >= 60]} | took_in - {*SPLIT}).to_numpy()
        edges, of = shapely.get_coordinates(contours.geometry.to_numpy()[chosen], return_index=True)
        edge = pd.DataFrame(edges, columns=_POINT).assign(commune=own.to_numpy()[chosen][of])
        hall = self.towns.loc[edge["commune"]]
        (east, north), (there, up) = (np.radians([one["longitude"], one["latitude"]]) for one in (edge, hall))
        half = np.sin((up - north) / 2) ** 2 + np.cos(north) * np.cos(up) * np.sin((there - east) / 2) ** 2
        km = pd.Series(2 * 6371.0088 * np.arcsin(np.sqrt(half))).groupby(edge["commune"]).max()
        return pd.DataFrame({"km2": km2.round(), "km": km.round(1)}).dropna()

    @cached_property
    def _halls(self) -> pd.DataFrame:
        halls = pd.read_csv(self.data / "reference/chefs-lieux-2020.csv.gz", dtype=str).set_index("code")
        return halls.astype(dict.fromkeys(_POINT, float)).dropna(subset=_POINT)

    @cached_property
    def _of_post_offices(self) -> pd.DataFrame:
        """The arrondissements of Marseille, two of which share a town hall: the medians of their post offices, to 4 decimals."""
        rows = pd.read_csv(self.data / "national/la-poste-points-de-contact-2016-08.csv", sep=";", dtype=str)
        code = "132" + rows["Code_postal"].str.extract(r"^130(0[1-9]|1[0-6])$")[0]
        middles = rows[["Longitude", "Latitude"]].astype(float).groupby(code).median().round(4)
        return middles.set_axis(_POINT, axis=1)

    @cached_property
    def points(self) -> pd.DataFrame:
        """Where people start from: commune, departement, longitude, latitude, population, land, country, fast and slow (of all
        trips together), fast_one (of one).

        A commune is its town hall, or in equal parts those of the communes that it took in (chefs-lieux-2020.csv.gz, whole), in
        whole people, the first in the order of codes having one more where parts are uneven;
        Paris, Lyon and Marseille are their arrondissements (Marseille's at their post offices), whose
        inhabitants (COG) are scaled to the commune's. ``group`` is
        the same for the points among which people are shared by rule; ``away`` the minutes to the farthest of a wide commune
        that is one point, or the points of which are each of 60 km² or more, 0 elsewhere.
        """
        halls = self._halls.assign(commune=self._halls.index.map(self.current)).dropna(subset=["commune"])
        halls = halls[halls["commune"].isin(self.communes.index) & ~halls["commune"].isin(list(SPLIT))]
        rest = self.towns[~self.towns.index.isin([*halls["commune"], *SPLIT])]
        placed = pd.concat([halls[["commune", *_POINT]], rest.assign(commune=rest.index)[["commune", *_POINT]]])
        many = placed.groupby("commune")["commune"].transform("size")
        own = self.communes.loc[placed["commune"]]
        people = own["population"].to_numpy() / many.to_numpy()
        blocks = [placed.assign(departement=own["departement"].to_numpy(), population=people, points=many)]
        parts = self.cog[self.cog["type"] == "arrondissement-municipal"].set_index("code")
        halls = pd.concat([self._halls[_POINT].drop(self._of_post_offices.index), self._of_post_offices])
        for commune, beginning in SPLIT.items():
            inside = parts[parts.index.str.startswith(beginning)]
            scaled = inside["population"] * self.communes.loc[commune, "population"] / inside["population"].sum()
            inside = inside[["departement"]].assign(commune=commune, population=scaled, points=0)
            blocks.append(inside.join(halls))
        found = pd.concat(blocks).sort_index().reset_index(drop=True)
        found["population"] = found.groupby("commune")["population"].transform(_in_whole_people)
        found = found.assign(land=self.land_of(found))
        found = found.assign(country=self.country_of(found))
        ends = self.fact("speed_bands.csv").set_index("country")
        ends = ends[[name for name in ends if name.endswith("_percent")]].astype(float) / 100
        wide = self.wide.reindex(found["commune"]).to_numpy()
        spread = (found["points"] == 1) | ((found["points"] > 1) & (wide[:, 0] / found["points"].clip(lower=1) >= 60))
        metres = np.where(spread & np.isfinite(wide[:, 1]), 1000.0 * wide[:, 1], 0.0)
        alone = found["commune"] + found.index.astype(str)
        return found.assign(
            fast=1 + found["country"].map(ends["all_faster_percent"]),
            slow=1 - found["country"].map(ends["all_slower_percent"]),
            fast_one=1 + found["country"].map(ends["one_faster_percent"]),
            away=self.minutes_of(metres, found["country"].to_numpy()),
            group=found["commune"].where(found["points"] > 1, alone),
        )

    def land_of(self, points: pd.DataFrame) -> NDArray[np.object_]:
        """The land of each longitude and latitude; None without."""
        lon, lat = points["longitude"].to_numpy(), points["latitude"].to_numpy()
        land = np.full(len(points), "mainland", dtype=object)
        for code, _, outline in self.lands:
            land[shapely.contains_xy(outline, lon, lat)] = code
        land[np.isnan(lon) | np.isnan(lat)] = None
        return land

    @cached_property
    def _bands(self) -> dict[str, list[tuple[float, float, float]]]:
        bands: dict[str, list[tuple[float, float, float]]] = {}
        for row in self.fact("detour.csv").to_dict("records"):
            minutes_a_km = float(row["detour_factor"]) * 60.0 / float(row["speed_kmh"])
            length = (float(row["from_km"]), float(row["to_km"] or "inf"), minutes_a_km)
            bands.setdefault(row["country"], []).append(length)
        return bands

    def country_of(self, points: pd.DataFrame) -> NDArray[np.object_]:
        """open, a country of mountains.csv, or town: 200,000 inhabitants at the town halls within 5 km."""
        lon, lat = points["longitude"].to_numpy(), points["latitude"].to_numpy()
        whole = self.towns[~self.towns.index.isin(list(SPLIT))]
        parts = self.cog[self.cog["type"] == "arrondissement-municipal"].set_index("code")[["population"]]
        halls = pd.concat(
            [whole, parts.join(self._halls[_POINT].drop(self._of_post_offices.index)).fillna(self._of_post_offices)]
        ).dropna(subset=_POINT)
        country = np.full(len(points), "open", dtype=object)
        for kind, text in self.fact("mountains.csv")[["country", "area_4326"]].to_numpy():
            country[shapely.contains_xy(shapely.from_wkt(text), lon, lat)] = kind
        east, north, inhabitants = (*np.radians(halls[_POINT].to_numpy(float)).T, halls["population"].to_numpy(float))
        for at in np.flatnonzero(np.isfinite(lon)):
            there, up = np.radians(lon[at]), np.radians(lat[at])
            row = np.flatnonzero(np.abs(north - up) < 5_000.0 / 6_371_008.8)
            across = np.cos(north[row]) * np.cos(up) * np.sin((east[row] - there) / 2) ** 2
            half = np.sin((north[row] - up) / 2) ** 2 + across
            near = row[2 * 6_371_008.8 * np.arcsin(np.sqrt(half)) <= 5_000.0]
            if inhabitants[near].sum() >= 200_000:
                country[at] = "town"
        return country

    def minutes_of(self, metres: NDArray[np.float64], country: NDArray[np.object_]) -> NDArray[np.float64]:
        """detour.csv: each kilometre of straight line costs its band's detour over its speed, by the country of its start."""
        total = np.zeros_like(metres)
        for kind, bands in self._bands.items():
            own = country == kind
            for start, end, minutes_a_km in bands:  # an infinite length costs infinite minutes
                total[own] += (np.clip(metres[own] / 1000.0, start, end) - start) * minutes_a_km
        return total


def plain(text: str) -> str:
    """Small letters without accents, words parted by one space."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def _kind(row: dict[str, str]) -> tuple[str, str]:
    """What a row of the list is: a bus says so in its name or group, or goes out and has no address (issue 11, point 3)."""
    own = "antenne" if row["format_fs"] == "Antenne" else "fixed"
    if _MOVES.search(plain(row["lib_fs"])):
        return "bus", "name"
    if _MOVES.search(plain(row["groupe"])):
        return "bus", "format"
    if row["itinerance"] != "Oui":
        return own, ""
    if not row["adresse"].strip():
        return "bus", "no_address"
    open_days = sum(any(start != end for start, end in SLOT.findall(row[day])) for day in _DAYS)
    round_told = len(set(_WEEKDAY.findall(plain(row["commentaire"])))) >= 3
    return own, "also_goes_out" if open_days >= 3 and not round_told else "unsure"
