"""From stored tables to who receives, where and when: one row a place and service, buses at each of their stops."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT, SERVICE_COLUMNS
from fs_pipeline.values.text import normalise

OFFER_COLUMNS = (
    "place_id",
    *SERVICE_COLUMNS,
    "longitude",
    "latitude",
    "insee",
    "bus",
    "appointment",
    "opening_hours",
    "week_parity",
)
_LABEL_WORDS = "france services"


def services_of(known: pd.DataFrame, places: pd.DataFrame, listed: pd.DataFrame, departement: str) -> pd.DataFrame:
    """One row a place and service, of the slot and of the départements around it, with the hours of its place.

    Parameters
    ----------
    known
        ``int_place_services``: place_id, service, demarche_id, longitude, latitude, insee, departement.
    places
        place_id, name, opening_hours, week_parity, kind, in_survey, of the same départements.
    listed
        France services of the national list, for the départements of which nothing is known yet.
    departement
        The slot's own.

    Returns
    -------
    pandas.DataFrame
        place_id, service, demarche_id, name, longitude, latitude, insee, opening_hours, week_parity, bus, in_survey, own.
    """
    label = FRANCE_SERVICES.columns | {"in_survey": False}
    unseen = listed.rename(columns={"source_id": "place_id"}).assign(**label)
    unseen.loc[unseen["kind"] == "itinerant", "service"] = ITINERANT.kind
    columns = [*places.columns, *SERVICE_COLUMNS, "longitude", "latitude", "insee", "departement"]
    gathered = pd.concat([known.merge(places, on="place_id", how="left")[columns], unseen[columns]], ignore_index=True)
    return gathered.assign(bus=gathered["kind"] == "itinerant", own=gathered["departement"] == departement).drop(
        columns=["kind", "departement"]
    )


def with_buses(services: pd.DataFrame, buses: pd.DataFrame, stated: pd.DataFrame, departement: str) -> pd.DataFrame:
    """`services`, with what minutes leave out: buses without a point, and the démarches that a survey says buses do.

    Where a bus stands depends on the hour; its stops may be known all the same.

    Parameters
    ----------
    buses
        The itinerant rows of ``places``.
    stated
        place_id, demarche_id: what surveys confirm.
    departement
        The slot's own.
    """
    buses = buses.assign(bus=True, own=buses["departement"] == departement)
    labelled = buses[buses["in_france_services"].astype(bool) & ~buses["place_id"].isin(services["place_id"])]
    confirmed = buses.merge(stated[["place_id", "demarche_id"]], on="place_id")
    more = [labelled.assign(**ITINERANT.columns), confirmed.assign(service=CONFIRMED)]
    return pd.concat([services, *(rows[services.columns] for rows in more if len(rows))], ignore_index=True)


def offer_rows(
    services: pd.DataFrame, rounds: pd.DataFrame, statements: pd.DataFrame, communes: pd.DataFrame
) -> pd.DataFrame:
    """The offer of a slot and of what surrounds it.

    Parameters
    ----------
    services
        place_id, service, demarche_id, name, longitude, latitude, insee, opening_hours, week_parity, bus, in_survey.
    rounds
        ``survey_rounds``: round, stop, insee, latitude, longitude, weekday, week_parity, opening_hours.
    statements
        place_id, demarche_id, appointment, opening_hours, as the surveys state them of a démarche.
    communes
        insee, longitude, latitude: where a stop is that has no point of its own.

    Returns
    -------
    pandas.DataFrame
        Columns of ``OFFER_COLUMNS``. A bus named by a round stands at each of its stops at the stop's hours. One that no
        round names stands where and when the survey says, or, known from a national list alone, at hours unknown: a
        list's address does not say where a bus is on a Tuesday. A round whose name holds « France services » counts as
        one though no place bears its name. What a survey states of a démarche's own hours and appointment goes before
        the place's.
    """
    if services.empty:
        return pd.DataFrame(columns=list(OFFER_COLUMNS))
    stated = _with_statements(services, statements)
    stops = _stops(rounds, communes)
    at_stops, named = _at_stops(stated, stops)
    still = stated[~named].copy()
    drifting = (still["bus"] & ~still["in_survey"].astype(bool)).to_numpy(dtype=bool)
    still.loc[drifting, "opening_hours"] = None
    offer = pd.concat([still, at_stops], ignore_index=True)[list(OFFER_COLUMNS)]
    texts = ["opening_hours", "week_parity"]
    return offer.assign(**{name: offer[name].astype(object).where(offer[name].notna(), None) for name in texts})


def disputed(hours: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """By place_id, what is said of the hours of those of which two sources give other ones.

    Parameters
    ----------
    hours
        place_id, value, compared: the rows of ``place_values`` of their opening hours.
    """
    said = hours.drop_duplicates(["place_id", "compared"]).groupby("place_id")["value"].agg(tuple)
    return {str(place_id): values for place_id, values in said.items() if len(values) > 1}


def _with_statements(services: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """`services` with the hours and the appointment of the démarche where they are stated."""
    own = statements.dropna(subset=["place_id", "demarche_id"]).drop_duplicates(["place_id", "demarche_id"])
    own = own.assign(own_hours=own["opening_hours"])[["place_id", "demarche_id", "own_hours", "appointment"]]
    joined = services.merge(own, on=["place_id", "demarche_id"], how="left")
    joined["opening_hours"] = joined["own_hours"].where(joined["own_hours"].notna(), joined["opening_hours"])
    joined["appointment"] = joined["appointment"].eq(True)  # unknown: one may try
    joined["bus"] = joined["bus"].astype(bool)
    return joined


def _stops(rounds: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Stops with a point and hours: round_key, stop_id, longitude, latitude, insee, opening_hours, week_parity."""
    points = communes.drop_duplicates("insee").set_index("insee")
    stops = rounds.assign(round_key=pd.Series([_key(name) for name in rounds["round"]], rounds.index, dtype=object))
    for column in ("longitude", "latitude"):
        own = pd.to_numeric(stops[column]).astype("float64")
        stops[column] = own.where(own.notna(), stops["insee"].map(points[column]))
    stops["opening_hours"] = [
        _on_day(weekday, hours) for weekday, hours in zip(stops["weekday"], stops["opening_hours"], strict=True)
    ]
    stops["stop_id"] = [f"{name}|{stop}" for name, stop in zip(stops["round"], stops["stop"], strict=True)]
    return stops.dropna(subset=["longitude", "latitude"])


def _on_day(weekday: object, hours: object) -> str | None:
    """« 09:00-12:00 » of a stop, with its day; None where either is missing."""
    if not isinstance(hours, str) or not hours:
        return None
    if not hours[0].isdigit():
        return hours
    return f"{weekday} {hours}" if isinstance(weekday, str) and weekday else None


def _at_stops(services: pd.DataFrame, stops: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The rows of buses at their stops, and which rows of `services` they stand for."""
    where = ["longitude", "latitude", "insee", "opening_hours", "week_parity"]
    buses = services.assign(round_key=pd.Series([_key(name) for name in services["name"]], dtype=object))
    named = buses["bus"] & buses["round_key"].isin(set(stops["round_key"]))
    placed = buses[named].drop(columns=where).merge(stops[["round_key", *where]], on="round_key")
    known = set(buses.loc[named & (buses["service"] == ITINERANT.kind), "round_key"])
    lone = stops[stops["round_key"].str.contains(_LABEL_WORDS, regex=False) & ~stops["round_key"].isin(known)]
    unnamed = lone.assign(place_id=lone["stop_id"], appointment=False, **ITINERANT.columns)
    return pd.concat([placed, unnamed], ignore_index=True).assign(bus=True), named


def _key(name: object) -> str:
    return normalise(name) if isinstance(name, str) else ""
