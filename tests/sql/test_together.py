"""A slot's rows are its own: the same whether it is made alone or with another département."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import Model, load_project
from tests.sql.full_slot import fill_up
from tests.sql.small_slot import CAMPAIGN, DEPARTEMENT, make

OTHER, LATER = "64", "2023-06"
TABLES = (
    "national_places", "survey_places", "survey_demarches", "places", "place_members", "place_values", "problems",
    "access_minutes", "deposits", "demand_points", "link_pairs", "levers", "slot_status",
)  # fmt: skip
# What another slot says of the same rows, by column: a name in its own words, a point elsewhere, a pair decided otherwise.
OTHERWISE: Mapping[str, Callable[[pd.Series], pd.Series]] = {
    "name": lambda said: "autre " + said,
    "labelled_on": lambda said: said.where(said.isna(), "2022-12-24"),
    "kind": lambda said: said.map({"fixed": "itinerant", "itinerant": "fixed"}),
    "latitude": lambda said: said + 1,
    "minutes": lambda said: said * 2,
    "decision": lambda said: said.replace({"related": "review", "review": "related"}),
    "opening_hours": lambda said: said.isna().map({True: "off", False: None}),
    "compared": lambda said: said.where(said.isna(), "the same"),
    "in_survey": lambda said: ~said.astype(bool),
    "level": lambda said: said.map({"orientation": "none", "accompaniment": "orientation", "none": "accompaniment"}),
    "general_help": lambda said: said.isna().map({True: "yes", False: None}),
    "state": lambda said: said.replace({"failed": "good"}),
    "severity": lambda said: said.replace({"error": "warning", "warning": "error"}),
    "population": lambda said: said / 10,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A model's rows where there is one département, where there is another besides, and where both are made at once."""

    only: list[str]
    alone: list[str]
    together: list[str]


@pytest.fixture(scope="module")
def made(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Made]]:
    """The rows of every model, by its name."""
    warehouse = Warehouse(f"sqlite:///{shutil.copy(small_file, tmp_path_factory.mktemp('two'))}")
    project = load_project()
    fill_up(warehouse)
    make(warehouse, project)
    only = {model.name: _rows(warehouse, model) for model in project}
    _add_another(warehouse)
    _add_a_later_campaign(warehouse)
    make(warehouse, project)
    make(warehouse, project, OTHER)
    alone = {model.name: _rows(warehouse, model) for model in project}
    make(warehouse, project, DEPARTEMENT, OTHER)
    yield {model.name: Made(only[model.name], alone[model.name], _rows(warehouse, model)) for model in project}
    warehouse.dispose()


def _rows(warehouse: Warehouse, model: Model) -> list[str]:
    return sorted(map(repr, warehouse.read(model.table).itertuples(index=False, name=None)))


def _add_another(warehouse: Warehouse) -> None:
    """The same identifiers elsewhere, and other figures: whoever takes the one for the other is seen."""
    communes = warehouse.read("communes")
    here = communes[communes["departement"] == DEPARTEMENT]
    there = here.assign(insee=_moved(here["insee"]), departement=OTHER, population=[70, 50, None, 30], vintage="2025")
    warehouse.replace("communes", {}, pd.concat([here, there]))
    for table in TABLES:
        rows = warehouse.read(table)
        rows = _otherwise(rows[rows["departement"] == DEPARTEMENT].assign(departement=OTHER, campaign=CAMPAIGN))
        if "insee" in rows:
            rows["insee"] = _moved(rows["insee"])
        if "point_id" in rows:
            rows["point_id"] = _moved(rows["point_id"])
        warehouse.replace(table, {"campaign": CAMPAIGN, "departement": OTHER}, rows)


def _add_a_later_campaign(warehouse: Warehouse) -> None:
    """The same département at another time, where its places are elsewhere and all is slower."""
    for table in ("campaigns", "campaign_sources"):
        rows = warehouse.read(table)
        later = rows[rows["campaign"] == CAMPAIGN].assign(campaign=LATER)
        if "as_of" in later:
            later["as_of"] = "2023-05-02"
        warehouse.replace(table, {}, pd.concat([rows, later]))
    for table in TABLES:
        key = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
        rows = _otherwise(warehouse.read(table, key).assign(campaign=LATER))
        warehouse.replace(table, key | {"campaign": LATER}, rows)


def _otherwise(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of another slot: the same identifiers, and nothing else that one could take for this slot's."""
    rows = rows.copy()
    if "deposit_id" in rows:
        rows["deposit_id"] = rows["campaign"] + rows["departement"] + rows["deposit_id"]
    for column, other in OTHERWISE.items():
        if column in rows:
            rows[column] = other(rows[column])
    return rows


def _moved(insee: pd.Series[str]) -> pd.Series[str]:
    return OTHER + insee.str.removeprefix(DEPARTEMENT)


@pytest.mark.parametrize("name", [model.name for model in load_project() if model.spec.partition == "slot"])
def test_a_departement_made_with_another_is_the_same(made: dict[str, Made], name: str) -> None:
    assert made[name].together == made[name].alone


@pytest.mark.parametrize("name", [model.name for model in load_project() if model.spec.partition == "slot"])
def test_a_departement_is_what_it_is_where_there_is_no_other(made: dict[str, Made], name: str) -> None:
    """The other's rows bear the same identifiers: a join that forgets whose they are would take them in."""
    mine = f"({CAMPAIGN!r}, {DEPARTEMENT!r}, "
    assert [row for row in made[name].together if row.startswith(mine)] == made[name].only


def test_the_cockpit_says_of_a_departement_what_it_said_before_another_came(made: dict[str, Made]) -> None:
    mine = f"({CAMPAIGN!r}, {DEPARTEMENT!r}, "
    cockpit = made["slot_overview"]
    before = [row for row in cockpit.only if row.startswith(mine)]
    assert len(before) == 1
    assert [row for row in cockpit.together if row.startswith(mine)] == before


def test_a_campaign_says_of_the_nation_what_it_said_before_another_came(made: dict[str, Made]) -> None:
    """What the list announced and what each operator owes depends on no other campaign; shares gain a département."""
    mine = f"({CAMPAIGN!r}, "
    told = made["national_indicators"]
    kept = [row for row in told.only if row.startswith(mine) and "bundle_operators" in row]
    assert kept
    assert set(kept) <= set(told.together)
