"""Page 4: communes that live too far, ranked."""

from __future__ import annotations

from typing import Any

from fs_pipeline.briefing import french
from fs_pipeline.briefing.slot import SlotTables, records
from fs_pipeline.briefing.view import Gap, Gaps
from fs_pipeline.briefing.words import METHOD_NAMES, named

SHOWN = 24
_REASONS_SHOWN = 8
_HEADS = (
    ("confirmed", "confirmées"),
    ("by_label", "par le label"),
    ("orientation", "orientation"),
    ("none", "non couvertes"),
    ("unknown", "inconnues"),
)
_COUNTS = ("confirmed_30", "by_label_30", "orientation_30", "uncovered_30", "unknown_30")


def gaps(tables: SlotTables) -> Gaps:
    """Communes at more than 20 minutes, in the order of their rank, and those that could not be computed."""
    rows = records(tables.gaps, "insee", "commune", "population", "minutes", "method", "reason", "rank", *_COUNTS)
    far = sorted((row for row in rows if row["minutes"] is not None and row["minutes"] > 20), key=_by_rank)
    lost = sorted((row for row in rows if row["minutes"] is None), key=lambda row: row["commune"] or "")
    shown = far[:SHOWN]
    scale = max((row["population"] or 0.0 for row in shown), default=0.0) or 1.0
    people = sum(row["population"] or 0.0 for row in far)
    methods = sorted({named(METHOD_NAMES, row["method"], "méthode non précisée") for row in far})
    trust = f"n\u00a0=\u00a0{french.out_of(len(shown), len(far))} communes à plus de 20\u00a0minutes · "
    trust += f"non calculées\u00a0: {french.number(len(lost))} · temps {', '.join(methods)} · " if far else ""
    return Gaps(
        title="Les communes les plus éloignées",
        lead=(
            f"{french.count(len(far), 'commune')} et {french.count(people, 'habitant')} à plus de 20\u00a0minutes "
            "d’une France services fixe, par rang."
            if far
            else "Aucune commune ne ressort."
        ),
        rows=tuple(_gap(place, row, scale) for place, row in enumerate(shown, start=1)),
        heads=_HEADS,
        not_computed=tuple(
            (
                row["commune"] or row["insee"] or "commune inconnue",
                french.typographic(row["reason"] or "raison inconnue"),
            )
            for row in lost[:_REASONS_SHOWN]
        ),
        not_computed_more=(
            f"{french.out_of(_REASONS_SHOWN, len(lost))} communes sans temps de trajet sont montrées."
            if len(lost) > _REASONS_SHOWN
            else None
        ),
        empty=None if far else _why_empty(len(rows), len(lost)),
        trust=trust + "sources\u00a0: population des communes (INSEE), liste des France services, enquête.",
    )


def _gap(place: int, row: dict[str, Any], scale: float) -> Gap:
    counts = tuple("?" if row[name] is None else french.number(row[name]) for name in _COUNTS)
    return Gap(
        rank=french.number(row["rank"] if row["rank"] is not None else place),
        commune=row["commune"] or row["insee"] or "commune inconnue",
        population="inconnue" if row["population"] is None else french.number(row["population"]),
        minutes=f"{french.number(row['minutes'])}\u00a0min",
        bar=(row["population"] or 0.0) / scale,
        counts=(counts[0], counts[1], counts[2], counts[3], counts[4]),
    )


def _why_empty(total: int, lost: int) -> str:
    if not total:
        return "Aucun écart n’est calculé pour ce département."
    if lost == total:
        return "Aucun temps de trajet n’est calculé\u00a0: les communes ne peuvent pas être classées."
    return "Aucune commune dont le temps est calculé n’est à plus de 20\u00a0minutes d’une France services fixe."


def _by_rank(row: dict[str, Any]) -> tuple[float, float, str]:
    rank = row["rank"] if row["rank"] is not None else 1e9
    return (float(rank), -(row["population"] or 0.0), row["insee"] or "")
