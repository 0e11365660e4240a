"""What one act would change: moves simulated one at a time, ranked by the inhabitants each would bring within reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view import Lever, Levers
from fs_pipeline.briefing.words import METHOD_NAMES
from fs_pipeline.briefing.words import named as in_french
from fs_pipeline.editions.places import RESERVED

SHOWN = 8
_OF_A_KIND = 3
_KEYS = ("move", "demarche_id", "insee", "place_id", "window")
_TOGETHER = "departement"  # scope of the moves chosen over the whole département
_WINDOWS = {
    "lunch": "entre midi et 14\u00a0h",
    "evening": "de 17 à 19\u00a0h",
    "saturday_morning": "le samedi matin",
}
_HALVES = {"morning": "matin", "afternoon": "après-midi"}


def levers(tables: SlotTables) -> Levers:
    """At most three moves of a kind and one a démarche, so that eight lines don't say the same thing."""
    rows = sorted(_chosen(tables), key=lambda row: (-row["inhabitants_gained_alone"], row["move"], row["insee"]))
    shown = rows[:SHOWN]
    most = max((row["inhabitants_gained_alone"] for row in shown), default=0.0) or 1.0
    names = _Names(tables)
    methods = sorted(
        {
            in_french(METHOD_NAMES, method, "méthode non précisée")
            for method in tables.access_minutes["method"].dropna().unique()
            if method != "not_computed"
        }
    )
    how = ", ".join(methods) or "non calculés"
    return Levers(
        title="Ce qu’un seul geste changerait",
        lead=f"Classés par habitants ramenés à {tables.thresholds.near}\u00a0minutes, un geste à la fois, tout le reste égal.",
        rows=tuple(_lever(place, row, names, most) for place, row in enumerate(shown, start=1)),
        empty=None if shown else "Non calculé\u00a0: aucun temps de trajet, ou aucun geste ne rapprocherait personne.",
        trust=f"n\u00a0=\u00a0{french.out_of(len(shown), len(rows))} gestes simulés · temps {how}"
        " · les gains ne s’additionnent pas · une plage horaire compte les habitants qui trouveraient alors un lieu "
        "ouvert, en moyenne de ses heures.",
    )


def _chosen(tables: SlotTables) -> Iterator[Row]:
    columns = ("scope", "move", "demarche_id", "threshold", "insee", "place_id", "window", "inhabitants_gained_alone")
    table = tables.levers[list(columns)]
    wanted = (table["scope"] == _TOGETHER) & (table["threshold"] == tables.thresholds.near)
    rows = [row for row in records(table[wanted], *columns) if row["inhabitants_gained_alone"]]
    rows.sort(key=lambda row: (row["move"], row["demarche_id"], -row["inhabitants_gained_alone"], row["insee"]))
    for (move, _), group in groupby(rows, lambda row: (row["move"], row["demarche_id"])):
        yield from list(group)[: 1 if move == "open_demarche" else _OF_A_KIND]


class _Names:
    """What a lever's codes are called in this slot."""

    def __init__(self, tables: SlotTables) -> None:
        self.communes = _pairs(tables.communes, "insee", "name")
        self.places = _pairs(tables.places, "place_id", "name")
        self.demarches = _pairs(tables.demarches, "demarche_id", "label")


def _pairs(frame: pd.DataFrame, code: str, name: str) -> Mapping[str, str]:
    return {row[code]: row[name] for row in records(frame, code, name) if row[name]}


def _lever(place: int, row: Row, names: _Names, most: float) -> Lever:
    commune = names.communes.get(row["insee"], row["insee"])
    where = RESERVED if row["place_id"] == RESERVED else names.places.get(row["place_id"] or "", "")
    return Lever(
        rank=french.number(place),
        act=french.typographic(_act(row, names)),
        where=french.typographic(f"{where} ({commune})" if where and commune not in where else where or commune),
        gained=french.number(row["inhabitants_gained_alone"]),
        bar=row["inhabitants_gained_alone"] / most,
        evidence=Evidence(
            keys=named(row, *_KEYS),
            figures=(number(row, "inhabitants_gained_alone", "inhabitants"),),
            rows=(rows_of("levers", row, "scope", "threshold", *_KEYS),),
        ),
    )


def _act(row: Row, names: _Names) -> str:
    if row["move"] == "new_place":
        return "Ouvrir une France services"
    if row["move"] == "bus_stop":
        return "Faire passer le bus"
    if row["move"] == "open_demarche":
        demarche = row["demarche_id"]
        return f"Aider pour « {names.demarches.get(demarche, demarche)} »"
    return f"Ouvrir {_window(row['window'])}"


def _window(code: str | None) -> str:
    if code in _WINDOWS:
        return _WINDOWS[code]
    day, _, half = (code or "").partition("_")
    return f"le {french.weekday(day)} {_HALVES.get(half, half)}".strip() if half else "plus longtemps"
