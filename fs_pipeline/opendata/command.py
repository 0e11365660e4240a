"""``fs-pipeline publish``: one département after the other, as a table; one that is refused is told, and the next tried."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from fs_pipeline import french
from fs_pipeline.opendata.plan import Action, Plan
from fs_pipeline.opendata.platform import Account, Platform, PlatformProblem
from fs_pipeline.opendata.sending import Receipts, Sent, look, send
from fs_pipeline.opendata.wanted import Dataset, NotOpen, wanted
from fs_pipeline.resources import Pipeline

_DONE: dict[Action, str] = {
    "create": "créer le jeu de données",
    "say": "dire le jeu de données",
    "add": "ajouter",
    "replace": "remplacer",
    "describe": "décrire",
    "remove": "retirer",
    "keep": "inchangé",
}


class NotAsked(ValueError):
    """What was asked cannot be done as asked; one French line."""


def publish(options: argparse.Namespace, pipeline: Pipeline) -> list[str]:
    """Send, or with ``dry_run`` only tell, the public edition of each département asked; those that were refused.

    Raises
    ------
    NotAsked
        Where nobody said to whom, or nothing is published for the campaign.
    """
    platform, versions = _platform(pipeline), _versions(pipeline, options.campaign)
    asked = sorted(versions) if options.all else list(options.department)
    if not asked:
        raise NotAsked(f"aucune édition publique n’est en place pour la campagne {options.campaign}.")
    refused = []
    for departement in asked:
        try:
            if departement not in versions:
                raise NotOpen(f"aucune édition publique n’est en place pour la campagne {options.campaign}.")
            _one(pipeline, platform, departement, options, versions[departement])
        except (NotOpen, PlatformProblem) as refusal:
            print(f"fs-pipeline : {departement}\u00a0: {refusal}", file=sys.stderr)
            refused.append(departement)
    return refused


def publish_slot(pipeline: Pipeline, campaign: str, departement: str) -> Sent:
    """Send the public edition of one slot.

    Raises
    ------
    NotAsked, NotOpen, PlatformProblem
        In French.
    """
    versions = _versions(pipeline, campaign)
    if departement not in versions:
        raise NotOpen(f"aucune édition publique n’est en place pour la campagne {campaign}.")
    dataset, contents = _read(pipeline, campaign, departement, versions[departement])
    return send(dataset, contents, _platform(pipeline), Receipts(pipeline.warehouse, departement))


def _one(pipeline: Pipeline, platform: Platform, departement: str, options: argparse.Namespace, folder: str) -> None:
    dataset, contents = _read(pipeline, options.campaign, departement, folder)
    receipts = Receipts(pipeline.warehouse, departement)
    found, standing = look(dataset, platform, receipts, overwrite=options.overwrite)
    _tell(dataset, found, standing.page if standing else "")
    if options.dry_run or not found.writes:
        return
    sent = send(dataset, contents, platform, receipts, overwrite=options.overwrite, progress=_progress())
    print(f"{departement}\u00a0: envoyé, {sent.page}")


def _read(pipeline: Pipeline, campaign: str, departement: str, folder: str) -> tuple[Dataset, dict[str, bytes]]:
    prefix = f"{folder.rstrip('/')}/"
    contents = {name.removeprefix(prefix): pipeline.files.read(name) for name in pipeline.files.list(folder)}
    return wanted(departement, campaign, contents), contents


def _versions(pipeline: Pipeline, campaign: str) -> dict[str, str]:
    """Département -> folder of the public version in place."""
    rows = pipeline.warehouse.read("publications", {"campaign": campaign, "edition": "public"})
    newest = rows.sort_values("published_at").groupby("departement").tail(1)
    return dict(zip(newest["departement"], newest["path"], strict=True))


def _platform(pipeline: Pipeline) -> Platform:
    settings = pipeline.settings
    if settings.datagouv_token is None or settings.datagouv_organization is None:
        raise NotAsked(
            "la publication est éteinte\u00a0: donnez FS_DATAGOUV_ORGANIZATION (l’identifiant de l’organisation sur "
            "data.gouv.fr) et FS_DATAGOUV_TOKEN (une clé d’API)."
        )
    try:
        return Platform(Account(settings.datagouv_url, settings.datagouv_organization, settings.datagouv_token))
    except PlatformProblem as problem:
        raise NotAsked(str(problem)) from problem


def _tell(dataset: Dataset, found: Plan, page: str) -> None:
    sizes = {resource.file: resource.size for resource in dataset.resources}
    table = Table(title=f"{dataset.title}, version {dataset.version}", title_justify="left", caption=page or None)
    for head in ("Fichier", "Octets", "À faire", "Pourquoi"):
        table.add_column(head, justify="right" if head == "Octets" else "left")
    for step in found.steps:
        size = french.number(sizes[step.file]) if step.file in sizes else ""
        table.add_row(step.file or "(le jeu de données)", size, _DONE[step.action], step.why)
    Console().print(table)


def _progress() -> Callable[[str], None]:
    def tell(file: str) -> None:
        if file:
            print(f"  {file}", file=sys.stderr)

    return tell
