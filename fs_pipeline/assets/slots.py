"""How an asset serves one slot or all 101: every slot's failure is its own, and what stood before it stands.

An asset hands `carry` a function of one slot that returns tables. `carry` skips slots whose inputs failed, judges what
the others produced, writes only what passed, records ``slot_status`` (the truth about a range run, which Dagster marks
materialised as a whole) and reports one verdict a check and slot.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import dagster as dg
import pandas as pd

from fs_pipeline.checks.asset_checks import report
from fs_pipeline.checks.judge import Verdict, judge
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.engine import Warehouse

Tables = Mapping[str, pd.DataFrame]
Made = TypeVar("Made")


class SlotRefused(Exception):
    """A slot that cannot be computed for a reason its prefecture can act on; the message is French."""


@dataclass
class Outcome:
    """What became of each slot of a run at one stage: None is good, else the French reason."""

    good: list[Slot] = field(default_factory=list)
    failed: dict[Slot, str] = field(default_factory=dict)
    skipped: dict[Slot, str] = field(default_factory=dict)
    reserves: dict[Slot, str] = field(default_factory=dict)  # of good ones, what is to be said all the same

    def fail(self, slot: Slot, reason: str) -> None:
        """Move a slot from good to failed."""
        if slot in self.good:
            self.good.remove(slot)
        self.failed[slot] = reason


def slot_spec(
    key: dg.AssetKey,
    deps: Sequence[dg.AssetKey],
    description: str,
    slots: dg.PartitionsDefinition,
    table: str | None = None,
) -> dg.AssetSpec:
    """The spec of an asset made slot by slot in Python; its room is the first part of its key."""
    return dg.AssetSpec(
        key,
        deps=list(deps),
        description=description,
        group_name=key.path[0],
        owners=["team:data"],
        kinds={"python"},
        skippable=True,
        partitions_def=slots,
        metadata={"dagster/table_name": table} if table else None,
    )


def slots_of(context: dg.AssetExecutionContext) -> list[Slot]:
    """The slots of this run, in order."""
    return [Slot.from_key(key) for key in context.partition_keys]


def stages_of(context: dg.AssetExecutionContext) -> list[str]:
    """The stages of a step in ``slot_status``: its assets' keys, so that what comes after finds any of them."""
    return sorted(key.to_user_string() for key in context.assets_def.keys)


def carry(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    work: Callable[[Slot], Tables],
    *,
    writes: Mapping[str, dg.AssetKey],
    reserves: Mapping[Slot, str] | None = None,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Run `work` for each slot and write what it returns.

    Parameters
    ----------
    work
        Returns, for one slot, a frame a table of `writes`, without campaign and departement where they are the slot's.
    writes
        Table -> the asset that stands for it.
    reserves
        What is to be said of a slot that is good all the same, filled in by `work`.
    """
    outcome = begin(context, pipeline.warehouse)
    produced = each(context, outcome, work)
    outcome.reserves.update(reserves or {})
    rows = {}
    verdicts: list[Verdict] = []
    gathered = {
        table: gather({slot: tables[table] for slot, tables in produced.items() if slot in outcome.good})
        for table in writes
    }
    for table, frame in gathered.items():
        verdicts += stop_on(outcome, judge(table, frame, [slot.departement for slot in outcome.good]))
    for table, frame in gathered.items():
        rows[table] = write(pipeline.warehouse, table, outcome.good, frame)
    yield from finish(context, pipeline, outcome, verdicts, rows, writes)


def each(context: dg.AssetExecutionContext, outcome: Outcome, work: Callable[[Slot], Made]) -> dict[Slot, Made]:
    """What `work` makes of each good slot; a slot it raises for is failed, and the others go on."""
    made: dict[Slot, Made] = {}
    for slot in list(outcome.good):
        try:
            made[slot] = work(slot)
        except SlotRefused as refusal:
            outcome.fail(slot, str(refusal))
        except Exception as error:
            # One slot's bug must not stop the other hundred; the trace goes to the engineers, never the message.
            context.log.exception("slot %s failed", slot.key)
            outcome.fail(slot, f"Erreur imprévue ({type(error).__name__}) : l’équipe technique est prévenue.")
    return made


def begin(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Outcome:
    """Sort the run's slots into those that can be worked on and those whose inputs failed."""
    slots = slots_of(context)
    own = context.assets_def.keys
    deps = {dep.asset_key for spec in context.assets_def.specs for dep in spec.deps} - own
    upstream = {key.to_user_string() for key in deps}
    status = warehouse.read(
        "slot_status", {"campaign": slots[0].campaign, "departement": [slot.departement for slot in slots]}
    )
    bad = status[status["stage"].isin(upstream) & (status["state"] != "good")]
    reasons = dict(zip(bad["departement"], bad["message"], strict=True))
    outcome = Outcome()
    for slot in slots:
        if slot.departement in reasons:
            outcome.skipped[slot] = reasons[slot.departement] or "Étape précédente non aboutie."
        else:
            outcome.good.append(slot)
    return outcome


def stop_on(outcome: Outcome, verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """Fail the slots that an error-level check refuses."""
    by_departement = {slot.departement: slot for slot in outcome.good}
    for verdict in verdicts:
        if verdict.stops and verdict.departement in by_departement:
            outcome.fail(by_departement[verdict.departement], verdict.sentence())
    return verdicts


def gather(frames: Mapping[Slot, pd.DataFrame]) -> pd.DataFrame:
    """The slots' frames one under the other, each row with its slot."""
    marked = [frame.assign(campaign=slot.campaign, departement=slot.departement) for slot, frame in frames.items()]
    filled = [frame for frame in marked if len(frame)] or marked[:1]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame({"campaign": [], "departement": []})


def write(warehouse: Warehouse, table: str, good: Sequence[Slot], frame: pd.DataFrame) -> int:
    """Replace the good slots' rows of `table`; the others keep their last good ones."""
    if not good:
        return 0
    codes = [slot.departement for slot in good]
    kept = frame[frame["departement"].isin(codes)]
    return warehouse.replace(table, {"campaign": good[0].campaign, "departement": codes}, kept)


def finish(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    outcome: Outcome,
    verdicts: Sequence[Verdict],
    rows: Mapping[str, int],
    writes: Mapping[str, dg.AssetKey],
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Record what became of each slot, then tell Dagster.

    Raises
    ------
    dagster.Failure
        In a run of one slot that failed, so that the run shows red; a range run goes on.
    """
    record(pipeline.warehouse, stages_of(context), outcome)
    slots = slots_of(context)
    alone = len(slots) == 1
    if outcome.good:
        for table, count in rows.items():
            yield dg.MaterializeResult(
                asset_key=writes[table],
                metadata={
                    "dagster/row_count": count,
                    "slots_good": len(outcome.good),
                    "slots_failed": len(outcome.failed),
                    "slots_skipped": len(outcome.skipped),
                },
            )
    yield from report(context, verdicts, writes, pipeline.project, alone=alone)
    if alone and not outcome.good:
        reason = next(iter((outcome.failed | outcome.skipped).values()))
        raise dg.Failure(description=reason, allow_retries=False)


def record(warehouse: Warehouse, stages: Sequence[str], outcome: Outcome) -> None:
    """Write ``slot_status``; a failed slot keeps the date of its last good result."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    states = [
        *((slot, "good", outcome.reserves.get(slot)) for slot in outcome.good),
        *((slot, "failed", reason) for slot, reason in outcome.failed.items()),
        *((slot, "skipped", reason) for slot, reason in outcome.skipped.items()),
    ]
    if not states:
        return
    slots = [slot for slot, _, _ in states]
    key = {"campaign": slots[0].campaign, "departement": [slot.departement for slot in slots], "stage": list(stages)}
    before = warehouse.read("slot_status", key)
    last_good = dict(zip(zip(before["departement"], before["stage"], strict=True), before["last_good_at"], strict=True))
    rows = [
        {
            "campaign": slot.campaign,
            "departement": slot.departement,
            "stage": stage,
            "state": state,
            "message": message,
            "last_good_at": now if state == "good" else last_good.get((slot.departement, stage)),
            "updated_at": now,
        }
        for slot, state, message in states
        for stage in stages
    ]
    warehouse.replace("slot_status", key, pd.DataFrame(rows))
