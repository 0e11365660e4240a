"""What is desired against what is done: the slots whose results no longer rest on what is there, and why.

A slot is done once a run that took its turn there has ended, well or not, on what is there today: a refused file is not
asked about again until it changes. It is due where anything that it rests on (inputs.py) is another, or where a run that
had begun to write was cut off. Nobody keeps a list of what happened meanwhile: whoever looks finds the same answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from fs_pipeline.assets.comparisons import figures_beside
from fs_pipeline.assets.inputs import AROUND, BESIDE, PARTS, inputs_around, own_inputs
from fs_pipeline.assets.synthesis import NATIONAL_BRIEF
from fs_pipeline.partitions import ACCESS, PLACES, PUBLICATION, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.fingerprint import slot_fingerprints
from fs_pipeline.warehouse.locks import slot_locks
from fs_pipeline.warehouse.status import INTERRUPTED, NATION, say

NEVER = "jamais exécuté"
UNKNOWN = "une version antérieure ou une panne de machine ne dit pas sur quoi il repose"
CUT_OFF = "une exécution y a été interrompue"
_LONG_AGO = datetime.fromtimestamp(0, UTC)
_SAID = "Une exécution a été interrompue avant cette étape : ce qui tient est d’avant, et le département sera refait."


@dataclass(frozen=True, slots=True)
class Due:
    """A slot that is to be run.

    Attributes
    ----------
    why
        In French, one reason or more.
    rests_on
        What a run of it would rest on, and since which turn that was done: the same as long as nothing changes and no
        run ends there. What was done, then undone and is handed in again is a new matter.
    """

    slot: Slot
    why: tuple[str, ...]
    rests_on: str

    @property
    def part(self) -> str:
        """The first part that is to be made again: what changed beside a slot leaves its places as they are."""
        if set(self.why) - {AROUND, BESIDE}:
            return PLACES
        return ACCESS if AROUND in self.why else PUBLICATION


def due_slots(
    pipeline: Pipeline,
    campaign: str,
    departements: Sequence[str],
    folders: Mapping[Slot, str] | None = None,
    *,
    beside: bool = False,
) -> dict[str, Due]:
    """Of these départements, those that are due in a campaign, in the order given.

    Parameters
    ----------
    folders
        ``inputs.folders_of`` the deposits, where they were looked at already.
    beside
        Whether the figures of other départements count, which each of them changes for all others.
    """
    figures = figures_beside(pipeline, campaign) if beside else None
    own = own_inputs(pipeline, campaign, departements, folders)
    around = inputs_around(pipeline, campaign, departements)
    key = {"campaign": campaign, "departement": list(departements)}
    turns = dict(iter(pipeline.warehouse.read("slot_turns", key).groupby("departement")))
    found = {}
    for code in departements:
        if why := _why(turns.get(code), own[code], around[code], figures):
            parts = f"{campaign} {code} {own[code]} {around[code]} {_last_done(turns.get(code))}"
            rests_on = hashlib.sha256(parts.encode()).hexdigest()[:16]
            found[code] = Due(Slot(campaign, code), why, rests_on)
    return found


def _why(turns: pd.DataFrame | None, own: str, around: str, beside: str | None) -> tuple[str, ...]:
    if turns is None:
        return (NEVER,)
    ended = turns[turns["ended_at"].notna()]
    stood = turns.loc[turns["stood_at"].notna(), "turn"]
    if ended.empty:
        return (CUT_OFF,)
    last = ended.sort_values("turn").iloc[-1]
    if len(stood) and stood.max() > last["turn"]:
        return (CUT_OFF,)
    if last["rests_on"] is None:
        return (UNKNOWN,)
    then, now = json.loads(last["rests_on"]), json.loads(own)
    why = [said for part, said in PARTS.items() if then.get(part) != now[part]]
    if last["around"] is not None and last["around"] != around:
        why.append(AROUND)
    if beside is not None and last["beside"] is not None and last["beside"] != beside:
        why.append(BESIDE)
    return tuple(why)


def _last_done(turns: pd.DataFrame | None) -> int:
    """The last turn that ended and whose results are what its inputs give; 0 where none did."""
    if turns is None:
        return 0
    done = turns.loc[turns["ended_at"].notna() & turns["rests_on"].notna(), "turn"]
    return 0 if done.empty else int(done.max())


def synthesis_is_due(warehouse: Warehouse, campaign: str) -> bool:
    """Whether a slot, a list or the code changed since the national brief of a campaign was made."""
    key = {"campaign": campaign, "departement": NATION}
    status = warehouse.read("slot_status", key | {"stage": NATIONAL_BRIEF.to_user_string()})
    if status.empty or status["state"].iloc[0] != "good":
        return True
    if status["fingerprint"].iloc[0] != slot_fingerprints(warehouse, campaign, [NATION])[NATION]:
        return True
    turns = warehouse.read("slot_turns", {"campaign": campaign}, ["taken_at", "ended_at"])
    moments = [datetime.fromisoformat(moment) for moment in turns.to_numpy().ravel() if moment is not None]
    return max(moments, default=_LONG_AGO) > datetime.fromisoformat(status["updated_at"].iloc[0])


def interrupt(warehouse: Warehouse, run: str) -> list[Slot]:
    """Say of the slots that `run` was cut off in which of their stages are of before; those slots."""
    turns = warehouse.read("slot_turns", {"run_id": run})
    cut_off = turns[turns["ended_at"].isna() & turns["gave_way_at"].isna()]
    for campaign, of_campaign in cut_off[cut_off["stood_at"].notna()].groupby("campaign"):
        turn = dict(zip(of_campaign["departement"], of_campaign["turn"], strict=True))
        with warehouse.writing(*slot_locks([str(campaign)], list(turn))) as connection:
            key = {"campaign": campaign, "departement": list(turn)}
            status = warehouse.read("slot_status", key, connection=connection)
            older = status["turn"].notna() & (status["turn"] < status["departement"].map(turn))
            rows = status.loc[older, ["campaign", "departement", "stage", "turn"]]
            said = rows.assign(state=INTERRUPTED, message=_SAID, turn=rows["turn"].astype(int))
            fingerprints = slot_fingerprints(warehouse, str(campaign), list(turn), connection)
            say(
                warehouse,
                [{str(name): value for name, value in row.items()} for row in said.to_dict("records")],
                fingerprints,
                connection,
            )
    return [Slot(*names) for names in zip(cut_off["campaign"], cut_off["departement"], strict=True)]
