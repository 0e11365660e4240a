"""A short digest of what a slot's results were made from: inputs and code, never clocks or run ids."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import pandas as pd

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
    """Twelve hexadecimal digits over the code, the campaign's sources, the slot's deposits and the people's rulings."""
    digest = hashlib.sha256(code_fingerprint().encode())
    inputs = (
        ("campaigns", {"campaign": campaign}, ["reference_date", "deadline"]),
        ("campaign_sources", {"campaign": campaign}, ["source", "as_of", "sha256", "state"]),
        ("deposits", {"campaign": campaign, "departement": departement}, ["deposit_id", "verdict"]),
        ("rulings", {"departement": departement}, ["ruling_id", "decision"]),
    )
    for table, key, columns in inputs:
        _update(digest, table, warehouse.read(table, key, columns))
    return digest.hexdigest()[:12]


def with_content(fingerprint: str, frames: Mapping[str, pd.DataFrame]) -> str:
    """Twelve hexadecimal digits over `fingerprint` and the tables an output is made from, neighbours' traces included."""
    digest = hashlib.sha256(fingerprint.encode())
    for name in sorted(frames):
        frame = frames[name]
        digest.update("|".join((name, *map(str, frame.columns))).encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:12]


def _update(digest: hashlib._Hash, table: str, frame: pd.DataFrame) -> None:
    digest.update(table.encode())
    rows = sorted(map(repr, frame.itertuples(index=False, name=None)))
    digest.update("\n".join(rows).encode())
