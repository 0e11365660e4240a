"""What becomes of the slots of a run at one stage: which can be worked on, which failed, which a later run took over.

A slot's truth is ``slot_status``. A stage says there whose survey it comes from, so that none is ever made from two.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

import dagster as dg
import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.assets import keys
from fs_pipeline.checks.judge import Verdict
from fs_pipeline.partitions import GOES_ON, Slot
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.fingerprint import slot_fingerprints
from fs_pipeline.warehouse.locks import slot_locks
from fs_pipeline.warehouse.status import say
from fs_pipeline.warehouse.turns import Turn, forget, standing_turns, take_turns, turns_of

SUPERSEDED = "Remplacé par une lecture plus récente des dépôts, dont les résultats tiennent."
_UNFINISHED = "Une exécution plus récente n’a pas refait toutes les étapes : relancez le département en entier."
_OPENING = {key.to_user_string() for key in keys.SURVEY.values()}  # the stages that read deposits


class SlotRefused(Exception):
    """A slot that cannot be computed for a reason its prefecture can act on; the message is French.

    Parameters
    ----------
    logged
        What Dagster keeps of it, where the message names the files of a prefecture: their names may name a person.
    """

    def __init__(self, message: str, logged: str | None = None) -> None:
        super().__init__(message)
        self.logged = logged or message


class SlotHeldUp(SlotRefused):
    """A slot that cannot be computed here as things are, for a reason in which its data have no part."""


class SlotIncomplete(Exception):
    """A slot whose results stand, but for something that they lack; the message is French and says what."""


class SlotSuperseded(Exception):
    """A slot that a later run took over while this one worked on it."""


@dataclass
class Outcome:
    """What became of each slot of a run in one campaign at one stage: good, else with the French reason.

    Superseded says nothing.

    Attributes
    ----------
    turns
        The turn on which the run works in each slot.
    of_turn
        The slots in which this stage comes from their survey, however far; what comes from lists alone is of no turn.
    """

    turns: Mapping[Slot, Turn]
    of_turn: set[Slot] = field(default_factory=set)
    good: list[Slot] = field(default_factory=list)
    failed: dict[Slot, str] = field(default_factory=dict)
    logged: dict[Slot, str] = field(default_factory=dict)  # of failed ones, what Dagster keeps
    skipped: dict[Slot, str] = field(default_factory=dict)
    superseded: list[Slot] = field(default_factory=list)
    incomplete: dict[Slot, str] = field(default_factory=dict)  # of good ones, what their results lack
    reserves: dict[Slot, str] = field(default_factory=dict)  # of good ones, what is to be said all the same
    by_machine: set[Slot] = field(
        default_factory=set
    )  # of failed ones, those that may go well another time as they are

    def fail(self, slot: Slot, reason: str, logged: str | None = None) -> None:
        """Move a slot from good to failed."""
        if slot in self.good:
            self.good.remove(slot)
        self.failed[slot] = reason
        self.logged[slot] = logged or reason

    def supersede(self, slot: Slot) -> None:
        """Leave a slot, whatever became of it, to the run that took it over."""
        if slot in self.good:
            self.good.remove(slot)
        self.failed.pop(slot, None)
        self.logged.pop(slot, None)
        self.skipped.pop(slot, None)
        self.superseded.append(slot)


def slots_of(context: dg.AssetExecutionContext) -> dict[str, list[Slot]]:
    """Campaign -> the slots of this run in it; the earliest first, since a later one is compared with it."""
    slots = sorted((Slot.from_key(key) for key in context.partition_keys), key=attrgetter("campaign"))
    return {campaign: list(inside) for campaign, inside in groupby(slots, attrgetter("campaign"))}


def stages_of(context: dg.AssetExecutionContext) -> list[str]:
    """The stages of a step in ``slot_status``: its assets' keys, so that what comes after finds any of them."""
    return sorted(key.to_user_string() for key in context.assets_def.keys)


def worker_of(run: dg.DagsterRun) -> str:
    """Under which run's id the turns of `run` are: its own, or that of the run whose later part it is."""
    return run.tags.get(GOES_ON, run.run_id)


def open_turns(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    rests_on: Callable[[str, Sequence[str]], Mapping[str, str]] = lambda campaign, departements: {},
) -> dict[Slot, Turn]:
    """Take the run's turn in each of its slots, before their deposits are looked at.

    Parameters
    ----------
    rests_on
        What the run rests on in each département of a campaign, asked before it takes its turn.
    """
    opened: dict[Slot, Turn] = {}
    for campaign, slots in slots_of(context).items():
        codes = [slot.departement for slot in slots]
        turns = take_turns(warehouse, campaign, codes, worker_of(context.run), rests_on(campaign, codes))
        opened |= {slot: turns[slot.departement] for slot in slots}
    return opened


def begin(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    slots: Sequence[Slot],
    turns: Mapping[Slot, Turn] | None = None,
) -> Outcome:
    """Sort the run's slots in one campaign into those that can be worked on, whose inputs failed and that were taken over."""
    campaign, codes = slots[0].campaign, [slot.departement for slot in slots]
    opens = turns is not None
    if turns is None:
        found = turns_of(warehouse, campaign, codes, worker_of(context.run))
        turns = {slot: found[slot.departement] for slot in slots}
    own = context.assets_def.keys
    deps = {dep.asset_key for spec in context.assets_def.specs for dep in spec.deps} - own
    upstream = {key.to_user_string() for key in deps}
    status = warehouse.read("slot_status", {"campaign": campaign, "departement": codes})
    inputs = dict(iter(status[status["stage"].isin(upstream)].groupby("departement")))
    outcome = Outcome(turns, set(slots) if opens else set())
    for slot in slots:
        if slot.departement in inputs and inputs[slot.departement]["turn"].notna().any():
            outcome.of_turn.add(slot)
        if turns[slot].is_past:
            outcome.superseded.append(slot)
        elif reason := _held_up(inputs.get(slot.departement), turns[slot].number):
            outcome.skipped[slot] = reason
        else:
            outcome.good.append(slot)
    return outcome


def _held_up(inputs: pd.DataFrame | None, turn: int) -> str | None:
    """Why a slot cannot be worked on: an input that failed, or that was not made again in this turn."""
    if inputs is None:
        return None
    said = inputs["turn"].fillna(turn).astype(int)
    # A later hand-in that was refused left the survey of this turn as it is.
    refused_since = (said > turn) & inputs["stage"].isin(_OPENING)
    bad = inputs[~inputs["state"].isin(["good", "incomplete"]) & (said >= turn) & ~refused_since]
    if len(bad):
        return bad["message"].iloc[-1] or "Étape précédente non aboutie."
    return _UNFINISHED if (said < turn).any() else None


@contextmanager
def held(warehouse: Warehouse, outcome: Outcome) -> Iterator[Connection]:
    """A transaction in which nobody else writes the slots; those taken over meanwhile are superseded first."""
    slots = [*outcome.good, *outcome.failed, *outcome.skipped]
    campaign, codes = slots[0].campaign if slots else "", [slot.departement for slot in slots]
    with warehouse.writing(*slot_locks([campaign], codes)) as connection:
        standing = standing_turns(connection, campaign, codes)
        for slot in slots:
            if standing[slot.departement] > outcome.turns[slot].number:
                outcome.supersede(slot)
        yield connection


def stop_on(outcome: Outcome, verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """Fail the slots that an error-level check refuses."""
    by_departement = {slot.departement: slot for slot in outcome.good}
    for verdict in verdicts:
        if verdict.stops and verdict.departement in by_departement:
            outcome.fail(by_departement[verdict.departement], verdict.sentence())
    return verdicts


def record(warehouse: Warehouse, stages: Sequence[str], outcome: Outcome, connection: Connection) -> None:
    """Write ``slot_status``; a slot that failed or lacks something keeps the date of its last good result.

    What a later run said of its own deposits stays said, even where it was refused and this one stands.
    """
    states = [
        *(
            (slot, "incomplete", outcome.incomplete[slot])
            if slot in outcome.incomplete
            else (slot, "good", outcome.reserves.get(slot))
            for slot in outcome.good
        ),
        *((slot, "failed", reason) for slot, reason in outcome.failed.items()),
        *((slot, "skipped", reason) for slot, reason in outcome.skipped.items()),
    ]
    if not states:
        return
    slots = [slot for slot, _, _ in states]
    campaign, codes = slots[0].campaign, [slot.departement for slot in slots]
    key = {"campaign": campaign, "departement": codes, "stage": list(stages)}
    before = warehouse.read("slot_status", key, ["departement", "stage", "turn"], connection)
    stood = zip(before["departement"], before["stage"], strict=True)
    last_turn = dict(zip(stood, before["turn"].fillna(0).astype(int), strict=True))
    rows = [
        {
            "campaign": slot.campaign,
            "departement": slot.departement,
            "stage": stage,
            "state": state,
            "turn": outcome.turns[slot].number if slot in outcome.of_turn else None,
            "message": message,
        }
        for slot, state, message in states
        for stage in stages
        if stage not in _OPENING or last_turn.get((slot.departement, stage), 0) <= outcome.turns[slot].number
    ]
    say(warehouse, rows, slot_fingerprints(warehouse, campaign, codes, connection), connection)
    forget(connection, campaign, {slot.departement: outcome.turns[slot] for slot in outcome.by_machine})
