"""Dagster assets: read, call one pure function, write.

Nothing here thinks.
"""

from __future__ import annotations

import dagster as dg

from fs_pipeline.warehouse.models import Project


def all_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Every asset, in the way of the data: from reference, lists and surveys to publications and open data."""
    from fs_pipeline.assets.access import access_assets
    from fs_pipeline.assets.national import national_assets
    from fs_pipeline.assets.need import need
    from fs_pipeline.assets.open_data import open_data_asset
    from fs_pipeline.assets.publish import publish_assets
    from fs_pipeline.assets.reconciliation import reconciliation_assets
    from fs_pipeline.assets.reference import reference_assets
    from fs_pipeline.assets.sql import sql_assets
    from fs_pipeline.assets.survey import survey_assets
    from fs_pipeline.assets.synthesis import synthesis_assets

    return [
        *reference_assets(),
        need,
        *national_assets(),
        *survey_assets(project, slots),
        *reconciliation_assets(project, slots),
        *access_assets(project, slots),
        *sql_assets(project, slots),
        *publish_assets(project, slots),
        *synthesis_assets(project),
        open_data_asset(slots),
    ]
