"""`fs-pipeline run` and `demo`: the same assets and checks as under Dagster's daemon, chained in this process.

What a command prints is made in report.py; nothing here computes a figure.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from fs_pipeline.assets.due import due_slots, synthesis_is_due
from fs_pipeline.campaigns.decisions import CAMPAIGN
from fs_pipeline.chunks import Chunk, Runner, cut, instance_for
from fs_pipeline.cores import cores
from fs_pipeline.crew import Crew
from fs_pipeline.deposits.incoming import file_name, is_arriving, is_noise
from fs_pipeline.deposits.keeping import refused_last
from fs_pipeline.export import export
from fs_pipeline.instance import local_instance
from fs_pipeline.interruption import Interrupted, noted
from fs_pipeline.jobs import NATIONAL, REFERENCE, SYNTHESIS
from fs_pipeline.partitions import FOR_CAMPAIGN, PARTS, PLACES, TOGETHER, Slot
from fs_pipeline.progress import Progress, progress_logger, quieten
from fs_pipeline.report import RunReport, print_report, read_failures
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings, shown
from fs_pipeline.survey.opening.reader import UnreadableFile, open_file
from fs_pipeline.warehouse.home import keep_private

_MARK = ".fs-pipeline-demo"
_SECONDS_TO_END = 30  # that the interface and its daemon are given


class UnusableRequest(ValueError):
    """A run that cannot start as asked; the message is one French line."""


def run(
    *,
    campaign: str,
    departements: Sequence[str] | None,
    surveys: Sequence[Path],
    sources: Path | None,
    out: Path,
    force: bool = False,
    processes: int | None = None,
) -> int:
    """Materialise one campaign for some départements, or for all where None; 0 when every slot is good, else 1.

    Parameters
    ----------
    force
        Whether what nothing has changed for is made again.
    processes
        In how many a large number of départements is run; as many as this process has cores unless given.

    Raises
    ------
    UnusableRequest
        When the campaign, a code or a file is not what it must be.
    """
    if not CAMPAIGN.fullmatch(campaign):
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
    names = names_of(surveys)
    for survey in surveys:
        for departement in wanted:
            deposit(pipeline, Slot(campaign, departement), survey)
    report = materialise(pipeline, campaign, wanted, force=force, processes=processes or cores())
    print_report(pipeline, report, export(pipeline, campaign, wanted, out), out)
    deposits = pipeline.warehouse.read("deposits", {"campaign": campaign, "departement": wanted, "filename": names})
    return 0 if report.succeeded and not refused_last(deposits) else 1


def names_of(surveys: Sequence[Path]) -> list[str]:
    """The names by which surveys will lie in the drop folder, each looked at before any is dropped.

    Raises
    ------
    UnusableRequest
        When one is no file, is too large, bears the name of no survey, or that of another.
    """
    names: list[str] = []
    for survey in surveys:
        name = file_name(survey.name)
        try:
            open_file(survey).close()
        except UnreadableFile as refusal:
            raise UnusableRequest(f"« {name} » : {refusal}") from refusal
        if is_noise(name) or is_arriving(name):
            raise UnusableRequest(
                f"« {name} » porte le nom d’un fichier de passage, qui n’est jamais lu : renommez-le."
            )
        if name in names:
            raise UnusableRequest(f"deux enquêtes portent le nom « {name} » : renommez l’une d’elles.")
        names.append(name)
    return names


def settings_for(out: Path, sources: Path | None) -> Settings:
    """The environment's installation where FS_HOME is set, else one of its own below the output folder."""
    if "FS_HOME" in os.environ:
        settings = Settings.from_environment()
        return replace(settings, sources_path=sources) if sources else settings
    return Settings.at(out / "var", sources_path=sources)


def deposit(pipeline: Pipeline, slot: Slot, survey: Path) -> None:
    """Drop a survey in its slot's folder, as a prefecture would; the very file that lies there is left."""
    path = f"{slot.campaign}/{slot.departement}/{file_name(survey.name)}"
    if pipeline.deposits.exists(path):
        with pipeline.deposits.local(path) as lying:
            if filecmp.cmp(lying, survey, shallow=False):
                return
    pipeline.deposits.put(path, survey)


def materialise(
    pipeline: Pipeline, campaign: str, departements: Sequence[str], *, force: bool = False, processes: int = 1
) -> RunReport:
    """One run a grain: reference, national, slots (a run a chunk of neighbours in the list), synthesis.

    Slots that rest on what they rested on are left as they are, unless `force`.

    Parameters
    ----------
    processes
        In how many the slots are run; more than one needs a pipeline that its settings alone make.
    """
    progress = Progress(sys.stderr)
    quieten()
    report = RunReport(campaign=campaign, departements=tuple(departements))
    with instance_for(pipeline.settings) as instance, noted() as stop_if_asked, ExitStack() as until_done:
        runner = Runner(pipeline, instance, campaign, {"console": progress_logger(progress)})

        def execute(job: str, partition_key: str | None = None, tags: dict[str, str] | None = None) -> None:
            runner.execute(report, job, partition_key, tags)
            stop_if_asked()

        def one_by_one(chunks: Sequence[Chunk]) -> Mapping[Chunk, RunReport]:
            told = {}
            for chunk in chunks:
                told[chunk] = RunReport(campaign=campaign, departements=())
                runner.take(told[chunk], chunk)
                stop_if_asked()
            return told

        execute(REFERENCE, tags={FOR_CAMPAIGN: campaign})
        execute(NATIONAL, campaign)
        due = list(departements) if force else to_run(pipeline, campaign, departements)
        report.unchanged = [code for code in departements if code not in due]
        take, size = one_by_one, None
        if processes > 1 and len(due) > TOGETHER:
            take = until_done.enter_context(Crew(pipeline.settings, campaign, processes, progress)).take
            size = min(TOGETHER, -(-len(due) // processes))
        made_again = run_slots(pipeline, campaign, departements, due, take, report, size)
        report.unchanged = [code for code in report.unchanged if code not in made_again]
        if force or due or made_again or synthesis_is_due(pipeline.warehouse, campaign):
            execute(SYNTHESIS, campaign)
    progress.close()
    read_failures(pipeline, report)
    return report


def run_slots(
    pipeline: Pipeline,
    campaign: str,
    asked: Sequence[str],
    due: Sequence[str],
    take: Callable[[Sequence[Chunk]], Mapping[Chunk, RunReport]],
    report: RunReport,
    size: int | None = None,
) -> set[str]:
    """Run those that are `due`, then of all that were asked for what changed beside them; the codes of these last.

    In one run where one chunk holds all that is due; else a part after the other, each of all chunks, so that the bytes are
    those of one run.

    Parameters
    ----------
    take
        Runs chunks, in any order.
    size
        Of a chunk, in départements, at most.
    """
    codes = pipeline.load_territory().departement_codes
    under_way, made_again = cut(campaign, codes, due, size), set[str]()
    if len(under_way) == 1:
        report.merge(take(under_way).values())
        under_way = []
    for part in PARTS:
        if part != PARTS[0]:
            going = {code for chunk in under_way for code in chunk.departements(codes)}
            left = [code for code in asked if code not in going]
            beside = part == PARTS[-1]
            changed = [
                code for code, one in due_slots(pipeline, campaign, left, beside=beside).items() if one.part == part
            ]
            under_way += cut(campaign, codes, changed, size)
            made_again.update(changed)
        told = take([replace(chunk, part=part) for chunk in under_way])
        report.merge(told.values())
        under_way = [
            replace(chunk, goes_on=chunk.goes_on or said.runs[-1])
            for chunk, said in told.items()
            if not said.broken_steps
        ]
    return made_again


def to_run(pipeline: Pipeline, campaign: str, departements: Sequence[str]) -> list[str]:
    """Those that are due as a whole, and those that did not go well: whoever starts a run has perhaps mended what it was."""
    due = {code for code, one in due_slots(pipeline, campaign, departements).items() if one.part == PLACES}
    status = pipeline.warehouse.read("slot_status", {"campaign": campaign, "departement": list(departements)})
    unwell = set(status.loc[status["state"] != "good", "departement"])
    return [code for code in departements if code in due or code in unwell]


def demo(out: Path) -> int:
    """The rehearsal département, end to end, and whether each planted error was found.

    Raises
    ------
    UnusableRequest
        When the folder holds what no rehearsal has written.
    """
    from fs_pipeline.rehearsal.generate import CAMPAIGN, generate
    from fs_pipeline.report import print_planted

    clear_rehearsal(out, ("entrees", "var", CAMPAIGN))
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
    print_report(pipeline, report, export(pipeline, slot.campaign, [slot.departement], out), out)
    found = print_planted(pipeline, rehearsal)
    return 0 if report.succeeded and found else 1


def clear_rehearsal(out: Path, names: Sequence[str]) -> None:
    """Make `out` ready for a rehearsal: of one that bears our mark, the folders of these `names` are deleted, no more.

    Raises
    ------
    UnusableRequest
        When the folder was there before, is not empty and does not bear the mark, or is a link.
    """
    mark = out / _MARK
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UnusableRequest(f"« {out} » n’est pas un dossier ; donnez-en un autre avec --out.")
    if (mark.is_symlink() or not mark.is_file()) and out.exists() and any(out.iterdir()):
        raise UnusableRequest(
            f"le dossier « {out} » n’est pas celui d’une répétition et n’est pas vide : rien n’y est touché. "
            "Donnez-en un autre avec --out, ou videz-le vous-même."
        )
    for name in names:
        made = out / name
        if made.is_symlink():
            made.unlink()
        elif made.exists():
            shutil.rmtree(made)
    out.mkdir(parents=True, exist_ok=True)
    mark.write_text("Dossier écrit par « fs-pipeline demo » : la répétition suivante le remplace.\n", encoding="utf-8")


def dev(port: int) -> int:
    """Dagster's UI and daemon on this machine, over the environment's settings, until interrupted."""
    settings = Settings.from_environment()
    home = settings.home / "dagster"
    keep_private(settings.home)
    local_instance(home).dispose()
    environment = os.environ | {"DAGSTER_HOME": str(home), "FS_HOME": str(settings.home)}
    if "://" not in settings.deposits_url:
        Path(settings.deposits_url).mkdir(parents=True, exist_ok=True)
    print(
        f"Interface : http://127.0.0.1:{port}. Déposez les enquêtes dans {shown(settings.deposits_url)}.",
        file=sys.stderr,
    )
    where = ["-m", "fs_pipeline.definitions", "-h", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen([sys.executable, "-m", "dagster", "dev", *where], env=environment)
    try:
        return server.wait()
    except Interrupted:
        server.send_signal(signal.SIGINT)  # it ends its own processes; a terminal has told it already
        try:
            server.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            server.kill()
        raise
