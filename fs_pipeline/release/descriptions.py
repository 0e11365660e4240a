"""What describes a folder to programs, once all the rest of it is made: its CSV to checkers, all its files to catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline.cartography.alone import Failed, each_alone
from fs_pipeline.release import catalogue, datapackage
from fs_pipeline.release.about import About
from fs_pipeline.release.licences import licence_of
from fs_pipeline.warehouse.declared import declared_tables

if TYPE_CHECKING:
    import geopandas as gpd


def descriptions(
    about: About,
    tables: Mapping[str, pd.DataFrame],
    layers: Mapping[str, gpd.GeoDataFrame],
    files: Mapping[str, bytes],
    failed: Failed | None = None,
) -> dict[str, bytes]:
    """``datapackage.json`` and ``catalogue.jsonld`` of `files`; same files, same bytes.

    Parameters
    ----------
    tables
        As the edition lets them out: their names say what a file carries, and ``brief_sources`` under which licence.
    failed
        Takes the files that could not be made, which are left out; None raises instead.
    """
    carried = [declared_tables()[name] for name in (*tables, "export_losses") if name in declared_tables()]
    specs = {spec.file: spec for spec in carried if spec.file}
    licence = licence_of(about, tables.get("brief_sources", pd.DataFrame()))

    def package() -> bytes:
        return datapackage.datapackage(about, specs, licence, files)

    def whole() -> bytes:
        titles = {name: spec.description for name, spec in specs.items()}
        return catalogue.catalogue(about, titles, licence, _bounds(layers), {**files, **made})

    made: dict[str, bytes] = {}
    makers: dict[str, Callable[[], bytes]] = {datapackage.NAME: package, catalogue.NAME: whole}
    for name, make in makers.items():
        made |= each_alone({name: make}, failed)
    return made


def _bounds(layers: Mapping[str, gpd.GeoDataFrame]) -> list[float] | None:
    bounds = layers["communes"].total_bounds
    return None if np.isnan(bounds).any() else [float(edge) for edge in bounds]
