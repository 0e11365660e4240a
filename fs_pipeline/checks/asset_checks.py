"""Declared checks as Dagster asset checks: one verdict a check and slot, also in a range run."""

import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from fs_pipeline.checks.judge import Check, Verdict, declared_rows, suites
from fs_pipeline.partitions import Slot
from fs_pipeline.warehouse.models import Project


def checks_of(table: str, project: Project) -> tuple[Check, ...]:
    """The declared suite of a table and, for a SQL model, that its rows are as declared."""
    own = (declared_rows(table),) if table in project.models else ()
    return suites().get(table, ()) + own


def specs_for(
    assets: Mapping[str, dg.AssetKey], project: Project, partitions: dg.PartitionsDefinition | None
) -> list[dg.AssetCheckSpec]:
    """The checks of each table, on the asset that stands for it (table -> asset)."""
    with warnings.catch_warnings():
        # Partitioned checks are a preview in Dagster 1.13, pinned: a verdict a slot rests on them.
        warnings.simplefilter("ignore", category=dg.PreviewWarning)
        return _specs(assets, project, partitions)


def _specs(
    assets: Mapping[str, dg.AssetKey], project: Project, partitions: dg.PartitionsDefinition | None
) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            check.name,
            asset=key,
            description=check.message,
            blocking=check.severity == "error",
            partitions_def=partitions,
        )
        for table, key in assets.items()
        for check in checks_of(table, project)
    ]


def report(
    context: dg.AssetExecutionContext,
    verdicts: Mapping[str, Sequence[Verdict]],
    assets: Mapping[str, dg.AssetKey],
    project: Project,
    *,
    alone: bool,
) -> Iterator[dg.AssetCheckResult]:
    """Tell Dagster the verdicts, by campaign.

    A run of one slot yields its results, which block what follows. A range run reports each slot's evaluation with
    its partition and yields the sum as a warning at most: an ERROR there would stop the other hundred slots.
    """
    by_check: dict[tuple[str, str], list[tuple[str, Verdict]]] = defaultdict(list)
    for campaign, of_campaign in verdicts.items():
        for verdict in of_campaign:
            by_check[verdict.check.table, verdict.check.name].append((campaign, verdict))
    for table, key in assets.items():
        for check in checks_of(table, project):
            of_slots = by_check[table, check.name]
            if not alone:
                for campaign, verdict in of_slots:
                    context.instance.report_dagster_event(
                        _event(key, verdict, context, campaign), run_id=context.run.run_id
                    )
            yield _result(key, check, [verdict for _, verdict in of_slots], alone=alone)


def _result(key: dg.AssetKey, check: Check, of_slots: Sequence[Verdict], *, alone: bool) -> dg.AssetCheckResult:
    failing = [verdict for verdict in of_slots if not verdict.passed]
    description = (
        "Non évalué : rien n’a été produit." if not of_slots else of_slots[0].sentence() if alone else check.message
    )
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=check.name,
        passed=bool(of_slots) and not failing,
        severity=_severity(check, alone=alone and bool(of_slots)),
        description=description,
        metadata={
            "rows_judged": sum(verdict.judged for verdict in of_slots),
            "rows_failing": sum(verdict.failing for verdict in of_slots),
            "slots_failing": len(failing),
        },
    )


def _event(key: dg.AssetKey, verdict: Verdict, context: dg.AssetExecutionContext, campaign: str) -> dg.DagsterEvent:
    """One slot's verdict, as an event of this run: a step may yield only one result a check."""
    evaluation = dg.AssetCheckEvaluation(
        asset_key=key,
        check_name=verdict.check.name,
        passed=verdict.passed,
        severity=_severity(verdict.check, alone=True),
        description=verdict.sentence(),
        partition=Slot(campaign, verdict.departement).key,
        metadata={"rows_judged": verdict.judged, "rows_failing": verdict.failing},
    )
    return dg.DagsterEvent(
        event_type_value=dg.DagsterEventType.ASSET_CHECK_EVALUATION.value,
        job_name=context.job_name,
        step_key=context.op_execution_context.get_step_execution_context().step.key,
        event_specific_data=evaluation,
    )


def _severity(check: Check, *, alone: bool) -> dg.AssetCheckSeverity:
    blocks = alone and check.severity == "error"
    return dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN
