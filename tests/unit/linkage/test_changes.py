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


def test_each_change_is_said_with_what_was_and_what_is():
    now = HOUSE | {"name": "France services du Sud-Gironde", "address": "14 avenue de la Gare", "latitude": 44.4410,
                   "opening_hours": "Mo-Sa 09:00-12:00"}  # fmt: skip
    levels = [("33-a", "R1", "accompaniment"), ("33-a", "R2", "none")]
    turned = [
        ("33-a", "R1", "none"),
        ("33-a", "R2", "information"),
        ("33-a", None, "information"),
        ("33-a", "R3", None),
    ]
    found = changes(campaign("2022-01", HOUSE, levels=levels), campaign("2022-12", now, levels=turned))
    assert dict(zip(found["change"], found["message"], strict=True)) == {
        "demarche_gained": "La démarche R2 y est désormais accompagnée.",
        "demarche_lost": "La démarche R1 n’y est plus accompagnée.",
        "hours_gained": "3\u00a0h de plus par semaine.",
        "moved": "A déménagé de 1\u202f001\u00a0m\u202f: 2 rue du Palais, Bazas → 14 avenue de la Gare, Bazas.",
        "renamed": "S’appelait « France services de Bazas ».",
    }
    assert set(found["since"]) == {"2022-01"}
    assert found["change"].is_monotonic_increasing
    sides = found.set_index("change")[["before", "after"]]
    assert sides.loc["hours_gained"].tolist() == ["Mo-Fr 09:00-12:00", "Mo-Sa 09:00-12:00"]
    assert sides.loc["renamed"].tolist() == ["France services de Bazas", "France services du Sud-Gironde"]
    assert set(found["name"]) == {"France services du Sud-Gironde"}


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        ({"latitude": 44.4333}, []),  # 145 m: what two geocoders may differ by
        ({"latitude": 44.4334}, ["moved"]),
        ({"latitude": None}, []),
        ({"latitude": None, "insee": "33227", "commune": "Langon"}, ["moved"]),
        ({"latitude": 44.8}, []),  # 41 km within one commune: one of the two points is wrong
        ({"latitude": 44.8, "insee": "33227"}, ["moved"]),
        ({"address": None, "latitude": 44.5}, []),
    ],
)
def test_a_move_is_an_address_and_a_point_that_both_changed(moved, found):
    now = HOUSE | {"address": "14 avenue de la Gare"} | moved
    told = changes(campaign("2022-01", HOUSE), campaign("2022-12", now))
    assert told["change"].tolist() == found
    if found and moved["latitude"] is None:
        assert told["message"].tolist() == ["A déménagé\u202f: 2 rue du Palais, Bazas → 14 avenue de la Gare, Langon."]


@pytest.mark.parametrize(
    ("hours", "found"), [("Mo-Th 09:00-12:00;Fr 09:00-11:30", []), ("Mo-Th 09:00-12:00;Fr 09:00-11:00", ["hours_lost"])]
)
def test_less_than_an_hour_is_a_rounding(hours, found):
    told = changes(campaign("2022-01", HOUSE), campaign("2022-12", HOUSE | {"opening_hours": hours}))
    assert told["change"].tolist() == found


def test_what_is_only_a_host_neither_opens_nor_closes_and_a_counter_of_its_own_does():
    hall = HOUSE | {"place_id": "33-h", "service_type": "mairie", "in_survey": False, "in_france_services": False}
    post = hall | {"place_id": "33-p", "service_type": "bureau_de_poste"}
    every, alone = (hall, post, HOUSE), (HOUSE,)

    def told(before, now):
        sides = (campaign(*side, sources=("annuaire",)) for side in (("2022-01", *before), ("2022-12", *now)))
        return changes(*sides)[["place_id", "change", "message"]].to_numpy().tolist()

    assert told(alone, every) == [["33-p", "opened", "Ouvert depuis la campagne 2022-01."]]
    assert told(every, alone) == [["33-p", "closed", "Fermé depuis la campagne 2022-01, ou retiré des listes."]]


def test_what_a_place_merged_into_another_offered_is_the_other_s():
    double = HOUSE | {"place_id": "33-b", "name": "Autre nom"}
    columns = list(declaration("place_aliases").names)
    aliases = pd.DataFrame([("33-b", "33-c", "2022-06", "merge"), ("33-c", "33-a", "2022-12", "merge"),
                            ("33-a", "33-z", "2022-12", "split")], columns=columns)  # fmt: skip
    before = campaign("2022-01", double, HOUSE, levels=[("33-b", "R1", "accompaniment")])
    now = campaign("2022-12", HOUSE, levels=[("33-a", "R2", "accompaniment")])
    found = changes(before, now, aliases)
    assert list(zip(found["place_id"], found["change"], found["demarche_id"], strict=True)) == [
        ("33-a", "demarche_gained", "R2"), ("33-a", "demarche_lost", "R1"),
    ]  # fmt: skip
