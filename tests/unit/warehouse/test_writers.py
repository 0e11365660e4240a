"""Several processes over one database: one writes a slot at a time, and whoever opens an empty one finds it whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from fs_pipeline.data import read_csv
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.locks import Lock, hold, slot_locks
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.prepare import prepare
from tests.unit.warehouse.writers import PLACES, SLOT, at_once, open_warehouses, write_slot

PROCESSES = 4


@pytest.fixture
def new_database(warehouse_url: str, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes an empty database each time it is called."""
    if warehouse_url.startswith("sqlite"):
        yield lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        return
    made: list[str] = []
    server = create_engine(warehouse_url, isolation_level="AUTOCOMMIT")

    def make() -> str:
        made.append(f"fs_test_{uuid.uuid4().hex[:12]}")
        with server.connect() as connection:
            connection.execute(text(f"create database {made[-1]}"))
        return f"{warehouse_url.rpartition('/')[0]}/{made[-1]}"

    yield make
    with server.connect() as connection:
        for name in made:
            connection.execute(text(f"drop database {name} with (force)"))
    server.dispose()


def start_together(new_database: Callable[[], str], databases: int) -> None:
    urls = [new_database() for _ in range(databases)]
    assert at_once(open_warehouses, [(urls,)] * PROCESSES, seconds=600) == []
    for url in urls:
        warehouse = Warehouse(url)
        with warehouse.engine.connect() as connection:
            for name, csv_name in load_project().seeds.items():
                assert connection.execute(text(f"select count(*) from {name}")).scalar() == len(read_csv(csv_name))
        warehouse.dispose()


def write_together(url: str, rounds: int) -> None:
    warehouse = Warehouse(url)
    prepare(warehouse, load_project())
    arguments = [(url, writer, rounds) for writer in range(1, PROCESSES + 1)]
    assert at_once(write_slot, arguments, seconds=600) == []
    staged = load_project()["stg_survey_places"].table
    with warehouse.engine.connect() as connection:
        assert len(connection.execute(select(staged)).all()) == PLACES
    survey = warehouse.read("survey_places", SLOT)
    assert (len(survey), survey["survey_place_id"].nunique(), survey["name"].nunique()) == (PLACES, PLACES, 1)
    assert len(warehouse.read("campaigns")) == 1
    warehouse.dispose()


def test_four_processes_that_open_an_empty_database_at_once_all_find_it_whole(new_database) -> None:
    start_together(new_database, databases=2)


def test_four_processes_that_write_one_slot_leave_one_writer_s_rows_and_no_row_twice(warehouse_url: str) -> None:
    write_together(warehouse_url, rounds=4)


@pytest.mark.soak
def test_four_processes_that_open_fifty_empty_databases(new_database) -> None:
    start_together(new_database, databases=50)


@pytest.mark.soak
def test_four_processes_that_write_one_slot_fifty_times(warehouse_url: str) -> None:
    write_together(warehouse_url, rounds=50)


def test_a_slot_that_is_written_makes_no_other_slot_wait(postgres_url: str) -> None:
    warehouse = Warehouse(postgres_url)
    with warehouse.writing(*slot_locks(["2022-12"], ["33"])):
        warehouse.replace("survey_places", SLOT | {"departement": "64"}, warehouse.read("survey_places"))
    warehouse.dispose()


def test_locks_are_taken_in_one_order_whoever_asks(postgres_url: str) -> None:
    warehouse = Warehouse(postgres_url)
    with warehouse.writing() as connection:
        hold(connection, [Lock("b"), Lock("a"), Lock("table", shared=True), Lock("a")])
        own = "locktype = 'advisory' and pid = pg_backend_pid()"  # the server has other databases, with locks of theirs
        held = connection.execute(text(f"select mode from pg_locks where {own} order by mode"))
        assert [row[0] for row in held] == ["ExclusiveLock", "ExclusiveLock", "ShareLock"]
    warehouse.dispose()
