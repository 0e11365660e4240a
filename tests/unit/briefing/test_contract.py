"""The sample that these tests build with has the columns that the tables are declared with."""

import pytest

from fs_pipeline.assets.publish import MARTS, STORED
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.sample import tiny_tables


@pytest.mark.parametrize("name", sorted(tiny_tables().tables))
def test_a_table_has_the_columns_of_the_sample(name: str) -> None:
    assert {*tiny_tables().tables[name].columns} <= {*declaration(name).names}


def test_what_a_slot_is_told_from_is_declared() -> None:
    assert all(declaration(name).partition == "slot" for name in (*MARTS, *STORED))
