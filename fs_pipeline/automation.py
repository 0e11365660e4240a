"""What starts runs by itself: a deposit in the folder, the first of the month for national lists, each night for retention."""

import datetime
import hashlib
import json
from collections.abc import Iterator

import dagster as dg

from fs_pipeline.jobs import NATIONAL, SLOTS
from fs_pipeline.partitions import CAMPAIGNS, Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.survey.retention import purge


def deposit_sensor(departements: tuple[str, ...]) -> dg.SensorDefinition:
    """One run a slot whose folder changed; the run key is what lies in the folder, so nothing runs twice."""

    @dg.sensor(
        name="deposits",
        job_name=SLOTS,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A file dropped in <campaign>/<departement>/ starts one run of that slot.",
    )
    def deposits(
        context: dg.SensorEvaluationContext, pipeline: dg.ResourceParam[Pipeline]
    ) -> dg.SensorResult | dg.SkipReason:
        seen: dict[str, str] = json.loads(context.cursor or "{}")
        found = {slot.key: digest for slot, digest in _folders(pipeline, departements)}
        changed = {key: digest for key, digest in found.items() if seen.get(key) != digest}
        if not changed:
            return dg.SkipReason("No deposit has changed.")
        known = set(context.instance.get_dynamic_partitions("campaign"))
        new = sorted({Slot.from_key(key).campaign for key in changed} - known)
        return dg.SensorResult(
            run_requests=[
                dg.RunRequest(run_key=f"{key}:{digest}", partition_key=key) for key, digest in changed.items()
            ],
            dynamic_partitions_requests=[CAMPAIGNS.build_add_request(new)] if new else [],
            cursor=json.dumps(seen | found),
        )

    return deposits


def _folders(pipeline: Pipeline, departements: tuple[str, ...]) -> Iterator[tuple[Slot, str]]:
    """Each slot that has files, with a digest of their names and contents."""
    files: dict[Slot, list[str]] = {}
    for path in pipeline.deposits.list(""):
        campaign, _, rest = path.partition("/")
        departement, _, name = rest.partition("/")
        if name and departement in departements:
            files.setdefault(Slot(campaign, departement), []).append(path)
    for slot, paths in sorted(files.items()):
        digest = hashlib.sha256()
        for path in paths:
            digest.update(path.encode() + b"\0" + hashlib.sha256(pipeline.deposits.read(path)).digest())
        yield slot, digest.hexdigest()[:16]


def national_schedule() -> dg.ScheduleDefinition:
    """On the first of each month, the national sources of the latest campaign."""

    @dg.schedule(
        name="national_monthly",
        job_name=NATIONAL,
        cron_schedule="0 4 1 * *",
        execution_timezone="Europe/Paris",
        description="National lists are taken again on the first of the month.",
    )
    def national_monthly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        campaigns = sorted(context.instance.get_dynamic_partitions("campaign"))
        if not campaigns:
            return dg.SkipReason("No campaign is open yet.")
        return dg.RunRequest(partition_key=campaigns[-1])

    return national_monthly


@dg.op(description="Deletes deposits whose retention date is past.")
def purge_deposits(context: dg.OpExecutionContext, pipeline: dg.ResourceParam[Pipeline]) -> None:
    """Names and numbers of files are logged, never what they held."""
    today = datetime.datetime.now(datetime.UTC).date()
    done = purge(pipeline.warehouse, pipeline.files, pipeline.deposits, today)
    context.log.info("%s deposits past their retention date, %s files deleted", len(done.deposits), len(done.files))


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
