"""Need by commune, from the sources that are there; where people live: population squares, and town halls that are given."""

import io
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.assets.reference import campaign_of, take, warn
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.campaigns.taken import Taken, read_in_place, record_in_place
from fs_pipeline.national.need import NEED_SOURCES, need_of_communes, read_fragility
from fs_pipeline.national.quarters import place_quarters, read_quarters, unplaced_quarters
from fs_pipeline.national.squares import place_squares, placed_inhabitants, read_squares, unplaced_squares
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.contours import read_contours, read_points

_FOLDER = "need/squares"
_HALLS = "need/town-halls.parquet"
_READERS: dict[str, Callable[[Path], pd.DataFrame]] = dict(
    zip(NEED_SOURCES, (read_squares, read_quarters, read_fragility), strict=True)
)


@dg.asset(
    key=keys.NEED,
    deps=[keys.COMMUNES, keys.CONTOURS],
    group_name="reference",
    owners=["team:data"],
    kinds={"python"},
    metadata={"dagster/table_name": "commune_need"},
)
@unquoted
def need(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
    """One row a commune: population squares, age, poverty, priority quarters and digital fragility, where known."""
    campaign = campaign_of(context, pipeline)
    taken: list[Taken] = []
    found: dict[str, pd.DataFrame | None] = {}
    for source, reader in _READERS.items():
        taken.append(take(pipeline, source, campaign))
        with pipeline.found(taken[-1]) as path:
            found[source] = reader(path) if path else None
    taken.append(take(pipeline, "town_halls", campaign))
    with pipeline.found(taken[-1]) as path:
        _keep_halls(pipeline, read_points(path) if path else None)
    squares = _placed_squares(pipeline, found["population_squares"])
    absent = [source for source, frame in found.items() if frame is None]
    context.log.info("sources of need that are absent: %s", ", ".join(absent) or "none")
    as_published = found["priority_quarters"]
    quarters = None if as_published is None else place_quarters(as_published, pipeline.territory)
    unplaced = [said for said in (unplaced_squares(squares), unplaced_quarters(quarters)) if said]
    warn(context, taken)
    for said in unplaced:
        context.log.warning(said)
    _keep_squares(pipeline, squares)
    communes = need_of_communes(pipeline.territory, squares, quarters, found["digital_fragility"])
    with pipeline.warehouse.writing() as connection:
        rows = pipeline.warehouse.replace("commune_need", {}, communes, connection)
        record_in_place(pipeline.warehouse, taken, connection)
    facts = {"absent": ", ".join(absent), "unplaced": "\n".join(unplaced)}
    return dg.MaterializeResult(metadata={**facts, "dagster/row_count": rows})


def squares_of(pipeline: Pipeline, departement: str) -> pd.DataFrame | None:
    """The population squares of one département, as ``placed_inhabitants`` gives them; None without their source."""
    path = f"{_FOLDER}/{departement}.parquet"
    if not pipeline.files.exists(path):
        return None
    return pd.read_parquet(io.BytesIO(pipeline.files.read(path)))


def halls_of(pipeline: Pipeline, departement: str) -> pd.DataFrame | None:
    """insee, current_insee, longitude, latitude of the town halls of one département; None without their source."""
    if not pipeline.files.exists(_HALLS):
        return None
    halls = pd.read_parquet(io.BytesIO(pipeline.files.read(_HALLS)))
    return halls[halls["current_insee"].isin(pipeline.territory.insees_of(departement))]


def _keep_halls(pipeline: Pipeline, halls: pd.DataFrame | None) -> None:
    """With the commune of today of each; nothing is left of a source that has gone."""
    if halls is None:
        pipeline.files.delete(_HALLS)
        return
    current = pipeline.territory.current_insees(halls["insee"])
    content = io.BytesIO()
    halls.assign(current_insee=current).dropna(subset=["current_insee"]).to_parquet(content, index=False)
    pipeline.files.write(_HALLS, content.getvalue())


def _placed_squares(pipeline: Pipeline, squares: pd.DataFrame | None) -> pd.DataFrame | None:
    """Contours are read only where a square has no code: those of France are large."""
    if squares is None:
        return None
    contours = read_in_place(pipeline.warehouse).get("contours")
    if contours is None or squares["insee"].notna().all():
        return place_squares(squares, pipeline.territory, None)
    with pipeline.found(contours) as path:
        return place_squares(squares, pipeline.territory, read_contours(path) if path else None)


def _keep_squares(pipeline: Pipeline, squares: pd.DataFrame | None) -> None:
    """One file a département; none is left of a source that has gone."""
    for path in pipeline.files.list(_FOLDER):
        pipeline.files.delete(path)
    if squares is None:
        return
    points = placed_inhabitants(squares)
    codes = points["insee"].map({code: pipeline.territory.departement_of(code) for code in points["insee"].unique()})
    for departement, rows in points.groupby(codes):
        content = io.BytesIO()
        rows.to_parquet(content, index=False)
        pipeline.files.write(f"{_FOLDER}/{departement}.parquet", content.getvalue())
