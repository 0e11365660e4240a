"""Page 3, its second half: which place helps with which démarche, as far as the survey says."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, Number, Rows
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view import Matrix, MatrixRow
from fs_pipeline.briefing.view_by_place import ByPlace, PlaceCell, PlaceHead, PlaceNote, PlaceRow
from fs_pipeline.briefing.words import EVIDENCE, EVIDENCE_CODES, STATED
from fs_pipeline.territory.names import normalise

COLUMNS = 16  # that a printed page holds beside the démarches
_NAME, _SHORTEST = 52, 20  # letters of a head, on two lines; and of a name whose commune fills it
_CELLS = {code: PlaceCell(code, word) for code, word, _ in EVIDENCE}
_UNKNOWN = _CELLS["unknown"]


def by_place(tables: SlotTables, matrix: Matrix) -> ByPlace:
    """The démarches of `matrix` that a page shows, in the places of which the survey says most, refusals first."""
    places = records(tables.places, "place_id", "name", "commune", "itinerant")
    known = {row["place_id"]: row for row in places}
    cells = tables.demarche_matrix
    cells = cells[cells["place_id"].isin(known.keys())]
    chosen = _chosen(cells)
    heads = tuple(_head(known[place]) for place in chosen)
    heads = tuple(sorted(heads, key=lambda head: (head.goes_out, normalise(head.name), head.place_id)))
    rows = tuple(_rows(matrix.chosen, heads, cells)) if heads else ()
    stated = cells.loc[cells["evidence"].isin(STATED), "place_id"].nunique()
    shown = Counter(cell.code for row in rows for cell in row.cells)
    buses = sum(head.goes_out for head in heads)
    which = (
        f"{french.count(len(heads), 'lieu', 'lieux')} sur les {french.number(stated)} dont l’enquête dit l’aide\u00a0: ceux dont "
        "elle dit « aucun », puis ceux dont elle dit le plus\u202f; tous sont dans les annexes"
        if stated > len(heads)
        else f"{french.count(stated, 'lieu', 'lieux')} dont l’enquête dit l’aide"
    )
    right = french.count(buses, "lieu itinérant", "lieux itinérants")
    return ByPlace(
        title="Qui aide à quoi, lieu par lieu",
        lead="Chaque case dit ce que l’on sait d’un lieu pour une démarche. Un cercle vide n’est qu’une promesse.",
        legend=tuple(_CELLS[code] for code in EVIDENCE_CODES),
        heads=heads,
        rows=rows,
        notes=tuple(_notes(shown, heads, rows)),
        trust=f"n\u00a0=\u00a0{french.count(len(heads) * len(rows), 'case')} ({french.count(len(rows), 'démarche')}, {which})"
        f"{f' · en italique, à droite{french.NO_BREAK}: {right}' if buses else ''}"
        " · sources\u00a0: enquête départementale, non vérifiée, label France services.",
    )


def _chosen(cells: pd.DataFrame) -> list[str]:
    """Places of which the survey says something, at most `COLUMNS`."""
    said = (
        cells[cells["evidence"].isin(STATED)]
        .groupby("place_id")["evidence"]
        .agg(refused=lambda told: (told == "none").sum(), stated="size")
    )
    ranked = said.reset_index().sort_values(["refused", "stated", "place_id"], ascending=[False, False, True])
    return ranked["place_id"].head(COLUMNS).tolist()


def _head(place: Row) -> PlaceHead:
    """Its name, and its commune where that does not say it; a long name is cut, the commune never."""
    name, commune = french.typographic(place["name"] or ""), french.typographic(place["commune"] or "")
    where = "" if normalise(commune) in normalise(name) else commune
    named = textwrap.shorten(name, max(_SHORTEST, _NAME - len(where)), placeholder="…")
    return PlaceHead(place["place_id"], ", ".join(filter(None, (named, where))), place["itinerant"] is True)


def _rows(demarches: Sequence[MatrixRow], heads: Sequence[PlaceHead], cells: pd.DataFrame) -> Iterator[PlaceRow]:
    known = dict(zip(zip(cells["demarche_id"], cells["place_id"], strict=True), cells["evidence"], strict=True))
    for row in demarches:
        found = tuple(_CELLS.get(known.get((row.demarche_id, head.place_id), ""), _UNKNOWN) for head in heads)
        counts = Counter(cell.code for cell in found)
        about = (("demarche_id", row.demarche_id),)
        numbers = tuple(Number(code, counts[code], "places", len(heads), "places") for code in EVIDENCE_CODES)
        evidence = Evidence(about, numbers, (Rows("demarche_matrix", about),))
        yield PlaceRow(row.demarche_id, row.group, row.operator, row.demarche, found, evidence)


def _notes(shown: Counter[str], heads: Sequence[PlaceHead], rows: Sequence[PlaceRow]) -> Iterator[PlaceNote]:
    if shown["none"]:
        title = "La case rouge" if shown["none"] == 1 else f"Les {french.number(shown['none'])} cases rouges"
        said = "L’enquête dit qu’il n’y a pas d’aide. À voir avec chaque opérateur."
        yield PlaceNote("none", title, said)
    if shown["by_label"]:
        title = "Le cercle vide" if shown["by_label"] == 1 else f"Les {french.number(shown['by_label'])} cercles vides"
        said = "Le label y oblige, personne ne le confirme. Une question par lieu suffit."
        yield PlaceNote("by_label", title, said)
    if shown["unknown"]:
        title = "L’inconnu" if shown["unknown"] == 1 else f"Les {french.number(shown['unknown'])} inconnus"
        unknown = [sum(row.cells[place].code == "unknown" for row in rows) for place in range(len(heads))]
        most = [head.name for head, count in zip(heads, unknown, strict=True) if count == max(unknown)]
        where = most[0] if len(most) == 1 else f"{french.count(len(most), 'lieu', 'lieux')}, chacun"
        said = f"Le plus\u00a0: {where} {french.out_of(max(unknown), len(rows), 'démarche')}. Un inconnu n’est pas un zéro."
        yield PlaceNote("unknown", title, said)
