"""``affirmations.json``: each sentence and row of a brief that states a fact, word for word, with what it rests on.

Nothing is worded here: the texts are the view model's, in the order in which the page sets the cells of a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from fs_pipeline.briefing.evidence import Evidence, Number, Rows
from fs_pipeline.briefing.national import NationalBrief
from fs_pipeline.briefing.view import Brief, Figure, Gaps, Source
from fs_pipeline.briefing.view_areas import Areas
from fs_pipeline.briefing.view_beside import Comparison
from fs_pipeline.briefing.view_by_place import ByPlace
from fs_pipeline.briefing.view_charter import Charter
from fs_pipeline.briefing.view_line import Line
from fs_pipeline.briefing.view_moves import Moves
from fs_pipeline.briefing.view_session import Session

_VERSION = 1  # of the file's shape
_NATION = "FR"
_NUMBER = tuple(one.name for one in fields(Number))


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or row."""

    section: str
    name: str  # within its section: the same fact keeps it from one version to the next
    text: str
    evidence: Evidence

    @property
    def id(self) -> str:
        """Unlike any other of the brief."""
        return f"{self.section}/{self.name}"


def claims(brief: Brief) -> tuple[Claim, ...]:
    """What a département's brief states, in its order."""
    return tuple(_of_departement(brief))


def national_claims(brief: NationalBrief) -> tuple[Claim, ...]:
    """What the nation's brief states, in its order."""
    return tuple(_of_nation(brief))


def write_claims(brief: Brief | NationalBrief) -> bytes:
    """``affirmations.json`` of a brief; same view, same bytes."""
    found = national_claims(brief) if isinstance(brief, NationalBrief) else claims(brief)
    slot = {
        "campaign": brief.campaign_code,
        "departement": _NATION if isinstance(brief, NationalBrief) else brief.departement,
    }
    about: dict[str, object] = {
        "version": _VERSION,
        **slot,
        "edition": brief.edition_code,
        "reference_date": brief.iso_date,
        "fingerprint": brief.fingerprint.replace("·", ""),
    }
    # One a line: a version is compared with another line by line, and Python indents slowly.
    lines = ",\n".join(json.dumps(_written(one, slot), ensure_ascii=False, allow_nan=False) for one in found)
    return f'{json.dumps(about, ensure_ascii=False)[:-1]}, "affirmations": [\n{lines}\n]}}\n'.encode()


def _written(claim: Claim, slot: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": claim.id,
        "section": claim.section,
        "text": claim.text,
        "figures": [{name: getattr(one, name) for name in _NUMBER} for one in claim.evidence.figures],
        "keys": {**slot, **dict(claim.evidence.keys)},
        "rows": [{"table": one.table, "where": dict(one.where)} for one in claim.evidence.rows],
    }


def _of_departement(brief: Brief) -> Iterator[Claim]:
    for (strong, rest), evidence in zip(brief.findings, brief.findings_evidence, strict=True):
        yield _claim("findings", _key(evidence), strong + rest, evidence=evidence)
    yield from _figures(brief.figures)
    yield from _comparison(brief.comparison)
    yield from _lines("trust", brief.trust.lines)
    yield _claim("map", "lead", brief.map.lead, evidence=Evidence(rows=(Rows("access_minutes"),)))
    for one in brief.map.classes:
        yield _claim("map", one.code, one.label, one.detail, evidence=one.evidence)
    yield _claim("map", "not_drawn", brief.map.not_drawn, evidence=Evidence(rows=(Rows("places"),)))
    if brief.outreach.left_out is None:
        yield _claim("outreach", "lead", brief.outreach.lead, evidence=Evidence(rows=(Rows("outreach_counts"),)))
    yield from _lines("outreach", brief.outreach.lines)
    for demarche in brief.matrix.rows:
        cells = (
            demarche.group,
            demarche.demarche,
            *demarche.counts,
            demarche.confirmed_text,
            demarche.by_label_text,
            demarche.general_text,
        )
        yield _claim("matrix", demarche.demarche_id, *cells, evidence=demarche.evidence)
    yield from _by_place(brief.by_place)
    yield from _gaps(brief.gaps)
    for lever in brief.levers.rows:
        cells = (lever.rank, lever.act, lever.note, lever.where, lever.gained, lever.hours, lever.unit)
        yield _claim("levers", _key(lever.evidence), *cells, evidence=lever.evidence)
    if not brief.hours.empty:
        yield _claim("hours", "lead", brief.hours.lead, evidence=brief.hours.evidence)
        yield _claim("hours", "trust", brief.hours.trust, evidence=brief.hours.trust_evidence)
    yield from _moves(brief.moves)
    yield from _charter(brief.charter)
    yield from _areas("arrondissements", brief.arrondissements)
    yield from _areas("epcis", brief.epcis)
    if brief.differences.left_out is None:
        yield _claim("differences", "lead", brief.differences.lead, evidence=Evidence(rows=(Rows("places"),)))
    if not brief.differences.empty:
        for label, count, action in brief.differences.kinds:
            yield _claim("differences", label, label, count, action, evidence=Evidence(rows=(Rows("discrepancies"),)))
    for group in (*brief.differences.closed, *brief.differences.groups):
        yield _claim("differences", _key(group.evidence), group.finding, group.action, evidence=group.evidence)
    for row in brief.differences.rows:
        cells = (row.place, row.commune, row.field, row.survey, row.listed, row.ask)
        yield _claim("differences", _key(row.evidence), *cells, evidence=row.evidence)
    yield from _session(brief.session)
    yield from _sources(brief.meeting.sources)


def _lines(section: str, lines: Iterable[Line]) -> Iterator[Claim]:
    for line in lines:
        yield _claim(section, line.key, line.label, line.said, evidence=line.evidence)


def _by_place(by_place: ByPlace) -> Iterator[Claim]:
    for row in by_place.rows:
        cells = (row.group, row.demarche, *(cell.word for cell in row.cells))
        yield _claim("by_place", row.demarche_id, *cells, evidence=row.evidence)


def _gaps(gaps: Gaps) -> Iterator[Claim]:
    yield _claim("gaps", "lead", gaps.lead, evidence=Evidence(rows=(Rows("access_minutes"),)))
    for area in gaps.areas:
        names = f"{area.names} ({area.about})" if area.about else area.names
        cells = (area.rank, names, area.act, area.population, area.minutes)
        yield _claim("areas", _key(area.evidence), *cells, evidence=area.evidence)
    for gap in gaps.rows:
        row = (gap.rank, gap.commune, gap.population, gap.minutes, gap.minutes_band, *gap.counts)
        yield _claim("gaps", _key(gap.evidence), *row, evidence=gap.evidence)


def _moves(moves: Moves) -> Iterator[Claim]:
    if moves.rows:
        yield _claim("moves", "lead", moves.lead, evidence=moves.evidence)
    for row in moves.rows:
        yield _claim("moves", _key(row.evidence), row.kind, row.place, row.commune, row.what, evidence=row.evidence)


def _charter(charter: Charter) -> Iterator[Claim]:
    if charter.left_out:
        return
    if charter.promises:
        yield _claim("charter", "lead", charter.lead, evidence=charter.evidence)
    for promise in charter.promises:
        cells = (promise.what, promise.who, promise.due, promise.state, promise.proof)
        yield _claim("charter", _key(promise.evidence), *cells, evidence=promise.evidence)
    for item in charter.items:
        cells = (item.title, item.draft, item.indicator, item.value, item.trust)
        yield _claim("charter", _key(item.evidence), *cells, evidence=item.evidence)


def _areas(section: str, areas: Areas) -> Iterator[Claim]:
    for row in areas.rows:
        cells = (row.name, row.communes, row.population, row.near, row.far, row.beyond, row.places)
        yield _claim(section, _key(row.evidence), *cells, evidence=row.evidence)


def _session(session: Session) -> Iterator[Claim]:
    for place, decision in enumerate(session.decisions, start=1):
        yield _claim("session", f"decision {place}", decision.act, decision.why, evidence=decision.evidence)
    for question in session.questions:
        cells = (question.operator, question.red, question.known, question.asked)
        yield _claim("session", question.operator, *cells, evidence=question.evidence)


def _of_nation(brief: NationalBrief) -> Iterator[Claim]:
    whole = Evidence(rows=(Rows("slot_overview"),))
    for number, (strong, rest) in enumerate(brief.findings, start=1):
        yield _claim("findings", str(number), strong + rest, evidence=whole)
    yield from _figures(brief.figures)
    for one in brief.map_classes:
        yield _claim("map", one.code, one.label, one.detail, evidence=whole)
    for row in (*brief.rows, *brief.apart):
        cells = (
            row.code,
            row.name,
            row.handed_in,
            row.survey_places,
            row.france_services,
            row.share_near,
            row.share_far,
        )
        judged = (row.errors, row.to_review, row.differences, row.state) if brief.judged else ()
        yield _claim("departements", row.code, *cells, *judged, evidence=row.evidence)
    yield from _sources(brief.sources)


def _figures(figures: tuple[Figure, ...]) -> Iterator[Claim]:
    for one in figures:
        yield _claim("figures", _key(one.evidence), one.label, one.value, one.trust, evidence=one.evidence)


def _comparison(comparison: Comparison) -> Iterator[Claim]:
    if comparison.lead:
        yield _claim("beside", "lead", comparison.lead, evidence=comparison.evidence)
    for one in comparison.rows:
        yield _claim("beside", _key(one.evidence), one.line, evidence=one.evidence)


def _sources(sources: tuple[Source, ...]) -> Iterator[Claim]:
    for one in sources:
        cells = (one.title, one.publisher, one.when, one.age, one.licence)
        yield _claim("sources", _key(one.evidence), *cells, evidence=one.evidence)


def _claim(section: str, name: str, *cells: str, evidence: Evidence) -> Claim:
    return Claim(section, name, " ".join(cell for cell in cells if cell), evidence)


def _key(evidence: Evidence) -> str:
    return ".".join(str(value) for _, value in evidence.keys) or "whole"
