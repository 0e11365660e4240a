"""The end of a deposit: once its retention date is past, what the prefecture sent is deleted, and the trace of it is not.

Deleted: the bytes, in the store and in the drop folder; the feedback, which quotes cells; the problems' rows. Kept: the
row of ``deposits`` (name, hash, dates, verdict), without a path, and the results that were computed from it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import pandas as pd

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore

_FEEDBACK_ENDINGS = (".json", ".csv", ".annote.xlsx")


@dataclass(frozen=True, slots=True)
class Purge:
    """What is or was to be deleted."""

    deposits: pd.DataFrame  # rows of ``deposits`` as they were
    files: tuple[str, ...]  # paths inside the store
    dropped: tuple[str, ...]  # paths inside the drop folder


def expired(deposits: pd.DataFrame, today: date) -> pd.DataFrame:
    """Deposits that are still stored although their retention date is past (on the date itself they are kept)."""
    return deposits[(deposits["retention_until"] < today.isoformat()) & (deposits["path"] != "")]


def plan(warehouse: Warehouse, files: FileStore, drop: FileStore, today: date) -> Purge:
    """What `purge` would delete, without deleting anything."""
    deposits = warehouse.read("deposits")
    gone = expired(deposits, today)
    kept = deposits[~deposits["deposit_id"].isin(gone["deposit_id"]) & (deposits["path"] != "")]
    still_there = {_where(row) for row in kept.itertuples()}
    paths, dropped = [], []
    for row in gone.itertuples():
        where = _where(row)
        paths.append(str(row.path))
        if where not in still_there:  # else the feedback is that of another version
            paths += [f"feedback/{where}{ending}" for ending in _FEEDBACK_ENDINGS]
        if drop.exists(where) and hashlib.sha256(drop.read(where)).hexdigest() == row.sha256:
            dropped.append(where)
    found = tuple(path for path in dict.fromkeys(paths) if files.exists(path))
    return Purge(gone.reset_index(drop=True), found, tuple(dict.fromkeys(dropped)))


def purge(warehouse: Warehouse, files: FileStore, drop: FileStore, today: date) -> Purge:
    """Delete what is past its retention date; run again after a failure, it goes on where it stopped."""
    planned = plan(warehouse, files, drop, today)
    for path in planned.files:
        files.delete(path)
    for path in planned.dropped:
        drop.delete(path)
    if len(planned.deposits):
        ids = planned.deposits["deposit_id"].tolist()
        warehouse.replace("problems", {"deposit_id": ids}, pd.DataFrame())
        warehouse.upsert("deposits", planned.deposits.assign(path=""))  # last: until then it is not done
    return planned


def _where(row: object) -> str:
    return f"{row.campaign}/{row.departement}/{row.filename}"  # type: ignore[attr-defined]
