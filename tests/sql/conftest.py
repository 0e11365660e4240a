"""The small slot, filled once on each database for all the tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import Project
from tests.conftest import throw_away_database
from tests.sql.small_slot import fill

Filled = tuple[Warehouse, Project]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A warehouse with the small slot and all its models, to read and not to change."""
    if request.param == "sqlite":
        yield from _filled(f"sqlite:///{tmp_path_factory.mktemp('small') / 'warehouse.db'}")
    else:
        with throw_away_database(request.getfixturevalue("postgres_server")) as url:
            yield from _filled(url)


def _filled(url: str) -> Iterator[Filled]:
    opened = Warehouse(url)
    yield opened, fill(opened)
    opened.dispose()
