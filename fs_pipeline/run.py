"""`fs-pipeline run` and `demo`: the same assets and checks as under Dagster's daemon, chained in this process.

What a command prints is made in report.py; nothing here computes a figure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import dagster as dg
import yaml

from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS, SYNTHESIS
from fs_pipeline.partitions import Slot, contiguous_ranges
from fs_pipeline.progress import Progress, progress_logger
from fs_pipeline.report import RunReport, print_report, read_failures
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

_RANGE_START, _RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


class UnusableRequest(ValueError):
    """A run that cannot start as asked; the message is one French line."""


def run(
    *, campaign: str, departements: Sequence[str] | None, surveys: Sequence[Path], sources: Path | None, out: Path
) -> int:
    """Materialise one campaign for some départements, or for all where None; 0 when every slot is good, else 1.

    Raises
    ------
    UnusableRequest
        When the campaign, a code or a file is not what it must be.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", campaign):
        raise UnusableRequest(
            f"« {campaign} » n’est pas une campagne ; écrivez l’année et le mois, par exemple 2022-12."
        )
    pipeline = Pipeline(settings_for(out, sources))
    for key in pipeline.sources.unknown:
        print(f"La source « {key} » n’existe pas et n’est pas lue.", file=sys.stderr)
    codes = pipeline.load_territory().departement_codes
    unknown = sorted(set(departements or ()) - set(codes))
    if unknown:
        raise UnusableRequest(f"« {unknown[0]} » n’est pas un code de département ; par exemple 33, 2A ou 974.")
    wanted = sorted(set(departements)) if departements else list(codes)
    if surveys and departements is None:
        raise UnusableRequest("une enquête va avec un département : ajoutez --department.")
    for survey in surveys:
        if not survey.is_file():
            raise UnusableRequest(f"le fichier « {survey.name} » est introuvable.")
        for departement in wanted:
            deposit(pipeline, Slot(campaign, departement), survey)
    report = materialise(pipeline, campaign, wanted)
    files = export(pipeline, campaign, wanted, out)
    print_report(pipeline, report, files, out)
    return 0 if report.succeeded else 1


def settings_for(out: Path, sources: Path | None) -> Settings:
    """The environment's installation where FS_HOME is set, else one of its own below the output folder."""
    if "FS_HOME" in os.environ:
        settings = Settings.from_environment()
        return replace(settings, sources_path=sources) if sources else settings
    return Settings.at(out / "var", sources_path=sources)


def deposit(pipeline: Pipeline, slot: Slot, survey: Path) -> None:
    """Drop a survey in its slot's folder, as a prefecture would."""
    pipeline.deposits.write(f"{slot.campaign}/{slot.departement}/{survey.name}", survey.read_bytes())


def materialise(pipeline: Pipeline, campaign: str, departements: Sequence[str]) -> RunReport:
    """One run a grain: reference, national, slots (a run a range of neighbours in the list), synthesis."""
    progress = Progress(sys.stderr)
    definitions = build_defs(pipeline, loggers={"console": progress_logger(progress)})
    all_departements = pipeline.load_territory().departement_codes
    report = RunReport(campaign=campaign, departements=tuple(departements))
    with instance_for(pipeline.settings) as instance:
        instance.add_dynamic_partitions("campaign", [campaign])

        def execute(job: str, partition_key: str | None = None, tags: dict[str, str] | None = None) -> None:
            result = definitions.resolve_job_def(job).execute_in_process(
                instance=instance,
                partition_key=partition_key,
                tags=tags,
                run_config={"loggers": {"console": {"config": {}}}},  # without it Dagster's own debug log is printed
                raise_on_error=False,
            )
            report.add(job, result)

        execute(REFERENCE)
        execute(NATIONAL, campaign)
        for first, last in contiguous_ranges(all_departements, departements):
            if first == last:
                execute(SLOTS, Slot(campaign, first).key)
            else:
                tags = {_RANGE_START: Slot(campaign, first).key, _RANGE_END: Slot(campaign, last).key}
                execute(SLOTS, tags=tags)
        execute(SYNTHESIS, campaign)
    progress.close()
    read_failures(pipeline, report)
    return report


def instance_for(settings: Settings) -> dg.DagsterInstance:
    """The installation's own storage where FS_HOME names one, else none that stays.

    What a run writes is the same. Dagster's log of it, thousands of events in a national run, costs five times less in
    memory than on disk, and nobody opens the log of a folder of results.
    """
    return local_instance(settings.home / "dagster") if "FS_HOME" in os.environ else dg.DagsterInstance.ephemeral()


def local_instance(home: Path) -> dg.DagsterInstance:
    """Dagster's own storage for this installation, on disk, so that runs can be looked at in its UI afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(
            yaml.safe_dump({"telemetry": {"enabled": False}, "concurrency": {"runs": {"max_concurrent_runs": 2}}}),
            encoding="utf-8",
        )
    return dg.DagsterInstance.from_config(str(home))


def export(pipeline: Pipeline, campaign: str, departements: Sequence[str], out: Path) -> list[Path]:
    """Copy the newest publication of each slot and of the nation, and the feedback, below `out`; the paths written."""
    written = []
    publications = pipeline.warehouse.read("publications", {"campaign": campaign})
    newest = publications.sort_values("published_at").groupby(["departement", "edition"]).tail(1)
    folders = {
        f"{row.path}/": out / campaign / str(row.departement) / str(row.edition)
        for row in newest.itertuples()
        if row.departement in {*departements, "FR"}
    } | {f"feedback/{campaign}/{code}/": out / campaign / code / "retour" for code in departements}
    for source, target in folders.items():
        for path in pipeline.files.list(source.rstrip("/")):
            copy = target / path.removeprefix(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(pipeline.files.read(path))
            written.append(copy)
    return written


def demo(out: Path) -> int:
    """The rehearsal département, end to end, and whether each planted error was found."""
    from fs_pipeline.rehearsal.generate import generate
    from fs_pipeline.report import print_planted

    if out.exists():
        shutil.rmtree(out)
    rehearsal = generate(out / "entrees")
    pipeline = Pipeline(
        Settings.at(out / "var", sources_path=rehearsal.sources_path),
        load_territory=lambda: rehearsal.territory,
        fictional=True,
    )
    slot = Slot(rehearsal.campaign, rehearsal.departement)
    for survey in rehearsal.deposits:
        deposit(pipeline, slot, survey)
    report = materialise(pipeline, slot.campaign, [slot.departement])
    files = export(pipeline, slot.campaign, [slot.departement], out)
    print_report(pipeline, report, files, out)
    found = print_planted(pipeline, rehearsal)
    return 0 if report.succeeded and found else 1


def dev(port: int) -> int:
    """Dagster's UI and daemon on this machine, over the environment's settings, until interrupted."""
    settings = Settings.from_environment()
    home = settings.home / "dagster"
    local_instance(home).dispose()
    environment = os.environ | {"DAGSTER_HOME": str(home), "FS_HOME": str(settings.home)}
    Path(settings.deposits_url).mkdir(parents=True, exist_ok=True)
    print(f"Interface : http://127.0.0.1:{port}. Déposez les enquêtes dans {settings.deposits_url}.", file=sys.stderr)
    where = ["-m", "fs_pipeline.definitions", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.call([sys.executable, "-m", "dagster", "dev", *where], env=environment)
