"""A database server that was restarted is noticed by nobody: the next query goes to the new one."""

from __future__ import annotations

from fs_pipeline.warehouse.engine import Warehouse
from tests.own_postgres import own_cluster


def test_the_next_query_after_a_restart_is_answered() -> None:
    with own_cluster() as cluster:
        warehouse = Warehouse(f"postgresql+psycopg{cluster.database('fs')}")
        assert warehouse.read("communes").empty
        cluster.kill()
        cluster.start()
        assert warehouse.read("communes").empty
        warehouse.dispose()
