"""The last page: the meeting, what to doubt, how it was made, and from what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fs_pipeline import french
from fs_pipeline.briefing.slot import SlotTables, records
from fs_pipeline.briefing.sources import source_rows
from fs_pipeline.briefing.view import Meeting
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import Edition

_FACTS = (("venue", "Lieu"), ("present", "Présents"), ("decisions", "Décisions"), ("remarks", "Remarques"))
_NO_SOURCE = re.compile(r"^non calculé\s*: source absente \((.+)\)$")


def meeting(tables: SlotTables, edition: Edition) -> Meeting:
    """Empty tables are said in a sentence."""
    facts = _facts(tables)
    deposited = bool((tables.places["in_survey"] == True).any())  # noqa: E712
    sources = source_rows(tables.brief_sources)
    return Meeting(
        title="La réunion\u00a0: décider, demander, vérifier",
        lead=_lead(tables, edition),
        facts=facts,
        empty_meeting=None if facts else _no_meeting(tables, edition),
        caveats=_caveats(tables),
        method=tuple(_method(tables.thresholds)),
        card=tuple(_card(tables)),
        sources=sources,
        empty_sources=None if sources else "Aucune source nationale n’a été prise pour cette campagne.",
        deposit="Une enquête a été déposée." if deposited else "Aucune enquête n’a été déposée.",
    )


def _card(tables: SlotTables) -> Iterator[tuple[str, str]]:
    """Each item in its place; those without a source on one line at the end."""
    rows = sorted(records(tables.access_method, "position", "label_fr", "value_fr"), key=lambda row: row["position"])
    absent: dict[str, list[str]] = {}
    for row in rows:
        if found := _NO_SOURCE.match(row["value_fr"]):
            absent.setdefault(found[1], []).append(row["label_fr"][:1].lower() + row["label_fr"][1:])
        else:
            yield (french.typographic(row["label_fr"]), french.typographic(row["value_fr"]))
    if absent:
        said = "\u202f; ".join(f"{', '.join(labels)} ({source})" for source, labels in absent.items())
        yield ("Non calculé, faute de source", french.typographic(said))


def _lead(tables: SlotTables, edition: Edition) -> str:
    if edition == "public":
        return "La date de la réunion n’est pas dans l’édition publique."
    held = [row for row in records(tables.survey_meeting, "held_on", "venue") if row["held_on"] is not None]
    if not held:
        return "La date de la réunion n’est pas connue."
    return f"Réunion déclarée\u00a0: {french.date(str(held[0]['held_on']))}."


def _no_meeting(tables: SlotTables, edition: Edition) -> str:
    if edition == "public":
        return "Le compte rendu de la réunion n’est pas dans l’édition publique."
    if any(tables.reserved("survey_meeting")):
        return "Ce que l’enquête dit de la réunion est réservé à l’édition interne."
    return "Aucune réunion n’a été déclarée dans l’enquête."


def _facts(tables: SlotTables) -> tuple[tuple[str, str], ...]:
    facts = []
    for row in records(tables.survey_meeting, "held_on", *(name for name, _ in _FACTS)):
        if row["held_on"] is not None:
            facts.append(("Date", french.date(str(row["held_on"]))))
        facts += [(label, french.typographic(str(row[name]))) for name, label in _FACTS if row[name] is not None]
    return tuple(facts)


def _caveats(tables: SlotTables) -> tuple[tuple[str, str], ...]:
    methods = set(tables.access_minutes["method"].dropna())
    said = [
        ("L’enquête est déclarative.", "Personne n’est allé vérifier sur place."),
        ("Le label n’est pas une preuve.", "Les parts, confirmée, par le label et en général, ne s’additionnent pas."),
        ("Un inconnu n’est pas un zéro.", "Il dit qu’aucune source ne répond."),
        ("Les minutes sont celles d’une voiture.", "Ni neige ni bouchon\u202f; tous les ménages n’en ont pas."),
        ("Les bus ne comptent pas dans les minutes.", "Ils n’aident que là où ils s’arrêtent, quand ils s’arrêtent."),
    ]
    if "estimated" in methods:
        said.insert(
            3,
            ("Les temps sont estimés.", "À vol d’oiseau, avec un détour moyen\u00a0: un col ou un fleuve les allonge."),
        )
    return tuple(said)


def _method(thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    near, far = thresholds
    yield ("France services", "lieu labellisé à la date de référence, fixe ou antenne")
    yield ("Confirmé", "le niveau d’aide est écrit dans l’enquête")
    yield ("Par le label", "l’enquête se tait, le label oblige")
    yield ("En général", "le lieu dit aider aux démarches, sans dire pour lesquelles")
    yield (f"{near}, {far}\u00a0min", "trajet le plus court de là où l’on habite, pondéré par la population")
    yield ("Rang", f"habitants à plus de {near}\u00a0minutes d’une France services fixe")
    yield ("Non calculé", "la raison est écrite\u202f; jamais un zéro")
