"""What stands elsewhere of a slot's key figures, read without waiting for anybody: ``brief_comparisons``."""

import pandas as pd

from fs_pipeline.coverage.beside import READ, Earlier, beside, compared_keys
from fs_pipeline.coverage.thresholds import thresholds_on
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.fingerprint import content_digest


def comparisons_of(pipeline: Pipeline, slot: Slot, changes: pd.DataFrame) -> pd.DataFrame:
    """``brief_comparisons`` of one slot, beside the départements that stand now.

    Which figures stood then is kept with the slot's turn, and the dossier is published again once they are others: with
    the synthesis of each night, or by whoever runs the département.
    """
    departements = pipeline.territory.departements
    return beside(
        _figures(pipeline, campaign=slot.campaign),
        campaign=slot.campaign,
        departement=slot.departement,
        departements=departements[departements["kind"] == "departement"],
        thresholds=thresholds_on(pipeline.reference_date(slot.campaign)),
        earlier=_earlier(pipeline, slot),
        changes=changes,
    )


def figures_beside(pipeline: Pipeline, campaign: str) -> str:
    """A digest of all figures of a campaign that may stand beside those of another département, as they are now."""
    return content_digest(_figures(pipeline, campaign=campaign))


def _earlier(pipeline: Pipeline, slot: Slot) -> Earlier | None:
    campaigns = pipeline.warehouse.read("campaigns", columns=["campaign"])["campaign"]
    for campaign in sorted((key for key in campaigns if key < slot.campaign), reverse=True):
        figures = _figures(pipeline, campaign=campaign, departement=slot.departement)
        if len(figures):
            return Earlier(campaign, figures)
    return None


def _figures(pipeline: Pipeline, **slot: str) -> pd.DataFrame:
    return pipeline.warehouse.read(pipeline.project["indicators"].table, {**slot, "key": compared_keys()}, READ)
