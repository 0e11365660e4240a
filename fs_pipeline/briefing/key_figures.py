"""Key figures: an indicator's row, written in French with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, records
from fs_pipeline.briefing.view import Figure

SHOWN = 8
_NOTHING = ("sans objet", "aucune")
_AS_BEFORE = "mêmes cas, manque, méthode et sources que le chiffre précédent"
_UNITS = {
    "hours": f"{french.NO_BREAK}h",
    "minutes": f"{french.NO_BREAK}min",
}
_COLUMNS = ("key", "dimension", "label", "value", "unit", "reason", "n", "missing", "method", "sources", "rank")


def key_figures(indicators: pd.DataFrame, shown: int | None = SHOWN, table: str = "indicators") -> tuple[Figure, ...]:
    """The first indicators by rank; those without dimension or by threshold come before those by operator."""
    rows = records(indicators, *_COLUMNS)
    rows.sort(key=lambda row: ("operator=" in (row["dimension"] or ""), _rank(row), row["key"] or ""))
    return _each_trust_once(figure(row, table) for row in rows[:shown])


def _each_trust_once(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """What a figure rests on, said in short where it is the very same as for the one before it."""
    told: list[Figure] = []
    last = None
    for one in figures:
        told.append(replace(one, trust=_AS_BEFORE) if one.computed and one.trust == last else one)
        last = one.trust
    return tuple(told)


def figure(row: Row, table: str = "indicators") -> Figure:
    """One indicator of `table` as it is read."""
    computed = row["value"] is not None
    parts = []
    if row["n"] is not None:
        parts.append(f"n\u00a0=\u00a0{french.number(row['n'])}")
    if row["missing"] is not None:
        parts.append(f"manque\u00a0: {french.share(row['missing'], 1)}")
    parts += [
        french.typographic(str(row[name])) for name in ("method", "sources") if row[name] not in {None, *_NOTHING}
    ]
    if not computed:
        parts.insert(0, french.typographic(row["reason"] or "raison non précisée"))
    return Figure(
        key=str(row["key"]),
        value=written(row["value"], row["unit"]),
        label=french.typographic(row["label"] or str(row["key"])),
        trust=" · ".join(parts) or "source non précisée",
        computed=computed,
        evidence=Evidence(
            keys=named(row, "key", "dimension"),
            figures=(number(row, "value", row["unit"] or "", row["n"]),),
            rows=(rows_of(table, row, "key", "dimension"),),
        ),
    )


def written(value: float | None, unit: str | None) -> str:
    """``83 %``, ``1 234``, ``28,5 h``; « non calculé »."""
    if value is None:
        return french.NOT_COMPUTED
    if unit == "share":
        return french.share(value)
    decimals = 0 if float(value).is_integer() else 1
    return french.number(value, decimals) + _UNITS.get(unit or "", "")


def _rank(row: Row) -> float:
    return float(row["rank"]) if row["rank"] is not None else 1e9
