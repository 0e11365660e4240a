"""`fs-pipeline status`: where each département of a campaign stands, as the sensor sees it, for whoever runs the machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import dagster as dg
from rich.table import Table

from fs_pipeline.assets.due import due_slots
from fs_pipeline.assets.inputs import folders_of
from fs_pipeline.automation import slots_under_way
from fs_pipeline.campaigns.register import latest_open
from fs_pipeline.partitions import Slot
from fs_pipeline.report import console_of_width
from fs_pipeline.resources import Pipeline

UNDER_WAY, DUE, FAILED, LACKING, DONE = "en cours", "à refaire", "en échec", "incomplet", "fait"
_BY_STATE = {"failed": FAILED, "skipped": FAILED, "incomplete": LACKING}
_NEXT = {DUE: "l’interface ouverte, il est refait de lui-même ; sinon, « run »", FAILED: "le détail dit quoi faire"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One département: its state in French, why, and since when its results stand."""

    departement: str
    state: str
    detail: str
    last_good_at: str | None


def standings(pipeline: Pipeline, instance: dg.DagsterInstance, campaign: str) -> list[Standing]:
    """The départements of a campaign that handed something in or were ever run."""
    codes = pipeline.load_territory().departement_codes
    folders = folders_of(pipeline.deposits.look(campaign, deep=2))
    status = pipeline.warehouse.read("slot_status", {"campaign": campaign}).sort_values("stage", kind="stable")
    here = {slot.departement for slot in folders} | set(status["departement"])
    known = [code for code in codes if code in here]
    due, busy = due_slots(pipeline, campaign, known, folders), slots_under_way(instance, codes)
    found = []
    for code in known:
        own = status[status["departement"] == code]
        good_at = max(own["last_good_at"].dropna(), default=None)
        if Slot(campaign, code) in busy:
            found.append(Standing(code, UNDER_WAY, "", good_at))
        elif code in due:
            found.append(Standing(code, DUE, ", ".join(due[code].why), good_at))
        elif len(unwell := own[own["state"].isin(list(_BY_STATE))].sort_values("state", kind="stable")):
            worst = unwell.iloc[0]
            found.append(Standing(code, _BY_STATE[worst["state"]], worst["message"] or "", good_at))
        else:
            found.append(Standing(code, DONE, "", good_at))
    return found


def answer(pipeline: Pipeline, instance: dg.DagsterInstance, campaign: str | None, *, as_json: bool) -> int:
    """Print where things stand; 0 where all is done, else 1."""
    key = campaign or latest_open(pipeline.warehouse)
    if key is None:
        print("[]" if as_json else "Aucune campagne n’est ouverte.")
        return 0
    found = standings(pipeline, instance, key)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        _print(key, found)
    return 0 if all(one.state == DONE for one in found) else 1


def _print(campaign: str, found: Sequence[Standing]) -> None:
    console = console_of_width()
    counts = {state: sum(one.state == state for one in found) for state in (DONE, UNDER_WAY, DUE, FAILED, LACKING)}
    said = " · ".join(f"{state} : {count}" for state, count in counts.items() if count)
    table = Table(title=f"Campagne {campaign}", caption=said or "Aucun département.")
    for column in ("Département", "État", "Détail", "Tient depuis"):
        table.add_column(column)
    for one in found:
        if one.state != DONE:
            table.add_row(one.departement, one.state, one.detail, (one.last_good_at or "jamais")[:16].replace("T", " "))
    console.print(table)
    for state, what in _NEXT.items():
        if counts[state]:
            console.print(f"{state} : {what}.", markup=False)
