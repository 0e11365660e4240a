"""What a publication gives in the formats of others, below ``exports/``: national schemas, GIS, and what they lose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from fs_pipeline.cartography.alone import Failed, each_alone
from fs_pipeline.cartography.once import Once
from fs_pipeline.release.about import About
from fs_pipeline.release.geojson import geojson
from fs_pipeline.release.helping import help_by_place
from fs_pipeline.release.losses import Losses
from fs_pipeline.release.tables import declared_files

if TYPE_CHECKING:
    import geopandas as gpd

    from fs_pipeline.release.accepted import Fields

FOLDER = "exports"
EXPORTED = ("places", "demarche_matrix", "demarches")  # the tables that they are made from


def exports(
    about: About,
    tables: Mapping[str, pd.DataFrame],
    layers: Mapping[str, gpd.GeoDataFrame],
    once: Once | None = None,
    failed: Failed | None = None,
) -> dict[str, bytes]:
    """File name to bytes; same tables and code, same bytes.

    Parameters
    ----------
    tables
        Those of ``EXPORTED`` as the edition lets them out, every declared column there: nothing is held back here.
    layers
        Layers drawn from those tables.
    once
        Makes once what the editions of a slot share.
    failed
        Takes the files that could not be made, which are left out; None raises instead.
    """
    made = _Made(about, tables, layers, once or Once())
    makers: dict[str, Callable[[], bytes]] = {
        "data-inclusion-structures.json": lambda: _json(made.structures.values()),
        "data-inclusion-services.json": lambda: _json(made.services),
        "mediation-numerique.json": lambda: _json(made.mediation),
        "lieux.geojson": lambda: geojson(made.places),
        "communes.geojson": lambda: made.once(geojson, layers["communes"]),
        "carte.gpkg": made.geopackage,
    }
    files = each_alone({f"{FOLDER}/{name}": make for name, make in makers.items()}, failed)
    return files | declared_files({"export_losses": made.losses.frame()}, failed=failed)


class _Made:
    """What several files of one edition are made from, each once."""

    def __init__(
        self,
        about: About,
        tables: Mapping[str, pd.DataFrame],
        layers: Mapping[str, gpd.GeoDataFrame],
        once: Once,
    ) -> None:
        self.about, self.tables, self.layers, self.once = about, tables, layers, once
        self.losses = Losses()

    @cached_property
    def help_said(self) -> dict[str, str]:
        return help_by_place(self.tables["demarche_matrix"])

    @cached_property
    def structures(self) -> dict[str, Fields]:
        from fs_pipeline.release.data_inclusion import structures

        return structures(self.tables["places"], self.help_said, self.about, self.losses)

    @cached_property
    def services(self) -> list[Fields]:
        from fs_pipeline.release.data_inclusion import services

        matrix, demarches = self.tables["demarche_matrix"], self.tables["demarches"]
        return services(self.structures, self.help_said, matrix, demarches, self.about)

    @cached_property
    def mediation(self) -> list[Fields]:
        from fs_pipeline.release.mediation_numerique import mediation_places

        return mediation_places(self.tables["places"], self.help_said, self.about, self.losses)

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """The layer of places, with the best evidence of help of each."""
        layer = self.layers["places"]
        said = [self.help_said.get(place_id, "unknown") for place_id in layer["place_id"]]
        return layer.assign(evidence=pd.Series(said, index=layer.index, dtype=object))

    def geopackage(self) -> bytes:
        from fs_pipeline.release.geopackage import geopackage
        from fs_pipeline.release.layer_styles import styles

        communes = self.layers["communes"]
        areas = bool(communes.geom_type.isin({"Polygon", "MultiPolygon"}).any())
        drawn = styles(self.about.thresholds, areas=areas)
        return geopackage({"lieux": self.places, "communes": communes}, drawn, self.about.reference_date)


def _json(rows: Iterable[Fields]) -> bytes:
    """A list of objects, one a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()
