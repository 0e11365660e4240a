"""Look-ups over the territory's rows, the same for its tables and for the files that are shipped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from fs_pipeline.territory.names import commune_key, without_article


def index_by_name(named: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Normalised name -> the communes that bear it, from (name, code) pairs."""
    return indexed((commune_key(name), insee) for name, insee in named)


def by_cell(points: Iterable[tuple[float, float]]) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """Points in degrees by the tenth of a degree in which they stand."""
    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for first, second in points:
        found.setdefault((math.floor(first * 10), math.floor(second * 10)), []).append((first, second))
    return found


def renamed(former: Iterable[tuple[str | None, str, str]]) -> frozenset[tuple[str, str]]:
    """Old name, normalised, and commune, of (name, current code, kind) where nothing else went into it."""
    named = [row for row in former if row[0] and row[2] != "arrondissement_municipal"]
    merged = {current for _, current, kind in named if kind != "ancien_nom"}
    return frozenset((commune_key(name or ""), current) for name, current, _ in named if current not in merged)


def indexed(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Key to codes, each once, in order, from (key, code) pairs."""
    found: dict[str, tuple[str, ...]] = {}
    for key, insee in pairs:
        before = found.get(key)
        if before is None:
            found[key] = (insee,)
        elif insee not in before:
            found[key] = (*before, insee)
    return found


def bare_names(by_name: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The same by the names without their articles."""
    return indexed((without_article(key), insee) for key, insees in by_name.items() for insee in insees)
