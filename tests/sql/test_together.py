"""A slot's rows are its own: the same whether it is made alone or with another département."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import Model, Project, load_project
from tests.sql.small_slot import CAMPAIGN, DEPARTEMENT, make

OTHER, LATER = "64", "2023-06"
TABLES = (
    "national_places", "survey_places", "survey_demarches", "places", "place_members", "place_values", "problems",
    "access_minutes", "deposits",
)  # fmt: skip


@pytest.fixture(scope="module")
def alone_and_together(
    small_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[list[str], list[str]]]]:
    """The rows of both départements by model: each made alone, then both at once."""
    warehouse = Warehouse(f"sqlite:///{shutil.copy(small_file, tmp_path_factory.mktemp('two'))}")
    project = load_project()
    _add_another(warehouse)
    _add_a_later_campaign(warehouse)
    make(warehouse, project)
    make(warehouse, project, OTHER)
    alone = {model.name: _rows(warehouse, model) for model in project}
    make(warehouse, project, DEPARTEMENT, OTHER)
    yield {model.name: (alone[model.name], _rows(warehouse, model)) for model in project}
    warehouse.dispose()


def _rows(warehouse: Warehouse, model: Model) -> list[str]:
    return sorted(map(repr, warehouse.read(model.table).itertuples(index=False, name=None)))


def _add_another(warehouse: Warehouse) -> None:
    """The same place_ids and operators elsewhere, and other figures: whoever takes the one for the other is seen."""
    communes = warehouse.read("communes")
    here = communes[communes["departement"] == DEPARTEMENT]
    there = here.assign(insee=_moved(here["insee"]), departement=OTHER, population=[70, 50, None, 30], vintage="2025")
    warehouse.replace("communes", {}, pd.concat([here, there]))
    for table in TABLES:
        rows = warehouse.read(table)
        rows = rows[(rows["departement"] == DEPARTEMENT)].assign(departement=OTHER, campaign=CAMPAIGN)
        if "insee" in rows:
            rows["insee"] = _moved(rows["insee"])
        if "deposit_id" in rows:
            rows["deposit_id"] = "of " + OTHER + rows["deposit_id"]
        if "minutes" in rows:
            rows["minutes"] *= 2
        if table in {"survey_demarches", "national_places", "problems"}:
            rows = rows.iloc[:-1]
        if table == "places":
            rows["in_survey"], rows["labelled_on"] = True, "2022-12-24"
        if table == "place_values":
            rows["compared"] = "the same"
        warehouse.replace(table, {"campaign": CAMPAIGN, "departement": OTHER}, rows)


def _add_a_later_campaign(warehouse: Warehouse) -> None:
    """The same département at another time, where its places are elsewhere and all is slower."""
    for table in ("campaigns", "campaign_sources"):
        rows = warehouse.read(table)
        warehouse.replace(table, {}, pd.concat([rows, rows[rows["campaign"] == CAMPAIGN].assign(campaign=LATER)]))
    for table in (*TABLES, "demand_points"):
        key = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
        rows = warehouse.read(table, key).assign(campaign=LATER)
        if "minutes" in rows:
            rows["minutes"] += 3
        if "deposit_id" in rows:
            rows["deposit_id"] = "later " + rows["deposit_id"]
        if table == "places":
            rows["latitude"] += 1
        warehouse.replace(table, key | {"campaign": LATER}, rows)


def _moved(insee: pd.Series[str]) -> pd.Series[str]:
    return OTHER + insee.str.removeprefix(DEPARTEMENT)


@pytest.mark.parametrize("name", [model.name for model in load_project() if model.spec.partition == "slot"])
def test_a_departement_made_with_another_is_the_same(
    alone_and_together: dict[str, tuple[list[str], list[str]]], name: str
) -> None:
    alone, together = alone_and_together[name]
    assert together == alone


@pytest.mark.parametrize("name", [model.name for model in load_project() if model.spec.partition == "slot"])
def test_a_departement_is_what_it_is_where_there_is_no_other(
    alone_and_together: dict[str, tuple[list[str], list[str]]], filled: tuple[Warehouse, Project], name: str
) -> None:
    """The other's rows bear the same identifiers: a join that forgets whose they are would take them in."""
    warehouse, project = filled
    mine = f"({CAMPAIGN!r}, {DEPARTEMENT!r}, "
    _, together = alone_and_together[name]
    assert [row for row in together if row.startswith(mine)] == _rows(warehouse, project[name])


def test_the_cockpit_says_of_a_departement_what_it_said_before_another_came(
    alone_and_together: dict[str, tuple[list[str], list[str]]], filled: tuple[Warehouse, Project]
) -> None:
    warehouse, project = filled
    before = [row for row in _rows(warehouse, project["slot_overview"]) if f"'{DEPARTEMENT}'" in row]
    assert len(before) == 1
    _, together = alone_and_together["slot_overview"]
    assert [row for row in together if f"'{DEPARTEMENT}'" in row] == before
