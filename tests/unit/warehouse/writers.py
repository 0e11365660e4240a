"""Writers in processes of their own, as on two machines over one database; nothing but what a test hands them is shared."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

import pandas as pd

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.prepare import prepare
from tests.rows import filled

SLOT = {"campaign": "2022-12", "departement": "33"}
PLACES = 500


def at_once(work: Callable[..., None], arguments: Sequence[tuple[Any, ...]], seconds: float = 120) -> list[str]:
    """Run `work(barrier, *arguments)` in one process each; the traces of those that failed."""
    context = multiprocessing.get_context("forkserver")  # imports once, whatever the number of processes
    context.set_forkserver_preload([work.__module__])
    barrier, said = context.Barrier(len(arguments)), context.Queue()
    processes = [context.Process(target=_report, args=(said, work, barrier, own)) for own in arguments]
    for process in processes:
        process.start()
    traces = [said.get(timeout=seconds) for _ in processes]
    for process in processes:
        process.join()
    return [trace for trace in traces if trace]


def _report(said: Any, work: Callable[..., None], barrier: Barrier, arguments: tuple[Any, ...]) -> None:
    try:
        work(barrier, *arguments)
    except BaseException:
        barrier.abort()
        said.put(traceback.format_exc())
    else:
        said.put("")


def open_warehouses(barrier: Barrier, urls: Sequence[str]) -> None:
    """Open each database the moment the others do."""
    project = load_project()
    for url in urls:
        barrier.wait()
        warehouse = Warehouse(url)
        prepare(warehouse, project)
        warehouse.dispose()


def write_slot(barrier: Barrier, url: str, writer: int, rounds: int) -> None:
    """Replace one slot's rows again and again the moment the others do: by frame, by key and by model."""
    warehouse = Warehouse(url)
    project = load_project()
    for number in range(rounds):
        name = f"writer {writer} round {number}"
        barrier.wait()
        warehouse.replace("survey_places", SLOT, places_named(name))
        warehouse.upsert(
            "campaigns",
            pd.DataFrame([{"campaign": "2022-12", "reference_date": f"2022-12-{writer:02d}", "deadline": None}]),
        )
        materialise(warehouse, project, "stg_survey_places", SLOT["campaign"], [SLOT["departement"]])
    warehouse.dispose()


def places_named(name: str) -> pd.DataFrame:
    """A survey of `PLACES` places that all say who wrote them."""
    said = {"survey_place_id": [f"d:Lieux:{row}" for row in range(PLACES)], "deposit_id": "d", "name": name}
    return filled("survey_places", pd.DataFrame(said))


def upgrade_warehouse(barrier: Barrier, url: str) -> None:
    """Bring a database up to date the moment the others do."""
    project = load_project()
    barrier.wait()
    warehouse = Warehouse(url, may_upgrade=True)
    prepare(warehouse, project)
    warehouse.dispose()
