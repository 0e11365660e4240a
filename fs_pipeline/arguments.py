"""What each command of the console script takes, as design/CLI.md's contract has it; what it does is commands.py's."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from fs_pipeline.backup.command import add_backup, positive
from fs_pipeline.campaigns.command import add_campaign
from fs_pipeline.french_arguments import FrenchParser


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked: `commande` is its name, the rest what it takes. Bad use ends the process, in French."""
    return make_parser().parse_args(arguments)


def make_parser() -> FrenchParser:
    """Every command with what it takes and its help."""
    parser = FrenchParser(
        prog="fs-pipeline",
        description="Cartographie partagée de l’aide aux démarches en ligne, et dossier de réunion du préfet.",
    )
    commands = parser.add_subparsers(
        title="Commandes", metavar="COMMANDE", required=True, parser_class=FrenchParser, dest="commande"
    )

    demo = commands.add_parser("demo", help="le département de répétition, de bout en bout, sans réseau")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DOSSIER", help="où écrire (out/demo)")

    run = commands.add_parser("run", help="un ou plusieurs départements réels")
    _add_slots(run, every="les 101 départements")
    run.add_argument("--survey", action="append", type=Path, default=[], metavar="FICHIER", help="enquête à déposer")
    run.add_argument(
        "--sources", type=Path, metavar="TOML", help="où est chaque source ; sinon, les adresses déclarées"
    )
    run.add_argument("--out", type=Path, default=Path("out"), metavar="DOSSIER", help="où écrire (out)")

    run.add_argument("--force", action="store_true", help="refaire aussi les départements où rien n’a changé")
    run.add_argument(
        "--processes",
        type=positive,
        metavar="N",
        help="en combien de processus exécuter de nombreux départements ; sinon, un par cœur de la machine",
    )

    add_campaign(commands)

    check = commands.add_parser("check", help="dire ce qui ne va pas dans une enquête")
    check.add_argument("file", type=Path, metavar="FICHIER")
    check.add_argument("--department", type=_departement_code, metavar="CODE", help="code du département attendu")
    check.add_argument("--json", metavar="SORTIE", help="rapport JSON ; - pour la sortie standard")
    check.add_argument("--annotated", type=Path, metavar="SORTIE.xlsx", help="le classeur annoté")
    check.add_argument("--csv", type=Path, metavar="SORTIE.csv", help="la liste de ce qui est à corriger")

    check.add_argument(
        "--memory", type=Path, metavar="REPONSES.json", help="ce qui a déjà été répondu, à lire et à tenir à jour"
    )

    template = commands.add_parser("template", help="le classeur à remplir : cinq feuilles, des listes, un exemple")
    template.add_argument("--out", type=Path, default=Path("modele-enquete.xlsx"), metavar="SORTIE.xlsx")

    normalise = commands.add_parser("normalise", help="lire une valeur par ligne sur l’entrée standard")
    normalise.add_argument("kind", choices=["hours", "phone", "address", "commune"], metavar="SORTE")

    link = commands.add_parser("link", help="rapprocher deux listes de lieux, ou trouver les doubles d’une liste")
    link.add_argument("lists", nargs="+", type=Path, metavar="LISTE.csv")
    link.add_argument("--out", type=Path, required=True, metavar="SORTIE.csv")
    how = link.add_mutually_exclusive_group()
    how.add_argument("--many", action="store_true", help="plusieurs lignes de gauche peuvent être le même lieu")
    how.add_argument("--within", action="store_true", help="chercher les doubles d’une seule liste")

    access = commands.add_parser("access", help="minutes jusqu’au lieu le plus proche de chaque service")
    network = access.add_mutually_exclusive_group(required=True)
    network.add_argument("--roads", type=Path, metavar="FICHIER", help="routes : .osm.pbf, GraphML ou .npz")
    network.add_argument("--estimated", action="store_true", help="à vol d’oiseau corrigé, estimé")
    access.add_argument("--places", type=Path, required=True, metavar="LIEUX.csv")
    access.add_argument("--demand", type=Path, required=True, metavar="DEMANDE.csv")
    access.add_argument("--out", type=Path, required=True, metavar="TEMPS.parquet")

    _add_rulings(commands)
    _add_answers(commands)
    _add_upkeep(commands)

    dev = commands.add_parser("dev", help="l’orchestrateur sur cette machine : interface et démon")
    dev.add_argument("--port", type=int, default=3000, metavar="PORT", help="port de l’interface (3000)")
    return parser


def _departement_code(text: str) -> str:
    """« 2a » is 2A and « 1 » is 01, as people write them."""
    return text.strip().upper().zfill(2)


def _add_slots(command: FrenchParser, *, every: str) -> None:
    """A campaign, and some départements of it or `every` one."""
    command.add_argument("--campaign", required=True, metavar="AAAA-MM", help="la campagne, par exemple 2022-12")
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--department",
        action="append",
        type=_departement_code,
        metavar="CODE",
        help="code du département, à répéter au besoin : 33, 2A, 974",
    )
    which.add_argument("--all", action="store_true", help=every)


def _add_rulings(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    rulings = commands.add_parser("rulings", help="décisions sur les lieux : les emporter, ou en reprendre")
    rulings.add_argument("way", choices=["export", "import"], metavar="export|import")
    rulings.add_argument(
        "file", type=Path, metavar="FICHIER.csv", help="rapprochements.csv rempli, ou décisions exportées"
    )
    rulings.add_argument(
        "--by", metavar="QUI", help="import : qui apporte le fichier, et a tranché où il ne dit pas qui"
    )
    releases = commands.add_parser(
        "releases", help="laisser publier des noms et des adresses que l’édition publique retient"
    )
    releases.add_argument("way", choices=["import"], metavar="import")
    releases.add_argument("file", type=Path, metavar="a-liberer.csv", help="le fichier de l’édition interne, rempli")


def _add_answers(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    answers = commands.add_parser("answers", help="ce que les classeurs rendus ont répondu : le voir, ou le défaire")
    ways = answers.add_subparsers(
        title="Réponses", metavar="show|undo", required=True, parser_class=FrenchParser, dest="way"
    )
    for way, said in {
        "show": "les réponses retenues, et de quel dépôt",
        "undo": "défaire les réponses d’un dépôt ; ses remarques sont posées de nouveau",
    }.items():
        parser = ways.add_parser(way, help=said)
        parser.add_argument("--department", type=_departement_code, metavar="CODE", help="code du département")
        parser.add_argument("--memory", type=Path, metavar="REPONSES.json", help="un fichier tenu par check --memory")
        if way == "undo":
            parser.add_argument(
                "--deposit", required=True, metavar="DÉPÔT", help="nom du fichier déposé, ou son identifiant"
            )


def _add_upkeep(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    purge = commands.add_parser("purge", help="supprimer les dépôts dont la durée de conservation est passée")
    purge.add_argument("--dry-run", action="store_true", help="dire ce qui serait supprimé, sans rien supprimer")
    purge.add_argument(
        "--deposit", metavar="DÉPÔT", help="supprimer dès maintenant ce dépôt : nom de fichier ou identifiant"
    )
    purge.add_argument(
        "--department", type=_departement_code, metavar="CODE", help="avec --deposit : de ce seul département"
    )
    add_backup(commands)
    status = commands.add_parser("status", help="où en est chaque département d’une campagne, et pourquoi")
    status.add_argument("--campaign", metavar="AAAA-MM", help="la campagne ; sinon, la dernière ouverte")
    status.add_argument("--json", action="store_true", help="en JSON, sur la sortie standard")
    sources = commands.add_parser("sources", help="les sources publiées, comparées à ce que sources.toml en attend")
    sources.add_argument("way", choices=["check"], metavar="check")
    sources.add_argument(
        "--source", action="append", metavar="CLÉ", help="cette source seulement ; à répéter au besoin"
    )
    sources.add_argument("--json", action="store_true", help="en JSON, sur la sortie standard")
    tell = commands.add_parser(
        "tell", help="prévenir, par courriel ou webhook, de ce qui ne va pas ; à lancer chaque minute"
    )
    which = tell.add_mutually_exclusive_group()
    which.add_argument("--dry-run", action="store_true", help="dire ce qui ne va pas, sans prévenir personne")
    which.add_argument("--test", action="store_true", help="envoyer un message d’essai")
    commands.add_parser(
        "tidy", help="retirer ce que la règle du disque ne garde pas ; l’installation le fait chaque nuit"
    )
    publish = commands.add_parser("publish", help="mettre l’édition publique sur data.gouv.fr, ou l’y mettre à jour")
    _add_slots(publish, every="tous ceux qui ont une édition publique")
    publish.add_argument("--dry-run", action="store_true", help="dire ce qui serait envoyé, sans rien envoyer")
    publish.add_argument(
        "--overwrite", action="store_true", help="refaire aussi ce que quelqu’un a changé ou retiré sur le site"
    )
    commands.add_parser("migrate", help="mettre la base de données au niveau de cette version, sans rien perdre")
