"""« À retenir »: at most five sentences, each read from a mart; what is not known is one of them."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.evidence import Evidence, Number, Rows, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records, silence
from fs_pipeline.briefing.words import COUNTED_AT, EVIDENCE_CODES, KINDS_OF_DIFFERENCE
from fs_pipeline.coverage.thresholds import Thresholds

_ENOUGH_POINTS = 30
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """Strong words, the rest of the sentence, and on what it rests."""

    strong: str
    rest: str
    evidence: Evidence


def findings(tables: SlotTables) -> tuple[Finding, ...]:
    """The distance, the evidence, the first gap, the differences and the unknown, those of which there is something to say."""
    said = [_distance(tables), _evidence(tables), _first_gap(tables), _difference(tables), _unknown(tables)]
    return tuple(one for one in said if one is not None)


def _distance(tables: SlotTables) -> Finding | None:
    rows = {
        int(row["threshold"]): row
        for row in records(
            tables.access_shares,
            "service",
            "threshold",
            "share",
            "share_low",
            "share_high",
            "method",
            "population",
            "population_not_computed",
            "points",
            "points_not_computed",
        )
        if row["service"] == FRANCE_SERVICES.kind and row["threshold"] is not None
    }
    minutes = tables.thresholds
    near = rows.get(minutes.near)
    if near is None or near["share"] is None:
        return Finding(
            "L’éloignement n’est pas calculé",
            "\u00a0: aucun temps de trajet n’est disponible.",
            Evidence(_about("distance"), rows=(Rows("access_shares"),)),
        )
    how = "temps estimés" if near["method"] == "estimated" else "par la route"
    starts = french.count(_points(near), "point de départ", "points de départ")
    rest = f" à {minutes.near}\u00a0minutes ou moins d’une France services fixe ({how}, {starts})"
    far = rows.get(minutes.far)
    if far is not None and far["share"] is not None:
        rest += f"\u202f; {french.share(far['share'])} à {minutes.far}\u00a0minutes ou moins"
    known = {name: row for name, row in (("near", near), ("far", far)) if row is not None}
    evidence = Evidence(
        _about("distance"),
        tuple(
            number(row, name, "share", _counted(row), "inhabitants", f"{name}_{reach}")
            for reach, row in known.items()
            for name in ("share", "share_low", "share_high")
        ),
        tuple(rows_of("access_shares", row, "service", "threshold") for row in known.values()),
    )
    # What is left out of a share is said in it.
    who = "des habitants dont le trajet est calculé" if near["population_not_computed"] else "des habitants"
    return Finding(
        f"{french.start(french.share(near['share']))} {who}",
        f"{_band(near)}{rest}.{_either_way(near)}{_few_points(near)}",
        evidence,
    )


def _about(what: str) -> tuple[tuple[str, str], ...]:
    return (("finding", what),)


def _band(row: Row) -> str:
    """Between which shares the truth may lie, where speed alone is in doubt."""
    low, high = (french.share(row[name]) for name in ("share_low", "share_high"))
    return f" (de {low} à {high} selon la vitesse)" if row["share_low"] is not None and low != high else ""


def _either_way(row: Row) -> str:
    """A share that is of most people at one end of its band and of few at the other says neither."""
    if row["share_low"] is None or not row["share_low"] < _MOST <= row["share_high"]:
        return ""
    return " La majorité ou la minorité\u00a0: cela dépend de la vitesse."


def _few_points(row: Row) -> str:
    """A share that rests on few points moves by whole communes."""
    if _points(row) >= _ENOUGH_POINTS:
        return ""
    return " À lire avec prudence\u00a0: elle repose sur peu de points."


def _counted(row: Row) -> float | None:
    """Inhabitants of whom the share is one."""
    return None if row["population"] is None else float(row["population"] - (row["population_not_computed"] or 0.0))


def _points(row: Row) -> float:
    """Those on which the share rests."""
    return float((row["points"] or 0) - (row["points_not_computed"] or 0))


def _evidence(tables: SlotTables) -> Finding | None:
    said = tables.demarche_matrix["evidence"].value_counts()
    total = int(said.sum())
    if not total:
        return None
    evidence = Evidence(
        _about("evidence"),
        tuple(
            Number(code, int(said.get(code, 0)), "cells", total, "cells")
            for code in ("confirmed", "by_label", "general")
        ),
        (Rows("demarche_matrix"),),
    )
    general = int(said.get("general", 0))
    why = silence(tables)
    if why and not general:
        by_label = french.out_of(int(said.get("by_label", 0)), total)
        return Finding(why, f"\u00a0: {by_label} cases du tableau des démarches reposent sur le label seul.", evidence)
    declared = f"{french.number(general)} sur une aide déclarée en général, démarche non précisée"
    if why:
        parts = (french.out_of(int(said.get("by_label", 0)), total), declared)
        rest = f"\u00a0: {parts[0]} cases du tableau des démarches reposent sur le label seul, {parts[1]}."
        return Finding(why, rest, evidence)
    parts = (french.out_of(int(said.get("confirmed", 0)), total), french.number(int(said.get("by_label", 0))))
    return Finding(
        "Ce que l’enquête confirme",
        f"\u00a0: {parts[0]} cases du tableau des démarches\u202f; {parts[1]} reposent sur le label seul"
        f"{f', {declared}' if general else ''}.",
        evidence,
    )


def _first_gap(tables: SlotTables) -> Finding | None:
    said = ("insee", "commune", "population", "minutes", "minutes_low", "reason", "counted_at", "certain", "rank")
    rows = records(tables.gaps, *said)
    far = [row for row in rows if row["minutes"] is not None and row["minutes"] > tables.thresholds.near]
    far.sort(key=lambda row: (row["rank"] if row["rank"] is not None else 1e9, row["commune"] or ""))
    if not far:
        return None
    first = far[0]
    who = f", {french.count(first['population'], 'habitant')}" if first["population"] is not None else ""
    # What its inhabitants know of their commune is said before they object.
    told = "\u202f; ".join(filter(None, (first["reason"], COUNTED_AT.get(first["counted_at"] or ""))))
    who += f" ({french.typographic(told)})" if told else ""
    evidence = Evidence(
        (*_about("first_gap"), *named(first, "insee")),
        (number(first, "population", "inhabitants"), number(first, "minutes", "minutes")),
        (rows_of("gaps", first, "insee"),),
    )
    return Finding(
        french.name(str(first["commune"])),
        f"{who}{',' if who else ''} vient en tête des communes à plus de {tables.thresholds.near}\u00a0minutes"
        f"\u00a0: {french.minutes(first['minutes'], tables.thresholds)} jusqu’à la France services la plus proche"
        f"{_even_faster(first, tables.thresholds)}.",
        evidence,
    )


def _even_faster(row: Row, thresholds: Thresholds) -> str:
    """Whether the commune stays on the same side of the threshold all through the band of speeds."""
    if row["certain"]:
        return ", et plus loin que ce seuil même au plus court de la fourchette"
    if row["minutes_low"] > thresholds.near:
        return (
            ", mais peut-être en deçà de ce seuil pour une part de ses habitants\u00a0: on ne sait pas où ils y vivent"
        )
    soonest = french.minutes(row["minutes_low"], thresholds)
    return f", mais peut-être en deçà de ce seuil\u00a0: {soonest} au plus court de la fourchette"


def _difference(tables: SlotTables) -> Finding | None:
    kinds = tables.discrepancies["kind"].value_counts()
    total = int(kinds.sum())
    if not total:
        return None
    each = [
        french.count(int(kinds[kind]), words.short, words.short_many)
        for kind, words in KINDS_OF_DIFFERENCE.items()
        if kind in kinds
    ]
    strong = f"{french.count(total, 'différence')} entre l’enquête et les listes nationales"
    figures = tuple(Number(str(kind), int(many), "differences", total, "differences") for kind, many in kinds.items())
    evidence = Evidence(_about("differences"), figures, (Rows("discrepancies"),))
    return Finding(strong, f"\u00a0: {', '.join(each)}.", evidence)


def _unknown(tables: SlotTables) -> Finding | None:
    said = tables.demarche_matrix["evidence"]
    if said.empty:
        rest = " quelles démarches sont aidées\u00a0: aucune case n’est renseignée."
        return Finding("On ne sait pas encore", rest, Evidence(_about("unknown"), rows=(Rows("demarche_matrix"),)))
    unknown = int((~said.isin([code for code in EVIDENCE_CODES if code != "unknown"])).sum())
    if not unknown:
        return None
    figures = (Number("unknown", unknown, "cells", len(said), "cells"),)
    return Finding(
        "On ne sait pas",
        f" pour {french.share(unknown / len(said))} des cases du tableau des démarches "
        f"({french.out_of(unknown, len(said))}). Ce n’est pas «\u00a0aucune aide\u00a0».",
        Evidence(_about("unknown"), figures, (Rows("demarche_matrix"),)),
    )
