"""What an act is called, where it would be done and what it would bring: the words of levers and of gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.words import COUNTED_AT
from fs_pipeline.editions.places import RESERVED
from fs_pipeline.sphere import great_circle_m

BESIDE_M = 20_000.0  # about twenty minutes by the straightest roads
DEPARTEMENT = "departement"  # scope of the moves chosen over all of it
KEYS = ("scope", "move", "service", "demarche_id", "threshold", "insee", "place_id", "window")
COLUMNS = (
    *KEYS, "rank", "alternatives", "set_aside", "inhabitants_gained_alone", "inhabitants_gained_together", "hours_a_week",
    "inhabitant_hours", "simulated", "guarantee",
)  # fmt: skip
_WINDOWS = {
    "lunch": "pendant le déjeuner",
    "evening": "de 17 à 19\u00a0h",
    "saturday_morning": "le samedi matin",
}
_SET_ASIDE = {
    "unknown": "dont les horaires ne sont pas sûrs",
    "partly_open": "qui ouvre déjà une partie de ces heures",
}
_BUSES = {
    "bus": "un bus France services de la commune dit ouvrir à une partie de ces heures",
    "bus_unknown": "la commune a aussi un bus France services, dont les horaires ne sont pas sûrs",
}
_HALVES = {"morning": "matin", "afternoon": "après-midi"}


def near_moves(tables: SlotTables) -> list[Row]:
    """The moves that gain someone at the near threshold, in every scope."""
    rows = records(tables.levers[tables.levers["threshold"] == tables.thresholds.near], *COLUMNS)
    return [row for row in rows if row["inhabitants_gained_alone"]]


def of_house_and_stop(rows: list[Row]) -> list[tuple[Row, Row | None]]:
    """Each move, a new place with the bus stop that is its other form; a stop has no line of its own."""
    stops = {(row["scope"], row["insee"]): row for row in rows if row["move"] == "bus_stop"}
    return [
        (row, stops.get((row["scope"], row["insee"])) if row["move"] == "new_place" else None)
        for row in rows
        if row["move"] != "bus_stop"
    ]


@dataclass(frozen=True)
class Acts:
    """The moves of `near_moves`, and what their codes are called."""

    moves: list[Row]
    words: ActWords


def acts_of(tables: SlotTables) -> Acts:
    """What the chapters that tell a slot's levers tell them from."""
    known = (tables.communes, tables.places, tables.demarches, tables.demarche_matrix, tables.demand_points)
    return Acts(near_moves(tables), ActWords(*known))


class ActWords:
    """What a lever's codes are called in a slot."""

    def __init__(
        self,
        communes: pd.DataFrame,
        places: pd.DataFrame,
        demarches: pd.DataFrame,
        matrix: pd.DataFrame,
        points: pd.DataFrame,
    ) -> None:
        self._communes = _pairs(communes, "insee", "name")
        located = records(
            communes.reindex(columns=["insee", "longitude", "latitude"]), "insee", "longitude", "latitude"
        )
        self._points = {
            row["insee"]: (row["longitude"], row["latitude"]) for row in located if row["longitude"] is not None
        }
        self._places = _pairs(places, "place_id", "name")
        self._demarches = _pairs(demarches, "demarche_id", "label")
        buses = places["itinerant"].eq(True) & places["in_france_services"].eq(True)
        self._with_bus = {*places.loc[buses, "insee"].dropna()}
        self._counted_at = _pairs(points, "insee", "origin")
        general = matrix.loc[matrix["evidence"] == "general", ["place_id", "demarche_id"]]
        self._helping = set(general.itertuples(index=False, name=None))  # in general: place and démarche

    def act(self, row: Row) -> str:
        """« Ouvrir une France services »."""
        if row["move"] == "new_place":
            return "Ouvrir une France services"
        if row["move"] == "bus_stop":
            return "Faire passer le bus"
        if row["move"] == "open_demarche":
            demarche = row["demarche_id"]
            helps = (row["place_id"], demarche) in self._helping
            act = "Confirmer l’aide, déclarée en général, pour" if helps else "Aider pour"
            return french.typographic(f"{act} « {self._demarches.get(demarche, demarche)} »")
        return f"Ouvrir {window_words(row['window'])}"

    def where(self, row: Row) -> str:
        """The commune, and the place where there is one."""
        commune = self.commune(row["insee"])
        place = RESERVED if row["place_id"] == RESERVED else self._places.get(row["place_id"] or "", "")
        return french.typographic(f"{place} ({commune})" if place and commune not in place else place or commune)

    def counted(self, row: Row) -> str:
        """« Florac est comptée à sa seule mairie »: what is not known of where the people of the act's own commune live."""
        how = COUNTED_AT.get(self._counted_at.get(row["insee"], ""))
        return french.typographic(f"{self.commune(row['insee'])} est {how}") if how else ""

    def bus(self, row: Row) -> str:
        """Whether the list has a bus where a new place would open, or one that may receive when a place would open longer."""
        told = [_BUSES[why] for _, why in _asides(row) if why in _BUSES]
        if told:
            return told[0]
        has_bus = row["move"] == "new_place" and row["insee"] in self._with_bus
        return "la liste nationale y a un bus France services" if has_bus else ""

    def elsewhere(self, row: Row) -> str:
        """« gain du même ordre à Créon ou à Targon »; nothing where no other commune comes near."""
        names = [self.at(insee) for insee in str(row["alternatives"] or "").split()]
        if not names:
            return ""
        *first, last = names
        return "gain du même ordre " + (f"{', '.join(first)} ou {last}" if first else last)

    def after(self, row: Row, moves: Iterable[Row]) -> str:
        """« après Crozon, mieux classée, à 8 km »: who reads one line asks first for the better one beside it."""
        better = [
            (metres, move["insee"])
            for move in moves
            if (move["scope"], move["move"], row["move"]) == (row["scope"], "new_place", "new_place")
            and move["rank"] < row["rank"]
            and (metres := self._metres(move["insee"], row["insee"])) <= BESIDE_M
        ]
        if not better:
            return ""
        metres, insee = min(better)
        return french.typographic(
            f"après {self.commune(insee)}, mieux classée, à {french.number(metres / 1000.0)}\u00a0km"
        )

    def _metres(self, one: str, other: str) -> float:
        if not {one, other} <= self._points.keys():
            return np.inf
        ends = np.array([self._points[one], self._points[other]], dtype=np.float64)
        return float(great_circle_m(*ends[:1].T, *ends[1:].T)[0])

    def set_aside(self, row: Row) -> str:
        """« sans avoir essayé Mende, dont les horaires ne sont pas sûrs »; nothing where no larger town was left out."""
        names = [f"{self._itself(insee, row)}, {_SET_ASIDE[why]}" for insee, why in _asides(row) if why in _SET_ASIDE]
        return french.typographic(f"sans avoir essayé {', ni '.join(names)}") if names else ""

    def _itself(self, insee: str, row: Row) -> str:
        """A commune's name; another place of the same commune is said to be one."""
        name = self.commune(insee)
        return f"un autre lieu de {name}" if insee == row["insee"] else name

    def commune(self, insee: str) -> str:
        """Its name, its code where nobody knows it."""
        return self._communes.get(insee, insee)

    def at(self, insee: str) -> str:
        """« à Bazas »."""
        return french.typographic(french.at(self.commune(insee)))


def _asides(row: Row) -> list[tuple[str, str]]:
    """Commune and reason of what a lever sets aside."""
    told = [one.partition(":") for one in str(row["set_aside"] or "").split()]
    return [(insee, why) for insee, _, why in told]


def hours(row: Row) -> str:
    """« 24 h »."""
    known = row["hours_a_week"]
    return "inconnues" if known is None else f"{french.number(known)}\u00a0h"


def unit(row: Row) -> str:
    """Inhabitants x hours a week."""
    known = row["inhabitant_hours"]
    return "non calculé" if known is None else french.number(known)


def _pairs(frame: pd.DataFrame, code: str, name: str) -> Mapping[str, str]:
    return {row[code]: row[name] for row in records(frame, code, name) if row[name]}


def window_words(code: str | None) -> str:
    """« de 17 à 19 h », « le mardi matin »."""
    if code in _WINDOWS:
        return _WINDOWS[code]
    day, _, half = (code or "").partition("_")
    return f"le {french.weekday(day)} {_HALVES.get(half, half)}".strip() if half else "plus longtemps"
