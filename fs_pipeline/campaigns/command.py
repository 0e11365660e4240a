"""``fs-pipeline campaign``: what is decided of a campaign's lists, by whom, and what stands."""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from fs_pipeline.campaigns.decisions import (
    CAMPAIGN,
    Campaign,
    Decision,
    RefusedDecision,
    advancing,
    closing,
    opening,
)
from fs_pipeline.french import short_date
from fs_pipeline.safe_text import safe

if TYPE_CHECKING:
    from fs_pipeline.campaigns.taken import Taken
    from fs_pipeline.warehouse.engine import Warehouse

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)
_DONE = {"open": "ouverte au {day}", "advance": "avancée au {day}", "close": "close"}
_NEXT = {
    "open": "Ses listes seront prises à la prochaine exécution.",
    "advance": "Les listes visées seront prises à la prochaine exécution ; les autres restent celles qui ont été prises.",
    "close": "Ses listes ne changeront plus.",
}


class UnusableDecision(ValueError):
    """A command that cannot be followed as it is written; the message is one French line."""


def add_campaign(commands: argparse._SubParsersAction[Parser]) -> Parser:
    """Add ``campaign`` and what can be done with one."""
    parser = commands.add_parser("campaign", help="ouvrir, avancer ou clore une campagne, et dire où elle en est")
    ways = parser.add_subparsers(
        title="Décisions", metavar="DÉCISION", required=True, parser_class=type(parser), dest="way"
    )
    for way, said in {
        "open": "ouvrir une campagne : elle prend chaque liste à son jour",
        "advance": "prendre des listes plus récentes : toutes, ou celles qu’on nomme",
        "close": "clore : les listes ne changent plus, et rien n’est plus reçu",
    }.items():
        decision = ways.add_parser(way, help=said)
        decision.add_argument("campaign", metavar="AAAA-MM", help="la campagne, par exemple 2022-12")
        decision.add_argument("--by", required=True, metavar="QUI", help="qui décide : un nom, un service")
        decision.add_argument("--reason", required=way == "advance", metavar="MOTIF", help="pourquoi")
        decision.set_defaults(json=None)
        if way != "close":
            decision.add_argument("--date", metavar="AAAA-MM-JJ", help="le jour des listes (aujourd’hui)")
        if way == "advance":
            decision.add_argument(
                "--source", action="append", metavar="CLÉ", help="n’avancer que cette source, à répéter au besoin"
            )
    show = ways.add_parser("show", help="dire où en est une campagne : jour, décisions, listes")
    show.add_argument("campaign", nargs="?", metavar="AAAA-MM", help="la campagne ; toutes si rien n’est dit")
    show.add_argument("--json", metavar="SORTIE", help="la même chose en JSON ; - pour la sortie standard")
    return parser


def answer(options: argparse.Namespace) -> str:
    """Record what is decided in the environment's installation, or tell how things stand there; what is to be printed.

    Raises
    ------
    UnusableDecision
        When an argument is not what it must be.
    RefusedDecision
        When the campaign's state does not allow it, or there is no such campaign.
    """
    if options.campaign is not None and not CAMPAIGN.fullmatch(options.campaign):
        raise UnusableDecision(
            f"« {options.campaign} » n’est pas une campagne ; écrivez l’année et le mois, par exemple 2022-12."
        )
    with _warehouse(options) as warehouse:
        return _show(options, warehouse) if options.way == "show" else _decide(options, warehouse)


@contextmanager
def _warehouse(options: argparse.Namespace) -> Iterator[Warehouse]:
    from fs_pipeline.settings import Settings
    from fs_pipeline.warehouse.engine import Warehouse
    from fs_pipeline.warehouse.home import keep_private

    settings = Settings.from_environment()
    if options.way != "open" and not {"FS_HOME", "FS_DATABASE_URL"} & os.environ.keys() and not settings.home.is_dir():
        raise UnusableDecision(
            "il n’y a pas d’installation ici ; dites où est la vôtre, par exemple FS_HOME=out/var après « run »."
        )
    keep_private(settings.home)
    warehouse = Warehouse(settings.database_url)
    try:
        yield warehouse
    finally:
        warehouse.dispose()


def _decide(options: argparse.Namespace, warehouse: Warehouse) -> str:
    from fs_pipeline.campaigns.register import decide, now

    decided = decide(warehouse, options.campaign, _rule(options, now()))
    (*_, decision) = decided.decisions
    said = _DONE[decision.kind].format(day=short_date(decision.reference_date))
    return f"Campagne {decided.key} {said}. {_NEXT[decision.kind]}"


def _rule(options: argparse.Namespace, at: str) -> Callable[[Campaign], Decision]:
    by, reason = _text(options.by), _text(options.reason)
    if by is None:
        raise UnusableDecision("--by doit dire qui décide.")
    if options.way == "close":
        return partial(closing, by=by, at=at, reason=reason)
    day = _day(options.date, at[:10])
    if options.way == "open":
        return partial(opening, by=by, at=at, day=day, reason=reason)
    if reason is None:
        raise UnusableDecision("--reason doit dire pourquoi.")
    return partial(advancing, by=by, at=at, day=day, reason=reason, sources=_sources(options.source))


def _text(said: str | None) -> str | None:
    return " ".join(safe(said or "").split()) or None


def _day(said: str | None, today: str) -> str:
    try:
        day = datetime.date.fromisoformat(said or today).isoformat()
    except ValueError:
        raise UnusableDecision(f"« {said} » n’est pas une date ; écrivez-la ainsi : 2022-12-01.") from None
    if day > today:
        raise UnusableDecision(f"le {short_date(day)} n’est pas encore venu : aucune liste n’en est.")
    return day


def _sources(named: list[str] | None) -> list[str] | None:
    from fs_pipeline.national.sources import REFERENCES, SOURCES

    known = [*SOURCES, *REFERENCES]
    for name in named or []:
        if name not in known:
            raise UnusableDecision(f"la source « {name} » n’existe pas ; au choix : {', '.join(known)}.")
    return named


def _show(options: argparse.Namespace, warehouse: Warehouse) -> str:
    from fs_pipeline.campaigns.register import read_campaigns
    from fs_pipeline.campaigns.taken import read_taken

    found = [one for one in read_campaigns(warehouse) if options.campaign in {None, one.key}]
    if options.campaign is not None and not found:
        raise RefusedDecision(f"La campagne {options.campaign} n’est pas encore ouverte ici.")
    taken = {campaign.key: list(read_taken(warehouse, campaign.key).values()) for campaign in found}
    if options.json:
        told = [_as_json(campaign, taken[campaign.key]) for campaign in found]
        return json.dumps(told[0] if options.campaign else told, ensure_ascii=False, indent=1)
    return "\n\n".join("\n".join(_lines(campaign, taken[campaign.key])) for campaign in found) or "Aucune campagne."


def _as_json(campaign: Campaign, taken: list[Taken]) -> dict[str, object]:
    return {
        "campaign": campaign.key,
        "state": "closed" if campaign.closing else "open",
        "reference_date": campaign.reference_date,
        "decisions": [asdict(decision) for decision in campaign.decisions],
        "sources": [asdict(one) for one in taken],
    }


def _lines(campaign: Campaign, taken: list[Taken]) -> Iterator[str]:
    from fs_pipeline.campaigns.taken import kept
    from fs_pipeline.national.sources import REFERENCES, SOURCES

    declared = SOURCES | REFERENCES
    state = f"close depuis le {short_date(campaign.closing.decided_at)}" if campaign.closing else "ouverte"
    yield f"Campagne {campaign.key} : {state}, au {short_date(campaign.reference_date)}"
    yield "Décisions"
    for decision in campaign.decisions:
        done = _DONE[decision.kind].format(day=short_date(decision.reference_date))
        which = f" pour {', '.join(decision.sources)}" if decision.sources else ""
        why = f" — {decision.reason}" if decision.reason else ""
        yield f"  {decision.number}. le {short_date(decision.decided_at)}, {decision.decided_by} : {done}{which}{why}"
    yield "Listes"
    for one in taken:
        due = "" if one.is_absent or kept(campaign, one) else " ; à reprendre à la prochaine exécution"
        yield f"  {one.source} ({declared[one.source].title_fr}) : {_said_of(one)}{due}"


def _said_of(taken: Taken) -> str:
    if taken.is_absent:
        return "absente"
    day = f"du {short_date(taken.as_of)}" if taken.as_of else "sans date"
    rows = f", {taken.rows} lignes" if taken.rows is not None else ""
    older = ", la dernière bonne" if taken.state == "last_good" else ""
    return f"{day}{rows}{older}, empreinte {str(taken.sha256)[:12]}"
