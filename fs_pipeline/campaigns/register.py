"""Where decisions are written: ``campaign_decisions``, and the day that follows from them in ``campaigns``."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.campaigns.decisions import Campaign, Decision, adopted, opening
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.locks import table_lock

_TABLE = "campaign_decisions"


def read_campaign(warehouse: Warehouse, key: str, connection: Connection | None = None) -> Campaign:
    """A campaign as it stands; without decisions where it was never opened."""
    rows = warehouse.read(_TABLE, {"campaign": key}, connection=connection).sort_values("number")
    if len(rows):
        return Campaign(key, tuple(_decision(row) for row in rows.to_dict("records")))
    known = warehouse.read("campaigns", {"campaign": key}, connection=connection)
    return adopted(key, known["reference_date"].iloc[0], now()) if len(known) else Campaign(key)


def read_campaigns(warehouse: Warehouse) -> list[Campaign]:
    """All that are known, the earliest first."""
    return [
        read_campaign(warehouse, key) for key in sorted(warehouse.read("campaigns", columns=["campaign"])["campaign"])
    ]


def decide(warehouse: Warehouse, key: str, rule: Callable[[Campaign], Decision]) -> Campaign:
    """Record what `rule` decides of the campaign, one decision at a time; the campaign as it then stands.

    Raises
    ------
    RefusedDecision
        When `rule` does; nothing is recorded.
    """
    with warehouse.writing(table_lock(_TABLE)) as connection:
        before = read_campaign(warehouse, key, connection)
        return _record(warehouse, before, rule(before), connection)


def open_by_run(warehouse: Warehouse, key: str, *, day: str, run: str) -> Campaign:
    """The campaign, opened at `day` by this run where nothing had opened it."""
    with warehouse.writing(table_lock(_TABLE)) as connection:
        before = read_campaign(warehouse, key, connection)
        if before.decisions:
            return _record(warehouse, before, None, connection)
        decision = opening(before, by=f"exécution {run}", at=now(), day=day)
        return _record(warehouse, before, decision, connection)


def latest_open(warehouse: Warehouse) -> str | None:
    """The latest campaign that is open."""
    return next((campaign.key for campaign in reversed(read_campaigns(warehouse)) if campaign.is_open), None)


def now() -> str:
    """The time of a decision, UTC, as fine as that of a run: what ran in the same second ran before or after it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _record(warehouse: Warehouse, before: Campaign, decision: Decision | None, connection: Connection) -> Campaign:
    after = Campaign(before.key, (*before.decisions, *([decision] if decision else [])))
    recorded = len(warehouse.read(_TABLE, {"campaign": after.key}, ["number"], connection))
    rows = [
        {"campaign": after.key} | asdict(one) | {"sources": ", ".join(one.sources) if one.sources else None}
        for one in after.decisions[recorded:]
    ]
    warehouse.upsert(_TABLE, pd.DataFrame(rows, dtype=object), connection)
    known = warehouse.read("campaigns", {"campaign": after.key}, connection=connection)
    row = {
        "campaign": after.key,
        "reference_date": after.reference_date,
        "deadline": known["deadline"].iloc[0] if len(known) else None,
    }
    warehouse.upsert("campaigns", pd.DataFrame([row], dtype=object), connection)
    return after


def _decision(row: Mapping[Hashable, object]) -> Decision:
    sources = str(row["sources"]).split(", ") if row["sources"] else None
    fields = {name: row[name] for name in ("kind", "decided_at", "decided_by", "reference_date", "reason")}
    return Decision(number=int(str(row["number"])), sources=tuple(sources) if sources else None, **fields)  # type: ignore[arg-type]
