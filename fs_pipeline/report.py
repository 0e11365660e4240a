"""What `run` and `demo` print when they end: figures read back from the warehouse, never counted on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from rich.console import Console
from rich.table import Table

from fs_pipeline import french
from fs_pipeline.assets.outcomes import SUPERSEDED
from fs_pipeline.assets.traces import keep_step_trace, told_to_the_clerk
from fs_pipeline.campaigns.decisions import said_otherwise
from fs_pipeline.campaigns.register import read_campaign
from fs_pipeline.checks.judge import declared_rows, suites
from fs_pipeline.export import Export
from fs_pipeline.progress import error_name, is_unexpected, reason_of
from fs_pipeline.resources import Pipeline

if TYPE_CHECKING:
    from fs_pipeline.rehearsal.generate import Rehearsal


@dataclass
class RunReport:
    """What the chained runs said."""

    campaign: str
    departements: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)  # step -> seconds
    broken_steps: list[str] = field(default_factory=list)
    failed_slots: dict[str, str] = field(default_factory=dict)  # departement -> French reason
    reserves: dict[str, str] = field(default_factory=dict)  # departement -> what its good slot leaves out, in French
    incomplete: dict[str, str] = field(default_factory=dict)  # departement -> what its publication lacks, in French
    failed_checks: dict[str, int] = field(default_factory=dict)  # check -> slots in which it failed
    superseded: list[str] = field(default_factory=list)  # départements that a later run took over
    unchanged: list[str] = field(default_factory=list)  # départements that rest on what they rested on, and were left
    runs: list[str] = field(default_factory=list)  # Dagster's ids

    def add(self, job: str, result: dg.ExecuteInProcessResult, home: Path) -> None:
        """Take in one run's events; the traces of errors nobody foresaw are kept below `home`."""
        self.runs.append(result.run_id)
        for event in result.all_events:
            if event.is_step_success and event.step_key:
                spent = event.step_success_data.duration_ms / 1000
                self.seconds[event.step_key] = self.seconds.get(event.step_key, 0) + spent
            elif event.is_step_failure and event.step_key:
                reason = reason_of(event)
                if is_unexpected(event):
                    reason = told_to_the_clerk(error_name(event), keep_step_trace(home, event))
                self.broken_steps.append(f"{job} : {event.step_key} : {reason}")
            elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
                evaluation = event.asset_check_evaluation_data
                failing = evaluation.metadata.get("slots_failing")
                if not evaluation.passed and failing is not None and int(str(failing.value)):
                    name = evaluation.check_name
                    self.failed_checks[name] = self.failed_checks.get(name, 0) + int(str(failing.value))

    def merge(self, others: Iterable[RunReport]) -> None:
        """Take in what other runs said."""
        for other in others:
            self.runs += other.runs
            self.broken_steps += other.broken_steps
            for step, spent in other.seconds.items():
                self.seconds[step] = self.seconds.get(step, 0) + spent
            for check, slots in other.failed_checks.items():
                self.failed_checks[check] = self.failed_checks.get(check, 0) + slots

    @property
    def succeeded(self) -> bool:
        """Whether every step ended and every slot is good and whole."""
        return not self.broken_steps and not self.failed_slots and not self.incomplete


def read_failures(pipeline: Pipeline, report: RunReport) -> None:
    """Take what failed, what lacks and the reserves from ``slot_status``, the truth about a range run.

    Slots that another run took over are that one's to tell.
    """
    key = {"campaign": report.campaign, "departement": list(report.departements)}
    turns = pipeline.warehouse.read("slot_turns", key | {"run_id": report.runs})
    report.superseded = sorted(turns.loc[turns["gave_way_at"].notna(), "departement"])
    status = pipeline.warehouse.read("slot_status", key).sort_values("stage")
    status = status[~status["departement"].isin(report.superseded)]
    for row in status[(status["state"] == "good") & status["message"].notna()].itertuples():
        report.reserves[str(row.departement)] = str(row.message)
    for row in status[status["state"] == "incomplete"].itertuples():
        report.incomplete[str(row.departement)] = str(row.message)
    for row in status[status["state"] == "failed"].itertuples():
        report.failed_slots.setdefault(str(row.departement), f"{row.stage} : {row.message}")


def print_report(pipeline: Pipeline, report: RunReport, exported: Export, out: Path) -> None:
    """The table at the end of a run, and where the files are."""
    console = console_of_width()
    key = {"campaign": report.campaign, "departement": list(report.departements)}
    counts = pipeline.warehouse.read(pipeline.project["slot_counts"].table, key).drop(columns=list(key)).sum()
    table = Table(title=f"Campagne {report.campaign}", show_header=False)
    table.add_column("Mesure")
    table.add_column("Valeur", justify="right")
    rows = {
        "Départements": len(report.departements),
        "Lieux lus dans les enquêtes": int(counts["survey_rows"]),
        "Lieux retenus": int(counts["places"]),
        "Lieux vus dans plusieurs listes": int(counts["linked"]),
        "Rapprochements à trancher": int(counts["to_review"]),
        "Contrôles non satisfaits": len(report.failed_checks),
        "Départements en échec": len(report.failed_slots),
        "Départements où il manque un fichier": len(report.incomplete),
        "Fichiers écrits": len(exported.written),
    }
    if report.unchanged:
        rows["Départements où rien n’a changé, laissés tels quels"] = len(report.unchanged)
    if exported.removed:
        rows["Fichiers d’une version précédente retirés"] = len(exported.removed)
    for label, value in rows.items():
        table.add_row(label, french.number(value))
    console.print(table)
    print_checks(console, report)
    _print_seconds(console, report)
    for departement, reserve in sorted(report.reserves.items()):
        console.print(f"{departement} : {reserve}", markup=False)
    for departement, reason in sorted(report.failed_slots.items()):
        console.print(f"Échec {departement} : {reason}", markup=False)
    for departement in report.superseded:
        console.print(f"{departement} : {SUPERSEDED}", markup=False)
    for departement, reason in sorted(report.incomplete.items()):
        console.print(f"Incomplet {departement} : {reason}", markup=False)
    for step in report.broken_steps:
        console.print(f"Étape non aboutie : {step}", markup=False)
    otherwise = said_otherwise(read_campaign(pipeline.warehouse, report.campaign), pipeline.sources.reference_date)
    if otherwise is not None:
        where = "" if "FS_HOME" in os.environ else f" (avec FS_HOME={pipeline.settings.home})"
        console.print(f"Campagne : {otherwise}{where}", markup=False)
    sources = pipeline.warehouse.read(
        "campaign_sources", {"campaign": report.campaign, "state": ["taken", "last_good"]}
    )
    for message in sources["message"].dropna():
        console.print(f"Source : {message}", markup=False)
    _print_left(console, exported)
    _print_files(console, exported.written, out)


def console_of_width() -> Console:
    """Standard output; as wide as the terminal, 110 columns where there is none."""
    return Console(width=None if os.isatty(1) else 110, highlight=False)


def print_checks(console: Console, report: RunReport) -> None:
    """The checks that are not satisfied, each by its sentence, and in how many départements."""
    if report.failed_checks:
        table = Table("Contrôle non satisfait", "Départements")
        declared = [declared_rows(""), *(check for checks in suites().values() for check in checks)]
        said = {check.name: check.message for check in declared}
        for name, slots in sorted(report.failed_checks.items()):
            table.add_row(said[name], str(slots))
        console.print(table)


def _print_seconds(console: Console, report: RunReport) -> None:
    table = Table("Étape", "Secondes")
    table.columns[1].justify = "right"
    slowest = sorted(report.seconds.items(), key=lambda item: -item[1])
    for step, seconds in slowest[:12]:
        table.add_row(step, french.number(seconds, 1))
    rest = sum(seconds for _, seconds in slowest[12:])
    if rest:
        table.add_row(f"les {len(slowest) - 12} autres", french.number(rest, 1))
    table.add_row("total", french.number(sum(report.seconds.values()), 1))
    console.print(table)


def _print_left(console: Console, exported: Export) -> None:
    """What is no more, or should not be taken for this version's."""
    for path in exported.removed:
        console.print(f"Retiré, car d’une version précédente : {path}", markup=False)
    for path in exported.strange:
        console.print(f"Laissé en place, mais pas de cette version, car modifié ou d’ailleurs : {path}", markup=False)


def _print_files(console: Console, files: Sequence[Path], out: Path) -> None:
    wanted = ("carte.html", "dossier.pdf", "dossier.docx", "dossier.html", ".annote.xlsx", ".parquet", ".csv")
    console.print("Fichiers :", markup=False)
    shown = [path for name in wanted for path in files if path.name.endswith(name)]  # what a person opens comes first
    for path in shown[:40]:
        console.print(f"  {path}", markup=False)
    if len(shown) > 40:
        console.print(f"  … et {len(shown) - 40} autres sous {out}", markup=False)


def print_planted(pipeline: Pipeline, rehearsal: Rehearsal) -> bool:
    """The table of planted errors, each found or not; True when all were."""
    from fs_pipeline.rehearsal.answer import look_for_planted

    verdicts = look_for_planted(pipeline.warehouse, rehearsal)
    table = Table("Erreur plantée", "Où", "Trouvée", title="Répétition : erreurs plantées")
    for row in verdicts.itertuples():
        table.add_row(str(row.label_fr), str(row.where), "oui" if row.found else "NON")
    console = console_of_width()
    console.print(table)
    found = int(verdicts["found"].sum())
    console.print(f"{found} erreurs trouvées sur {len(verdicts)}.", markup=False)
    return found == len(verdicts)
