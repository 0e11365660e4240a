"""Minutes from each commune of a slot to the nearest place of each service, neighbours' places included."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.assets import keys
from fs_pipeline.assets.slots import Tables, carry
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.models import Project


def access_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The asset of ``access_minutes``."""
    (key,) = keys.MINUTES.values()

    @dg.multi_asset(
        name="access_minutes",
        specs=[
            dg.AssetSpec(
                key,
                deps=[keys.of_model(project["int_place_services"]), keys.COMMUNES],
                description="One row a commune and set of places: minutes to the nearest one.",
                group_name="access",
                owners=["team:data"],
                kinds={"python"},
                skippable=True,
                partitions_def=slots,
                metadata={"dagster/table_name": "access_minutes"},
            )
        ],
        check_specs=specs_for(keys.MINUTES, project, slots),
        partitions_def=slots,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def access_minutes(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        yield from carry(context, pipeline, lambda slot: minutes_of_slot(pipeline, slot), writes=keys.MINUTES)

    return [access_minutes]


def minutes_of_slot(pipeline: Pipeline, slot: Slot) -> Tables:
    """``access_minutes`` of one slot."""
    communes = pipeline.warehouse.read("communes", {"departement": slot.departement})
    demand = communes.rename(columns={"insee": "id"}).assign(insee=communes["insee"])
    around = [slot.departement, *pipeline.territory.neighbours(slot.departement)]
    places = places_around(pipeline, slot.campaign, around)
    # The label's own service is always answered for, also where no place has it: its rows are the marts' base.
    services = sorted({*places["service"], "label:france_services"})
    minutes = minutes_to_nearest(places, demand, roads=pipeline.roads, services=services)
    wanted = ["service", "minutes", "minutes_low", "minutes_high", "place_id", "method", "reason"]
    return {"access_minutes": minutes.rename(columns={"demand_id": "insee"})[["insee", *wanted]]}


def places_around(pipeline: Pipeline, campaign: str, departements: list[str]) -> pd.DataFrame:
    """Places a service, of the slot and of the départements that touch it, so that a border cuts nothing.

    A neighbour that has never been materialised is stood in for by the national list.
    """
    key = {"campaign": campaign, "departement": departements}
    model = pipeline.project["int_place_services"].table
    known = pipeline.warehouse.read(model, key)
    missing = sorted(set(departements) - set(known["departement"]))
    listed = pipeline.warehouse.read(
        "national_places", {"campaign": campaign, "departement": missing, "source": "france_services"}
    )
    fixed = listed[listed["kind"] != "itinerant"].assign(service="label:france_services")
    buses = listed.assign(service="label:itinerant")
    stand_in = pd.concat([fixed, buses], ignore_index=True).rename(columns={"source_id": "id"})
    places = known.rename(columns={"place_id": "id"})
    columns = ["id", "service", "longitude", "latitude", "insee"]
    gathered = pd.concat([places[columns], stand_in[columns]], ignore_index=True)
    return gathered.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)
