"""A short digest of what a slot's results were made from: inputs and code, never clocks or run ids."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.warehouse.engine import Warehouse

_CODE_ENDINGS = (
    ".py",
    ".sql",
    ".yml",
    ".csv",
    ".gz",
    ".json",
    ".toml",
    ".html",
    ".typ",
    ".css",
    ".js",
    ".jinja",
    ".otf",
)


@cache
def code_fingerprint() -> str:
    """Digest of the package's own files, so that a change of code or of reviewed data shows in every output."""
    digest = hashlib.sha256()
    for package in ("fs_pipeline", "dbt_like_sql"):
        _add(digest, files(package), package)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, folder: Traversable, path: str) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        inside = f"{path}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            _add(digest, entry, inside)
        elif entry.name.endswith(_CODE_ENDINGS):
            digest.update(inside.encode() + hashlib.sha256(entry.read_bytes()).digest())


def slot_fingerprint(warehouse: Warehouse, campaign: str, departement: str) -> str:
    """Twelve hexadecimal digits over the code, the campaign's sources, the slot's deposits that count and the people's rulings.

    What was handed in before or refused changes nothing: a file that comes back gives the version that it gave.
    """
    return slot_fingerprints(warehouse, campaign, [departement])[departement]


def slot_fingerprints(
    warehouse: Warehouse, campaign: str, departements: Sequence[str], connection: Connection | None = None
) -> dict[str, str]:
    """``slot_fingerprint`` of several départements, each table read once; as they stand in a transaction under way."""
    codes = list(departements)
    inputs = (
        ("campaigns", {"campaign": campaign}, ["reference_date", "deadline"]),
        ("campaign_sources", {"campaign": campaign}, ["source", "as_of", "sha256", "state"]),
        (
            "deposits",
            {"campaign": campaign, "departement": codes},
            ["deposit_id", "verdict", "filename", "received_at"],
        ),
        ("rulings", {"departement": codes}, ["ruling_id", "decision"]),
    )
    digests = {code: hashlib.sha256(code_fingerprint().encode()) for code in codes}
    for table, key, columns in inputs:
        of_slots = "departement" in key
        frame = warehouse.read(table, key, [*columns, "departement"] if of_slots else columns, connection)
        if table == "deposits":
            frame = _counting(frame)
        for code, digest in digests.items():
            _update(
                digest, table, frame[frame["departement"] == code].drop(columns="departement") if of_slots else frame
            )
    return {code: digest.hexdigest()[:12] for code, digest in digests.items()}


def _counting(deposits: pd.DataFrame) -> pd.DataFrame:
    """Of each file, the version handed in last that was not refused."""
    accepted = deposits[deposits["verdict"] != "refused"].sort_values("received_at", kind="stable")
    return accepted.drop_duplicates(["departement", "filename"], keep="last")[["departement", "deposit_id", "verdict"]]


def with_content(fingerprint: str, frames: Mapping[str, pd.DataFrame]) -> str:
    """Twelve hexadecimal digits over `fingerprint` and the tables an output is made from, neighbours' traces included."""
    digest = hashlib.sha256(fingerprint.encode())
    for name in sorted(frames):
        frame = frames[name]
        digest.update("|".join((name, *map(str, frame.columns))).encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:12]


def content_digest(frame: pd.DataFrame) -> str:
    """Twelve hexadecimal digits over a table's rows, whatever their order."""
    rows = np.sort(pd.util.hash_pandas_object(frame, index=False).to_numpy())
    return hashlib.sha256("|".join(map(str, frame.columns)).encode() + rows.tobytes()).hexdigest()[:12]


def _update(digest: hashlib._Hash, table: str, frame: pd.DataFrame) -> None:
    digest.update(table.encode())
    rows = sorted(map(repr, frame.itertuples(index=False, name=None)))
    digest.update("\n".join(rows).encode())
