"""Need by commune, from the sources that are there, and population squares a département."""

import io
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.assets.reference import campaign_of, take, warn
from fs_pipeline.campaigns.taken import Taken, record_in_place
from fs_pipeline.http.problems import SourceProblem
from fs_pipeline.national.need import NEED_SOURCES, need_of_communes, read_fragility, read_quarters, read_squares
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.frames import whole

_FOLDER = "need/squares"
_READERS: dict[str, Callable[[Path], pd.DataFrame]] = dict(
    zip(NEED_SOURCES, (read_squares, read_quarters, read_fragility), strict=True)
)


@dg.asset(
    key=keys.NEED,
    deps=[keys.COMMUNES],
    group_name="reference",
    owners=["team:data"],
    kinds={"python"},
    metadata={"dagster/table_name": "commune_need"},
)
def need(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a commune: population squares, age, poverty, priority quarters and digital fragility, where known."""
    campaign = campaign_of(context, pipeline)
    taken: list[Taken] = []
    found: dict[str, pd.DataFrame | None] = {}
    try:
        for source, reader in _READERS.items():
            taken.append(take(pipeline, source, campaign))
            with pipeline.found(taken[-1]) as path:
                found[source] = reader(path) if path else None
    except SourceProblem as problem:
        raise dg.Failure(description=str(problem), allow_retries=False) from problem
    absent = [source for source, frame in found.items() if frame is None]
    context.log.info("sources of need that are absent: %s", ", ".join(absent) or "none")
    warn(context, taken)
    squares, quarters, fragility = (found[source] for source in NEED_SOURCES)
    _keep_squares(pipeline, squares)
    communes = need_of_communes(pipeline.territory, squares, quarters, fragility)
    with pipeline.warehouse.writing() as connection:
        rows = pipeline.warehouse.replace("commune_need", {}, whole("commune_need", communes), connection)
        record_in_place(pipeline.warehouse, taken, connection)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "absent": ", ".join(absent)})


def squares_of(pipeline: Pipeline, departement: str) -> pd.DataFrame | None:
    """The population squares of one département: id, longitude, latitude, population; None without their source."""
    path = f"{_FOLDER}/{departement}.parquet"
    if not pipeline.files.exists(path):
        return None
    return pd.read_parquet(io.BytesIO(pipeline.files.read(path)))


def _keep_squares(pipeline: Pipeline, squares: pd.DataFrame | None) -> None:
    """One file a département; none is left of a source that has gone."""
    for path in pipeline.files.list(_FOLDER):
        pipeline.files.delete(path)
    if squares is None:
        return
    codes = squares["insee"].map({code: pipeline.territory.departement_of(code) for code in squares["insee"].unique()})
    kept = squares.rename(columns={"square_id": "id"})[["id", "longitude", "latitude", "population"]]
    for departement, rows in kept.groupby(codes):
        content = io.BytesIO()
        rows.to_parquet(content, index=False)
        pipeline.files.write(f"{_FOLDER}/{departement}.parquet", content.getvalue())
