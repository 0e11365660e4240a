"""The commands of the console script: each takes its arguments, calls one room, prints, and gives its exit code.

Rooms are imported by the command that needs them: most answer at once, and some rooms take seconds to come.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fs_pipeline.outputs import first_read, write_bytes, write_workbook, written_whole

DONE, REFUSED, BAD_USE = 0, 1, 2


class BadUseError(Exception):
    """What the caller asked cannot be done as asked; the message is one French line."""


def _demo(options: argparse.Namespace) -> int:
    from fs_pipeline.run import UnusableRequest, demo

    try:
        return demo(options.out)
    except UnusableRequest as error:
        raise BadUseError(str(error)) from error


def _run(options: argparse.Namespace) -> int:
    from fs_pipeline.national.source_book import UnreadableSourceBook
    from fs_pipeline.run import UnusableRequest, run

    try:
        return run(
            campaign=options.campaign,
            departements=None if options.all else options.department,
            surveys=options.survey,
            sources=options.sources,
            out=options.out,
            force=options.force,
            processes=options.processes,
        )
    except (UnusableRequest, UnreadableSourceBook) as error:
        raise BadUseError(str(error)) from error


def _campaign(options: argparse.Namespace) -> int:
    from fs_pipeline.campaigns.command import UnusableDecision, answer
    from fs_pipeline.campaigns.decisions import RefusedDecision

    try:
        said = answer(options)
    except UnusableDecision as error:
        raise BadUseError(str(error)) from error
    except RefusedDecision as refusal:
        print(f"fs-pipeline : {refusal}", file=sys.stderr)
        return REFUSED
    if options.json == "-":
        _print_json(said)
    elif options.json:
        write_bytes(Path(options.json), f"{said}\n".encode())
    else:
        print(said)
    return DONE


def _check(options: argparse.Namespace) -> int:
    from fs_pipeline.deposits.answers import UnusableAnswers, read_heeding
    from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, REPORT
    from fs_pipeline.sandbox.keeper import Keeper
    from fs_pipeline.survey.opening.reader import UnreadableFile
    from fs_pipeline.territory.shipped import load_territory

    named = [options.json if options.json != "-" else None, options.csv, options.annotated, options.memory]
    _keep_apart([Path(name) for name in named if name], [options.file])
    with Keeper() as keeper:  # loads while we look at what is asked
        names = load_territory().departement_names
        if options.department and options.department not in names:
            raise BadUseError(f"« {options.department} » n’est pas un code de département ; par exemple 33, 2A ou 974.")
        asked = {REPORT: options.json, CSV: options.csv, ANNOTATED: options.annotated}
        wanted = [part for part, where in asked.items() if where]
        try:
            feedback = read_heeding(options.memory, keeper.read, options.file, options.department, wanted)
        except (UnreadableFile, UnusableAnswers) as error:
            raise BadUseError(str(error)) from error
    if options.json == "-":
        _print_json(feedback.parts[REPORT].decode())
    elif options.json:
        write_bytes(Path(options.json), feedback.parts[REPORT] + b"\n")
    if options.csv:
        write_bytes(options.csv, feedback.parts[CSV])
    if ANNOTATED in feedback.parts:
        write_bytes(options.annotated, feedback.parts[ANNOTATED])
    elif options.annotated:
        why = (
            "notre programme n’a pas su l’annoter"
            if feedback.faults
            else "ce fichier est trop long pour être rendu annoté"
        )
        print(f"fs-pipeline : {why} ; voir --csv.", file=sys.stderr)
    if options.json != "-":
        print(feedback.summary)
    return REFUSED if feedback.verdict == "refused" else DONE


def _answers(options: argparse.Namespace) -> int:
    from fs_pipeline.deposits.answers import UnusableAnswers, answer
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings

    files = None if options.memory else Pipeline(Settings.from_environment()).files
    try:
        print(answer(options, files))
    except UnusableAnswers as error:
        raise BadUseError(str(error)) from error
    return DONE


def _template(options: argparse.Namespace) -> int:
    import datetime

    from fs_pipeline.survey.feedback.template import write_template

    today = datetime.datetime.now(datetime.UTC).date()
    before = options.out.read_bytes() if options.out.is_file() else None

    def write(path: Path) -> None:
        write_template(path, today)
        if before is not None and before != path.read_bytes():  # a template that somebody has begun to fill in
            raise BadUseError(f"« {options.out} » existe déjà et n’est pas un modèle vierge ; donnez un autre nom.")

    write_workbook(options.out, write)
    print(f"Modèle écrit : {options.out}")
    return DONE


def _normalise(options: argparse.Namespace) -> int:
    from fs_pipeline.tabular.reading import decoded
    from fs_pipeline.territory.shipped import load_territory
    from fs_pipeline.values.normalise import normalise

    territory = load_territory()
    for line in sys.stdin.buffer:
        result = normalise(options.kind, decoded(line.rstrip(b"\r\n")), territory)
        _print_json(json.dumps(result, ensure_ascii=False))
    return DONE


def _link(options: argparse.Namespace) -> int:
    from fs_pipeline.linkage.io import UnreadableList, read_list, told
    from fs_pipeline.linkage.link import link, link_within
    from fs_pipeline.tabular.delimited import frame_csv

    wanted = 1 if options.within else 2
    if len(options.lists) != wanted:
        raise BadUseError(f"il faut {'une liste' if wanted == 1 else 'deux listes'}, et non {len(options.lists)}.")
    _keep_apart([options.out], options.lists)
    try:
        lists = [read_list(path) for path in options.lists]
    except UnreadableList as error:
        raise BadUseError(str(error)) from error
    found = link_within(lists[0]) if options.within else link(lists[0], lists[1], many=options.many)
    with written_whole(options.out) as aside:
        aside.write_bytes(frame_csv(found).encode())
    print(told(lists, found), file=sys.stderr)
    return DONE


def _access(options: argparse.Namespace) -> int:
    from fs_pipeline.access.files import UnusableInput, compute_files

    _keep_apart([options.out], [path for path in (options.places, options.demand, options.roads) if path])
    # An installation keeps the networks it has built; a lone command leaves nothing behind.
    cache = Path(os.environ["FS_HOME"]) / "cache" if "FS_HOME" in os.environ else None
    try:
        said = compute_files(
            options.places, options.demand, options.out, roads=options.roads, cache_dir=cache, progress=sys.stderr
        )
    except UnusableInput as error:
        raise BadUseError(str(error)) from error
    print(said, file=sys.stderr)
    return DONE


def _purge(options: argparse.Namespace) -> int:
    import datetime

    from fs_pipeline.deposits.retention import KEPT, named, plan, purge
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings

    pipeline = Pipeline(Settings.from_environment(), may_upgrade=False if options.dry_run else None)
    today = None if options.deposit else datetime.datetime.now(datetime.UTC).date()
    asked: list[str] = []
    if options.deposit:
        known = pipeline.warehouse.read("deposits", {"departement": options.department} if options.department else {})
        asked = named(known, options.deposit)["deposit_id"].tolist()
        if not asked:
            raise BadUseError(f"aucun dépôt gardé ne porte le nom ou l’identifiant « {options.deposit} ».")
    stores = (pipeline.warehouse, pipeline.files, pipeline.deposits, today)
    if options.dry_run:
        done = plan(*stores, asked)
    else:
        done = purge(*stores, pipeline.geocoder_answers, asked=asked, ledger=pipeline.ledger)
    for row in done.deposits.itertuples():
        print(f"{row.campaign} {row.departement} {row.filename} : conservé jusqu’au {row.retention_until}")
    count = len(done.files) + len(done.dropped)
    verb = "à supprimer" if options.dry_run else "supprimés"
    for path in (*done.dropped, *done.files):
        print(f"  {path}")
    print(f"Dépôts {'demandés' if options.deposit else 'échus'} : {len(done.deposits)} ; fichiers {verb} : {count}.")
    if len(done.deposits):
        print(f"Avec eux partent les lignes de l’enquête et ses mots repris ailleurs dans l’entrepôt. {KEPT}")
    for path in done.failed:
        print(f"fs-pipeline : « {path} » n’a pas pu être supprimé, ou écrit ; relancez la commande.", file=sys.stderr)
    return REFUSED if done.failed else DONE


def _backup(options: argparse.Namespace) -> int:
    from fs_pipeline.backup.command import made
    from fs_pipeline.backup.manifest import DamagedBackup
    from fs_pipeline.deposits.erasures import UnreadableLedger
    from fs_pipeline.settings import Settings

    try:
        print(made(options, Settings.from_environment()))
    except (DamagedBackup, UnreadableLedger) as refusal:
        print(f"fs-pipeline : {refusal}", file=sys.stderr)
        return REFUSED
    return DONE


def _restore(options: argparse.Namespace) -> int:
    from fs_pipeline.backup.command import restored
    from fs_pipeline.backup.manifest import DamagedBackup
    from fs_pipeline.backup.restoring import Unrestored
    from fs_pipeline.deposits.erasures import UnreadableLedger
    from fs_pipeline.settings import Settings

    try:
        print(restored(options, Settings.from_environment()))
    except (DamagedBackup, Unrestored, UnreadableLedger) as refusal:
        print(f"fs-pipeline : {refusal}", file=sys.stderr)
        return REFUSED
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from fs_pipeline.backup.command import faults, told
    from fs_pipeline.backup.manifest import DamagedBackup
    from fs_pipeline.settings import Settings

    try:
        found = faults(options, Settings.from_environment())
    except DamagedBackup as refusal:
        print(f"fs-pipeline : {refusal}", file=sys.stderr)
        return REFUSED
    print(told(found, options))
    return REFUSED if found else DONE


def _publish(options: argparse.Namespace) -> int:
    from fs_pipeline.opendata.command import NotAsked, publish
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings

    try:
        return REFUSED if publish(options, Pipeline(Settings.from_environment())) else DONE
    except NotAsked as error:
        raise BadUseError(str(error)) from error


def _migrate(_options: argparse.Namespace) -> int:
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings
    from fs_pipeline.warehouse.status import STALE

    warehouse = Pipeline(Settings.from_environment(), may_upgrade=True).warehouse
    stale = warehouse.read("slot_status", {"state": STALE})
    print("La base de données est au niveau de cette version.")
    for (campaign, code), rows in stale.groupby(["campaign", "departement"]):
        print(f"{campaign} {code} à refaire : {', '.join(rows['stage'])}")
    return REFUSED if len(stale) else DONE


def _status(options: argparse.Namespace) -> int:
    from fs_pipeline.instance import local_instance
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings
    from fs_pipeline.standing import answer

    settings = Settings.from_environment()
    with local_instance(settings.home / "dagster") as instance:
        return answer(Pipeline(settings), instance, options.campaign, as_json=options.json)


def _sources(options: argparse.Namespace) -> int:
    import datetime
    from dataclasses import asdict

    from fs_pipeline.national.checking import ABSENT, GOOD, check_source, told
    from fs_pipeline.national.source_book import UnreadableSourceBook
    from fs_pipeline.national.sources import REFERENCES, SOURCES
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings

    pipeline, known = Pipeline(Settings.from_environment()), [*SOURCES, *REFERENCES]
    if unknown := [key for key in options.source or () if key not in known]:
        raise BadUseError(f"« {unknown[0]} » n’est pas une source ; au choix : {', '.join(known)}.")
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        asked = (pipeline.sources, pipeline.files, pipeline.load_territory())
    except UnreadableSourceBook as error:
        raise BadUseError(str(error)) from error
    found = [check_source(key, *asked, today=today) for key in options.source or known]
    if options.json:
        _print_json(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        print(told(found))
    return DONE if all(one.state in {GOOD, ABSENT} for one in found) else REFUSED


def _tidy(_options: argparse.Namespace) -> int:
    from fs_pipeline.instance import local_instance
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings
    from fs_pipeline.tidying import tidy

    settings = Settings.from_environment()
    with local_instance(settings.home / "dagster") as instance:
        gone = {what: count for what, count in tidy(Pipeline(settings), instance).items() if count}
    print(" · ".join(f"{what} : {count}" for what, count in gone.items()) or "Rien à retirer.")
    return DONE


def _tell(options: argparse.Namespace) -> int:
    from fs_pipeline.instance import local_instance
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings
    from fs_pipeline.telling.channels import channels_from
    from fs_pipeline.watching import answer

    settings, channels = Settings.from_environment(), channels_from(os.environ)
    with local_instance(settings.home / "dagster") as instance:
        return answer(
            Pipeline(settings, may_upgrade=False), instance, channels, trial=options.test, dry=options.dry_run
        )


def _rulings(options: argparse.Namespace) -> int:
    from fs_pipeline.linkage.command import answer
    from fs_pipeline.linkage.rulings import UnreadableRulings

    try:
        print(answer(options))
    except UnreadableRulings as error:
        raise BadUseError(str(error)) from error
    return DONE


def _releases(options: argparse.Namespace) -> int:
    from fs_pipeline.editions.releases import UnreadableReleases, read_releases
    from fs_pipeline.settings import Settings
    from fs_pipeline.territory.shipped import load_territory
    from fs_pipeline.warehouse.engine import Warehouse

    try:
        releases = read_releases(options.file, load_territory())
    except UnreadableReleases as error:
        raise BadUseError(str(error)) from error
    warehouse = Warehouse(Settings.from_environment().database_url)
    try:
        warehouse.upsert("releases", releases)
    finally:
        warehouse.dispose()
    count = len(releases)
    print(f"{count} valeur{'s' if count > 1 else ''} à publier à la prochaine exécution.")
    return DONE


def _dev(options: argparse.Namespace) -> int:
    from fs_pipeline.run import dev

    return dev(options.port)


def _print_json(text: str) -> None:
    """JSON is UTF-8; where standard output is not, its escapes say the same in ASCII."""
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        text = re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)
    print(text)


def _keep_apart(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Nothing is written over what is read, nor twice at one place, whatever links lead there."""
    if (output := first_read(outputs, inputs)) is not None:
        raise BadUseError(f"« {output} » serait écrit sur un fichier donné à cette commande ; donnez un autre nom.")


# Name of a command -> what it does with its arguments; the value is the exit code.
COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "run": _run,
    "campaign": _campaign,
    "check": _check,
    "template": _template,
    "normalise": _normalise,
    "link": _link,
    "access": _access,
    "rulings": _rulings,
    "answers": _answers,
    "releases": _releases,
    "purge": _purge,
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "status": _status,
    "tell": _tell,
    "tidy": _tidy,
    "sources": _sources,
    "publish": _publish,
    "migrate": _migrate,
    "dev": _dev,
}
