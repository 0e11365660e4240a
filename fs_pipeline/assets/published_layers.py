"""The layers that the départements of a campaign last published, read back for the nation's map."""

from __future__ import annotations

import io

import geopandas as gpd
import pandas as pd

from fs_pipeline.briefing.national_map import NationalLayers
from fs_pipeline.cartography.layers import LAYER_FILES
from fs_pipeline.editions.edition import Edition
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.status import NATION

_COMMUNES = ("insee", "name", "population", "minutes", "method", "reason")
_PLACES = (
    "place_id", "name", "role", "kind", "carrier", "service_type", "operator", "address", "postcode", "commune", "phone", "email",
    "website", "opening_hours", "in_survey", "in_france_services", "geometry",
)  # fmt: skip


def newest_of_slots(pipeline: Pipeline, campaign: str) -> pd.DataFrame:
    """The newest publication of each département and edition: departement, edition, fingerprint and path, sorted."""
    rows = pipeline.warehouse.read("publications", {"campaign": campaign})
    rows = rows[rows["departement"] != NATION].sort_values("published_at", kind="stable")
    newest = rows.groupby(["departement", "edition"], sort=True).tail(1)
    kept = newest[["departement", "edition", "fingerprint", "path"]]
    return kept.sort_values(["departement", "edition"]).reset_index(drop=True)


class PublishedLayers:
    """What `newest_of_slots` holds, each edition as its own readers received it.

    Contours are read once: they are the same for all, and most of what there is to read. So are the minutes of two editions
    that say the same.
    """

    def __init__(self, pipeline: Pipeline, campaign: str) -> None:
        self._pipeline = pipeline
        self._newest = newest_of_slots(pipeline, campaign)
        self._shapes: dict[tuple[str, ...], gpd.GeoSeries] = {}
        self._communes: list[pd.DataFrame] = []

    def of(self, edition: Edition) -> NationalLayers:
        """All of one edition."""
        rows = self._newest[self._newest["edition"] == edition]
        folders = dict(zip(rows["departement"], rows["path"], strict=True))
        communes, places, read = [], [], []
        for code, folder in folders.items():
            names = {name: f"{folder}/{file}" for name, file in LAYER_FILES.items()}
            if not all(map(self._pipeline.files.exists, names.values())):
                continue  # one that could not be made, which its own folder says
            table = pd.read_parquet(self._bytes(names["communes"]), columns=list(_COMMUNES))
            communes.append(table.assign(departement=code))
            places.append(
                gpd.read_parquet(self._bytes(names["places"]), columns=list(_PLACES)).assign(departement=code)
            )
            read.append(names["communes"])
        known = {code for table in communes for code in table["departement"].unique()}
        codes = self._pipeline.territory.departement_codes
        whole = self._same(_concat(communes, [*_COMMUNES, "departement"]))
        return NationalLayers(
            places=gpd.GeoDataFrame(_concat(places, [*_PLACES, "departement"]), geometry="geometry", crs=4326),
            communes=whole,
            shapes=self._shapes_of(tuple(whole["insee"]), read),
            absent=tuple(code for code in codes if code not in known),
        )

    def _bytes(self, path: str) -> io.BytesIO:
        return io.BytesIO(self._pipeline.files.read(path))

    def _same(self, communes: pd.DataFrame) -> pd.DataFrame:
        """`communes`, or those of an edition read before that says the same."""
        for before in self._communes:
            if before.equals(communes):
                return before
        self._communes.append(communes)
        return communes

    def _shapes_of(self, insees: tuple[str, ...], paths: list[str]) -> gpd.GeoSeries:
        if insees not in self._shapes:
            parts = [gpd.read_parquet(self._bytes(path), columns=["geometry"]).geometry for path in paths]
            shapes = gpd.GeoSeries([shape for part in parts for shape in part], crs=4326)
            self._shapes[insees] = shapes
        return self._shapes[insees]


def _concat(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
