"""The nation's brief: the announcement's figures recomputed, and the départements side by side.

Figures are read from the campaign marts and written in French here; the templates add none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, number, rows_of
from fs_pipeline.briefing.evidence import named as named_of
from fs_pipeline.briefing.key_figures import key_figures
from fs_pipeline.briefing.slot import DeclaredTables, Row, records
from fs_pipeline.briefing.sources import source_rows
from fs_pipeline.briefing.view import Figure, Source
from fs_pipeline.briefing.words import HELP_SAID, METHOD_NAMES, named
from fs_pipeline.cartography.france_map import share_class
from fs_pipeline.cartography.palette import SHARE_LABELS
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import EDITION_NAMES, Edition, apply

_STATES = {"good": "à jour", "failed": "dernier bon résultat", "nothing": "rien de calculé"}
_LEAST = 5  # départements that are named as those farthest away
_SHARES = ("share_near", "share_far")
_OVERVIEW = (
    "territory", "handed_in", "help_said", "errors", "survey_places", "france_services", "to_review", "discrepancies",
    "share_near", "share_far", "population", "method", "state",
)  # fmt: skip


_HELP_TOLD = {
    "by_demarche": "une aide par démarche",
    "general": "une aide en général, démarche non précisée",
    "silent": "rien de l’aide",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class NationalTables(DeclaredTables):
    """What the nation is told from."""

    campaign: str
    reference_date: str
    thresholds: Thresholds  # in force at that date
    fingerprint: str
    fictional: bool
    departements: pd.DataFrame  # code, name, kind

    def let_out(self, edition: Edition) -> NationalTables:
        """What readers of `edition` may receive."""
        return replace(self, tables=apply(self.tables, edition))


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """One département, as the table shows it."""

    code: str
    name: str
    handed_in: str
    survey_places: str
    france_services: str
    share_near: str
    share_far: str
    errors: str
    to_review: str
    differences: str
    state: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ShareClass:
    """A class of the map and the départements in it."""

    code: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class NationalBrief:
    """Everything the nation's brief says."""

    title: str
    subtitle: str
    campaign: str
    campaign_code: str
    reference_date: str
    iso_date: str
    near: int  # minutes, the campaign's thresholds
    far: int
    edition: str
    edition_code: Edition
    fingerprint: str
    banner: str | None
    lead: str
    findings: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    figures_empty: str | None
    map_title: str
    map_alt: str
    map_classes: tuple[ShareClass, ...]
    map_trust: str
    judged: bool  # whether what judges deposits is shown
    rows: tuple[TerritoryRow, ...]
    apart: tuple[TerritoryRow, ...]
    rows_trust: str
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    empty_sources: str | None


def build_national(let_out: NationalTables, edition: Edition) -> NationalBrief:
    """The nation's brief for the readers of `edition`."""
    near = let_out.thresholds.near
    overview = sorted(records(let_out.slot_overview, *_OVERVIEW), key=lambda row: str(row["territory"]))
    names = {row["territory"]: row["territory"] for row in overview}
    names |= dict(zip(let_out.departements["code"], let_out.departements["name"], strict=True))
    counted = _counted(overview, let_out.departements)
    departements = {row["territory"] for row in counted}
    figures = key_figures(let_out.national_indicators, None, table="national_indicators")
    sources = source_rows(let_out.brief_sources)
    return NationalBrief(
        title="Où se faire aider pour ses démarches en ligne",
        subtitle="Synthèse nationale",
        campaign=french.campaign(let_out.campaign),
        campaign_code=let_out.campaign,
        reference_date=french.date(let_out.reference_date),
        iso_date=let_out.reference_date,
        near=near,
        far=let_out.thresholds.far,
        edition=f"Édition {EDITION_NAMES[edition]}",
        edition_code=edition,
        fingerprint=french.grouped(let_out.fingerprint),
        banner=f"Données fictives{french.NO_BREAK}: répétition" if let_out.fictional else None,
        lead=_lead(counted),
        findings=_findings(counted, names, near),
        figures=figures,
        figures_empty=None if figures else "Aucun indicateur national n’a encore été calculé.",
        map_title=f"Qui vit à {near}\u00a0minutes, par département",
        map_alt=_alt(counted, names, near),
        map_classes=_classes(counted),
        map_trust=f"n\u00a0=\u00a0{french.count(len(counted), 'département')} · {_methods(counted)} · lieux fixes seuls"
        " · sources\u00a0: liste des France services, population des communes (INSEE).",
        judged=edition == "internal",
        rows=tuple(_row(row, names) for row in counted),
        apart=tuple(_row(row, names, apart=True) for row in overview if row["territory"] not in departements),
        rows_trust=f"n\u00a0=\u00a0{french.count(len(counted), 'département')}. Une enquête non déposée ne dit pas qu’il "
        "n’y a pas de lieu\u00a0: elle dit qu’on ne sait pas.",
        caveats=tuple((strong, french.typographic(rest.format(near=near))) for strong, rest in _CAVEATS),
        sources=sources,
        empty_sources=None if sources else "Aucune source nationale n’a été prise pour cette campagne.",
    )


def share_classes(overview: pd.DataFrame) -> dict[str, str]:
    """Département to its class on the map."""
    return {row["territory"]: share_class(row["share_near"]) for row in records(overview, "territory", "share_near")}


def _counted(overview: list[Row], territories: pd.DataFrame) -> list[Row]:
    """One row a département, in the order of the codes; what no mart knows of one is unknown."""
    rows = {row["territory"]: row for row in overview}
    codes = territories.loc[territories["kind"] == "departement", "code"]
    return [rows.get(code) or dict.fromkeys(_OVERVIEW) | {"territory": code} for code in sorted(codes)]


def _lead(rows: list[Row]) -> str:
    handed_in = sum(bool(row["handed_in"]) for row in rows)
    if handed_in < 2:
        return f"{french.count(handed_in, 'département')} sur {french.number(len(rows))} a déposé son enquête."
    return f"{french.out_of(handed_in, len(rows))} départements ont déposé leur enquête."


def _help_said(row: Row) -> str:
    """Which of the four cases; the row of a département that no mart knows, or that is apart, has none of its own."""
    return row["help_said"] or ("silent" if row["handed_in"] else "no_survey")


def _of_help(rows: list[Row]) -> str:
    """How many surveys say what of help; nothing where there is no survey."""
    cases = [_help_said(row) for row in rows if row["handed_in"]]
    told = [f"{words} ({french.number(cases.count(case))})" for case, words in _HELP_TOLD.items() if case in cases]
    return f" Ce qu’on y lit\u00a0: {', '.join(told)}." if told else ""


def _findings(rows: list[Row], names: dict[str, str], near: int) -> tuple[tuple[str, str], ...]:
    known = sorted((row for row in rows if row["share_near"] is not None), key=lambda row: row["share_near"])
    missing = len(rows) - len(known)
    said: list[tuple[str, str]] = [("Enquêtes", f"\u00a0: {_lead(rows)}{_of_help(rows)}")]
    if known:
        least = ", ".join(f"{names[row['territory']]} ({french.share(row['share_near'])})" for row in known[:_LEAST])
        if len(known) > _LEAST:
            among = f" des {french.number(len(known))} départements calculés," if missing else ""
            said.append(("Les plus éloignés", f"{among} à {near}\u00a0minutes d’une France services\u00a0: {least}."))
        else:  # a few are no ranking
            said.append((french.count(len(known), "département calculé", "départements calculés"), f" à ce jour\u00a0: {least} "
                         f"à {near}\u00a0minutes ou moins d’une France services."))  # fmt: skip
    if missing:
        said.append(
            ("On ne sait pas", f" pour {french.count(missing, 'département')}\u00a0: aucun temps n’y est calculé.")
        )
    waiting = sum(int(row["to_review"] or 0) for row in rows)
    if waiting:
        said.append((f"{french.count(waiting, 'rapprochement')} à trancher", " entre enquêtes et listes nationales."))
    return tuple(said)


def _classes(rows: list[Row]) -> tuple[ShareClass, ...]:
    found = [share_class(row["share_near"]) for row in rows]
    return tuple(
        ShareClass(
            code, label, french.count(found.count(code), "département") if code in found else "aucun département"
        )
        for code, label in SHARE_LABELS.items()
    )


def _alt(rows: list[Row], names: dict[str, str], near: int) -> str:
    parts = []
    for code, label in SHARE_LABELS.items():
        there = [names[row["territory"]] for row in rows if share_class(row["share_near"]) == code]
        if there:
            listed = ", ".join(there) if len(there) <= 12 else french.count(len(there), "département")
            parts.append(f"{label}\u00a0: {listed}")
    said = "\u202f; ".join(parts) if parts else "aucun département n’est coloré"
    return (
        f"Carte de France par part de la population à {near}\u00a0minutes ou moins d’une France services fixe. "
        f"{said}. Le tableau dit la même chose en chiffres."
    )


def _methods(rows: list[Row]) -> str:
    used = {row["method"] for row in rows} - {"not_computed", None}
    methods = sorted({named(METHOD_NAMES, method, "méthode non précisée") for method in used})
    return f"temps {', '.join(methods)}" if methods else "temps non calculés"


def _row(row: Row, names: dict[str, str], *, apart: bool = False) -> TerritoryRow:
    shares = {name: "hors calcul" if apart else french.share(row[name], 1) for name in _SHARES}
    return TerritoryRow(
        code=row["territory"],
        name=names[row["territory"]],
        handed_in=HELP_SAID[_help_said(row)],
        survey_places=french.number(row["survey_places"]) if row["handed_in"] else "–",
        france_services=french.number(row["france_services"]),
        share_near=shares["share_near"],
        share_far=shares["share_far"],
        errors=_count(row, "errors"),
        to_review=_count(row, "to_review"),
        differences=_count(row, "discrepancies"),
        state=_STATES.get(row["state"] or "nothing", "rien de calculé"),
        evidence=Evidence(
            keys=named_of(row, "territory"),
            figures=tuple(number(row, name, "share", row["population"], "inhabitants") for name in _SHARES),
            rows=(rows_of("slot_overview", row, "territory"),) if row["handed_in"] is not None else (),
        ),
    )


def _count(row: Row, name: str) -> str:
    return french.number(row[name]) if row["handed_in"] and row[name] is not None else "–"


_CAVEATS = (
    ("L’annonce est une moyenne.", "« Plus de vingt points d’accueil par département » ne vaut pas pour chacun d’eux."),
    ("Compter des lieux n’est pas couvrir.", "La part des habitants à {near}\u00a0minutes dit qui peut s’y rendre."),
    ("Deux listes, deux dates.", "Un lieu délabellisé depuis l’annonce n’est plus dans la liste."),
    ("Un inconnu n’est pas un zéro.", "« Non calculé » est suivi de sa raison."),
    ("Un département sans enquête", "n’est lu que dans les listes nationales."),
)
