"""The one view model of a département's brief, built from the marts.

Figures are read from the marts and written in French here; templates add no number of their own.
"""

from __future__ import annotations

from fs_pipeline import french
from fs_pipeline.briefing import chapters
from fs_pipeline.briefing.acts import acts_of
from fs_pipeline.briefing.beside import with_comparison
from fs_pipeline.briefing.findings import findings
from fs_pipeline.briefing.key_figures import key_figures
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography.once import Once
from fs_pipeline.editions.edition import EDITION_NAMES, Edition

__all__ = ["Brief", "SlotTables", "build_brief"]


def build_brief(tables: SlotTables, edition: Edition, once: Once | None = None) -> Brief:
    """The dossier of one slot for the readers of `edition`; `once` makes once what its editions share."""
    let_out = tables.let_out(edition)
    (figures, comparison), said = with_comparison(let_out, key_figures(let_out.indicators)), findings(let_out)
    acts = acts_of(let_out)
    matrix, levers = chapters.matrix(let_out, once or Once()), chapters.levers(let_out, acts)
    shown, moves = chapters.map_text(let_out), chapters.moves(let_out)
    outreach, charter = chapters.outreach(let_out, shown.classes), chapters.charter(let_out)
    differences = chapters.differences(let_out, edition)
    session = chapters.session(let_out, levers, matrix, outreach)
    return Brief(
        title="Où se faire aider pour ses démarches en ligne",
        departement=tables.departement,
        departement_name=tables.departement_name,
        departement_line=french.of_departement(tables.departement_name),
        region_name=tables.region_name,
        campaign=french.campaign(tables.campaign),
        campaign_code=tables.campaign,
        reference_date=french.date(tables.reference_date),
        iso_date=tables.reference_date,
        near=tables.thresholds.near,
        far=tables.thresholds.far,
        edition=f"Édition {EDITION_NAMES[edition]}",
        edition_code=edition,
        fingerprint=french.grouped(tables.fingerprint),
        fictional=tables.fictional,
        banner=f"Département fictif{french.NO_BREAK}: répétition" if tables.fictional else None,
        findings=tuple((one.strong, one.rest) for one in said),
        findings_evidence=tuple(one.evidence for one in said),
        figures=figures,
        figures_empty=None if figures else "Aucun indicateur n’a encore été calculé pour ce département.",
        comparison=comparison,
        trust=chapters.trust(let_out),
        map=shown,
        outreach=outreach,
        matrix=matrix,
        by_place=chapters.by_place(let_out, matrix),
        gaps=chapters.gaps(let_out, acts),
        levers=levers,
        hours=chapters.hours(let_out),
        moves=moves,
        charter=charter,
        arrondissements=chapters.arrondissements(let_out),
        epcis=chapters.epcis(let_out),
        differences=differences,
        meeting=chapters.meeting(let_out, edition),
        session=session,
        left_out=_left_out(
            *((chapter.title, chapter.left_out) for chapter in (levers, outreach, moves, charter, differences, session))
        ),
    )


def _left_out(*chapters: tuple[str, str | None]) -> str:
    """The chapters of which there is nothing to say, those of one reason together."""
    by_reason: dict[str, list[str]] = {}
    for title, why in chapters:
        if why:
            by_reason.setdefault(why, []).append(f"«\u00a0{title}\u00a0»")
    if not by_reason:
        return ""
    which = "Chapitres laissés" if sum(map(len, by_reason.values())) > 1 else "Chapitre laissé"
    said = (f"{french.listed(titles)}, {why}" for why, titles in by_reason.items())
    return f"{which} de côté\u00a0: {f'{french.NARROW}; '.join(said)}."
