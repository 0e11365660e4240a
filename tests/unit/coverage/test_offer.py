"""Buses stand at their stops, at the stops' hours; elsewhere the survey's word, or nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.access.services import SERVICE_COLUMNS
from fs_pipeline.coverage.offer import OFFER_COLUMNS, offer_rows

COMMUNES = pd.DataFrame({"insee": ["00001", "00002"], "longitude": [2.0, 2.1], "latitude": [45.0, 45.1]})
NO_STATEMENTS = pd.DataFrame(columns=["place_id", "demarche_id", "appointment", "opening_hours"])
ROUND_COLUMNS = ["round", "stop", "insee", "latitude", "longitude", "weekday", "week_parity", "opening_hours"]
NO_ROUNDS = pd.DataFrame(columns=ROUND_COLUMNS)


def services(*rows) -> pd.DataFrame:
    columns = ["place_id", *SERVICE_COLUMNS, "name", "bus", "in_survey", "opening_hours", "week_parity"]
    return pd.DataFrame(rows, columns=columns).assign(longitude=3.0, latitude=46.0, insee="00001")


def rounds(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=ROUND_COLUMNS)


BUS = ("bus", "itinerant", "", "Bus France services du Haut-Ambre", True, True, "Mo-Fr 09:00-17:00", None)
STOPS = rounds(
    ("BUS FRANCE SERVICES DU HAUT-AMBRE", "Foirail", "00001", None, None, "Tu", "even", "09:00-12:00"),
    ("Bus France services du Haut-Ambre", "École", "00002", 45.2, 2.3, "Th", None, "14:00-17:00"),
)


def test_a_bus_named_by_a_round_stands_at_its_stops_and_no_longer_at_its_seat():
    found = offer_rows(services(BUS), STOPS, NO_STATEMENTS, COMMUNES)
    assert list(found.columns) == list(OFFER_COLUMNS)
    assert list(found["opening_hours"]) == ["Tu 09:00-12:00", "Th 14:00-17:00"]
    assert list(found["week_parity"]) == ["even", None]
    assert list(found["longitude"]) == [2.0, 2.3]  # the commune's point, then the stop's own
    assert set(found["place_id"]) == {"bus"}
    assert found["bus"].all()


def test_a_bus_of_a_national_list_is_somewhere_at_unknown_hours():
    listed = ("bus", "itinerant", "", "Bus", True, False, "Mo-Fr 09:00-17:00", None)
    found = offer_rows(services(listed), NO_ROUNDS, NO_STATEMENTS, COMMUNES)
    assert found["opening_hours"].isna().all()


def test_a_stop_that_the_survey_lists_as_a_place_keeps_its_hours():
    found = offer_rows(services(BUS), NO_ROUNDS, NO_STATEMENTS, COMMUNES)
    assert list(found["opening_hours"]) == ["Mo-Fr 09:00-17:00"]


def test_a_round_that_no_place_bears_counts_when_it_says_it_is_a_france_services():
    house = ("house", "france_services", "", "France services de X", False, True, "Mo 09:00-12:00", None)
    named = rounds(("Bus France Services", "Halle", "00002", None, None, "We", None, "09:00-12:00"))
    other = rounds(("Permanence du conciliateur", "Mairie", "00002", None, None, "We", None, "09:00-12:00"))
    found = offer_rows(services(house), pd.concat([named, other]), NO_STATEMENTS, COMMUNES)
    assert list(found["place_id"]) == ["house", "Bus France Services|Halle"]
    assert found.loc[1, SERVICE_COLUMNS].tolist() == ["itinerant", ""]


def test_a_stop_without_hours_is_kept_at_unknown_hours():
    stop = rounds(("Bus France services du Haut-Ambre", "Foirail", "00001", None, None, "Tu", None, None))
    found = offer_rows(services(BUS), stop, NO_STATEMENTS, COMMUNES)
    assert found["opening_hours"].isna().all()


def test_what_is_stated_of_a_demarche_goes_before_the_place_s_hours():
    house = ("house", "confirmed", "R1", "Mairie", False, True, "Mo-Fr 09:00-12:00", None)
    other = ("house", "confirmed", "R2", "Mairie", False, True, "Mo-Fr 09:00-12:00", None)
    stated = pd.DataFrame([("house", "R1", True, "Th 14:00-16:00")], columns=list(NO_STATEMENTS.columns))
    found = offer_rows(services(house, other), NO_ROUNDS, stated, COMMUNES).set_index("demarche_id")
    assert found.loc["R1", "opening_hours"] == "Th 14:00-16:00"
    assert found.loc["R1", "appointment"]
    assert found.loc["R2", "opening_hours"] == "Mo-Fr 09:00-12:00"
    assert not found.loc["R2", "appointment"]


@pytest.mark.parametrize("stop_rounds", [NO_ROUNDS, STOPS])
def test_a_slot_without_any_place_has_an_empty_offer(stop_rounds):
    assert offer_rows(services(), stop_rounds, NO_STATEMENTS, COMMUNES).empty
