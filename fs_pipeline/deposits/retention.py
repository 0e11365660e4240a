"""The end of a deposit: once its retention date is past, what the prefecture sent is deleted, and the trace of it is not.

Deleted: the bytes, in the store and in the drop folder; the feedback; what the département said of its headers; the
survey's rows, and its words wherever results took them over (traces.py); the answers of the address service; every
version but the newest of what was published, and where the deposit counted the internal and the partners' editions and
the layers too. Kept: the row of ``deposits`` (name, hash, dates, verdict), without a path; figures, which hold no word of
it; the newest public edition, which everybody has had. A deposit may be deleted before its date, where it is asked for.
What was deleted is noted in a ledger (erasures.py), so that no backup brings it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from fs_pipeline.deposits.erasures import Erasure, Ledger
from fs_pipeline.deposits.incoming import file_name
from fs_pipeline.deposits.keeping import counting
from fs_pipeline.deposits.memory import journal_path, path_of
from fs_pipeline.deposits.traces import forget, make_unreadable
from fs_pipeline.survey.opening.reader import MAX_BYTES
from fs_pipeline.warehouse.dropped import Entry, NotTaken
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore

_FEEDBACK_ENDINGS = (".json", ".csv", ".annote.xlsx")
KEPT = (
    "Restent : une ligne par dépôt (nom du fichier, empreinte, dates, verdict), qui prouve la réception ; les chiffres, qui "
    "ne citent rien de l’enquête ; la dernière édition publique, déjà diffusée ; les copies remises à la préfecture."
)


@dataclass(frozen=True, slots=True)
class Purge:
    """What is or was to be deleted."""

    deposits: pd.DataFrame  # rows of ``deposits`` as they were
    files: tuple[str, ...]  # paths inside the store
    dropped: tuple[str, ...]  # paths inside the drop folder
    failed: tuple[str, ...] = ()  # what could not be deleted; the next purge tries again


def expired(deposits: pd.DataFrame, today: date) -> pd.DataFrame:
    """Deposits that are still stored although their retention date is past (on the date itself they are kept)."""
    return deposits[(deposits["retention_until"] < today.isoformat()) & (deposits["path"] != "")]


def named(deposits: pd.DataFrame, name: str) -> pd.DataFrame:
    """The deposits that are still stored under an identifier, or as versions of a file of that name."""
    is_it = (deposits["deposit_id"] == name) | (deposits["filename"].map(file_name) == file_name(name))
    return deposits[is_it & (deposits["path"] != "")]


def plan(
    warehouse: Warehouse, files: FileStore, drop: FileStore, today: date | None, asked: Collection[str] = ()
) -> Purge:
    """What `purge` would delete, without deleting anything."""
    deposits = warehouse.read("deposits")
    due = expired(deposits, today) if today else deposits[:0]
    is_gone = deposits["deposit_id"].isin([*due["deposit_id"], *asked]) & (deposits["path"] != "")
    gone = deposits[is_gone]
    kept = deposits[~deposits["deposit_id"].isin(gone["deposit_id"]) & (deposits["path"] != "")]
    still_there = {_where(row) for row in kept.itertuples()}
    paths: list[str] = []
    dropped: list[str] = []
    for row in gone.itertuples():
        where = _where(row)
        paths.append(str(row.path))
        if where not in still_there:  # else the feedback is that of another version
            paths += [f"feedback/{where}{ending}" for ending in _FEEDBACK_ENDINGS]
        paths += [path_of(str(row.departement)), journal_path(str(row.departement))]
        dropped += _lying(drop, row)
    for folder in _outdated(warehouse, deposits, gone)["path"]:
        paths += files.list(folder)
    for campaign, departement in _results_of(deposits, gone):
        paths += files.list(f"layers/{campaign}/{departement}")
    found = tuple(path for path in dict.fromkeys(paths) if files.exists(path))
    return Purge(gone.reset_index(drop=True), found, tuple(dict.fromkeys(dropped)))


def purge(
    warehouse: Warehouse,
    files: FileStore,
    drop: FileStore,
    today: date | None,
    answers: Path | None = None,
    *,
    asked: Collection[str] = (),
    ledger: Ledger | None = None,
) -> Purge:
    """Delete what is past its retention date; run again after a failure, it goes on where it stopped.

    Parameters
    ----------
    today
        None leaves those that are past their date where they are.
    answers
        Where the answers of the address service are kept, all of which can be asked again.
    asked
        Identifiers of deposits that are deleted whatever their date.
    ledger
        Where to note what was deleted; nothing counts as deleted until it is.
    """
    planned = plan(warehouse, files, drop, today, asked)
    if planned.deposits.empty:
        return planned
    failed = [path for path in planned.dropped if not _deleted(drop, path)]  # first: what lies there is read again
    failed += [path for path in planned.files if not _deleted(files, path)]
    if answers:
        answers.unlink(missing_ok=True)
    deposits = warehouse.read("deposits")
    outdated = _outdated(warehouse, deposits, planned.deposits)
    for row in outdated.to_dict("records"):
        key = {name: row[name] for name in ("campaign", "departement", "edition", "fingerprint")}
        warehouse.replace("publications", key, pd.DataFrame())
    ids = planned.deposits["deposit_id"].tolist()
    forget(warehouse, ids, _results_of(deposits, planned.deposits))
    warehouse.replace("problems", {"deposit_id": ids}, pd.DataFrame())
    if not failed and ledger is not None:
        is_asked = planned.deposits["deposit_id"].isin(list(asked))
        if is_asked.any():
            failed += ledger.note(planned.deposits[is_asked], "request")
        if not is_asked.all():
            failed += ledger.note(planned.deposits[~is_asked], "retention")
    if not failed:
        warehouse.upsert("deposits", planned.deposits.assign(path=""))  # last: until then it is not done
    make_unreadable(warehouse)
    return Purge(planned.deposits, planned.files, planned.dropped, tuple(failed))


def erase_again(
    warehouse: Warehouse, files: FileStore, drop: FileStore, erased: Sequence[Erasure], answers: Path | None = None
) -> Purge:
    """Delete in a home that is older than `erased` what was deleted since, and whatever lies there with the same bytes."""
    for erasure in erased:
        for entry in drop.look(f"{erasure.campaign}/{erasure.departement}"):
            if entry.kind == "file" and _digest(drop, entry) == erasure.sha256:
                drop.delete(entry.path)
    return purge(warehouse, files, drop, None, answers, asked=[erasure.deposit_id for erasure in erased])


def _results_of(deposits: pd.DataFrame, gone: pd.DataFrame) -> list[tuple[str, str]]:
    """The slots whose results come from a deposit that goes."""
    sources = counting(deposits)
    slots = sources[sources["deposit_id"].isin(gone["deposit_id"])][["campaign", "departement"]].drop_duplicates()
    return [(str(row.campaign), str(row.departement)) for row in slots.itertuples()]


def _outdated(warehouse: Warehouse, deposits: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """Versions published that go: all but the newest of an edition, and of what was made from it all that is not public."""
    published = warehouse.read("publications")
    slots = set(zip(gone["campaign"], gone["departement"], strict=True))
    made = set(_results_of(deposits, gone))
    newest = published.sort_values("published_at").groupby(["campaign", "departement", "edition"]).tail(1).index
    goes = [
        slot in slots and (row not in newest or (slot in made and edition != "public"))
        for row, slot, edition in zip(
            published.index,
            zip(published["campaign"], published["departement"], strict=True),
            published["edition"],
            strict=True,
        )
    ]
    return published[pd.Series(goes, index=published.index, dtype=bool)]


def _lying(drop: FileStore, row: object) -> list[str]:
    """Where the very bytes of a deposit still lie in the drop folder, whatever way their name is written."""
    found = []
    for entry in drop.look(f"{row.campaign}/{row.departement}"):  # type: ignore[attr-defined]
        is_it = entry.kind == "file" and file_name(entry.name) == file_name(row.filename)  # type: ignore[attr-defined]
        if is_it and _digest(drop, entry) == row.sha256:  # type: ignore[attr-defined]
            found.append(entry.path)
    return found


def _digest(drop: FileStore, entry: Entry) -> str | None:
    """Of the bytes of what lies in the drop folder; None where they cannot be had."""
    try:
        return hashlib.sha256(drop.read_untrusted(entry, MAX_BYTES)).hexdigest()
    except (NotTaken, FileNotFoundError):
        return None


def _deleted(store: FileStore, path: str) -> bool:
    try:
        store.delete(path)
    except OSError:
        return False
    return True


def _where(row: object) -> str:
    return f"{row.campaign}/{row.departement}/{row.filename}"  # type: ignore[attr-defined]
