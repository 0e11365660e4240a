"""The open tables of an edition: CSV for lists, GeoParquet for layers, Parquet for what is long."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from fs_pipeline.cartography.alone import Failed, each_alone
from fs_pipeline.cartography.layers import LAYER_FILES, geoparquet
from fs_pipeline.cartography.once import Once
from fs_pipeline.tabular.delimited import frame_csv
from fs_pipeline.warehouse.declared import TableSpec, declared_tables

if TYPE_CHECKING:
    import geopandas as gpd


def open_tables(
    let_out: Mapping[str, pd.DataFrame],
    layers: Mapping[str, gpd.GeoDataFrame],
    once: Once | None = None,
    failed: Failed | None = None,
) -> dict[str, bytes]:
    """File name to bytes; same tables, same bytes.

    Parameters
    ----------
    let_out
        Tables as ``editions.apply`` let them out: nothing is held back here.
    layers
        Layers drawn from those tables.
    once
        Makes once what the editions of a slot share.
    failed
        Takes the files that could not be made, which are left out; None raises instead.
    """
    once = once or Once()
    drawn = {name: partial(_layer, layers, layer, once) for layer, name in LAYER_FILES.items()}
    return declared_files(let_out, once, failed) | each_alone(drawn, failed)


def declared_files(
    let_out: Mapping[str, pd.DataFrame], once: Once | None = None, failed: Failed | None = None
) -> dict[str, bytes]:
    """The files that carry the tables, as their .yml say; a table without rows, or held back, makes none."""
    once, makers = once or Once(), {}
    for table, frame in let_out.items():
        spec = declared_tables().get(table)
        if spec and spec.file and len(frame):
            makers[spec.file] = partial(once, _written, frame, spec)
    return each_alone(makers, failed)


def _layer(layers: Mapping[str, gpd.GeoDataFrame], layer: str, once: Once) -> bytes:
    return once(geoparquet, layers[layer])


def _written(frame: pd.DataFrame, spec: TableSpec) -> bytes:
    """A table in the format of its file, without what its folder says already and what is nobody's to read."""
    shown = spec.released(frame)
    return csv(_whole_numbers(shown, spec)) if spec.file and spec.file.endswith(".csv") else _parquet(shown)


def _whole_numbers(frame: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Integers written as such: a missing one makes pandas keep its column as floats, and « 3.0 » is no integer to a reader."""
    whole = {}
    for name in {column.name for column in spec.columns if column.type == "integer"} & {*frame}:
        values = pd.to_numeric(frame[name], errors="coerce")
        if pd.api.types.is_float_dtype(values) and (values[frame[name].notna()] % 1 == 0).all():
            whole[name] = values.astype("Int64")
    return frame.assign(**whole) if whole else frame


def _parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False, compression="zstd")
    return stream.getvalue()


def csv(frame: pd.DataFrame) -> bytes:
    """UTF-8, comma, point, missing values empty."""
    return frame_csv(frame).encode()
