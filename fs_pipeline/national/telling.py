"""What is said of a campaign's sources: to engineers, what failed and what to do; to readers, what they need to judge.

The table ``campaign_sources`` holds the first; what is published holds the second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from fs_pipeline.http.snapshots import UNUSABLE_CARDS

ABSENT = "Source absente : aucune adresse n’est indiquée."
NOT_ASKED_FOR = "Source facultative : elle n’a pas été demandée."
STANDS = "Les lieux pris auparavant pour cette campagne restent en service."
NOTHING_STANDS = "Rien ne peut la remplacer : ce qui en dépend n’est pas calculé."
_UNKNOWN_COLUMNS = "Colonnes inconnues, à déclarer dans sources.toml : "
_KEPT = "La campagne garde ce qu’elle a pris"
_FOR_ENGINEERS = re.compile(f"{UNUSABLE_CARDS}|{_UNKNOWN_COLUMNS}|{_KEPT}")
_DECIDED = "Forme décidée, lignes de toute la liste : "
_DECIDED_PART = re.compile(f"{_DECIDED}.*?»\\.")
_MOST = 30  # columns named
_UNREACHED = "Source absente : elle n’a pas pu être prise, ou pas en bon état."
_LAST_GOOD = "La version suivante n’a pas pu être prise, ou pas en bon état : celle-ci reste en service."


def with_unknown_columns(message: str | None, columns: Sequence[str]) -> str | None:
    """What serving said, and the published columns that no declaration knows."""
    if not columns:
        return message
    named = [*columns[:_MOST], *(["…"] if len(columns) > _MOST else [])]
    return f"{message or ''} {_UNKNOWN_COLUMNS}{', '.join(named)}.".strip()


def with_decided(message: str | None, decided: Mapping[str, int]) -> str | None:
    """What serving said, and how many rows of the whole list were taken for what, where the list does not tell by itself."""
    if not decided:
        return message
    parts = [f"{rows} « {how} »" for how, rows in sorted(decided.items(), key=lambda one: (-one[1], one[0]))]
    return f"{message or ''} {_DECIDED}{' ; '.join(parts)}.".strip()


def decided_in(message: str | None) -> str | None:
    """Of a message, how rows were decided, as ``with_decided`` wrote it; None where nothing was."""
    found = _DECIDED_PART.search(message or "")
    return found[0].removesuffix(".") if found else None


def with_kept(message: str | None, why: str | None) -> str | None:
    """What serving said, and why what sources.toml gives is not what serves."""
    return f"{message or ''} {_KEPT}\u00a0: {why}".strip() if why else message


def without_kept(message: str | None) -> str | None:
    """A message without what ``with_kept`` added to it."""
    return (message or "").split(_KEPT, maxsplit=1)[0].strip() or None


def for_readers(campaign_sources: pd.DataFrame) -> pd.DataFrame:
    """What was taken, with what concerns a reader; optional sources that nobody asked for are left out."""
    kept = campaign_sources[campaign_sources["message"] != NOT_ASKED_FOR].reset_index(drop=True)
    messages = [_message(*cells) for cells in zip(kept["state"], kept["message"], strict=True)]
    return kept.assign(message=pd.Series(messages, index=kept.index, dtype=object))


def _message(state: str, message: str | None) -> str | None:
    if state == "last_good":
        return _LAST_GOOD
    if state == "absent":
        return message if message == ABSENT else _UNREACHED
    return _FOR_ENGINEERS.split(message or "", maxsplit=1)[0].strip() or None
