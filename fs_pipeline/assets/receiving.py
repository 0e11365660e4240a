"""What was dropped in a slot's folder, received file by file: kept, read, answered. One refused holds up no other.

Which of the deposits count, and what is made of their tables, is survey.py's work.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from fs_pipeline import __version__
from fs_pipeline.assets.outcomes import SlotHeldUp, SlotRefused
from fs_pipeline.campaigns.decisions import unopened_sentence
from fs_pipeline.campaigns.register import read_campaign
from fs_pipeline.deposits.answers import keep_memory, memory_of
from fs_pipeline.deposits.incoming import sort_out
from fs_pipeline.deposits.keeping import Deposit
from fs_pipeline.french import short_date
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.sandbox.desk import feedback_of
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT, Feedback
from fs_pipeline.survey.check import refused_report
from fs_pipeline.survey.opening.reader import MAX_BYTES, UnreadableFile
from fs_pipeline.warehouse.dropped import NotTaken
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.fingerprint import code_fingerprint

FEEDBACK_ENDINGS = {REPORT: ".json", CSV: ".csv", ANNOTATED: ".annote.xlsx"}  # part of the feedback -> end of its name
_WANTED = [*FEEDBACK_ENDINGS, RECORDS]


@dataclass
class Received:
    """What became of the files of one folder."""

    read: dict[str, Feedback] = field(default_factory=dict)  # deposit_id -> of each that was read
    refused: dict[str, Feedback] = field(default_factory=dict)  # the same of each that was not
    reasons: dict[str, str] = field(default_factory=dict)  # name of each that was not -> why, in French
    twins: list[str] = field(default_factory=list)  # names that several files bear

    def sentences(self, counting: pd.DataFrame) -> list[str]:
        """What is to be said of the folder, given the deposits that count."""
        received = dict(zip(counting["filename"], counting["received_at"], strict=True))
        said = [f"{name} : {reason}{_still_counts(received.get(name))}" for name, reason in self.reasons.items()]
        return said + [f"{name} : plusieurs fichiers portent ce nom, le plus récent est lu." for name in self.twins]


def _still_counts(received_at: str | None) -> str:
    if received_at is None:
        return ""
    day = short_date(received_at)
    return f" Sa version reçue le {day} reste prise en compte."


def slot_key(slot: Slot) -> dict[str, object]:
    """The slot's rows in any table."""
    return {"campaign": slot.campaign, "departement": slot.departement}


def receive_folder(pipeline: Pipeline, slot: Slot, looked_at: datetime.datetime | None = None) -> Received:
    """Receive each file that lies in a slot's folder, what is new as of `looked_at`, else of now.

    A closed campaign receives nothing: what does not count already is refused, and not kept.

    Raises
    ------
    SlotRefused
        When the campaign was never opened, or the folder itself cannot be read.
    """
    campaign = read_campaign(pipeline.warehouse, slot.campaign)
    if not campaign.decisions:
        raise SlotRefused(unopened_sentence(campaign))
    folder = f"{slot.campaign}/{slot.departement}"
    entries = pipeline.deposits.look(folder)
    if any(entry.kind == "unreadable" and entry.path == folder for entry in entries):
        raise SlotHeldUp("Le dossier des dépôts de ce département ne peut pas être lu : prévenez qui le tient.")
    incoming = sort_out(entries)
    received = Received(twins=incoming.twins)
    refused = dict(incoming.refused)
    known = pipeline.warehouse.read("deposits", slot_key(slot))
    for name, entry in incoming.surveys.items():
        try:
            content = pipeline.deposits.read_untrusted(entry, MAX_BYTES)
        except FileNotFoundError:
            continue  # taken away since: the next look at the folder sees it
        except NotTaken as refusal:
            refused[name] = UnreadableFile(refusal.code)
            continue
        deposit = Deposit(slot.campaign, slot.departement, name, content)
        if campaign.closing is not None and not deposit.lies_there(known):
            refused[name] = UnreadableFile("campaign_closed", short_date(campaign.closing.decided_at))
            continue
        feedback = receive(pipeline, deposit, looked_at)
        if feedback.verdict == "refused":
            received.refused[deposit.deposit_id] = feedback
            received.reasons[name] = str(feedback.reason)
        else:
            received.read[deposit.deposit_id] = feedback
    for name, reason in refused.items():  # nothing of it is kept, so that it has no row among the deposits
        nothing = Deposit(slot.campaign, slot.departement, name, b"")
        feedback = feedback_of(refused_report(name, slot.departement, reason), _WANTED)
        write_feedback(pipeline, nothing, feedback)
        received.refused[nothing.deposit_id] = feedback
        received.reasons[name] = str(reason)
    forget_answers_to(pipeline, slot, {*incoming.surveys, *refused})
    return received


def receive(pipeline: Pipeline, deposit: Deposit, looked_at: datetime.datetime | None = None) -> Feedback:
    """Keep the bytes, read them, and write the feedback: report and annotated copy beside the deposit."""
    now = looked_at or datetime.datetime.now(datetime.UTC)
    known = pipeline.warehouse.read("deposits", {"campaign": deposit.campaign, "departement": deposit.departement})
    if not (known["path"] == deposit.path).any():  # its row comes first: what is kept has a date at which it goes
        row = deposit.row_among(known, "refused", __version__, now)
        pipeline.warehouse.upsert("deposits", pd.DataFrame([row]))
    if not pipeline.files.exists(deposit.path):
        pipeline.files.write(deposit.path, deposit.content)
    feedback = read_deposit(pipeline, Slot(deposit.campaign, deposit.departement), deposit.path, _WANTED)
    write_feedback(pipeline, deposit, feedback)
    row = deposit.row_among(known, feedback.verdict, __version__, now)
    pipeline.warehouse.upsert("deposits", pd.DataFrame([row]))
    keep_verdict(pipeline.warehouse, deposit.deposit_id, feedback.verdict)
    return feedback


def keep_verdict(warehouse: Warehouse, deposit_id: str, verdict: str) -> None:
    """Add to the history of a deposit a verdict that is another than the last, or another tool's."""
    own = {"verdict": verdict, "validator_version": __version__, "fingerprint": code_fingerprint()[:12]}
    known = warehouse.read("deposit_verdicts", {"deposit_id": deposit_id}).sort_values("judged_at")
    if known[list(own)].tail(1).to_dict("records") != [own]:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
        warehouse.upsert("deposit_verdicts", pd.DataFrame([{"deposit_id": deposit_id, "judged_at": now, **own}]))


def write_feedback(pipeline: Pipeline, deposit: Deposit, feedback: Feedback) -> None:
    """The report, the list of what is to be corrected, and the annotated copy where there is a workbook."""
    for part, ending in FEEDBACK_ENDINGS.items():
        if part in feedback.parts:
            pipeline.files.write(f"{deposit.feedback}{ending}", feedback.parts[part])
        else:  # of a version before this one
            pipeline.files.delete(f"{deposit.feedback}{ending}")


def forget_answers_to(pipeline: Pipeline, slot: Slot, present: set[str]) -> None:
    """Delete the feedback on what was refused unread and lies there no more; that on a deposit lives as long as it."""
    known = pipeline.warehouse.read("deposits", slot_key(slot), ["filename"])["filename"]
    folder = f"feedback/{slot.campaign}/{slot.departement}"
    kept = {f"{folder}/{name}{ending}" for name in present | set(known) for ending in FEEDBACK_ENDINGS.values()}
    for path in set(pipeline.files.list(folder)) - kept:
        pipeline.files.delete(path)


def read_deposit(pipeline: Pipeline, slot: Slot, path: str, wanted: Collection[str]) -> Feedback:
    """Read what is kept at `path`: démarches as of the campaign's day, headers as its département once explained them."""
    departement = slot.departement
    memory = memory_of(pipeline.files, departement)
    deposit_id, _, filename = path.removeprefix(f"deposits/{slot.campaign}/{departement}/").partition("/")
    on = pipeline.reference_date(slot.campaign)
    with pipeline.files.local(path) as local:
        try:
            feedback = pipeline.readers.read(
                local,
                departement=departement,
                on=on,
                wanted=wanted,
                remembered=memory.columns,
                verified=memory.journal.verified,
                heeded=memory.heeds(deposit_id),
            )
        except UnreadableFile as refusal:
            return feedback_of(refused_report(filename, departement, refusal), wanted)
    keep_memory(
        pipeline.files,
        departement,
        before=memory,
        after=memory.with_file(deposit_id, filename, feedback.answers, feedback.verified),
    )
    return feedback
