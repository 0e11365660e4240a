"""What starts runs by itself: a deposit in the folder, a month for national lists, a night for the synthesis and retention."""

import datetime
import json
from collections.abc import Sequence

import dagster as dg

from fs_pipeline.assets.traces import masked, unquoted
from fs_pipeline.campaigns.decisions import CAMPAIGN
from fs_pipeline.deposits.incoming import concerns
from fs_pipeline.deposits.retention import purge
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS, SYNTHESIS
from fs_pipeline.partitions import CAMPAIGNS, FOR_CAMPAIGN, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.dropped import Entry, digest

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]


def deposit_sensor(
    departements: tuple[str, ...], grains: "Sequence[dg.UnresolvedAssetJobDefinition | dg.JobDefinition]"
) -> dg.SensorDefinition:
    """One run a slot whose folder changed, once its campaign has its national lists.

    The run key is what lies in the folder, so nothing runs twice.
    """

    @dg.sensor(
        name="deposits",
        jobs=[job for job in grains if job.name in {REFERENCE, NATIONAL, SLOTS}],
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A file dropped in <campaign>/<departement>/ starts one run of that slot; a new campaign is opened first.",
    )
    @unquoted
    def deposits(
        context: dg.SensorEvaluationContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> dg.SensorResult | dg.SkipReason:
        seen: dict[str, str] = json.loads(context.cursor or "{}")
        folders, closed = _folders(pipeline, departements)
        for path in closed:
            known = [
                part if CAMPAIGN.fullmatch(part) or part in departements else masked(part) for part in path.split("/")
            ]
            context.log.warning("What lies at %r cannot be entered, and links are not followed.", "/".join(known))
        found = {slot.key: digest for slot, digest in folders.items()}
        changed = {key: digest for key, digest in found.items() if seen.get(key) != digest}
        if not changed:
            return dg.SkipReason("No deposit has changed.")
        campaigns = {Slot.from_key(key).campaign for key in changed}
        ready = {campaign for campaign in campaigns if _is_ready(context.instance, pipeline, campaign)}
        starting = {key: digest for key, digest in changed.items() if Slot.from_key(key).campaign in ready}
        new = sorted(campaigns - set(context.instance.get_dynamic_partitions("campaign")))
        opening = [_opening(context.instance, campaign) for campaign in sorted(campaigns - ready)]
        slots = [
            dg.RunRequest(run_key=f"{key}:{digest}", job_name=SLOTS, partition_key=key)
            for key, digest in starting.items()
        ]
        return dg.SensorResult(
            run_requests=[*opening, *slots],
            dynamic_partitions_requests=[CAMPAIGNS.build_add_request(new)] if new else [],
            cursor=json.dumps(seen | starting),
        )

    return deposits


def _opening(instance: dg.DagsterInstance, campaign: str) -> dg.RunRequest:
    """What a campaign waits for: the reference, then its lists, whose places are put in the communes."""
    if not _has_ended(instance, REFERENCE, {FOR_CAMPAIGN: campaign}):
        return dg.RunRequest(run_key=f"{REFERENCE}:{campaign}", job_name=REFERENCE, tags={FOR_CAMPAIGN: campaign})
    return dg.RunRequest(run_key=f"{NATIONAL}:{campaign}", job_name=NATIONAL, partition_key=campaign)


def _is_ready(instance: dg.DagsterInstance, pipeline: Pipeline, campaign: str) -> bool:
    """Whether the reference and the lists were taken, well or not, and the communes are there."""
    return (
        _has_ended(instance, REFERENCE, {FOR_CAMPAIGN: campaign})
        and _has_ended(instance, NATIONAL, {"dagster/partition": campaign})
        and not pipeline.warehouse.read("communes", columns=["insee"]).empty
    )


def _has_ended(instance: dg.DagsterInstance, job: str, tags: dict[str, str]) -> bool:
    return instance.get_runs_count(dg.RunsFilter(job_name=job, tags=tags, statuses=_ENDED)) > 0


def _folders(pipeline: Pipeline, departements: tuple[str, ...]) -> tuple[dict[Slot, str], list[str]]:
    """A digest of what lies in each slot's folder, no file being opened; and apart, what cannot be looked into."""
    lying: dict[Slot, list[Entry]] = {}
    closed = []
    for entry in pipeline.deposits.look("", deep=3):
        campaign, _, rest = entry.path.partition("/")
        departement, _, name = rest.partition("/")
        if not name:
            closed.append(entry.path)
        elif departement in departements and CAMPAIGN.fullmatch(campaign) and concerns(entry):
            lying.setdefault(Slot(campaign, departement), []).append(entry)
    return {slot: digest(entries) for slot, entries in sorted(lying.items())}, closed


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


@dg.op(description="Deletes deposits whose retention date is past.")
@unquoted
def purge_deposits(context: dg.OpExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> None:
    """Names and numbers of files are logged, never what they held."""
    today = datetime.datetime.now(datetime.UTC).date()
    done = purge(pipeline.warehouse, pipeline.files, pipeline.deposits, today, pipeline.geocoder_answers)
    context.log.info("%s deposits past their retention date, %s files deleted", len(done.deposits), len(done.files))
    if done.failed:
        raise dg.Failure(f"{len(done.failed)} files could not be deleted; the next night tries again.")


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
