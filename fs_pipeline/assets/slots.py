"""How an asset serves one slot or all 101: every slot's failure is its own, and what stood before it stands.

An asset hands `carry` a function of one slot that returns tables. `carry` skips slots whose inputs failed, judges what
the others produced, writes only what passed, records ``slot_status`` (the truth about a range run, which Dagster marks
materialised as a whole) and reports one verdict a check and slot. A slot that a later run took over is left to it.
A range may span campaigns: one comes after the other (ranges.py), so that nothing here knows more than one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import dagster as dg
import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.assets.outcomes import (
    Outcome,
    SlotHeldUp,
    SlotIncomplete,
    SlotRefused,
    SlotSuperseded,
    begin,
    held,
    record,
    stages_of,
    stop_on,
)
from fs_pipeline.assets.ranges import Done, each_campaign
from fs_pipeline.assets.traces import OF_THE_MACHINE, keep_trace, told_to_the_clerk
from fs_pipeline.checks.judge import Verdict, judge
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.declared import TableSpec, declaration
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.turns import Turn, stand

_DOUBLES = (
    "Erreur de l’outil : {count} ligne(s) en double dans « {table} ». Ce qui tenait reste en place ; prévenez qui tient "
    "l’installation."
)
Tables = Mapping[str, pd.DataFrame]
Made = TypeVar("Made")


def slot_spec(
    key: dg.AssetKey,
    deps: Sequence[dg.AssetKey],
    description: str,
    slots: dg.PartitionsDefinition,
    metadata: Mapping[str, Any] | None = None,
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
        metadata=metadata,
    )


def table_specs(
    writes: Mapping[str, dg.AssetKey], deps: Sequence[dg.AssetKey], slots: dg.PartitionsDefinition
) -> list[dg.AssetSpec]:
    """The specs of the assets that stand for stored tables, which say what their declarations say."""
    specs = []
    for table, key in writes.items():
        declared = declaration(table)
        specs.append(slot_spec(key, deps, declared.description, slots, about_table(declared)))
    return specs


def about_table(spec: TableSpec) -> dict[str, Any]:
    """What a declaration says of its table, as the orchestrator shows it."""
    columns = [dg.TableColumn(column.name, column.type, description=column.description) for column in spec.columns]
    return {
        "grain": ", ".join(spec.grain),
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "dagster/table_name": spec.name,
    }


def carry(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    work: Callable[[Slot], Tables],
    *,
    writes: Mapping[str, dg.AssetKey],
    turns: Mapping[Slot, Turn] | None = None,
    reserves: Mapping[Slot, str] | None = None,
    also: Callable[[Connection, Sequence[Slot], Mapping[Slot, Turn]], None] | None = None,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Run `work` for each slot and write what it returns, all tables and the slots' status in one transaction.

    Parameters
    ----------
    work
        Returns, for one slot, a frame a table of `writes`, without campaign and departement where they are the slot's.
    writes
        Table -> the asset that stands for it.
    turns
        Of the step that reads deposits: what `open_turns` gave. Once it has written, the slots bear these turns.
    reserves
        What is to be said of a slot that is good all the same, filled in by `work`.
    also
        Called in the same transaction with the slots that are written, and their turns.
    """

    def of_campaign(slots: Sequence[Slot]) -> Done:
        outcome = begin(context, pipeline.warehouse, slots, turns)
        produced = each(context, pipeline, outcome, work)
        outcome.reserves.update(reserves or {})
        rows = {}
        verdicts: list[Verdict] = []
        gathered = {
            table: gather({slot: tables[table] for slot, tables in produced.items() if slot in outcome.good})
            for table in writes
        }
        for table, frame in gathered.items():
            _refuse_doubles(outcome, table, frame)
            verdicts += stop_on(outcome, judge(table, frame, [slot.departement for slot in outcome.good]))
        with held(pipeline.warehouse, outcome) as connection:
            for table, frame in gathered.items():
                rows[table] = write(pipeline.warehouse, table, outcome.good, frame, connection)
            if turns is not None and outcome.good:
                own = {slot.departement: turns[slot] for slot in outcome.good}
                stand(connection, outcome.good[0].campaign, own)
            if also is not None:
                also(connection, outcome.good, outcome.turns)
            record(pipeline.warehouse, stages_of(context), outcome, connection)
        return Done(outcome, verdicts, rows)

    yield from each_campaign(context, pipeline, of_campaign, writes, turns)


def _refuse_doubles(outcome: Outcome, table: str, frame: pd.DataFrame) -> None:
    """Fail the slots that have two rows of one key: the database would refuse those of all slots at once."""
    declared = declaration(table)
    if not declared.keyed or frame.empty:
        return
    twice = frame.duplicated(declared.grain) & frame[declared.grain].notna().all(axis=1)
    counts = frame.loc[twice, "departement"].value_counts()
    for slot in [slot for slot in outcome.good if slot.departement in counts.index]:
        outcome.fail(slot, _DOUBLES.format(table=table, count=counts[slot.departement]))


def each(
    context: dg.AssetExecutionContext, pipeline: Pipeline, outcome: Outcome, work: Callable[[Slot], Made]
) -> dict[Slot, Made]:
    """What `work` makes of each good slot; a slot it raises for is failed, and the others go on."""
    made: dict[Slot, Made] = {}
    for slot in list(outcome.good):
        try:
            made[slot] = work(slot)
        except SlotSuperseded:
            outcome.supersede(slot)
        except SlotRefused as refusal:
            if isinstance(refusal, SlotHeldUp):
                outcome.by_machine.add(slot)
            outcome.fail(slot, str(refusal), refusal.logged)
        except SlotIncomplete as lacking:
            reference = keep_trace(
                pipeline.settings.home, lacking, f"{context.op_execution_context.op.name} {slot.key}"
            )
            context.log.error("slot %s lacks something, trace %s", slot.key, reference)
            outcome.incomplete[slot] = str(lacking)
        except Exception as error:
            # One slot's bug must not stop the other hundred; its words may quote a cell and go nowhere unmasked.
            reference = keep_trace(pipeline.settings.home, error, f"{context.op_execution_context.op.name} {slot.key}")
            context.log.error("slot %s failed: %s, trace %s", slot.key, type(error).__name__, reference)
            if isinstance(error, OF_THE_MACHINE):
                outcome.by_machine.add(slot)
            outcome.fail(slot, told_to_the_clerk(type(error).__name__, reference))
    return made


def gather(frames: Mapping[Slot, pd.DataFrame]) -> pd.DataFrame:
    """The slots' frames one under the other, each row with its slot."""
    marked = [frame.assign(campaign=slot.campaign, departement=slot.departement) for slot, frame in frames.items()]
    filled = [frame for frame in marked if len(frame)] or marked[:1]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame({"campaign": [], "departement": []})


def write(warehouse: Warehouse, table: str, good: Sequence[Slot], frame: pd.DataFrame, connection: Connection) -> int:
    """Replace the good slots' rows of `table`; the others keep their last good ones."""
    if not good:
        return 0
    codes = [slot.departement for slot in good]
    kept = frame[frame["departement"].isin(codes)]
    return warehouse.replace(table, {"campaign": good[0].campaign, "departement": codes}, kept, connection)
