"""The method card: under which conditions minutes and shares were computed, as rows a prefect can read.

Nothing is computed here that the minutes don't already say; « not computed » is a value, with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline.access.band import ROAD, Trips, speed_bands
from fs_pipeline.access.country import TOWN_INHABITANTS, TOWN_M
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.services import SERVICE_COLUMNS, Service, by_service
from fs_pipeline.access.straight_line import detour_bands
from fs_pipeline.coverage.shares import shares
from fs_pipeline.french import NO_BREAK, count, number
from fs_pipeline.french import share as share_of
from fs_pipeline.warehouse.frames import table_frame

if TYPE_CHECKING:
    from fs_pipeline.roads.reading import RoadGraph

_NEED = (
    ("poor_households", "Ménages pauvres", "INSEE, Filosofi"),
    ("aged_65", "Personnes de 65 ans et plus", "INSEE, Filosofi"),
    ("quarters_population", "Habitants de quartiers prioritaires", "liste des QPV"),
    ("fragility_index", "Indice de fragilité numérique", "La MedNum et ANCT"),
)
_SAID = f"non calculé{NO_BREAK}: "  # by the label of the row already
_STARTS = {
    "squares": (
        "là où l’on habite, d’après les carreaux de population de l’INSEE rassemblés par mailles de 2\u00a0km ({}), et "
        "autant d’habitants par commune qu’elle en compte"
    ),
    "arrondissement": (
        "la mairie de chaque arrondissement ({}), ou le milieu de ses bureaux de poste quand deux partagent une mairie, pondérés "
        "par ses habitants"
    ),
    "former_commune": (
        "la mairie de chaque ancienne commune d’une commune fusionnée ({}), autant d’habitants à chacune, faute de source qui "
        "les compte"
    ),
    "lone_town_hall": (
        "la seule mairie des communes étendues ou issues d’une fusion ({}), dont les habitants sont peut-être plus près ou plus "
        "loin, du temps d’aller au bout de la commune"
    ),
    "town_hall": "la mairie de chaque commune ({}), pondérée par ses habitants, où qu’ils logent dans la commune",
}
_TOLD_KM = np.array([2.0, 10.0, 20.0])


@dataclass(frozen=True, slots=True)
class EstimateError:
    """How the estimate differs from road times, where both exist: minutes estimated over minutes by road."""

    points: int
    median_ratio: float
    low_ratio: float  # a tenth of points is under it
    high_ratio: float  # and a tenth over
    agree_at: dict[int, float]  # threshold -> share of points on the same side of it

    def sentence(self) -> str:
        """French, one line."""
        sides = " et ".join(
            f"{share_of(share, 1)} à {threshold}{NO_BREAK}min" for threshold, share in self.agree_at.items()
        )
        return (
            f"mesuré ici sur {number(self.points)} temps{NO_BREAK}: l’estimation vaut {number(self.median_ratio, 2)} fois le "
            f"temps par la route (8 fois sur 10 entre {number(self.low_ratio, 2)} et {number(self.high_ratio, 2)}), "
            f"du même côté du seuil pour {sides}"
        )


def estimate_error(
    places: pd.DataFrame,
    demand: pd.DataFrame,
    roads: RoadGraph,
    thresholds: Sequence[int],
    services: list[Service] | None = None,
) -> EstimateError | None:
    """The estimated mode's error where a road network allows to measure it; None where no point has both times.

    Parameters
    ----------
    places, demand, services
        As in ``minutes_to_nearest``.
    roads
        The network whose times are the reference. What is found holds for its territory alone.
    thresholds
        Minutes.
    """
    keys = ["demand_id", *SERVICE_COLUMNS]
    by_road = minutes_to_nearest(places, demand, roads=roads, services=services)
    estimated = minutes_to_nearest(places, demand, roads=None, services=services)
    both = by_road[[*keys, "minutes"]].merge(estimated[[*keys, "minutes"]], on=keys, suffixes=("_road", "_estimated"))
    both = both.dropna()
    travelled = both[both["minutes_road"] >= 1.0]  # under a minute a ratio says nothing
    if travelled.empty:
        return None
    ratio = (travelled["minutes_estimated"] / travelled["minutes_road"]).to_numpy()
    low, median, high = np.quantile(ratio, [0.1, 0.5, 0.9])
    agree = {
        threshold: float(((both["minutes_road"] <= threshold) == (both["minutes_estimated"] <= threshold)).mean())
        for threshold in thresholds
    }
    return EstimateError(len(travelled), float(median), float(low), float(high), agree)


def method_card(
    minutes: pd.DataFrame,
    demand: pd.DataFrame,
    *,
    service: Service,
    thresholds: Sequence[int],
    roads: RoadGraph | None,
    error: EstimateError | None = None,
) -> pd.DataFrame:
    """What stands behind the shares of `service`, one row an item, in reading order.

    Parameters
    ----------
    minutes
        What ``minutes_to_nearest`` returned for the slot.
    demand
        id, population, origin as ``access.demand`` gives it.
    thresholds
        Minutes.
    roads
        The network the minutes were asked of, or None when they were estimated.
    error
        The estimate's error, where it was measured on this very territory.

    Returns
    -------
    pandas.DataFrame
        position, key, label_fr, value_fr.
    """
    answers = by_service(minutes).get(service, minutes.iloc[:0])
    found = shares(answers, demand, thresholds)
    rows = [("from", "De", _starts(demand))]
    rows.append(("to", "À", "le lieu le plus proche, ceux des départements voisins compris"))
    rows += _how(roads, error)
    rows.append(("band", "Fourchette", _band(roads is not None)))
    for row in found.to_dict("records"):
        key, label = f"share_{row['threshold']}", f"Part à {row['threshold']}{NO_BREAK}minutes"
        if row["share"] is None or np.isnan(row["share"]):
            rows.append((key, label, "non calculée"))
        else:
            band = f"de {share_of(row['share_low'], 1)} à {share_of(row['share_high'], 1)}"
            rows.append((key, label, f"{share_of(row['share'], 1)} ({band})"))
    if len(found):
        first = found.iloc[0]
        unreached = _people(first["population_unreached"], first["points_unreached"])
        known = ", parmi ceux dont le trajet est calculé" if first["points_not_computed"] else ""
        rows.append(("unreached", "Non atteints", unreached if first["points_unreached"] else unreached + known))
        silent = _people(first["population_not_computed"], first["points_not_computed"])
        reasons = answers.loc[answers["method"] == "not_computed", "reason"].dropna().value_counts()
        why = "".join(f"\u202f; {str(reason).removeprefix(_SAID)} ({many})" for reason, many in reasons.items())
        rows.append(("not_computed", "Non calculés", silent + why))
    card = pd.DataFrame(rows, columns=["key", "label_fr", "value_fr"])
    return table_frame("access_method", card.assign(position=range(1, len(card) + 1)))


def with_need(card: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """The card with what is known of need.

    Parameters
    ----------
    card
        What ``method_card`` returned.
    communes
        The columns of ``commune_need``, missing or NaN where no source gave them.
    """
    rows = []
    for key, label, source in _NEED:
        known = communes[key].dropna() if key in communes else pd.Series(dtype="float64")
        if known.empty:
            said = f"non calculé\u00a0: source absente ({source})"
        elif key == "fragility_index":
            said = f"de {number(known.min(), 2)} à {number(known.max(), 2)}, {count(len(known), 'commune')}"
        else:
            said = f"{number(known.sum())}, connus de {count(len(known), 'commune')}"
        rows.append((key, label, said))
    more = pd.DataFrame(rows, columns=["key", "label_fr", "value_fr"])
    return pd.concat([card, more.assign(position=range(len(card) + 1, len(card) + 1 + len(more)))], ignore_index=True)


def _starts(demand: pd.DataFrame) -> str:
    """Where times start, and how many points that makes."""
    number_of = demand["origin"].value_counts()
    said = [
        words.format(count(int(number_of[origin]), "point")) for origin, words in _STARTS.items() if origin in number_of
    ]
    return "\u202f; ".join(said)


def _how(roads: RoadGraph | None, error: EstimateError | None) -> list[tuple[str, str, str]]:
    if roads is not None:
        date = f"données du {roads.as_of}" if roads.as_of else "date non indiquée par le fichier"
        travel = {"car": "en voiture", "foot": "à pied"}[roads.profile]
        rows = [
            ("method", "Méthode", f"par la route, {travel}"),
            ("network", "Réseau", f"{roads.source}, {date}, {number(roads.nodes)} carrefours"),
            ("speeds", "Vitesses", "par type de voie, sans embouteillage ni feu"),
        ]
        return [*rows, ("error", "Écart de l’estimation", error.sentence())] if error else rows
    speeds = "\u202f; ".join(
        f"{bands.country_fr}, "
        + ", ".join(
            f"{kilometres:.0f}{NO_BREAK}km{NO_BREAK}: {minutes:.0f}{NO_BREAK}min"
            for kilometres, minutes in zip(_TOLD_KM, bands.minutes_of(1000.0 * _TOLD_KM), strict=True)
        )
        for bands in detour_bands().values()
    )
    return [
        (
            "method",
            "Méthode",
            "estimée à partir du vol d’oiseau, qui fait le tour des estuaires, de la mer et des frontières par les ponts connus, "
            "jamais par un bac\u202f; aucun réseau de routes n’est déclaré",
        ),
        (
            "speeds",
            "Vitesses",
            f"à vol d’oiseau {speeds} (les montagnes sont celles des massifs retenus, une grande "
            f"ville est là où {number(TOWN_INHABITANTS)} habitants vivent à {TOWN_M / 1000:.0f}{NO_BREAK}km à la ronde)",
        ),
        (
            "error",
            "Écart de l’estimation",
            "non mesuré ici, faute de réseau de routes\u202f; celui d’un autre territoire ne vaudrait pas ici",
        ),
    ]


def _band(by_road: bool) -> str:
    """« vitesses d’un trajet de −40 % à +30 % en plaine et en bocage ; … ; de tous ensemble de −20 % à +25 % … »."""
    kinds = {ROAD: ""} if by_road else {kind: f" {bands.country_fr}" for kind, bands in detour_bands().items()}

    def told(trips: Trips) -> str:
        return ", ".join(
            f"de −{number(100 * (1 - slow))}{NO_BREAK}% à +{number(100 * (fast - 1))}{NO_BREAK}%{kinds[kind]}"
            for kind, (fast, slow) in speed_bands(trips).items()
            if kind in kinds
        )

    one, together = told("one"), told("all")
    return f"vitesses {one}" if one == together else f"vitesses d’un trajet {one}\u202f; de tous ensemble {together}"


def _people(population: float, points: float) -> str:
    if not points:
        return "personne"
    return f"{count(population, 'habitant')}, {count(points, 'point de départ', 'points de départ')}"
