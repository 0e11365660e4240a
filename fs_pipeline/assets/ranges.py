"""A run takes its campaigns one after the other, each with its own fate, and Dagster is told of all of them once.

A stage is a function of the slots of one campaign: it begins, writes and records with the lists, the thresholds and the
catalogue of that one. Of a run over several, what an error that nobody foresaw stops is its campaign, not the others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from fs_pipeline.assets.outcomes import (
    SUPERSEDED,
    Outcome,
    SlotIncomplete,
    SlotRefused,
    begin,
    held,
    record,
    slots_of,
    stages_of,
    worker_of,
)
from fs_pipeline.assets.traces import keep_trace, told_to_the_clerk
from fs_pipeline.checks.asset_checks import report
from fs_pipeline.checks.judge import Verdict
from fs_pipeline.http.problems import SourceProblem
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.fingerprint import slot_fingerprints
from fs_pipeline.warehouse.locks import slot_locks
from fs_pipeline.warehouse.status import NATION, say
from fs_pipeline.warehouse.turns import Turn, end_turns, give_way

_HELD_UP = "Une étape précédente n’a pas abouti : l’état du département dit laquelle et pourquoi."


@dataclass(frozen=True)
class Done:
    """What a stage made of one campaign.

    Attributes
    ----------
    rows
        Table, or other thing written -> how many.
    """

    outcome: Outcome
    verdicts: Sequence[Verdict] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


def each_campaign(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    stage: Callable[[Sequence[Slot]], Done],
    writes: Mapping[str, dg.AssetKey],
    turns: Mapping[Slot, Turn] | None = None,
    *,
    last: bool = False,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Run `stage` for the slots of each campaign, then tell Dagster what became of them, once it is recorded.

    Parameters
    ----------
    writes
        What is counted in `Done.rows` -> the asset that stands for it.
    turns
        Of the step that reads deposits: what `open_turns` gave.
    last
        Whether nothing comes after it.

    Raises
    ------
    dagster.Failure
        In a run of one slot that failed or lacks something, so that the run shows red; a range run goes on to its last
        stage, which then names the slots and says why; a run that a later one replaced ends there.
    """
    slots = slots_of(context)
    done: dict[str, Done] = {}
    for campaign, inside in slots.items():
        try:
            done[campaign] = stage(inside)
        except Exception as error:
            if len(slots) == 1:
                raise
            done[campaign] = _broken(context, pipeline, error, inside, turns)
    yield from _tell(context, pipeline, done, writes, alone=sum(map(len, slots.values())) == 1, last=last)


def each_whole_campaign(
    context: dg.AssetExecutionContext, pipeline: Pipeline, work: Callable[[str], Mapping[str, Any]]
) -> dg.MaterializeResult:
    """Run `work`, which returns metadata, for each campaign of a run of what has one partition a campaign.

    What became of each is recorded in ``slot_status``, under the nation.

    Raises
    ------
    dagster.Failure
        In a run of one campaign that failed, so that the run shows red.
    """
    facts: dict[str, Mapping[str, Any]] = {}
    failed: dict[str, str] = {}
    alone = len(context.partition_keys) == 1
    for campaign in sorted(context.partition_keys):
        try:
            facts[campaign] = work(campaign)
        except (SourceProblem, SlotIncomplete, SlotRefused) as problem:
            failed[campaign] = str(problem)
        except Exception as error:
            if alone:
                raise
            failed[campaign] = _traced(context, pipeline, error, campaign)
        _record_whole(context, pipeline.warehouse, campaign, failed.get(campaign))
    if alone and failed:
        raise dg.Failure(description=next(iter(failed.values())), allow_retries=False)
    if alone:
        return dg.MaterializeResult(metadata=next(iter(facts.values())))
    for campaign, said in facts.items():
        context.add_asset_metadata(said, partition_key=campaign)
    return dg.MaterializeResult(metadata={"campaigns_good": len(facts), "campaigns_failed": len(failed)})


def _record_whole(context: dg.AssetExecutionContext, warehouse: Warehouse, campaign: str, problem: str | None) -> None:
    about = {"campaign": campaign, "departement": NATION, "turn": None, "message": problem}
    said = about | {"state": "failed" if problem else "good"}
    with warehouse.writing(*slot_locks([campaign], [NATION])) as connection:
        fingerprints = slot_fingerprints(warehouse, campaign, [NATION], connection)
        say(warehouse, [said | {"stage": stage} for stage in stages_of(context)], fingerprints, connection)


def _traced(context: dg.AssetExecutionContext, pipeline: Pipeline, error: Exception, campaign: str) -> str:
    """What a person reads of an error that nobody foresaw; its trace is kept."""
    reference = keep_trace(pipeline.settings.home, error, f"{context.op_execution_context.op.name} {campaign}")
    context.log.error("campaign %s failed: %s, trace %s", campaign, type(error).__name__, reference)
    return told_to_the_clerk(type(error).__name__, reference)


def _broken(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    error: Exception,
    slots: Sequence[Slot],
    turns: Mapping[Slot, Turn] | None,
) -> Done:
    """Fail all slots of a campaign that could be worked on; nothing was written of them."""
    said = _traced(context, pipeline, error, slots[0].campaign)
    outcome = begin(context, pipeline.warehouse, slots, turns)
    for slot in list(outcome.good):
        outcome.fail(slot, said)
    with held(pipeline.warehouse, outcome) as connection:
        record(pipeline.warehouse, stages_of(context), outcome, connection)
    return Done(outcome)


def _tell(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    done: Mapping[str, Done],
    writes: Mapping[str, dg.AssetKey],
    *,
    alone: bool,
    last: bool,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    outcomes = [one.outcome for one in done.values()]
    for campaign, one in done.items():
        if one.outcome.superseded:
            _leave(context, pipeline.warehouse, campaign, one.outcome.superseded)
    if any(outcome.good for outcome in outcomes):
        counts = {
            "slots_good": sum(len(outcome.good) for outcome in outcomes),
            "slots_failed": sum(len(outcome.failed) for outcome in outcomes),
            "slots_skipped": sum(len(outcome.skipped) for outcome in outcomes),
            "slots_incomplete": sum(len(outcome.incomplete) for outcome in outcomes),
        }
        for name, key in writes.items():
            rows = sum(one.rows.get(name, 0) for one in done.values())
            yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": rows, **counts})
    verdicts = {campaign: one.verdicts for campaign, one in done.items()}
    yield from report(context, verdicts, writes, pipeline.project, alone=alone)
    # What holds a slot up was said by an earlier step, in words that may name a file.
    wrong = {
        slot: reason
        for outcome in outcomes
        for slot, reason in (outcome.logged | dict.fromkeys(outcome.skipped, _HELD_UP) | outcome.incomplete).items()
    }
    if last or (alone and wrong):
        for campaign, one in done.items():
            _end(pipeline.warehouse, campaign, one.outcome)
    if wrong and alone:
        raise dg.Failure(description=next(iter(wrong.values())), allow_retries=False)
    if wrong and last:
        told = "\n".join(f"{slot.campaign} {slot.departement} : {reason}" for slot, reason in sorted(wrong.items()))
        raise dg.Failure(description=told, allow_retries=False)


def _end(warehouse: Warehouse, campaign: str, outcome: Outcome) -> None:
    """Say that the run has done with its slots; with those of another's turn, where it has made all that lacked."""
    ended = {slot.departement: turn for slot, turn in outcome.turns.items() if turn.taken_at or slot in outcome.good}
    with warehouse.writing() as connection:
        end_turns(connection, campaign, ended)


def _leave(context: dg.AssetExecutionContext, warehouse: Warehouse, campaign: str, slots: Sequence[Slot]) -> None:
    """Say, where the run is looked at, which slots it left to a later one."""
    codes = [slot.departement for slot in slots]
    with warehouse.writing() as connection:
        give_way(connection, campaign, codes, worker_of(context.run))
    context.log.info("%s: %s", ", ".join(codes), SUPERSEDED)
