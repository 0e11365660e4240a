"""The sample that these tests build with has the columns that the warehouse and the SQL models really have."""

import pytest

from fs_pipeline.assets.publish import MARTS, STORED
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.tables import table
from tests.unit.briefing.sample import tiny_tables


@pytest.mark.parametrize("name", MARTS)
def test_a_mart_has_the_columns_of_the_sample(name: str) -> None:
    sampled = set(tiny_tables().frames()[name].columns)
    assert sampled <= set(load_project()[name].table.columns.keys())


@pytest.mark.parametrize("name", STORED)
def test_a_table_has_the_columns_of_the_sample(name: str) -> None:
    sampled = set(tiny_tables().frames()[name].columns)
    assert sampled <= set(table(name).c.keys())
