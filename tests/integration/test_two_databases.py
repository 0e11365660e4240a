"""The rehearsal computed on SQLite and on PostgreSQL publishes the same bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import Rehearsal, generate
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.integration.published import different, published


def run_of(rehearsal: Rehearsal, settings: Settings) -> dict[str, str]:
    """What the rehearsal and its nation publish."""
    pipeline = Pipeline(settings, load_territory=lambda: rehearsal.territory, fictional=True)
    for survey in rehearsal.deposits:
        deposit(pipeline, Slot(rehearsal.campaign, rehearsal.departement), survey)
    report = materialise(pipeline, rehearsal.campaign, [rehearsal.departement])
    assert report.succeeded, (report.broken_steps, report.failed_slots)
    found = published(pipeline, rehearsal.campaign)
    pipeline.warehouse.dispose()
    return found


def test_both_databases_give_the_same_bytes(tmp_path: Path, postgres_url: str) -> None:
    rehearsal = generate(tmp_path / "entrees")
    settings = Settings.at(tmp_path / "sqlite", sources_path=rehearsal.sources_path)
    elsewhere = replace(
        Settings.at(tmp_path / "postgresql", sources_path=rehearsal.sources_path), database_url=postgres_url
    )
    day = dt.datetime.now(dt.UTC).date()
    first, second = run_of(rehearsal, settings), run_of(rehearsal, elsewhere)
    assert dt.datetime.now(dt.UTC).date() == day, "deposits are dated: begin again on one day"
    assert different(first, second) == set()
    assert sum(name.endswith("/dossier.pdf") for name in first) == 6
