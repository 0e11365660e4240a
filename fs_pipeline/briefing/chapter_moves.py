"""What moved since the last campaign: places opened, closed, moved, their hours and their démarches."""

from __future__ import annotations

from fs_pipeline import french
from fs_pipeline.briefing.evidence import NOTHING, Evidence, Number, Rows, named, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view_moves import Move, Moves
from fs_pipeline.briefing.words import WITHHELD

SHOWN = 20
_KEYS = ("place_id", "change", "demarche_id")
_COLUMNS = (*_KEYS, "since", "name", "commune", "message")
_KINDS = {  # in the order of what changes most for people: word, then what is counted
    "closed": ("fermé", "fermeture", "fermetures"),
    "opened": ("ouvert", "ouverture", "ouvertures"),
    "hours_lost": ("heures \u2212", "baisse d’horaires", "baisses d’horaires"),
    "hours_gained": ("heures +", "hausse d’horaires", "hausses d’horaires"),
    "demarche_lost": ("démarche \u2212", "démarche de moins", "démarches de moins"),
    "demarche_gained": ("démarche +", "démarche de plus", "démarches de plus"),
    "moved": ("déplacé", "déménagement", "déménagements"),
    "renamed": ("renommé", "nouveau nom", "nouveaux noms"),
}
_WORSE = frozenset({"closed", "hours_lost", "demarche_lost"})
_DEMARCHE = {"demarche_lost": "n’y est plus accompagnée", "demarche_gained": "y est désormais accompagnée"}


def moves(tables: SlotTables) -> Moves:
    """Places are compared by the id that they keep; readers who may not receive the changes are told so."""
    withheld = tables.withholds("place_changes")
    known = [row for row in records(tables.place_changes, *_COLUMNS) if row["change"] in _KINDS]
    rows = sorted(known, key=lambda row: ([*_KINDS].index(row["change"]), row["commune"] or "", row["name"] or ""))
    labels = dict(zip(tables.demarches["demarche_id"], tables.demarches["label"], strict=True))
    left = len(rows) - SHOWN
    return Moves(
        title="Ce qui a bougé",
        lead=_lead(rows),
        rows=tuple(_move(row, labels) for row in rows[:SHOWN]),
        more=f"{french.out_of(SHOWN, len(rows))} changements\u202f; tous sont dans les annexes." if left > 0 else None,
        left_out=WITHHELD if withheld else None if rows else "aucun changement connu depuis une campagne précédente",
        evidence=_evidence(rows),
    )


def _lead(rows: list[Row]) -> str:
    if not rows:
        return ""
    counted = [
        french.count(sum(row["change"] == kind for row in rows), one, many)
        for kind, (_, one, many) in _KINDS.items()
        if any(row["change"] == kind for row in rows)
    ]
    since = french.campaign(str(rows[0]["since"]))
    return f"Depuis la {since}, les lieux étant suivis par un identifiant stable\u00a0: {', '.join(counted)}."


def _move(row: Row, labels: dict[str, str]) -> Move:
    change, demarche = row["change"], row["demarche_id"]
    told = row["message"]
    if change in _DEMARCHE and demarche:
        told = f"« {labels.get(demarche, demarche)} » {_DEMARCHE[change]}."
    return Move(
        kind=_KINDS[change][0],
        place=french.typographic(row["name"] or "lieu sans nom"),
        commune=french.name(row["commune"] or "commune inconnue"),
        what=french.typographic(told),
        worse=change in _WORSE,
        evidence=Evidence(keys=named(row, *_KEYS), rows=(rows_of("place_changes", row, *_KEYS),)),
    )


def _evidence(rows: list[Row]) -> Evidence:
    if not rows:
        return NOTHING
    counts = [(kind, sum(row["change"] == kind for row in rows)) for kind in _KINDS]
    figures = tuple(Number(kind, many, "places") for kind, many in counts if many)
    return Evidence(figures=figures, rows=(Rows("place_changes"),))
