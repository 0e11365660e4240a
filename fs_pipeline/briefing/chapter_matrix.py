"""Page 3: what is confirmed, for which démarche."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, Number, Rows
from fs_pipeline.briefing.slot import SlotTables, not_said, records, silence
from fs_pipeline.briefing.view import Matrix, MatrixRow, Verdict
from fs_pipeline.briefing.words import EVIDENCE, EVIDENCE_CODES, NOT_SAID, OTHER_OPERATOR, STATED, UNSAID
from fs_pipeline.cartography.once import Once
from fs_pipeline.demarches.catalogue import bundle, operators
from fs_pipeline.demarches.denominator import denominator

_PER_OPERATOR = 3
_FILL_A_PAGE = 30
_ALIKE = 12  # lines, of démarches told together
_REASONS_NAMED = 3
_SHARED = ("confirmed", "by_label", "general")  # what people have near, each apart
_PROMISE = "Le label n’est qu’une promesse."
_CHOSEN = ("celles que l’enquête renseigne le mieux pour chaque opérateur", "trois au plus pour chaque opérateur")


def matrix(tables: SlotTables, once: Once) -> Matrix:
    """One row a démarche, grouped by operator, in the order of the catalogue; made once for editions that share it."""
    near, on = tables.thresholds.near, tables.reference_date
    return once(_matrix, tables.demarche_matrix, tables.demarche_shares, tables.demarches, on, near, silence(tables))


def _matrix(
    demarche_matrix: pd.DataFrame,
    demarche_shares: pd.DataFrame,
    catalogue: pd.DataFrame,
    on: str,
    near: int,
    why: str | None,
) -> Matrix:
    cells = demarche_matrix[["place_id", "demarche_id", "evidence"]]
    evidence = cells["evidence"].where(cells["evidence"].isin(EVIDENCE_CODES), "unknown")
    totals = evidence.value_counts()
    unsaid = UNSAID.get(why or "", ())
    lead = (
        f"{why}\u00a0: rien n’est confirmé ni infirmé."
        if why
        else f"Combien de lieux aident, et qui vit à {near}\u00a0minutes ou moins d’une aide."
    )
    verdicts = tuple(
        Verdict(code, label, _count(int(totals.get(code, 0)), code, unsaid), meaning)
        for code, label, meaning in EVIDENCE
    )
    shares = demarche_shares[demarche_shares["threshold"] == near]
    rows = tuple(_rows(cells.assign(evidence=evidence), shares, catalogue, on, unsaid))
    alike = _alike(rows) if why else ()
    chosen = alike or tuple(
        row for _, group in groupby(rows, lambda row: row.group) for row in _best_known(list(group), len(rows))
    )
    note = (
        f"{french.count(len(rows), 'démarche')} du catalogue\u202f; celles dont on sait la même chose sont sur une même ligne. "
        "Chacune est dans le dossier en page web et dans les annexes."
        if alike
        else f"{french.out_of(len(chosen), len(rows))} démarches, {_CHOSEN[why is not None]}\u202f; toutes sont dans le "
        "dossier en page web et dans les annexes."
        if len(chosen) < len(rows)
        else f"{french.count(len(rows), 'démarche')} du catalogue."
    )
    places = int(cells["place_id"].nunique())
    empty = None if rows else "Aucune démarche n’a été rapprochée d’un lieu\u00a0: rien n’est confirmé ni infirmé."
    return Matrix(
        title="Ce qui est confirmé, démarche par démarche",
        lead=f"{lead} {_PROMISE}",
        verdicts=verdicts,
        rows=rows,
        chosen=chosen,
        chosen_note=note,
        empty=empty,
        trust=f"n\u00a0=\u00a0{french.number(len(cells))} cases (démarche et lieu), {french.count(places, 'lieu', 'lieux')}"
        f"{not_said(why)} · inconnues\u00a0: {french.number(int(totals.get('unknown', 0)))} · sources\u00a0: enquête "
        f"départementale, label France services, catalogue des démarches. {followed()}",
    )


def followed() -> str:
    """How many démarches of the published list are followed, and why most of the others are not."""
    known = denominator()
    left_out = known.listed - known.followed
    reasons = ", ".join(f"{reason.label} ({french.number(reason.count)})" for reason in known.left_out[:_REASONS_NAMED])
    return (
        f"{french.number(known.followed)} démarches suivies sur les {french.number(known.listed)} de la liste en ligne de "
        f"{french.date(known.listed_on)} (service-public.fr)\u202f; {french.number(left_out)} laissées de côté, d’abord "
        f"celles qui sont {reasons}."
    )


def _best_known(group: list[MatrixRow], total: int) -> list[MatrixRow]:
    """All where they fill one page, else the three that the survey says most about; the catalogue's order stands."""
    if total <= _FILL_A_PAGE:
        return group
    kept = sorted(range(len(group)), key=lambda place: -group[place].stated)[:_PER_OPERATOR]
    chosen = [group[place] for place in sorted(kept)]
    return [replace(chosen[0], operator=chosen[0].group), *chosen[1:]]


def _alike(rows: Sequence[MatrixRow]) -> tuple[MatrixRow, ...]:
    """One row for all démarches of which the very same is known; none where that would hardly be shorter."""
    same: dict[tuple[object, ...], list[MatrixRow]] = {}
    for row in rows:
        same.setdefault((row.counts, row.confirmed_text, row.by_label_text, row.general_text), []).append(row)
    if len(same) > _ALIKE or len(same) == len(rows):
        return ()
    return tuple(_together(group) for group in same.values())


def _together(rows: Sequence[MatrixRow]) -> MatrixRow:
    groups = list(dict.fromkeys(row.group for row in rows))
    if len(rows) == 1:
        return replace(rows[0], operator=rows[0].group)
    of = groups[0] if len(groups) == 1 else french.count(len(groups), "opérateur")
    many = french.count(len(rows), "démarche")
    return replace(rows[0], operator=of, demarche=many if len(groups) == 1 else f"{many}\u00a0: {', '.join(groups)}")


def _operators(on: str) -> dict[str, str]:
    """Operators of the bundle in force on a date, as they were called then."""
    known = operators(on)
    names = dict(zip(known["operator"], known["short_name"], strict=True))
    return {code: french.typographic(names[code]) for code in bundle(on) if code in names}


def _evidence(demarche: str, said: list[int], found: Mapping[str, float | None]) -> Evidence:
    counts = [Number(code, one, "places", sum(said), "places") for code, one in zip(EVIDENCE_CODES, said, strict=True)]
    shares = [Number(f"share_{code}", share, "share") for code, share in found.items()]
    about = (("demarche_id", demarche),)
    tables = ("demarche_matrix", "demarche_shares")
    return Evidence(about, (*counts, *shares), tuple(Rows(table, about) for table in tables))


def _count(value: int, code: str, unsaid: Collection[str]) -> str:
    """A survey that says nothing has confirmed, directed and denied nothing: that is unknown, and no zero."""
    return NOT_SAID if code in unsaid else french.number(value)


def _rows(
    cells: pd.DataFrame, demarche_shares: pd.DataFrame, demarches: pd.DataFrame, on: str, unsaid: Collection[str]
) -> Iterator[MatrixRow]:
    counts = cells.groupby(["demarche_id", "evidence"]).size().to_dict()
    shares = {
        (row["demarche_id"], row["verdict"]): row["share"]
        for row in records(demarche_shares, "demarche_id", "verdict", "share")
    }
    known = set(cells["demarche_id"].dropna()) | {demarche for demarche, _ in shares}
    catalogue = [row for row in records(demarches, "demarche_id", "label", "operator") if row["demarche_id"] in known]
    listed = {row["demarche_id"] for row in catalogue}
    catalogue += [{"demarche_id": one, "label": one, "operator": None} for one in sorted(known - listed)]
    names = _operators(on)
    order = {code: rank for rank, code in enumerate(names)}
    catalogue.sort(key=lambda row: order.get(row["operator"] or "", len(order)))
    before = None
    for row in catalogue:
        group = names.get(row["operator"] or "", OTHER_OPERATOR)
        demarche = row["demarche_id"]
        said = [counts.get((demarche, code), 0) for code in EVIDENCE_CODES]
        found = {code: shares.get((demarche, code)) for code in _SHARED}
        told = {code: None if code in unsaid else share for code, share in found.items()}
        texts = {code: NOT_SAID if code in unsaid else french.share(share) for code, share in found.items()}
        yield MatrixRow(
            demarche_id=demarche,
            group=group,
            operator=group if group != before else "",
            demarche=french.typographic(row["label"] or demarche),
            counts=tuple(_count(one, code, unsaid) for one, code in zip(said, EVIDENCE_CODES, strict=True)),
            stated=sum(said[EVIDENCE_CODES.index(code)] for code in STATED),
            none_declared=said[EVIDENCE_CODES.index("none")] > 0,
            confirmed=told["confirmed"],
            by_label=told["by_label"],
            general=told["general"],
            confirmed_text=texts["confirmed"],
            by_label_text=texts["by_label"],
            general_text=texts["general"],
            evidence=_evidence(demarche, said, found),
        )
        before = group
