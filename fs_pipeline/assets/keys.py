"""Which asset stands for which table, so that lineage reads from deposit to brief without naming assets twice."""

import dagster as dg

from fs_pipeline.national.sources import SOURCES
from fs_pipeline.warehouse.models import Model, Project

OPEN_DATA = "open_data"  # the group of what a person alone starts
COMMUNES = dg.AssetKey(["reference", "communes"])
CONTOURS = dg.AssetKey(["reference", "contours"])
ROADS = dg.AssetKey(["reference", "roads"])
NEED = dg.AssetKey(["reference", "need"])
CAMPAIGN = dg.AssetKey(["national", "campaign"])
SURVEY = {
    "survey_places": dg.AssetKey(["survey", "places"]),
    "survey_demarches": dg.AssetKey(["survey", "demarches"]),
    "survey_actors": dg.AssetKey(["survey", "actors"]),
    "survey_rounds": dg.AssetKey(["survey", "rounds"]),
    "survey_meeting": dg.AssetKey(["survey", "meeting"]),
    "problems": dg.AssetKey(["survey", "problems"]),
}
MATCHES = {"link_pairs": dg.AssetKey(["reconciliation", "matches"])}
PLACES = {
    "places": dg.AssetKey(["reconciliation", "places"]),
    "place_members": dg.AssetKey(["reconciliation", "place_members"]),
    "place_values": dg.AssetKey(["reconciliation", "place_values"]),
}
CHANGES = {"place_changes": dg.AssetKey(["reconciliation", "place_changes"])}
MINUTES = {
    "demand_points": dg.AssetKey(["access", "demand_points"]),
    "access_minutes": dg.AssetKey(["access", "minutes"]),
}
OPENINGS = {
    "coverage_by_hour": dg.AssetKey(["access", "coverage_by_hour"]),
    "commune_weeks": dg.AssetKey(["access", "commune_weeks"]),
    "gap_areas": dg.AssetKey(["access", "gap_areas"]),
    "levers": dg.AssetKey(["access", "levers"]),
    "simulator": dg.AssetKey(["access", "simulator"]),
    "access_method": dg.AssetKey(["access", "method"]),
    "access_changes": dg.AssetKey(["access", "changes"]),
}


def national(source: str) -> dg.AssetKey:
    """The asset of one national source."""
    return dg.AssetKey(["national", source])


def _producers() -> dict[str, list[dg.AssetKey]]:
    single = SURVEY | MATCHES | PLACES | CHANGES | MINUTES | OPENINGS | {"communes": COMMUNES, "campaigns": CAMPAIGN}
    return {table: [key] for table, key in single.items()} | {
        "national_places": [national(source) for source in SOURCES],
        "deposits": [SURVEY["survey_places"]],
        "snapshots": [national(source) for source in SOURCES],
    }


def of_model(model: Model) -> dg.AssetKey:
    """The asset of a SQL model."""
    return dg.AssetKey([model.group, model.name])


def upstream_of(model: Model, project: Project) -> list[dg.AssetKey]:
    """The assets whose tables a model reads; reviewed files have none."""
    producers = _producers()
    found = [key for table in model.sources for key in producers.get(table, [])]
    return list(dict.fromkeys([*found, *(of_model(project[ref]) for ref in model.refs)]))
