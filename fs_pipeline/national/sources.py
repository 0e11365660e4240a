"""The declared sources: who publishes what, under which licence, where, how often and in which shape.

Reading a file is ``read.py``'s work, fetching one ``http/``'s.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from fs_pipeline import data


@dataclass(frozen=True, slots=True)
class Source:
    """One declaration of ``data/sources.toml``."""

    key: str
    title_fr: str
    publisher: str
    licence: str
    page: str  # where a person reads about it
    url: str  # where a machine fetches it, a data.gouv.fr dataset too; empty where it must be given by hand
    cadence: str
    expected_rows: int  # fewer rows are refused
    max_age_days: int  # older than this is said wherever it is used
    max_bytes: int  # more, sent or unpacked, are refused
    opt_in: bool = False  # taken only where a sources.toml asks for it
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # our name to the published ones


def _load(kind: str) -> dict[str, Source]:
    declared = tomllib.loads(data.path("sources.toml").read_text(encoding="utf-8"))
    return {key: _source(key, spec) for key, spec in declared[kind].items()}


def _source(key: str, spec: Mapping[str, object]) -> Source:
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in spec.items()}
    columns = spec.get("columns", {})
    assert isinstance(columns, dict)
    plain["columns"] = {name: tuple(spellings) for name, spellings in columns.items()}
    return Source(key=key, **plain)  # type: ignore[arg-type]  # TypeError where the TOML has a key of its own


SOURCES: dict[str, Source] = _load("places")
REFERENCES: dict[str, Source] = _load("reference")
