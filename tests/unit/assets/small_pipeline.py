"""Stages in the shape of the real ones, over any database: what the folder says, then its places, then their minutes.

What a test decides is when each stage is done, in this process or in another one.
"""

from collections.abc import Callable
from types import SimpleNamespace

import dagster as dg
import pandas as pd

from fs_pipeline.assets import keys
from fs_pipeline.assets.outcomes import open_turns
from fs_pipeline.assets.slots import carry
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.partitions import Slot, slot_partitions
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore
from tests.rows import filled

CAMPAIGN, LATER = "2022-12", "2023-12"
DEPARTEMENTS = ["01", "02", "33"]
SLOTS = slot_partitions(DEPARTEMENTS)
PROJECT = SimpleNamespace(models={})
ROWS = 50  # a slot and stage
SURVEY = {"survey_places": keys.SURVEY["survey_places"]}
PLACES = {"places": keys.PLACES["places"]}
LISTS = {"access_method": keys.OPENINGS["access_method"]}  # stands for what no survey has a part in
STAGES = ("survey", "places", "minutes")


class SmallPipeline:
    """The stages over one database and one folder of deposits.

    `meanwhile` is called by each stage with its name and slot, once the stage has read what it works on.
    """

    def __init__(self, settings: Settings, meanwhile: Callable[[str, Slot], None] = lambda stage, slot: None) -> None:
        self.warehouse = Warehouse(settings.database_url)
        self.pipeline = SimpleNamespace(warehouse=self.warehouse, project=PROJECT, settings=settings)
        self.deposits = FileStore(settings.deposits_url)
        self.meanwhile = meanwhile
        self.instance = dg.DagsterInstance.ephemeral()
        self.instance.add_dynamic_partitions("campaign", [CAMPAIGN, LATER])
        assets = [
            self._asset("survey", SURVEY, [], self._survey, opens=True),
            self._asset("lists", LISTS, [], lambda slot: {"access_method": pd.DataFrame()}),
            self._asset("places", PLACES, list(SURVEY.values()), self._places),
            self._asset("minutes", keys.MINUTES, [*PLACES.values(), *LISTS.values()], self._minutes),
        ]
        self.definitions = dg.Definitions(
            assets=assets, jobs=[dg.define_asset_job("slots", executor_def=dg.in_process_executor)]
        )

    def _asset(self, name, writes, deps, work, *, opens=False):  # type: ignore[no-untyped-def]
        @dg.multi_asset(
            name=name,
            specs=[dg.AssetSpec(key, deps=deps, partitions_def=SLOTS, skippable=True) for key in writes.values()],
            check_specs=specs_for(writes, PROJECT, SLOTS),
            partitions_def=SLOTS,
            backfill_policy=dg.BackfillPolicy.single_run(),
        )
        def asset(context: dg.AssetExecutionContext):  # type: ignore[no-untyped-def]
            turns = open_turns(context, self.warehouse) if opens else None
            yield from carry(
                context,
                self.pipeline,
                lambda slot: {table: filled(table, frame) for table, frame in work(slot).items()},
                writes=writes,
                turns=turns,
            )

        return asset

    def drop(self, departement: str, said: str, campaign: str = CAMPAIGN) -> None:
        """Hand in a survey that says `said`."""
        self.deposits.write(f"{campaign}/{departement}/enquete.txt", said.encode())

    def _survey(self, slot: Slot) -> dict[str, pd.DataFrame]:
        said = self.deposits.read(f"{slot.campaign}/{slot.departement}/enquete.txt").decode()
        self.meanwhile("survey", slot)
        rows = {
            "survey_place_id": [f"{slot.departement}-{row:02d}" for row in range(ROWS)],
            "deposit_id": said,
            "name": said,
            "insee": f"{slot.departement}001",
            "phone": None,
            "latitude": 500.0 if said == "lost" else 45.0,
        }
        return {"survey_places": pd.DataFrame(rows)}

    def _places(self, slot: Slot) -> dict[str, pd.DataFrame]:
        survey = self.warehouse.read("survey_places", {"campaign": slot.campaign, "departement": slot.departement})
        self.meanwhile("places", slot)
        places = survey[["name", "insee"]].assign(place_id=survey["survey_place_id"], kind="fixed")
        return {"places": places.assign(in_survey=True, in_france_services=False)}

    def _minutes(self, slot: Slot) -> dict[str, pd.DataFrame]:
        places = self.warehouse.read("places", {"campaign": slot.campaign, "departement": slot.departement})
        self.meanwhile("minutes", slot)
        own = places["place_id"]
        minutes = places[["place_id"]].assign(
            point_id=own, insee=own, service=places["name"], demarche_id="", minutes=3.0, method="road"
        )
        points = pd.DataFrame({"point_id": own, "insee": own, "origin": "town_hall"})
        return {"demand_points": filled("demand_points", points), "access_minutes": filled("access_minutes", minutes)}

    def run(self, *departements: str, steps: list[str] | None = None) -> dg.ExecuteInProcessResult:
        """One run of these neighbours in the list; of some steps alone where `steps` names them."""
        return self.run_range(Slot(CAMPAIGN, departements[0]), Slot(CAMPAIGN, departements[-1]), steps)

    def run_range(self, first: Slot, last: Slot, steps: list[str] | None = None) -> dg.ExecuteInProcessResult:
        """One run from a slot to another, campaign after campaign."""
        job = self.definitions.resolve_job_def("slots")
        ranged = {"dagster/asset_partition_range_start": first.key, "dagster/asset_partition_range_end": last.key}
        return job.execute_in_process(
            instance=self.instance,
            op_selection=steps,
            raise_on_error=False,
            **({"partition_key": first.key} if first == last else {"tags": ranged}),
        )

    def said(self, departement: str, campaign: str = CAMPAIGN) -> dict[str, tuple[int, set[str]]]:
        """Of each table: how many rows the slot has, and which survey they come from."""
        key = {"campaign": campaign, "departement": departement}
        columns = {"survey_places": "name", "places": "name", "access_minutes": "service"}
        frames = {table: self.warehouse.read(table, key)[column] for table, column in columns.items()}
        return {table: (len(values), set(values)) for table, values in frames.items()}

    def states(self, departement: str, campaign: str = CAMPAIGN) -> dict[str, str]:
        """State of each stage."""
        status = self.warehouse.read("slot_status", {"campaign": campaign, "departement": departement})
        return dict(zip(status["stage"], status["state"], strict=True))


def of(said: str) -> dict[str, tuple[int, set[str]]]:
    """What `SmallPipeline.said` gives of a slot that bears one survey and no row twice."""
    return dict.fromkeys(("survey_places", "places", "access_minutes"), (ROWS, {said}))
