"""The raw files that figures are computed anew from, read with pandas alone: no line of ``fs_pipeline`` is used.

Of the package only reviewed facts are read, as the files they are (``detour.csv``, ``landmasses.csv``, ``bundles.csv``…).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from tests.recomputed.ways import Round

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
    def points(self) -> pd.DataFrame:
        """Where people start from: commune, departement, longitude, latitude, population, land, country, fast and slow.

        A commune is its town hall (chefs-lieux-2020.csv.gz, origin ``ign``); Paris, Lyon and Marseille are their
        arrondissements, whose inhabitants (COG) are scaled to the commune's. A commune merged since under a code without
        town hall stands in the middle of those that it took in.
        """
        halls = pd.read_csv(self.data / "reference/chefs-lieux-2020.csv.gz", dtype=str)
        halls = halls[halls["origin"] == "ign"].set_index("code")[["longitude", "latitude"]].astype(float)
        whole = self.communes[~self.communes.index.isin(list(SPLIT))]
        blocks = [whole.assign(commune=whole.index)[["commune", "departement", "population"]].join(halls)]
        parts = self.cog[self.cog["type"] == "arrondissement-municipal"].set_index("code")
        for commune, beginning in SPLIT.items():
            own = parts[parts.index.str.startswith(beginning)]
            scaled = own["population"] * self.communes.loc[commune, "population"] / own["population"].sum()
            blocks.append(own.assign(commune=commune, population=scaled)[blocks[0].columns[:3]].join(halls))
        found = pd.concat(blocks)
        former = self.cog[self.cog["chefLieu"].notna()].set_index("code")
        middles = halls.join(former["chefLieu"], how="inner").groupby("chefLieu").mean()
        for axis in ("longitude", "latitude"):
            found[axis] = found[axis].fillna(found["commune"].map(middles[axis]))
        found = found.assign(land=self.land_of(found)).reset_index(drop=True)
        found = found.assign(country=self.country_of(found))
        ends = (
            self.fact("speed_bands.csv").set_index("country")[["faster_percent", "slower_percent"]].astype(float) / 100
        )
        return found.assign(
            fast=1 + found["country"].map(ends["faster_percent"]), slow=1 - found["country"].map(ends["slower_percent"])
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
        """open, a country of mountains.csv, or town: 200,000 inhabitants of `points`, which are all there are, within 5 km."""
        lon, lat = points["longitude"].to_numpy(), points["latitude"].to_numpy()
        country = np.full(len(points), "open", dtype=object)
        for kind, text in self.fact("mountains.csv")[["country", "area_4326"]].to_numpy():
            country[shapely.contains_xy(shapely.from_wkt(text), lon, lat)] = kind
        east, north, inhabitants = np.radians(lon), np.radians(lat), points["population"].to_numpy(float)
        for at in np.flatnonzero(np.isfinite(lon)):
            row = np.flatnonzero(np.abs(north - north[at]) < 5_000.0 / 6_371_008.8)
            across = np.cos(north[row]) * np.cos(north[at]) * np.sin((east[row] - east[at]) / 2) ** 2
            half = np.sin((north[row] - north[at]) / 2) ** 2 + across
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
