"""Key figures beside région, nation, the other départements of the région and the last campaign.

The numbers are those of ``brief_comparisons``; here they are placed on a line of their own and written in French.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from fs_pipeline import french
from fs_pipeline.briefing.evidence import NOTHING, Evidence, Number, Rows
from fs_pipeline.briefing.key_figures import written
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view import Figure
from fs_pipeline.briefing.view_beside import Beside, Comparison, Mark
from fs_pipeline.coverage.beside import compared_figures

_COLUMNS = (
    "key", "dimension", "scope", "territory", "territory_name", "of_campaign", "value", "unit", "departements", "among",
    "reason",
)  # fmt: skip
_TABLE = "brief_comparisons"
_STEPS = (1.0, 2.0, 5.0, 10.0)
_FEWEST_STEPS = 4  # that the points of a plot spread over, at least
_NONE = "\u2013"
_TOO_FEW = "trop peu de départements l’ont encore"
_SCALES = "Chaque ligne a son échelle."
_SEPARATOR = f"{french.NO_BREAK}· "  # which begins no line
_MEAN = " en moyenne"
_NOT_BEFORE = {
    "other_method": "trouvé alors d’une autre façon",
    "other_points": "les trajets ne partaient pas des mêmes points",
    "not_computed": "non calculé alors",
}


def with_comparison(tables: SlotTables, figures: Sequence[Figure]) -> tuple[tuple[Figure, ...], Comparison]:
    """The key figures, each with what stands beside it or why nothing does, and what is said once for all."""
    found: dict[str, list[Row]] = {}
    for row in records(tables.brief_comparisons, *_COLUMNS):
        found.setdefault(_name(row["key"], row["dimension"]), []).append(row)
    pooled = {_name(one.key, one.dimension): one for one in compared_figures(tables.thresholds)}
    told: list[Figure] = []
    for figure in figures:
        name = _name(*(str(value) for _, value in figure.evidence.keys))
        rule, rows = pooled.get(name), found.get(name, [])
        if rule is not None and figure.computed:
            beside = _beside(tables, figure, rows, rule.pooled == "mean") if rule.pooled else None
            told.append(replace(figure, beside=beside, not_beside="" if beside else _not_beside(rule.why_not)))
        else:
            told.append(figure)
    shown = tuple(figure.beside for figure in told if figure.beside is not None)
    if not shown:  # said once, above them
        told = [replace(figure, not_beside="") for figure in told]
    rows = [row for of_figure in found.values() for row in of_figure]
    return tuple(told), _comparison(tables, shown, rows)


def _name(key: str, dimension: str | None = None) -> str:
    return f"{key}.{dimension}" if dimension else key


def _not_beside(why_not: str) -> str:
    return f"pas comparé\u00a0: {why_not or _TOO_FEW}"


def _beside(tables: SlotTables, figure: Figure, rows: list[Row], is_mean: bool) -> Beside | None:
    """None where nothing at all stands beside the figure."""
    by_scope: dict[str, list[Row]] = {}
    for row in rows:
        by_scope.setdefault(row["scope"], []).append(row)
    others = sorted(by_scope.get("departement", []), key=lambda row: (row["value"], row["territory"]))
    region, nation, previous = (by_scope.get(scope, [{}])[0] for scope in ("region", "nation", "previous"))
    known = [row for row in (*others, nation, region, previous) if row.get("value") is not None]
    own = figure.evidence.figures[0]
    if not known or own.value is None:
        return None
    unit = own.unit
    low, high = _bounds([own.value, *(row["value"] for row in known)], unit)
    placed = [(code, row["value"]) for code, some in _in_order(others, nation, region, previous) for row in some]
    marks = [Mark(code, _at(value, low, high)) for code, value in (*placed, ("own", own.value))]
    spread, mean = _spread(others, unit), _MEAN if is_mean else ""
    parts = [
        *_pooled("région", region, unit, mean), *_pooled("France", nation, unit, mean), *_earlier(previous, unit),
        *([f"{_others(len(others))}\u00a0: {spread}"] if others else ()),
    ]  # fmt: skip
    line = _SEPARATOR.join(parts)
    return Beside(
        label=figure.label,
        own=figure.value,
        region=_cell(region, unit),
        nation=_cell(nation, unit),
        previous=_cell(previous, unit),
        others=spread or _NONE,
        low=written(low, unit),
        high=written(high, unit),
        marks=tuple(marks),
        line=french.start(line),
        alt=_alt(tables, figure, (low, high), line, others),
        evidence=_evidence(figure, others, region, nation, previous),
    )


def _in_order(others: list[Row], nation: Row, region: Row, previous: Row) -> list[tuple[str, list[Row]]]:
    """What is drawn, from the ground up."""
    single = [("nation", nation), ("region", region), ("previous", previous)]
    return [("other", others), *((code, [row]) for code, row in single if row.get("value") is not None)]


def _bounds(values: list[float], unit: str) -> tuple[float, float]:
    """Round numbers at either side of all of them."""
    least = 0.01 if unit == "share" else 1.0
    wide = max(max(values) - min(values), least) / _FEWEST_STEPS
    power = 10.0 ** math.floor(math.log10(wide))
    step = max(next(one * power for one in _STEPS if one * power >= wide - 1e-12), least)
    low, high = (math.floor(min(values) / step + 1e-9) * step, math.ceil(max(values) / step - 1e-9) * step)
    if high - low < step / 2:
        low, high = max(low - step, 0.0), high + step
    return round(low, 6), round(min(high, 1.0) if unit == "share" else high, 6)


def _at(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low), 4)


def _pooled(name: str, row: Row, unit: str, mean: str) -> list[str]:
    if row.get("value") is None:
        return []
    part = row["departements"] < row["among"]
    counted = f" ({french.out_of(row['departements'], row['among'])} départements)" if part else ""
    return [f"{name} {written(row['value'], unit)}{mean}{counted}"]


def _earlier(row: Row, unit: str) -> list[str]:
    if not row:
        return []
    when = french.date(row["of_campaign"])
    if row["value"] is None:
        return [f"{when}\u00a0: {_NOT_BEFORE[row['reason']]}"]
    return [f"{when}\u00a0: {written(row['value'], unit)}"]


def _others(many: int) -> str:
    return french.count(many, "autre département", "autres départements")


def _spread(others: list[Row], unit: str) -> str:
    """From the least of them to the most; they are in that order."""
    if not others:
        return ""
    least, most = (written(row["value"], unit) for row in (others[0], others[-1]))
    return least if least == most else f"de {least} à {most}"


def _cell(row: Row, unit: str) -> str:
    return written(row["value"], unit) if row.get("value") is not None else _NONE


def _alt(tables: SlotTables, figure: Figure, bounds: tuple[float, float], line: str, others: list[Row]) -> str:
    unit = figure.evidence.figures[0].unit
    low, high = (written(bound, unit) for bound in bounds)
    each = ", ".join(f"{french.name(row['territory_name'])} {written(row['value'], unit)}" for row in others)
    told = (
        f"Points sur une ligne de {low} à {high}. {french.name(tables.departement_name)}\u00a0: {figure.value}. {line}."
    )
    return f"{told} Un à un\u00a0: {each}." if len(others) > 1 else told


def _evidence(figure: Figure, others: list[Row], region: Row, nation: Row, previous: Row) -> Evidence:
    own = figure.evidence.figures[0]
    single = {"region": region, "nation": nation, "previous": previous}
    numbers = [
        Number(name, row["value"], own.unit, row["departements"], "departements") for name, row in single.items() if row
    ]
    if others:
        numbers += [
            Number(name, row["value"], own.unit, len(others), "departements")
            for name, row in (("least", others[0]), ("most", others[-1]))
        ]
    return Evidence(figure.evidence.keys, tuple(numbers), (Rows(_TABLE, figure.evidence.keys),))


def _comparison(tables: SlotTables, shown: tuple[Beside, ...], rows: list[Row]) -> Comparison:
    drawn = {mark.code for one in shown for mark in one.marks}
    previous = next((row for row in rows if row["scope"] == "previous"), None)
    when = french.date(previous["of_campaign"]) if previous else ""
    names = {
        "own": french.name(tables.departement_name), "region": "région", "nation": "France", "previous": when,
        "other": "autres départements de la région",
    }  # fmt: skip
    return Comparison(
        lead=_lead(tables, drawn, rows, when),
        legend=tuple((code, name) for code, name in names.items() if code in drawn),
        rows=shown,
        previous_head=french.start(when) or "Campagne précédente",
        evidence=Evidence((("comparison", "lead"),), (), (Rows(_TABLE),)) if rows else NOTHING,
    )


def _lead(tables: SlotTables, drawn: set[str], rows: list[Row], when: str) -> str:
    """Beside whom, and who is not there yet."""
    region, nation = (_most(rows, scope) for scope in ("region", "nation"))
    if region is None or nation is None:
        return ""
    if not drawn:
        there = french.out_of(nation["departements"], nation["among"])
        return (
            "Ces chiffres ne sont placés à côté d’aucun autre\u00a0: trop peu de départements sont encore calculés de la même "
            f"façon ({there}), et aucune campagne précédente ne l’est."
        )
    alone = region["among"] == 1
    beside = [] if alone else [_counted(region, f"de la région {french.name(tables.region_name)}")]
    absent = ["la région n’a que ce département"] if alone else _few(region, drawn, "la région")
    if "nation" in drawn:
        beside.append(_counted(nation, "de France"))
    absent += _few(nation, drawn, "la France")
    if "previous" in drawn:
        beside.append(f"la campagne {french.of(when)}")
    elif not when:
        absent.append("aucune campagne précédente n’est connue")
    told = [f"À côté\u00a0: {french.listed(beside)}, calculés de la même façon."] if beside else []
    rest = "\u202f; ".join(absent)
    return " ".join([*told, *([f"{french.start(rest)}."] if rest else []), _SCALES])


def _counted(row: Row, of: str) -> str:
    if row["departements"] == row["among"]:
        return f"les {french.number(row['among'])} départements {of}"
    return f"{french.number(row['departements'])} des {french.number(row['among'])} départements {of}"


def _few(row: Row, drawn: set[str], name: str) -> list[str]:
    if row["scope"] in drawn:
        return []
    counted = french.out_of(row["departements"], row["among"])
    return [f"{name} n’est pas montrée, trop peu de ses départements étant calculés ({counted})"]


def _most(rows: list[Row], scope: str) -> Row | None:
    """The figure for which most départements stand."""
    return max((row for row in rows if row["scope"] == scope), key=lambda row: int(row["departements"]), default=None)
