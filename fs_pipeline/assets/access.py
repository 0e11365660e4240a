"""Minutes from where people live in a slot to its places, neighbours' included, and what is drawn from them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.minutes import MINUTE_COLUMNS, minutes_to_nearest
from fs_pipeline.access.own_places import with_declared, with_reasons
from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT
from fs_pipeline.access.spread import with_reach
from fs_pipeline.assets import keys
from fs_pipeline.assets.inputs import inputs_around
from fs_pipeline.assets.need import halls_of, squares_of
from fs_pipeline.assets.outcomes import slots_of
from fs_pipeline.assets.slots import Tables, carry, table_specs
from fs_pipeline.assets.traces import unquoted
from fs_pipeline.assets.wholeness import communes_of, require, require_minutes
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.coverage.offer import disputed, services_of, with_buses
from fs_pipeline.coverage.shares import share_changes
from fs_pipeline.coverage.slot_inputs import SlotInputs
from fs_pipeline.coverage.slot_tables import slot_tables
from fs_pipeline.coverage.thresholds import Thresholds, thresholds_on
from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.national.need import NEED_SOURCES
from fs_pipeline.partitions import IN_CHUNKS, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.roads.graph import RoadGraph
from fs_pipeline.warehouse.engine import Warehouse, empty_frame
from fs_pipeline.warehouse.models import Project
from fs_pipeline.warehouse.turns import Turn, note_around


def access_assets(project: Project, slots: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The assets of ``access_minutes``, and of what is drawn from it."""
    services = keys.of_model(project["int_place_services"])
    of_communes = keys.of_model(project["int_commune_minutes"])

    @dg.multi_asset(
        name="access_minutes",
        specs=table_specs(keys.MINUTES, [services, keys.COMMUNES, keys.ROADS, keys.NEED], slots),
        check_specs=specs_for(keys.MINUTES, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def access_minutes(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        around = {
            campaign: inputs_around(pipeline, campaign, [slot.departement for slot in inside])
            for campaign, inside in slots_of(context).items()
        }

        def also(connection: Connection, written: Sequence[Slot], turns: Mapping[Slot, Turn]) -> None:
            for slot in written:
                read = {slot.departement: around[slot.campaign][slot.departement]}
                note_around(connection, slot.campaign, read, {slot.departement: turns[slot]})

        yield from carry(
            context, pipeline, lambda slot: minutes_of_slot(pipeline, slot), writes=keys.MINUTES, also=also
        )

    read = [*keys.PLACES.values(), keys.SURVEY["survey_rounds"], keys.SURVEY["survey_demarches"]]

    @dg.multi_asset(
        name="access_openings",
        specs=table_specs(
            keys.OPENINGS, [*keys.MINUTES.values(), of_communes, services, *read, keys.NEED, keys.CAMPAIGN], slots
        ),
        check_specs=specs_for(keys.OPENINGS, project, slots),
        partitions_def=slots,
        backfill_policy=IN_CHUNKS,
    )
    @unquoted
    def access_openings(
        context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        yield from carry(context, pipeline, lambda slot: openings_of_slot(pipeline, slot), writes=keys.OPENINGS)

    return [access_minutes, access_openings]


_POINT = ["longitude", "latitude"]
_HOURS = ["opening_hours", "week_parity"]
_DECLARED_ALONE = {"in_survey": True, "in_france_services": False, "service_type": FRANCE_SERVICES.kind}


def minutes_of_slot(pipeline: Pipeline, slot: Slot) -> Tables:
    """``demand_points`` and ``access_minutes`` of one slot.

    Raises
    ------
    SlotRefused
        When the communes are not whole, the roads, squares or town halls are not those that the campaign took, or no minutes
        come of them.
    """
    communes = communes_of(pipeline, slot)
    for source in ("roads", "population_squares", "town_halls"):
        require(pipeline, slot.campaign, source)
    squares, halls = squares_of(pipeline, slot.departement), halls_of(pipeline, slot.departement)
    points = with_reach(demand_points(communes, squares, halls=halls))
    demand = points.rename(columns={"point_id": "id"})
    services = (
        services_around(pipeline, slot).rename(columns={"place_id": "id"}).dropna(subset=["longitude", "latitude"])
    )
    minutes = minutes_to_nearest(services, demand, roads=roads_around(pipeline, slot.campaign, communes))
    own = {"campaign": slot.campaign, "departement": slot.departement}
    require_minutes(minutes, services, pipeline.warehouse.read("places", own, ["kind", "latitude", "longitude"]))
    near_min = thresholds_on(pipeline.reference_date(slot.campaign)).near
    told = with_reasons(minutes.rename(columns={"demand_id": "point_id"}), services, points, near_min)
    elsewhere = points[~points["insee"].isin(services["insee"])]
    told = with_declared(
        told, declared_alone(pipeline.warehouse, own), elsewhere, pipeline.territory.commune_names, near_min
    )
    wanted = [
        "point_id",
        *(name for name in MINUTE_COLUMNS if name not in {"demand_id", "snapped_m", "road_class", "reached"}),
    ]
    return {"demand_points": points, "access_minutes": told[wanted].merge(points[["point_id", "insee"]], on="point_id")}


def openings_of_slot(pipeline: Pipeline, slot: Slot) -> Tables:
    """Hours, gaps, levers, method card and changes of one slot.

    Raises
    ------
    SlotRefused
        When a source of need is not the one that the campaign took.
    """
    for source in NEED_SOURCES:
        require(pipeline, slot.campaign, source)
    key = {"campaign": slot.campaign, "departement": around(pipeline, slot)}
    own = {"campaign": slot.campaign, "departement": slot.departement}
    communes = pipeline.warehouse.read("communes", {"departement": slot.departement})
    need = pipeline.warehouse.read("commune_need", {"insee": list(communes["insee"])})
    reference_date = pipeline.reference_date(slot.campaign)
    catalogue = demarches(reference_date)
    thresholds = thresholds_on(reference_date)
    members = pipeline.warehouse.read("place_members", key | {"source": "survey"}, ["place_id", "source_id"])
    stated = pipeline.warehouse.read("survey_demarches", key)
    points, minutes = (pipeline.warehouse.read(table, own) for table in keys.MINUTES)
    tables = slot_tables(
        SlotInputs(
            communes=communes.merge(need, on="insee", how="left"),
            points=points,
            minutes=minutes,
            commune_minutes=pipeline.warehouse.read(pipeline.project["int_commune_minutes"].table, own),
            services=with_buses(services_around(pipeline, slot), *buses_around(pipeline, slot), slot.departement),
            rounds=pipeline.warehouse.read("survey_rounds", key),
            statements=stated.merge(members, left_on="survey_place_id", right_on="source_id"),
            operators=dict(zip(catalogue["demarche_id"], catalogue["operator"], strict=True)),
            reference_date=dt.date.fromisoformat(reference_date),
            thresholds=thresholds,
            roads=roads_around(pipeline, slot.campaign, communes),
            disputed=disputed(pipeline.warehouse.read("place_values", {**own, "field": "opening_hours"})),
            declared=declared_alone(pipeline.warehouse, own),
        )
    )
    return tables | {"access_changes": changes_of_slot(pipeline, slot, minutes, points, thresholds)}


def changes_of_slot(
    pipeline: Pipeline, slot: Slot, minutes: pd.DataFrame, points: pd.DataFrame, thresholds: Thresholds
) -> pd.DataFrame:
    """``access_changes`` of one slot; without rows when no campaign before it has minutes."""
    campaigns = pipeline.warehouse.read("campaigns", columns=["campaign"])["campaign"]
    for earlier in sorted((key for key in campaigns if key < slot.campaign), reverse=True):
        key = {"campaign": earlier, "departement": slot.departement}
        before = pipeline.warehouse.read("access_minutes", key)
        if len(before):
            return share_changes(before, minutes, points, thresholds).assign(previous_campaign=earlier)
    return empty_frame("access_changes")


def buses_around(pipeline: Pipeline, slot: Slot) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The buses of the slot and around it, and what surveys confirm of démarches there."""
    key = {"campaign": slot.campaign, "departement": around(pipeline, slot)}
    buses = pipeline.warehouse.read("places", key | {"kind": "itinerant"})
    return buses, pipeline.warehouse.read(
        pipeline.project["int_place_demarches"].table, key | {"evidence": "confirmed"}
    )


def around(pipeline: Pipeline, slot: Slot) -> list[str]:
    """The département and those that touch it, so that a border cuts nothing."""
    return [slot.departement, *pipeline.territory.neighbours(slot.departement)]


def roads_around(pipeline: Pipeline, campaign: str, communes: pd.DataFrame) -> RoadGraph | None:
    """The part of a campaign's road network around `communes`, or None where it took none."""
    roads, points = pipeline.roads(campaign), communes.dropna(subset=["longitude", "latitude"])
    if roads is None:
        return None
    box = roads.box_around(points["longitude"].to_numpy(), points["latitude"].to_numpy())
    if box is None:
        return roads
    clipped = pipeline.roads_inside(roads, box)
    return clipped if clipped.nodes else roads


def declared_alone(warehouse: Warehouse, slot: Mapping[str, str]) -> pd.DataFrame:
    """place_id, kind, insee, point and hours of the fixed France services that a survey names and the national list lacks.

    `slot` holds its campaign and departement.
    """
    declared = warehouse.read("places", {**slot, **_DECLARED_ALONE}, ["place_id", "kind", "insee", *_POINT, *_HOURS])
    return declared[declared["kind"] != ITINERANT.kind].dropna(subset=_POINT)


def services_around(pipeline: Pipeline, slot: Slot) -> pd.DataFrame:
    """``services_of`` a slot; a neighbour that has never been materialised is stood in for by the national list."""
    warehouse, codes = pipeline.warehouse, around(pipeline, slot)
    key = {"campaign": slot.campaign, "departement": codes}
    known = warehouse.read(pipeline.project["int_place_services"].table, key)
    places = warehouse.read("places", key, ["place_id", "name", "opening_hours", "week_parity", "kind", "in_survey"])
    missing = sorted(set(codes) - set(known["departement"]))
    listed = warehouse.read(
        "national_places", {"campaign": slot.campaign, "departement": missing, "source": "france_services"}
    )
    return services_of(known, places, listed, slot.departement)
