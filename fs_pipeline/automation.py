"""What starts runs by itself: what is due, a month for national lists, a night for the synthesis and retention."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import dagster as dg

from fs_pipeline.alive import INTERRUPTED, dead_runs, fail
from fs_pipeline.assets.due import CUT_OFF, NEVER, Due, due_slots, interrupt
from fs_pipeline.assets.inputs import PARTS, folders_of
from fs_pipeline.assets.outcomes import worker_of
from fs_pipeline.assets.traces import BY_MACHINE, masked, unquoted
from fs_pipeline.campaigns.decisions import CAMPAIGN
from fs_pipeline.campaigns.register import latest_open, read_campaign
from fs_pipeline.deposits.retention import purge
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS, SYNTHESIS, from_part
from fs_pipeline.partitions import (
    ACCESS,
    CAMPAIGNS,
    FOR_CAMPAIGN,
    PLACES,
    PUBLICATION,
    TOGETHER,
    Slot,
    contiguous_ranges,
    range_tags,
    slots_of_tags,
)
from fs_pipeline.resources import Pipeline
from fs_pipeline.tidying import tidy
from fs_pipeline.warehouse.dropped import Entry, age

_TRIES = 3  # of the same slots resting on the same inputs, or of opening one campaign
_QUIET_FOR = 10.0  # seconds without a write, before a folder is read
_DUE = "fs_pipeline/due"  # tag of a run of slots: what it would rest on
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def due_sensor(
    departements: tuple[str, ...],
    grains: "Sequence[dg.UnresolvedAssetJobDefinition | dg.JobDefinition]",
    parts: Mapping[str, frozenset[dg.AssetKey]],
) -> dg.SensorDefinition:
    """Runs whatever differs from what is done (assets/due.py), once runs that died are known to be over.

    It remembers nothing: a run that was cut off, or a tick that was lost, leaves its slots as due as they were.

    Parameters
    ----------
    parts
        ``jobs.keys_of_parts``.
    """

    @dg.sensor(
        name="due_slots",
        jobs=[job for job in grains if job.name in {REFERENCE, NATIONAL, SLOTS}],
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A file dropped in <campaign>/<departement>/, a list, a ruling, a neighbour or a version that changed starts "
        "the slots that it touches; a new campaign is opened first; runs whose process died are ended.",
    )
    @unquoted
    def due(
        context: dg.SensorEvaluationContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> dg.SensorResult | dg.SkipReason:
        _end_dead_runs(context, pipeline)
        entries = pipeline.deposits.look("", deep=3)
        _tell_of_closed_folders(context, entries, departements)
        known = set(context.instance.get_dynamic_partitions("campaign"))
        awaited = {slot.campaign for slot in folders_of(entries) if _is_one(slot, departements)}
        requests: list[dg.RunRequest] = []
        for campaign in sorted(awaited | known):
            opening = _opening(context.instance, pipeline, campaign)
            if opening is None:
                requests += _slots(context, pipeline, campaign, departements, entries, parts)
            elif isinstance(opening, dg.RunRequest) and (campaign in awaited or _is_open(pipeline, campaign)):
                requests.append(opening)
        if not requests:
            return dg.SkipReason("All slots rest on what is there.")
        new = sorted(awaited - known)
        return dg.SensorResult(
            run_requests=requests, dynamic_partitions_requests=[CAMPAIGNS.build_add_request(new)] if new else []
        )

    return due


def _end_dead_runs(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> None:
    """Free the queue of the runs whose process is gone, and say of their slots where they were cut off."""
    for run in dead_runs(context.instance):
        fail(context.instance, run)
        slots = interrupt(pipeline.warehouse, worker_of(run))
        context.log.warning(
            "Run %s of %s was interrupted in %s slots; they are due.", run.run_id, run.job_name, len(slots)
        )


def _tell_of_closed_folders(
    context: dg.SensorEvaluationContext, entries: Sequence[Entry], departements: tuple[str, ...]
) -> None:
    for path in (entry.path for entry in entries if entry.path.count("/") < 2):
        known = [part if CAMPAIGN.fullmatch(part) or part in departements else masked(part) for part in path.split("/")]
        context.log.warning("What lies at %r cannot be entered, and links are not followed.", "/".join(known))


def _is_one(slot: Slot, departements: tuple[str, ...]) -> bool:
    return slot.departement in departements and CAMPAIGN.fullmatch(slot.campaign) is not None


def _cannot_be_told(slot: Slot, entries: Sequence[Entry]) -> bool:
    """Whether a slot's folder cannot be looked into, or something was written there a moment ago.

    A copy under way is read once, when it is whole; a store that does not answer is no folder that was emptied.
    """
    folder = f"{slot.campaign}/{slot.departement}/"
    return any(
        folder.startswith(f"{entry.path}/" if entry.path else "")
        if entry.kind == "unreadable" and entry.path.count("/") < 2
        else entry.path.startswith(folder) and 0 <= age(entry) < _QUIET_FOR
        for entry in entries
    )


def _opening(instance: dg.DagsterInstance, pipeline: Pipeline, campaign: str) -> dg.RunRequest | str | None:
    """What a campaign waits for: the reference, then its lists, whose places are put in the communes.

    Both are made again after a decision that advances it. A run that was cancelled or interrupted, or that broke because its
    machine or database did, is no answer, and nobody tries for ever.

    Returns
    -------
    RunRequest, str or None
        What is to be started, that it is under way, or that nothing is waited for.
    """
    known = read_campaign(pipeline.warehouse, campaign)
    if known.closing is not None:
        return None
    advances = [decision.decided_at for decision in known.decisions if decision.kind == "advance"]
    since = datetime.datetime.fromisoformat(advances[-1]).timestamp() if advances else 0.0
    for job, tags in ((REFERENCE, {FOR_CAMPAIGN: campaign}), (NATIONAL, {"dagster/partition": campaign})):
        records = instance.get_run_records(dg.RunsFilter(job_name=job, tags=tags))
        if any(record.dagster_run.status in UNDER_WAY for record in records):
            return "under way"
        tried = [record.dagster_run for record in records if record.create_timestamp.timestamp() >= since]
        if len(tried) < _TRIES and not any(_has_answered(instance, run) for run in tried):
            if job == NATIONAL:
                return dg.RunRequest(job_name=job, partition_key=campaign)
            return dg.RunRequest(job_name=job, tags=tags)
    return "without communes" if pipeline.warehouse.read("communes", columns=["insee"]).empty else None


def _has_answered(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether a run went well, or failed of what it read and nothing else: it would again."""
    if run.status not in _ENDED or INTERRUPTED in run.tags:
        return False
    if run.status == dg.DagsterRunStatus.SUCCESS:
        return True
    failed = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    said = [entry.get_dagster_event().step_failure_data.user_failure_data for entry in failed]
    own = [failure for failure in said if failure is not None]
    return bool(own) and not any(BY_MACHINE in failure.metadata for failure in own)


def _is_open(pipeline: Pipeline, campaign: str) -> bool:
    return read_campaign(pipeline.warehouse, campaign).is_open


def _slots(
    context: dg.SensorEvaluationContext,
    pipeline: Pipeline,
    campaign: str,
    departements: tuple[str, ...],
    entries: Sequence[Entry],
    parts: Mapping[str, frozenset[dg.AssetKey]],
) -> list[dg.RunRequest]:
    """One run for each few neighbours in the list that are due in a campaign, and on which no run is at work.

    What only follows its neighbours waits until they are done, and keeps its places.
    """
    lying = folders_of(entries)
    here = {slot.departement for slot in lying if slot.campaign == campaign}
    here |= set(pipeline.warehouse.read("slot_turns", {"campaign": campaign}, ["departement"])["departement"])
    due = due_slots(pipeline, campaign, [code for code in departements if code in here], lying)
    if read_campaign(pipeline.warehouse, campaign).closing is not None:
        due = {code: one for code, one in due.items() if set(one.why) & {PARTS["folder"], NEVER, CUT_OFF}}
    if not entries:  # a disk that is not mounted looks like this
        due = {code: one for code, one in due.items() if one.why != (PARTS["folder"],)}
    busy = slots_under_way(context.instance, departements)
    ready = {code: one for code, one in due.items() if one.slot not in busy and not _cannot_be_told(one.slot, entries)}
    moving = {code for code, one in ready.items() if one.part == PLACES}
    moving |= {slot.departement for slot in busy if slot.campaign == campaign}
    requests = []
    for part in (PLACES, ACCESS):
        of_part = {
            code: one
            for code, one in ready.items()
            if one.part == part and (part == PLACES or not moving & set(pipeline.territory.neighbours(code)))
        }
        for one in of_part.values():
            context.log.info("%s is due: %s", one.slot.key, ", ".join(one.why))
        selection = None if part == PLACES else sorted(from_part(part, parts))
        for group in _groups(departements, of_part):
            requests += _requests(context, [of_part[code] for code in group], selection)
    return requests


def _groups(departements: Sequence[str], wanted: Iterable[str]) -> Iterator[Sequence[str]]:
    """Neighbours in the list, `TOGETHER` at most."""
    for first, last in contiguous_ranges(departements, wanted):
        inside = departements[departements.index(first) : departements.index(last) + 1]
        for at in range(0, len(inside), TOGETHER):
            yield inside[at : at + TOGETHER]


def _requests(
    context: dg.SensorEvaluationContext, group: Sequence[Due], selection: Sequence[dg.AssetKey] | None
) -> list[dg.RunRequest]:
    """One run of a group; what a run of the group broke on is tried alone, and given up after a few times."""
    mark = hashlib.sha256(" ".join(one.rests_on for one in group).encode()).hexdigest()[:16]
    tried = context.instance.get_runs_count(dg.RunsFilter(job_name=SLOTS, tags={_DUE: mark}))
    if len(group) > 1:
        if tried:
            return [request for one in group for request in _requests(context, [one], selection)]
        return [_request([one.slot for one in group], selection, {_DUE: mark})]
    if tried >= _TRIES:
        context.log.error("%s is due and was tried %s times: start it by hand.", group[0].slot.key, tried)
        return []
    return [_request([one.slot for one in group], selection, {_DUE: mark})]


def _request(
    slots: Sequence[Slot], selection: Sequence[dg.AssetKey] | None, tags: Mapping[str, str] | None = None
) -> dg.RunRequest:
    """A run of neighbours in the list: of all that is made of them, or of some assets."""
    about = dict(tags or {})
    if len(slots) == 1:
        return dg.RunRequest(job_name=SLOTS, partition_key=slots[0].key, asset_selection=selection, tags=about)
    return dg.RunRequest(job_name=SLOTS, asset_selection=selection, tags=about | range_tags(slots[0], slots[-1]))


def slots_under_way(instance: dg.DagsterInstance, departements: tuple[str, ...]) -> set[Slot]:
    """The slots of the runs that wait or work."""
    runs = instance.get_runs(dg.RunsFilter(job_name=SLOTS, statuses=UNDER_WAY))
    return {slot for run in runs for slot in slots_of_tags(run.tags, departements)}


def campaign_schedules() -> list[dg.ScheduleDefinition]:
    """What is done again for the latest campaign while time passes."""
    return [
        _of_latest_campaign(
            "national_monthly", NATIONAL, "0 4 1 * *", "On the first of the month, lists that still lack are asked for."
        ),
        _of_latest_campaign(
            "synthesis_nightly", SYNTHESIS, "0 5 * * *", "The national brief follows the départements each night."
        ),
    ]


def _of_latest_campaign(name: str, job: str, cron: str, description: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=name,
        job_name=job,
        cron_schedule=cron,
        execution_timezone="Europe/Paris",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        campaigns = sorted(context.instance.get_dynamic_partitions("campaign"))
        if not campaigns:
            return dg.SkipReason("No campaign is open yet.")
        return dg.RunRequest(partition_key=campaigns[-1])

    return schedule


def publications_schedule(
    departements: tuple[str, ...], parts: Mapping[str, frozenset[dg.AssetKey]]
) -> dg.ScheduleDefinition:
    """Each night, before the synthesis: dossiers print the figures of other départements as they have become."""

    @dg.schedule(
        name="publications_nightly",
        job_name=SLOTS,
        cron_schedule="45 4 * * *",
        execution_timezone="Europe/Paris",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Where the figures of other départements are not those that a dossier prints, it is published again.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> list[dg.RunRequest] | dg.SkipReason:
        campaign = latest_open(pipeline.warehouse)
        if campaign is None:
            return dg.SkipReason("No campaign is open.")
        busy = slots_under_way(context.instance, departements)
        due = due_slots(pipeline, campaign, departements, beside=True)
        ready = {code: one.slot for code, one in due.items() if one.part == PUBLICATION and one.slot not in busy}
        selection = sorted(parts[PUBLICATION])
        groups = [[ready[code] for code in group] for group in _groups(departements, ready)]
        return [_request(slots, selection) for slots in groups] or dg.SkipReason("All dossiers print today's figures.")

    return schedule


@dg.op(description="Deletes deposits whose retention date is past.")
@unquoted
def purge_deposits(context: dg.OpExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> None:
    """Names and numbers of files are logged, never what they held."""
    today = datetime.datetime.now(datetime.UTC).date()
    stores = (pipeline.warehouse, pipeline.files, pipeline.deposits, today, pipeline.geocoder_answers)
    done = purge(*stores, ledger=pipeline.ledger)
    context.log.info("%s deposits past their retention date, %s files deleted", len(done.deposits), len(done.files))
    if done.failed:
        raise dg.Failure(f"{len(done.failed)} files could not be deleted or noted; the next night tries again.")


@dg.job(executor_def=dg.in_process_executor, description="Deposits are deleted once their retention date is past.")
def retention() -> None:
    """One step, no partition."""
    purge_deposits()


def retention_schedule() -> dg.ScheduleDefinition:
    """Each night."""
    return dg.ScheduleDefinition(
        name="retention_nightly",
        job=retention,
        cron_schedule="30 3 * * *",
        execution_timezone="Europe/Paris",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


@dg.op(description="Lets go what the written rule does not keep: older versions, lists and runs, words said twice.")
@unquoted
def bound_disk(context: dg.OpExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> None:
    """Numbers alone are logged."""
    for what, count in tidy(pipeline, context.instance).items():
        context.log.info("%s: %s", what, count)


@dg.job(executor_def=dg.in_process_executor, description="The disk stays bounded by a written rule.")
def tidying() -> None:
    """One step, no partition."""
    bound_disk()


def tidying_schedule() -> dg.ScheduleDefinition:
    """Each night, after retention and before the synthesis."""
    return dg.ScheduleDefinition(
        name="tidying_nightly",
        job=tidying,
        cron_schedule="15 4 * * *",
        execution_timezone="Europe/Paris",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
