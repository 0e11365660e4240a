"""The nation's brief of one campaign, from the campaign marts."""

from functools import partial

import dagster as dg
import geopandas as gpd

from fs_pipeline.assets import keys
from fs_pipeline.assets.lacking import Lacking
from fs_pipeline.assets.publish import (
    folders_of,
    record_publications,
    sources_of,
    stands,
    write_folder,
)
from fs_pipeline.assets.published_layers import PublishedLayers, newest_of_slots
from fs_pipeline.assets.ranges import each_whole_campaign
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.assets.wholeness import require
from fs_pipeline.briefing.national import NationalTables, share_classes
from fs_pipeline.briefing.pack import national_pack
from fs_pipeline.cartography.france_map import departement_shapes, draw_france
from fs_pipeline.cartography.once import Once
from fs_pipeline.coverage.thresholds import thresholds_on
from fs_pipeline.partitions import CAMPAIGNS
from fs_pipeline.release.tables import declared_files
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.contours import outlines, read_contours
from fs_pipeline.warehouse.fingerprint import slot_fingerprint, with_content
from fs_pipeline.warehouse.frames import ordered
from fs_pipeline.warehouse.models import Project
from fs_pipeline.warehouse.status import NATION

NATIONAL_BRIEF = dg.AssetKey(["synthesis", "national_brief"])
_MARTS = ("national_indicators", "slot_overview")


def synthesis_assets(project: Project) -> list[dg.AssetsDefinition]:
    """The asset of the nation's brief."""

    @dg.asset(
        key=NATIONAL_BRIEF,
        deps=[*(keys.of_model(project[name]) for name in _MARTS), keys.CONTOURS],
        group_name="synthesis",
        owners=["team:data"],
        kinds={"python"},
        partitions_def=CAMPAIGNS,
    )
    @unquoted
    def national_brief(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> dg.MaterializeResult:
        """One brief of the nation a campaign and edition: the announcement's figures, the départements, a map."""
        return each_whole_campaign(
            context, pipeline, lambda campaign: {"fingerprint": publish_nation(pipeline, campaign)}
        )

    return [national_brief]


def publish_nation(pipeline: Pipeline, campaign: str) -> str:
    """Write the three publications of the nation, where they don't stand; the fingerprint that names them.

    Raises
    ------
    SlotRefused
        When contours are not those that the campaign took.
    SlotIncomplete
        When all is written and recorded that could be made, and something could not.
    """
    require(pipeline, campaign, "contours")
    shapes = _shapes(pipeline, campaign)
    tables = tables_of_nation(pipeline, campaign, shapes)
    folders = folders_of(campaign, NATION, tables.fingerprint)
    lacking = Lacking()
    if not stands(pipeline, campaign, NATION, folders):
        france = draw_france(shapes, share_classes(tables.slot_overview))
        published, once = PublishedLayers(pipeline, campaign), Once()
        for edition, folder in folders.items():
            failed = lacking.files(edition)
            let_out = tables.let_out(edition)
            files = national_pack(let_out, edition, france, failed, partial(published.of, edition), once)
            files |= declared_files(let_out.tables, failed=failed)
            write_folder(pipeline, folder, files, failed)
    record_publications(pipeline, campaign, NATION, tables.fingerprint, lacking.written(folders))
    lacking.tell(pipeline, campaign, NATION, tables.fingerprint)
    return tables.fingerprint


def tables_of_nation(pipeline: Pipeline, campaign: str, shapes: gpd.GeoDataFrame | None = None) -> NationalTables:
    """All that the nation's brief is made from."""
    warehouse, key = pipeline.warehouse, {"campaign": campaign}
    frames = {name: ordered(warehouse.read(pipeline.project[name].table, key)) for name in _MARTS}
    frames["brief_sources"] = sources_of(pipeline, campaign)
    frames["commune_need"] = ordered(warehouse.read("commune_need", {}))
    base = slot_fingerprint(warehouse, campaign, NATION)
    reference_date = pipeline.reference_date(campaign)
    return NationalTables(
        campaign=campaign,
        reference_date=reference_date,
        thresholds=thresholds_on(reference_date),
        fingerprint=with_content(
            f"{base} {pipeline.fictional}",
            frames | {"contours": outlines(shapes), "published": newest_of_slots(pipeline, campaign)},
        ),
        fictional=pipeline.fictional,
        departements=pipeline.territory.departements[["code", "name", "kind"]],
        tables=frames,
    )


def _shapes(pipeline: Pipeline, campaign: str) -> gpd.GeoDataFrame | None:
    with pipeline.reference("contours", campaign) as path:
        if path is None:
            return None
        return departement_shapes(read_contours(path), pipeline.territory.departement_of)
