"""What the web map embeds for trying moves; readers who may not have the table, or all of its places, have no simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.acts import window_words
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.coverage.levers import acts
from fs_pipeline.coverage.longer_hours import WINDOWS, instants
from fs_pipeline.coverage.simulator import BEYOND, SIGNS
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import Edition

_WHERE = frozenset({"address", "address_extra", "latitude", "longitude"})


@dataclass(frozen=True, eq=False, slots=True)
class Simulation:
    """What simulation.js and simulateur.js read, and the hours that a page says of a move.

    Attributes
    ----------
    data
        For JSON: the columns of ``simulator``, each demand point's inhabitants and commune, and what each column stands for,
        as positions in the page's lists of places and communes.
    opened_hours, stop_hours
        A week, written.
    """

    data: Mapping[str, object]
    opened_hours: str
    stop_hours: str


def simulation(
    tables: SlotTables, place_ids: Sequence[str], insees: Sequence[str], labels: Mapping[str, str] | None = None
) -> Simulation | None:
    """The simulator of one edition's map.

    Parameters
    ----------
    tables
        What that edition lets out.
    place_ids, insees
        The places that have a point and the communes, in the order of the page; an empty text for a place without one.
    labels
        Of the démarches that may be chosen, by their code.

    Returns
    -------
    Simulation or None
        None where there is no table, or where a house of it is none whose point these readers may know: the figures
        would be those of other houses. A démarche that a place confirms whose point they may not know is left out likewise;
        so is, but for internal readers, one that places around confirm, whose points their own slots judge.
    """
    rows = records(tables.simulator, "kind", "site", "bus", "lists", "codes")
    place_at = {place_id: at for at, place_id in enumerate(place_ids) if place_id}
    commune_at = {insee: at for at, insee in enumerate(insees)}
    houses, halls = ([row for row in rows if row["kind"] == kind] for kind in ("house", "town_hall"))
    together = {row["kind"]: row["codes"] for row in rows if not row["site"]}
    points = tables.demand_points.sort_values("point_id", kind="stable")
    exact = _exact(tables, place_at)
    # Of a house whose street is read, a building's name that is withheld hides nothing: the street tells where it is.
    seen = exact.keys() | (place_at.keys() & set(tables.places.loc[tables.places["address"].notna(), "place_id"]))
    shown = {row["site"] for row in houses} <= seen and {row["site"] for row in halls} <= commune_at.keys()
    if not rows or not shown or not set(points["insee"]) <= commune_at.keys():
        return None
    communes = tables.communes.drop_duplicates("insee").set_index("insee")
    minutes = tables.access_minutes
    asked = minutes[(minutes["service"] == FRANCE_SERVICES.kind) & (minutes["method"] != "not_computed")]["point_id"]
    moves = acts()
    house_at = {row["site"]: at for at, row in enumerate(houses)}
    return Simulation(
        data={
            "signs": SIGNS,
            "beyond": BEYOND,
            "thresholds": list(tables.thresholds),
            "population": [_short(one) for one in points["population"].fillna(0.0)],
            "computed": points["point_id"].isin(asked).astype(int).tolist(),
            "commune": [commune_at[insee] for insee in points["insee"]],
            "around": together.get("around", ""),
            "stops": together.get("stops", ""),
            "houses": [row["codes"] for row in houses],
            "houseOf": [place_at[row["site"]] for row in houses],
            "halls": [row["codes"] for row in halls],
            "hallOf": [commune_at[row["site"]] for row in halls],
            "bus": [int(row["bus"]) for row in halls],
            "hallAt": [
                [round(float(value), 5) for value in point]
                for point in communes.loc[[row["site"] for row in halls], ["latitude", "longitude"]].to_numpy()
            ],
            **_of_hours(rows, house_at, tables.thresholds),
            **_of_demarches(_told(rows, tables.edition), house_at, exact, labels or {}),
        },
        opened_hours=french.number(moves["new_place"].hours),
        stop_hours=french.number(moves["bus_stop"].hours),
    )


def _of_hours(rows: Sequence[Row], house_at: Mapping[str, int], thresholds: Thresholds) -> dict[str, object]:
    """Which house may open longer and when, who would come to it, and how long each point finds no open door."""
    lacking = {row["site"]: row["codes"] for row in rows if row["kind"] == "window"}
    houses = [row for row in rows if row["kind"] == "longer" and row["site"] in house_at]
    windows = [*WINDOWS]
    return {
        "windows": [
            {
                "label": window_words(window),
                "instants": instants(window),
                "lacking": [lacking.get(f"{window}.{threshold}", "") for threshold in thresholds],
            }
            for window in windows
        ],
        "comes": {house_at[row["site"]]: row["codes"] for row in houses},
        "longer": [
            [house_at[row["site"]], windows.index(window)] for row in houses for window in str(row["lists"]).split()
        ],
    }


def _of_demarches(
    rows: Sequence[Row], house_at: Mapping[str, int], exact: Mapping[str, int], labels: Mapping[str, str]
) -> dict[str, object]:
    """Where a démarche may open, and who confirms each; a place that is a house has no column of its own."""
    every = [row for row in rows if row["kind"] == "room"]
    rooms = [row for row in every if row["site"] in exact]
    confirmed = {
        demarche: [at for at, row in enumerate(rooms) if demarche in str(row["lists"] or "").split()]
        for demarche in labels
    }
    hidden = {one for row in every if row["site"] not in exact for one in str(row["lists"] or "").split()}
    return {
        "rooms": [house_at.get(row["site"], row["codes"]) for row in rooms],
        "roomOf": [exact[row["site"]] for row in rooms],
        "demarches": [
            {"label": labels[row["site"]], "around": row["codes"], "confirmed": confirmed[row["site"]]}
            for row in rows
            if row["kind"] == "around" and row["site"] in labels and row["site"] not in hidden
        ],
    }


def _told(rows: Sequence[Row], edition: Edition | None) -> list[Row]:
    """`rows` without the démarches that places around confirm, but for internal readers.

    Minutes from a dozen points give a place within some 20 m, and what is withheld of it is judged in its own slot.
    """
    inside = edition in {None, "internal"}
    return [row for row in rows if inside or row["kind"] != "around" or not row["site"] or not row["codes"]]


def _exact(tables: SlotTables, place_at: Mapping[str, int]) -> dict[str, int]:
    """The places of the page whose point these readers know as it is: minutes would give away a point that is not."""
    withheld = zip(tables.places["place_id"], tables.reserved("places"), strict=True)
    coarse = {place_id for place_id, columns in withheld if columns & _WHERE}
    return {place_id: at for place_id, at in place_at.items() if place_id not in coarse}


def _short(inhabitants: float) -> float:
    """A whole number without its point."""
    return int(inhabitants) if np.equal(np.mod(inhabitants, 1.0), 0.0) else inhabitants
