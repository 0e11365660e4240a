"""The console script, as design/CLI.md's contract has it: parse, call one room, print.

Exit codes: 0 done · 1 refused for what the data says · 2 bad use or unreadable file (one line on stderr) · 130
interrupted, 143 stopped by a signal: nothing is half published.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fs_pipeline.campaigns.command import add_campaign
from fs_pipeline.french_arguments import FrenchParser, file_sentence
from fs_pipeline.interruption import Interrupted, stopping
from fs_pipeline.outputs import first_read, write_bytes, written_whole
from fs_pipeline.safe_text import show_anywhere
from fs_pipeline.settings import UnusableSettings

DONE, REFUSED, BAD_USE = 0, 1, 2


class BadUseError(Exception):
    """What the caller asked cannot be done as asked; the message is one French line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the value is the exit code."""
    show_anywhere(sys.stdout, sys.stderr)
    try:
        with stopping():
            options = _parser().parse_args(arguments)
            code: int = options.command(options)
    except (BadUseError, UnusableSettings) as error:
        print(f"fs-pipeline : {error}", file=sys.stderr)
        return BAD_USE
    except BrokenPipeError:  # the reader of our output went away
        return DONE
    except OSError as error:
        print(f"fs-pipeline : {file_sentence(error)}", file=sys.stderr)
        return BAD_USE
    except Interrupted as interruption:
        print("fs-pipeline : interrompu ; rien n’est publié à moitié.", file=sys.stderr)
        return interruption.exit_code
    return code


def _parser() -> FrenchParser:
    parser = FrenchParser(
        prog="fs-pipeline",
        description="Cartographie partagée de l’aide aux démarches en ligne, et dossier de réunion du préfet.",
    )
    commands = parser.add_subparsers(
        title="Commandes", metavar="COMMANDE", required=True, parser_class=FrenchParser, dest="commande"
    )

    demo = commands.add_parser("demo", help="le département de répétition, de bout en bout, sans réseau")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DOSSIER", help="où écrire (out/demo)")
    demo.set_defaults(command=_demo)

    run = commands.add_parser("run", help="un ou plusieurs départements réels")
    run.add_argument("--campaign", required=True, metavar="AAAA-MM", help="la campagne, par exemple 2022-12")
    which = run.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--department",
        action="append",
        type=_departement_code,
        metavar="CODE",
        help="code du département, à répéter au besoin : 33, 2A, 974",
    )
    which.add_argument("--all", action="store_true", help="les 101 départements")
    run.add_argument("--survey", action="append", type=Path, default=[], metavar="FICHIER", help="enquête à déposer")
    run.add_argument(
        "--sources", type=Path, metavar="TOML", help="où est chaque source ; sinon, les adresses déclarées"
    )
    run.add_argument("--out", type=Path, default=Path("out"), metavar="DOSSIER", help="où écrire (out)")
    run.set_defaults(command=_run)

    add_campaign(commands).set_defaults(command=_campaign)

    check = commands.add_parser("check", help="dire ce qui ne va pas dans une enquête")
    check.add_argument("file", type=Path, metavar="FICHIER")
    check.add_argument("--department", type=_departement_code, metavar="CODE", help="code du département attendu")
    check.add_argument("--json", metavar="SORTIE", help="rapport JSON ; - pour la sortie standard")
    check.add_argument("--annotated", type=Path, metavar="SORTIE.xlsx", help="le classeur annoté")
    check.add_argument("--csv", type=Path, metavar="SORTIE.csv", help="la liste de ce qui est à corriger")
    check.set_defaults(command=_check)

    template = commands.add_parser("template", help="le classeur à remplir : cinq feuilles, des listes, un exemple")
    template.add_argument("--out", type=Path, default=Path("modele-enquete.xlsx"), metavar="SORTIE.xlsx")
    template.set_defaults(command=_template)

    normalise = commands.add_parser("normalise", help="lire une valeur par ligne sur l’entrée standard")
    normalise.add_argument("kind", choices=["hours", "phone", "address", "commune"], metavar="SORTE")
    normalise.set_defaults(command=_normalise)

    link = commands.add_parser("link", help="rapprocher deux listes de lieux, ou trouver les doubles d’une liste")
    link.add_argument("lists", nargs="+", type=Path, metavar="LISTE.csv")
    link.add_argument("--out", type=Path, required=True, metavar="SORTIE.csv")
    how = link.add_mutually_exclusive_group()
    how.add_argument("--many", action="store_true", help="plusieurs lignes de gauche peuvent être le même lieu")
    how.add_argument("--within", action="store_true", help="chercher les doubles d’une seule liste")
    link.set_defaults(command=_link)

    access = commands.add_parser("access", help="minutes jusqu’au lieu le plus proche de chaque service")
    network = access.add_mutually_exclusive_group(required=True)
    network.add_argument("--roads", type=Path, metavar="FICHIER", help="routes : .osm.pbf, GraphML ou .npz")
    network.add_argument("--estimated", action="store_true", help="à vol d’oiseau corrigé, estimé")
    access.add_argument("--places", type=Path, required=True, metavar="LIEUX.csv")
    access.add_argument("--demand", type=Path, required=True, metavar="DEMANDE.csv")
    access.add_argument("--out", type=Path, required=True, metavar="TEMPS.parquet")
    access.set_defaults(command=_access)

    _add_rulings(commands)
    _add_upkeep(commands)

    dev = commands.add_parser("dev", help="l’orchestrateur sur cette machine : interface et démon")
    dev.add_argument("--port", type=int, default=3000, metavar="PORT", help="port de l’interface (3000)")
    dev.set_defaults(command=_dev)
    return parser


def _departement_code(text: str) -> str:
    """« 2a » is 2A and « 1 » is 01, as people write them."""
    return text.strip().upper().zfill(2)


def _add_rulings(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    rulings = commands.add_parser("rulings", help="décisions sur les lieux : les emporter, ou en reprendre")
    rulings.add_argument("way", choices=["export", "import"], metavar="export|import")
    rulings.add_argument("file", type=Path, metavar="DECISIONS.csv")
    rulings.set_defaults(command=_rulings)
    releases = commands.add_parser(
        "releases", help="laisser publier des noms et des adresses que l’édition publique retient"
    )
    releases.add_argument("way", choices=["import"], metavar="import")
    releases.add_argument("file", type=Path, metavar="a-liberer.csv", help="le fichier de l’édition interne, rempli")
    releases.set_defaults(command=_releases)


def _add_upkeep(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    purge = commands.add_parser("purge", help="supprimer les dépôts dont la durée de conservation est passée")
    purge.add_argument("--dry-run", action="store_true", help="dire ce qui serait supprimé, sans rien supprimer")
    purge.set_defaults(command=_purge)
    migrate = commands.add_parser(
        "migrate", help="mettre la base de données au niveau de cette version, sans rien perdre"
    )
    migrate.set_defaults(command=_migrate)


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
    from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, REPORT
    from fs_pipeline.sandbox.keeper import Keeper
    from fs_pipeline.survey.opening.reader import UnreadableFile
    from fs_pipeline.territory.shipped import load_territory

    named = [options.json if options.json != "-" else None, options.csv, options.annotated]
    _keep_apart([Path(name) for name in named if name], [options.file])
    with Keeper() as keeper:  # loads while we look at what is asked
        names = load_territory().departement_names
        if options.department and options.department not in names:
            raise BadUseError(f"« {options.department} » n’est pas un code de département ; par exemple 33, 2A ou 974.")
        asked = {REPORT: options.json, CSV: options.csv, ANNOTATED: options.annotated}
        wanted = [part for part, where in asked.items() if where]
        try:
            feedback = keeper.read(options.file, departement=options.department, wanted=wanted)
        except UnreadableFile as error:
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
        print("fs-pipeline : ce fichier est trop long pour être rendu annoté ; voir --csv.", file=sys.stderr)
    if options.json != "-":
        print(feedback.summary)
    return REFUSED if feedback.verdict == "refused" else DONE


def _template(options: argparse.Namespace) -> int:
    import datetime

    from fs_pipeline.survey.feedback.template import write_template

    today = datetime.datetime.now(datetime.UTC).date()
    before = options.out.read_bytes() if options.out.is_file() else None

    def write(path: Path) -> None:
        write_template(path, today)
        if before is not None and before != path.read_bytes():  # a template that somebody has begun to fill in
            raise BadUseError(f"« {options.out} » existe déjà et n’est pas un modèle vierge ; donnez un autre nom.")

    _write_workbook(options.out, write)
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
    from fs_pipeline.linkage.io import UnreadableList, read_list
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
    return DONE


def _access(options: argparse.Namespace) -> int:
    import os

    from fs_pipeline.access.files import UnusableInput, compute_files

    _keep_apart([options.out], [path for path in (options.places, options.demand, options.roads) if path])
    # An installation keeps the networks it has built; a lone command leaves nothing behind.
    cache = Path(os.environ["FS_HOME"]) / "cache" if "FS_HOME" in os.environ else None
    try:
        said = compute_files(options.places, options.demand, options.out, roads=options.roads, cache_dir=cache)
    except UnusableInput as error:
        raise BadUseError(str(error)) from error
    print(said, file=sys.stderr)
    return DONE


def _purge(options: argparse.Namespace) -> int:
    import datetime

    from fs_pipeline.deposits.retention import KEPT, plan, purge
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings

    pipeline = Pipeline(Settings.from_environment(), may_upgrade=False if options.dry_run else None)
    today = datetime.datetime.now(datetime.UTC).date()
    stores = (pipeline.warehouse, pipeline.files, pipeline.deposits, today)
    done = plan(*stores) if options.dry_run else purge(*stores, pipeline.geocoder_answers)
    for row in done.deposits.itertuples():
        print(f"{row.campaign} {row.departement} {row.filename} : conservé jusqu’au {row.retention_until}")
    count = len(done.files) + len(done.dropped)
    verb = "à supprimer" if options.dry_run else "supprimés"
    for path in (*done.dropped, *done.files):
        print(f"  {path}")
    print(f"Dépôts échus : {len(done.deposits)} ; fichiers {verb} : {count}.")
    if len(done.deposits):
        print(f"Avec eux partent les lignes de l’enquête et ses mots repris ailleurs dans l’entrepôt. {KEPT}")
    for path in done.failed:
        print(f"fs-pipeline : « {path} » n’a pas pu être supprimé ; relancez la commande.", file=sys.stderr)
    return REFUSED if done.failed else DONE


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


def _rulings(options: argparse.Namespace) -> int:
    from fs_pipeline.linkage.rulings import UnreadableRulings, read_rulings, write_rulings
    from fs_pipeline.settings import Settings
    from fs_pipeline.warehouse.engine import Warehouse

    # Who takes decisions away changes nothing.
    warehouse = Warehouse(Settings.from_environment().database_url, False if options.way == "export" else None)
    try:
        if options.way == "export":
            rulings = warehouse.read("rulings")
            with written_whole(options.file) as aside:
                write_rulings(rulings, aside)
        else:
            rulings = read_rulings(options.file)
            warehouse.upsert("rulings", rulings)
    except UnreadableRulings as error:
        raise BadUseError(str(error)) from error
    finally:
        warehouse.dispose()
    print(f"{len(rulings)} décision{'s' if len(rulings) > 1 else ''}.")
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


def _write_workbook(path: Path, write: Callable[[Path], None]) -> None:
    from xlsxwriter.exceptions import FileCreateError

    with written_whole(path) as aside:
        try:
            write(aside)
        except FileCreateError as error:  # the system's error, in the library's words
            if error.args and isinstance(error.args[0], OSError):
                raise error.args[0] from error
            raise


if __name__ == "__main__":
    raise SystemExit(main())
