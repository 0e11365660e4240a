"""What is said to differ between the survey and the list: both sides, their dates, whom to ask, and nothing that agrees."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.rows import filled
from tests.sql.conftest import Filled
from tests.sql.test_edges import SLOT, change, made

BESIDE = {
    "score": 0.0, "reason": "r", "decision": "related", "left_source": "survey", "left_id": "d1:Lieux:6",
    "right_source": "france_services", "right_id": "3",
}  # fmt: skip


def sides(own: Filled, *fields: dict[str, object]) -> pd.DataFrame:
    """The differences of p1 where the two sides give these values, by field."""
    rows = []
    for field in fields:
        common = {
            "place_id": "p1",
            "wins": False,
            "why": "w",
            **{k: v for k, v in field.items() if k not in ("s", "l", "same")},
        }
        for side, source in (("s", "survey"), ("l", "france_services")):
            compared = field["s"] if field.get("same") else field[side]
            source_id = "d1:Lieux:5" if side == "s" else "1"
            date = "2022-03-02" if side == "s" else "2022-12-01"
            own_row = {"value": field[side], "compared": compared, "source": source, "source_id": source_id}
            rows.append(common | own_row | {"source_date": date})
    own[0].replace("place_values", SLOT, filled("place_values", pd.DataFrame(rows)))
    found = made(own, "discrepancies")
    return found[found["place_id"] == "p1"].set_index("field")


def test_what_the_survey_has_at_the_same_door_is_named_and_the_house_is_not_said_absent(own: Filled) -> None:
    own[0].replace("link_pairs", SLOT, pd.DataFrame([BESIDE]))
    change(own[0], "update survey_places set service_type = 'mairie' where survey_place_id = 'd1:Lieux:6'")
    change(own[0], "update places set service_type = 'mairie' where place_id = 'p5'")
    found = made(own, "discrepancies").set_index("place_id")
    host = own[0].read("survey_places").set_index("survey_place_id").loc["d1:Lieux:6", "name"]
    assert found.loc["p3", ["kind", "host"]].tolist() == ["host_in_survey", host]


def test_a_host_that_the_survey_says_to_be_one_is_not_said_to_lack_the_label(own: Filled) -> None:
    own[0].replace("link_pairs", SLOT, pd.DataFrame([BESIDE]))
    change(own[0], "update places set insee = '33004', latitude = 40 where place_id = 'p5'")
    found = made(own, "discrepancies").set_index("place_id")
    assert found.loc["p3", "kind"] == "perhaps_in_survey"
    assert "p5" not in found.index


def test_a_house_that_the_survey_says_in_the_same_commune_may_be_the_listed_one(own: Filled) -> None:
    before = made(own, "discrepancies").set_index("place_id")["kind"]
    assert (before["p3"], before["p5"]) == ("label_not_in_survey", "only_in_survey")
    change(own[0], "update places set kind = 'fixed', name = 'Maison', insee = '33004' where place_id in ('p3', 'p5')")
    found = made(own, "discrepancies").set_index("place_id")
    assert found.loc["p3", "kind"] == "perhaps_in_survey"
    assert "p5" not in found.index  # told once, from the list's side
    change(own[0], "update places set kind = 'itinerant' where place_id = 'p3'")
    kinds = made(own, "discrepancies").set_index("place_id")["kind"]
    assert (kinds["p3"], kinds["p5"]) == ("label_not_in_survey", "only_in_survey")  # a bus is no house


def test_of_several_that_the_survey_says_the_nearest_is_named(own: Filled) -> None:
    far, near = "'Centre social'", "'Maison du village'"
    change(own[0], "update places set kind = 'fixed', name = 'Maison', insee = '33003' where place_id = 'p3'")
    change(own[0], "update places set service_type = 'france_services' where place_id = 'p6'")
    change(own[0], "update place_members set place_id = 'p6' where source_id = 'd1:Lieux:7'")
    change(own[0], f"update survey_places set name = {far} where survey_place_id = 'd1:Lieux:6'")
    change(own[0], f"update survey_places set name = {near} where survey_place_id = 'd1:Lieux:7'")
    change(own[0], "update places set latitude = 44.81 where place_id = 'p5'")
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "host"] == "Maison du village"
    change(own[0], "update places set latitude = 44.82, longitude = -0.5 where place_id in ('p3', 'p5')")
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "host"] == "Centre social"


def test_a_house_at_the_other_end_of_a_large_commune_is_another(own: Filled) -> None:
    change(own[0], "update places set kind = 'fixed', name = 'Maison', insee = '33003' where place_id = 'p3'")
    change(own[0], "update places set latitude = 44.826 where place_id = 'p5'")  # 2.9 km away
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "kind"] == "perhaps_in_survey"
    change(own[0], "update places set latitude = 44.828 where place_id = 'p5'")  # 3.1 km
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "kind"] == "label_not_in_survey"


def test_a_bus_of_another_intercommunality_is_another(own: Filled) -> None:
    change(own[0], "update places set kind = 'itinerant' where place_id in ('p3', 'p5')")
    change(own[0], "update communes set epci = 'a' where insee = '33002'")
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "kind"] == "perhaps_in_survey"
    change(own[0], "update communes set epci = 'b' where insee = '33003'")
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "kind"] == "label_not_in_survey"


@pytest.mark.parametrize(
    ("survey", "listed", "told"),
    [
        ("+33639980120", "+33557311528", False),
        ("+33639980120", "+33639980121", True),
        ("+33556000000", "+33557311528", True),
    ],
)
def test_a_number_that_somebody_masked_says_nothing_beside_a_real_one(
    own: Filled, survey: str, listed: str, told: bool
) -> None:
    assert ("phone" in sides(own, {"field": "phone", "s": survey, "l": listed, "same": False}).index) == told


def test_a_stop_of_a_bus_is_not_absent_from_a_list_that_holds_a_bus(own: Filled) -> None:
    change(own[0], "update places set kind = 'itinerant' where place_id = 'p3'")
    change(own[0], "update places set name = 'Bus France services - place du marché' where place_id = 'p5'")
    found = made(own, "discrepancies").set_index("place_id")["kind"]
    assert found["p3"] == "perhaps_in_survey"
    assert "p5" not in found.index


def test_hours_that_say_the_same_are_told_only_where_one_side_says_more(own: Filled) -> None:
    hours = {"field": "opening_hours", "s": "Mo 09:00-12:00", "same": True}
    assert "hours" not in sides(own, hours | {"l": "Mo 09:00-12:00; PH off"}).index
    found = sides(own, hours | {"l": 'Mo 09:00-12:00 "sur rendez-vous"'})
    assert found.loc["hours", "kind"] == "finer_detail"
    both = hours | {"s": 'Mo 09:00-12:00 "sur rdv"', "l": 'Mo 09:00-12:00 "sur rendez-vous"'}
    assert "hours" not in sides(own, both).index


@pytest.mark.parametrize(("metres", "address_told"), [(150.0, False), (151.0, True)])
def test_two_addresses_of_which_the_points_are_as_good_as_one_do_not_differ(
    own: Filled, metres: float, address_told: bool
) -> None:
    address = {"field": "address", "s": "2 rue du Palais", "l": "Place de la Mairie"}
    point = {
        "field": "position",
        "s": "44.1, 0.2",
        "l": "44.2, 0.2",
        "metres": metres,
        "precision": "own",
        "same": True,
    }
    assert ("address" in sides(own, address, point).index) is address_told
    apart = sides(own, address, point | {"metres": 620.0, "same": False})
    assert apart.loc["position", ["metres", "survey_precision", "national_precision"]].tolist() == [620, "own", "own"]
    assert apart.loc["address", ["metres", "survey_date", "source_date"]].tolist() == [620, "2022-03-02", "2022-12-01"]
    change(own[0], "update places set kind = 'itinerant' where place_id = 'p1'")
    assert made(own, "discrepancies").query("place_id == 'p1'").empty  # what moves has no address


def test_a_difference_says_whom_to_ask_and_the_survey_s_name_of_the_place(own: Filled) -> None:
    change(own[0], "update places set phone = '+33556000001', email = 'a@valbrume.example' where place_id = 'p1'")
    name = {"field": "name", "s": "Mairie de Valbrume", "l": "France services Valbrume"}
    phone = {"field": "phone", "s": "+33556000001", "l": "+33556000002"}
    found = sides(own, name, phone)
    assert found.index.tolist() == ["phone"]
    assert found.loc["phone", ["survey_name", "phone", "email"]].tolist() == [
        "Mairie de Valbrume", "+33556000001", "a@valbrume.example",
    ]  # fmt: skip
