"""« Feuille de séance »: one page to hold the meeting with: agenda, five decisions, a question to each operator.

Nothing is computed here: decisions are the levers, commitments and differences of the other chapters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, Rows, named, of_kind, rows_of
from fs_pipeline.briefing.slot import SlotTables, silence
from fs_pipeline.briefing.view import Lever, Levers, Matrix, MatrixRow
from fs_pipeline.briefing.view_outreach import Outreach
from fs_pipeline.briefing.view_session import AgendaItem, Decision, Question, Session
from fs_pipeline.briefing.words import (
    EVIDENCE_CODES,
    NO_SURVEY,
    NOT_SAID,
    OTHER_OPERATOR,
    WITHHELD,
)
from fs_pipeline.coverage.commitments import state_of

DECISIONS = 5
_NONE = EVIDENCE_CODES.index("none")
_SETTLED = {  # in the order of what misleads the public most
    "closed_or_moved": (
        "Appeler les porteurs",
        "lieu fermé ou déplacé selon une liste",
        "lieux fermés ou déplacés selon une liste",
    ),
    "value_differs": ("Appeler les lieux, corriger la source fausse", "valeur qui diffère", "valeurs qui diffèrent"),
    "to_review": ("Trancher les rapprochements", "paire, un lieu ou deux", "paires, un lieu ou deux chaque fois"),
    "label_not_in_survey": ("Compléter l’enquête", "labellisé en est absent", "labellisés en sont absents"),
    "only_in_survey": ("Demander l’inscription aux listes", "lieu dans l’enquête seule", "lieux dans l’enquête seule"),
}
_NOTHING = "ni décision ni question ne ressort des chiffres"
_WHO = "Qui peut le faire, et où\u202f?"
_WHERE = "Quels lieux y aident vraiment\u202f?"
_MORE = "Où l’ajouter\u202f?"
_AGENDA = (
    ("carte", "Où en est-on\u00a0: la carte", 15),
    ("demarches", "Les démarches, opérateur par opérateur", 30),
    ("ecarts", "Qui vit trop loin, et les gestes possibles", 35),
    ("aller-vers", "Aller vers\u00a0: qui va vers qui", 25),
    ("seance", "Décisions\u00a0: qui fait quoi, et pour quand", 15),
)


def session(tables: SlotTables, levers: Levers, matrix: Matrix, outreach: Outreach) -> Session:
    """For those who hold the meeting; readers who may not receive the levers are told so."""
    withheld = tables.withholds("levers")
    decisions = () if withheld else tuple(_decisions(tables, levers))[:DECISIONS]
    asked_of_all, questions = ("", ()) if withheld else _said_once(tuple(_questions(matrix)))
    return Session(
        title="Feuille de séance",
        lead="Ce qu’on décide, qui s’en charge, et pour quand.",
        agenda=tuple(_agenda(outreach)),
        decisions=decisions,
        decisions_empty=None if decisions else "Aucune décision ne ressort des chiffres\u00a0: à proposer en séance.",
        questions=questions,
        asked_of_all=asked_of_all,
        questions_empty=None if questions else "Aucune démarche n’est rapprochée d’un opérateur.",
        left_out=WITHHELD if withheld else None if decisions or questions else _NOTHING,
        trust="Durées proposées. Décisions\u00a0: les gestes qui gagnent le plus, un de chaque sorte, puis les engagements en "
        "retard et ce que l’enquête et les listes disent autrement. Questions\u00a0: pour chaque opérateur, la démarche que "
        "le plus de lieux disent ne pas aider\u202f; à défaut, celle dont l’aide est confirmée le moins loin. Case "
        "rouge\u00a0: un lieu et une démarche que l’enquête dit non aidée.",
    )


def _agenda(outreach: Outreach) -> Iterator[AgendaItem]:
    """Its points; what nobody declared is said so, beside no chapter."""
    for anchor, what, length in _AGENDA:
        undeclared = anchor == "aller-vers" and outreach.left_out is not None
        said = f"{what} (rien n’est déclaré)" if undeclared else what
        yield AgendaItem(None if undeclared else anchor, said, f"{length}\u00a0min")


def _decisions(tables: SlotTables, levers: Levers) -> Iterator[Decision]:
    first = list({dict(row.evidence.keys).get("move"): row for row in reversed(levers.rows)}.values())[::-1]
    yield from (_of_lever(row) for row in levers.rows if row in first)
    yield from _late(tables)
    if len(tables.demarche_matrix) and (why := silence(tables)):
        act = "Déposer l’enquête" if why == NO_SURVEY else "Faire dire qui aide, démarche par démarche"
        yield Decision(act, why, Evidence(rows=(Rows("demarche_matrix"),)))
    kinds = tables.discrepancies["kind"].value_counts()
    for kind, (act, one, several) in _SETTLED.items():
        if many := int(kinds.get(kind, 0)):
            yield Decision(act, french.count(many, one, several), of_kind(kind, many))
    yield from (_of_lever(row) for row in levers.rows if row not in first)


def _of_lever(row: Lever) -> Decision:
    why = f"au moins {row.gained}\u00a0habitants, {row.hours} par semaine"
    return Decision(f"{row.act}\u00a0: {row.where}", "\u202f; ".join(filter(None, (why, row.note))), row.evidence)


def _late(tables: SlotTables) -> Iterator[Decision]:
    """Promised for a day that is past, and not said to be done."""
    columns = ("name", "kind", "commitment", "due_on", "status")
    for row in sorted(tables.told("survey_actors", *columns), key=lambda row: str(row["due_on"] or "")):
        due = row["due_on"]
        if row["commitment"] and state_of(row["status"], due, tables.reference_date) == "late":
            who = f", {french.typographic(row['name'])}" if row["name"] else ""
            yield Decision(
                f"Redonner une date\u00a0: {french.typographic(row['commitment'])}{who}",
                f"promis pour le {french.date(str(due))}",
                Evidence(named(row, "name", "commitment"), rows=(rows_of("survey_actors", row, "name", "commitment"),)),
            )


def _questions(matrix: Matrix) -> Iterator[tuple[str, Question]]:
    for operator, group in groupby(matrix.rows, lambda row: row.group):
        if operator == OTHER_OPERATOR:
            continue
        rows = list(group)
        red = sum(int(_figure(row, "none") or 0) for row in rows)
        asked = max(rows, key=lambda row: (_figure(row, "none") or 0, -(_figure(row, "share_confirmed") or 0)))
        question = Question(operator, _red(red, asked), *_question(asked), evidence=asked.evidence)
        yield f"«\u00a0{asked.demarche}\u00a0»", question


def _said_once(asked: Sequence[tuple[str, Question]]) -> tuple[str, tuple[Question, ...]]:
    """The questions, each of a démarche: what is asked of each operator, and what is known, are said once where alike."""
    told = tuple(replace(one, known=f"{demarche}\u00a0: {one.known}") for demarche, one in asked)
    if len(asked) < 2 or len({one.asked for one in told}) > 1:
        return "", told
    once = told[0].asked
    if len({one.known for _, one in asked}) == 1:
        once = f"{once} Pour chaque démarche\u00a0: {asked[0][1].known}"
        told = tuple(replace(one, known=demarche) for demarche, one in asked)
    return once, tuple(replace(one, asked="") for one in told)


def _red(cells: int, asked: MatrixRow) -> str:
    if asked.counts[_NONE] == NOT_SAID:
        return ""  # no survey says who does not help
    return french.count(cells, "case rouge", "cases rouges") if cells else "aucune case rouge"


def _question(row: MatrixRow) -> tuple[str, str]:
    """What is known of the démarche, then what is asked of its operator."""
    denying = _figure(row, "none")
    if denying:
        return f"{french.count(denying, 'lieu dit ne pas y aider', 'lieux disent ne pas y aider')}.", _WHO
    if row.confirmed:
        return f"aide confirmée près de chez eux pour {row.confirmed_text} des habitants.", _MORE
    confirmed, by_label, general = (
        row.counts[EVIDENCE_CODES.index(code)] for code in ("confirmed", "by_label", "general")
    )
    in_general = "" if general == NOT_SAID else f", {general} en général"
    none = "rien de confirmé ni d’infirmé" if confirmed == NOT_SAID else "aucun confirmé"
    return f"{by_label} par le label{in_general}, {none}.", _WHERE


def _figure(row: MatrixRow, name: str) -> float | None:
    return next((one.value for one in row.evidence.figures if one.name == name), None)
