"""What opened, closed, moved or changed its hours between two campaigns."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.linkage.changes import CampaignPlaces, compare_campaigns
from fs_pipeline.warehouse.declared import declaration

NO_ALIAS = pd.DataFrame(columns=list(declaration("place_aliases").names))
HOUSE = {"place_id": "33-a", "name": "France services de Bazas", "insee": "33036", "commune": "Bazas",
         "service_type": "france_services", "address": "2 rue du Palais", "latitude": 44.4320, "longitude": -0.2120,
         "opening_hours": "Mo-Fr 09:00-12:00", "in_survey": True, "in_france_services": True}  # fmt: skip


def campaign(name, *places, sources=("survey",), levels=()):  # type: ignore[no-untyped-def]
    members = [
        {"place_id": place["place_id"], "source": source, "source_id": place["place_id"]}
        for place in places
        for source in sources
    ]
    columns = ["place_id", "demarche_id", "level"]
    return CampaignPlaces(
        name,
        pd.DataFrame(places, columns=list(HOUSE)),
        pd.DataFrame(members, columns=["place_id", "source", "source_id"]),
        pd.DataFrame(levels, columns=columns),
    )


def changes(before, now, aliases=NO_ALIAS):  # type: ignore[no-untyped-def]
    return compare_campaigns(before, now, aliases)


def test_nothing_changed_is_no_row():
    assert changes(campaign("2022-01", HOUSE), campaign("2022-12", HOUSE)).empty


def test_a_house_opens_and_another_closes():
    other = HOUSE | {"place_id": "33-b", "name": "France services de Captieux"}
    found = changes(campaign("2022-01", HOUSE), campaign("2022-12", other))
    assert dict(zip(found["place_id"], found["change"], strict=True)) == {"33-a": "closed", "33-b": "opened"}


def test_a_survey_handed_in_for_the_first_time_opens_nothing():
    before = campaign("2022-01", sources=("la_poste",))
    assert changes(before, campaign("2022-12", HOUSE)).empty


def test_a_move_is_measured_in_metres_and_said_in_french():
    moved = HOUSE | {"address": "14 avenue de la Gare", "latitude": 44.4410}
    (row,) = changes(campaign("2022-01", HOUSE), campaign("2022-12", moved)).to_dict("records")
    assert row["change"] == "moved"
    assert row["metres"] == pytest.approx(1_001, abs=2)
    assert row["message"].startswith("A déménagé de 1\u202f001\u00a0m")


def test_an_address_written_otherwise_is_no_move():
    same = HOUSE | {"address": "2, RUE DU PALAIS", "latitude": 44.4329}
    assert changes(campaign("2022-01", HOUSE), campaign("2022-12", same)).empty


def test_the_label_s_word_added_to_a_name_is_no_renaming_and_another_name_is_one():
    longer = HOUSE | {"name": "MAISON FRANCE SERVICES BAZAS"}
    assert changes(campaign("2022-01", HOUSE), campaign("2022-12", longer)).empty
    other = HOUSE | {"name": "France services du Sud-Gironde"}
    assert list(changes(campaign("2022-01", HOUSE), campaign("2022-12", other))["change"]) == ["renamed"]


def test_hours_lost_are_counted_by_week():
    fewer = HOUSE | {"opening_hours": "Mo-Th 09:00-12:00"}
    (row,) = changes(campaign("2022-01", HOUSE), campaign("2022-12", fewer)).to_dict("records")
    assert (row["change"], row["hours"], row["message"]) == ("hours_lost", 3.0, "3\u00a0h de moins par semaine.")


def test_hours_that_are_not_known_are_neither_lost_nor_gained():
    silent = HOUSE | {"opening_hours": None}
    assert changes(campaign("2022-01", HOUSE), campaign("2022-12", silent)).empty


def test_a_demarche_is_lost_only_where_both_campaigns_state_something():
    before = campaign("2022-01", HOUSE, levels=[("33-a", "R1", "accompaniment"), ("33-a", "R2", "information")])
    now = campaign("2022-12", HOUSE, levels=[("33-a", "R1", "none"), ("33-a", "R2", "information")])
    found = changes(before, now)
    assert list(zip(found["change"], found["demarche_id"], strict=True)) == [("demarche_lost", "R1")]
    assert changes(before, campaign("2022-12", HOUSE)).empty


def test_a_place_merged_into_another_has_not_closed():
    double = HOUSE | {"place_id": "33-b"}
    aliases = pd.DataFrame([("33-b", "33-a", "2022-12", "merge")], columns=list(declaration("place_aliases").names))
    assert changes(campaign("2022-01", HOUSE, double), campaign("2022-12", HOUSE), aliases).empty
