"""The territory, read once, and a slot settled as the assets settle it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from fs_pipeline.linkage.places import settle_places
from fs_pipeline.linkage.reconcile import match_records, worth_linking
from fs_pipeline.linkage.records import gather_records
from fs_pipeline.linkage.registry import Identified
from fs_pipeline.linkage.rulings import apply_rulings
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.engine import empty_frame
from fs_pipeline.warehouse.frames import table_frame

Settled = tuple[Mapping[str, pd.DataFrame], Identified]


@pytest.fixture(scope="session")
def territory() -> Territory:
    return load_territory()


class Department:
    """Gironde over its campaigns: what the registry, the aliases and the earlier places are."""

    def __init__(self, territory: Territory) -> None:
        self.territory = territory
        self.registry = table_frame("registry", [])
        self.births = table_frame("place_births", [])
        self.aliases = table_frame("place_aliases", [])
        self.rulings = empty_frame("rulings")
        self.places = pd.DataFrame({"place_id": []})
        self.pairs = pd.DataFrame()

    def settle(
        self, survey: pd.DataFrame, national: pd.DataFrame, campaign: str = "2022-12"
    ) -> Mapping[str, pd.DataFrame]:
        records = worth_linking(gather_records(survey, national, f"{campaign}-01"))
        pairs = match_records(records, self.territory)
        self.pairs = apply_rulings(pairs, self.rulings, records, self.territory)
        tables, identified = settle_places(
            records,
            self.pairs,
            self.registry,
            self.births,
            self.aliases,
            lambda ids: self.places[self.places["place_id"].isin(ids)].reset_index(drop=True),
            campaign=campaign,
            departement="33",
            territory=self.territory,
        )
        self.registry, self.births = identified.registry, identified.births
        self.aliases = pd.concat([self.aliases, identified.aliases], ignore_index=True)
        self.places = tables["places"].reset_index(drop=True)
        return tables


@pytest.fixture
def department(territory: Territory) -> Callable[[], Department]:
    return lambda: Department(territory)
