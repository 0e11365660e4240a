"""The small slot, filled once for all the tests that only read it; the others change a copy of theirs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import Project, load_project
from tests.conftest import throw_away_database
from tests.sql.small_slot import fill

Filled = tuple[Warehouse, Project]


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the small slot and all its models."""
    path = tmp_path_factory.mktemp("small") / "warehouse.db"
    opened = Warehouse(f"sqlite:///{path}")
    fill(opened)
    opened.dispose()
    return path


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest) -> Iterator[Filled]:
    """A warehouse with the small slot and all its models, to read and not to change."""
    if request.param == "sqlite":
        opened = Warehouse(f"sqlite:///{request.getfixturevalue('small_file')}")
        yield opened, load_project()
        opened.dispose()
    else:
        with throw_away_database(request.getfixturevalue("postgres_server")) as url:
            opened = Warehouse(url)
            yield opened, fill(opened)
            opened.dispose()


@pytest.fixture
def own(small_file: Path, tmp_path: Path) -> Iterator[Filled]:
    """The same on SQLite alone, to change."""
    opened = Warehouse(f"sqlite:///{shutil.copy(small_file, tmp_path)}")
    yield opened, load_project()
    opened.dispose()
