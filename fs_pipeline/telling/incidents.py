"""What is wrong now, from what stands: a file refused, a slot that crashed, a source lost, a disk, a daemon, who is late.

Whoever asks twice finds the same incidents under the same keys as long as they last; nobody remembers events.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from fs_pipeline import french
from fs_pipeline.deposits.keeping import counting
from fs_pipeline.national.telling import ABSENT, NOT_ASKED_FOR
from fs_pipeline.warehouse.status import INTERRUPTED, NATION

Kind = Literal["refused", "crashed", "source", "disk", "daemon", "late"]
DAEMON_SILENT_FOR = timedelta(seconds=150)  # its parts say that they are there every 30 seconds
REPAIRED_WITHIN = timedelta(minutes=4)  # what was interrupted is started again by itself, and is no incident until then
_PARIS = ZoneInfo("Europe/Paris")  # the day of a deadline
_FREE_BYTES, _FREE_SHARE = 2e9, 0.05  # either is too little: a campaign of the nation writes some 2 GB
_FREE_AGAIN = 1.25  # times that, before a disk that was nearly full is said to be well
_REFERENCE = re.compile(r"référence ([0-9a-f]{8})")
_UNFORESEEN = "Erreur imprévue"
_OPENING = "survey/"  # how the stages that read deposits begin


@dataclass(frozen=True, slots=True, order=True)
class Incident:
    """One thing that is wrong; `key` is the same as long as it lasts, `said` is a French line about nobody."""

    kind: Kind
    key: str
    said: str


class Disk(NamedTuple):
    """What ``shutil.disk_usage`` says, in bytes."""

    total: int
    used: int
    free: int


def slot_incidents(
    campaign: str, status: pd.DataFrame, deposits: pd.DataFrame, names: Mapping[str, str], now: datetime
) -> Iterator[Incident]:
    """Files refused and slots that failed, of one campaign.

    Parameters
    ----------
    status, deposits
        The campaign's rows of ``slot_status`` and ``deposits``.
    names
        Département -> its name.
    """
    refused = _refused(deposits)
    for code, own in _by_departement(status):
        opening = own[own["stage"].str.startswith(_OPENING)]
        failed = opening[opening["state"] == "failed"]
        foreseen = failed[~failed["message"].fillna("").str.startswith(_UNFORESEEN)]
        reserved = opening[(opening["state"] == "good") & opening["message"].notna()]
        why = [*refused.pop(code, []), *foreseen["message"].fillna(""), *reserved["message"]]
        if why:
            yield _refusal(campaign, code, names, why, stands=foreseen.empty)
        broken = own[own["state"] == "failed"].drop(foreseen.index)
        if len(broken):
            yield _crash(campaign, code, names, broken)
        cut = own[own["state"] == INTERRUPTED]
        if len(cut) and now - datetime.fromisoformat(min(cut["updated_at"])) > REPAIRED_WITHIN:
            what = f"{_of(code, names)}, campagne {campaign} : interrompu, et pas refait depuis."
            yield Incident("crashed", f"interrupted|{campaign}|{code}", what)
    for code, why in sorted(refused.items()):
        yield _refusal(campaign, code, names, why, stands=True)


def source_incidents(where: str, sources: pd.DataFrame, titles: Mapping[str, str]) -> Iterator[Incident]:
    """Sources that are not what was asked for: an older one serves, or none.

    Parameters
    ----------
    where
        A campaign, or the reference.
    sources
        Rows of ``campaign_sources`` or ``reference_sources``.
    """
    for row in sources.sort_values("source").to_dict("records"):
        source, state = str(row["source"]), str(row["state"])
        title = titles.get(source, source)
        if state == "last_good":
            of = french.short_date(str(row["as_of"]))
            said = f"{title} ({where}) : n’a pas pu être prise ; la dernière bonne sert, du {of}."
        elif state == "absent" and row["message"] and row["message"] not in {ABSENT, NOT_ASKED_FOR}:
            said = f"{title} ({where}) : n’a pas pu être prise, et rien ne la remplace."
        else:
            continue
        yield Incident("source", f"source|{where}|{source}|{state}", said)


def disk_incidents(
    folders: Iterable[Path], usage: Callable[[Path], tuple[int, int, int]], known: Collection[str]
) -> Iterator[Incident]:
    """Disks with too little room, each once whatever lies on it.

    Parameters
    ----------
    known
        Keys of the incidents that last already: a disk that comes and goes about the limit is one incident.
    """
    seen = set()
    for folder in folders:
        if not folder.is_dir() or (device := folder.stat().st_dev) in seen:
            continue
        seen.add(device)
        key, disk = f"disk|{folder}", Disk(*usage(folder))
        limit = max(_FREE_BYTES, _FREE_SHARE * disk.total) * (_FREE_AGAIN if key in known else 1)
        if disk.free < limit:
            free = f"{french.number(disk.free / 1e9, 1)} Go libres sur {french.number(disk.total / 1e9)}"
            yield Incident("disk", key, f"Le disque de « {folder} » est presque plein : {free}.")


def daemon_incidents(heartbeats: Mapping[str, float], now: datetime) -> Iterator[Incident]:
    """The daemon, where it was there once and is silent; one that never was is nobody's.

    Parameters
    ----------
    heartbeats
        Of each part of Dagster's daemon, when it last said that it is there, in seconds since 1970.
    """
    silent = [since for since in heartbeats.values() if now.timestamp() - since > DAEMON_SILENT_FOR.total_seconds()]
    if silent:
        since = datetime.fromtimestamp(min(silent), _PARIS)
        what = "Le démon ne répond plus" if len(silent) == len(heartbeats) else "Une partie du démon ne répond plus"
        yield Incident("daemon", "daemon", f"{what} depuis le {since:%d/%m/%Y à %H h %M} : rien ne part de soi-même.")


def late_incidents(
    campaign: str, deadline: str | None, deposits: pd.DataFrame, names: Mapping[str, str], now: datetime
) -> Iterator[Incident]:
    """The départements of which nothing that counts was handed in by the last day of the campaign (ISO)."""
    if not deadline or now.astimezone(_PARIS).date().isoformat() <= deadline:
        return
    handed_in = set(counting(deposits)["departement"])
    for code in names:
        if code not in handed_in:
            said = f"{_of(code, names)}, campagne {campaign} : aucune enquête valable reçue au {french.short_date(deadline)}."
            yield Incident("late", f"late|{campaign}|{code}", said)


def _refused(deposits: pd.DataFrame) -> dict[str, list[str]]:
    """Département -> the identifiers of the files whose last version was refused, and is kept still."""
    last = deposits.sort_values("received_at").groupby(["departement", "filename"]).tail(1)
    gone = last[(last["verdict"] == "refused") & (last["path"] != "")]
    return {code: sorted(own["deposit_id"]) for code, own in _by_departement(gone)}


def _refusal(campaign: str, code: str, names: Mapping[str, str], why: Sequence[str], *, stands: bool) -> Incident:
    digest = hashlib.sha256("\n".join(sorted(set(why))).encode()).hexdigest()[:12]
    rest = "le reste du département compte" if stands else "le département garde ses derniers bons résultats"
    said = f"{_of(code, names)}, campagne {campaign} : un fichier remis n’est pas pris en compte ; {rest}."
    return Incident("refused", f"refused|{campaign}|{code}|{digest}", said)


def _crash(campaign: str, code: str, names: Mapping[str, str], broken: pd.DataFrame) -> Incident:
    """Its stage and the reference of its trace; what its message quotes stays in the table."""
    messages = broken["message"].fillna("")
    found = [match[1] for message in messages if (match := _REFERENCE.search(message))]
    trace = f" ; trace {', '.join(dict.fromkeys(found))}" if found else ""
    stages = ", ".join(sorted(set(broken["stage"]))[:3])
    digest = hashlib.sha256(f"{stages} {_UNFORESEEN if found else sorted(set(messages))}".encode()).hexdigest()[:12]
    what = "la synthèse nationale" if code == NATION else _of(code, names)
    said = f"{what[:1].upper()}{what[1:]}, campagne {campaign} : en échec ({stages}{trace})."
    return Incident("crashed", f"crashed|{campaign}|{code}|{digest}", said)


def _of(code: str, names: Mapping[str, str]) -> str:
    return f"{names.get(code, 'Département')} ({code})"


def _by_departement(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    return ((str(code), own) for code, own in frame.groupby("departement", sort=True))
