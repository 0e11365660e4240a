"""What no brief may say is a row of `contradictions`, and each of its kinds stops the département."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.checks.judge import judge
from tests.rows import filled
from tests.sql.conftest import Filled
from tests.sql.small_slot import DEPARTEMENT
from tests.sql.test_edges import SLOT, change, figures, made

PAIR = {"score": 0.5, "reason": "r", "decision": "review"}
BOTH = {"left_source": "survey", "left_id": "d1:Lieux:6", "right_source": "france_services", "right_id": "3"}
MERGED = {"left_source": "survey", "left_id": "d1:Lieux:5", "right_source": "france_services", "right_id": "1"}


def test_a_slot_that_contradicts_nothing_has_no_row(own: Filled) -> None:
    """33002 holds a house labelled in June 2022 and is 23 minutes from it, for a reason that is said."""
    change(own[0], "update access_minutes set reason = 'son lieu est loin' where insee = '33002'")
    assert made(own, "contradictions").empty


def test_a_commune_far_from_what_stands_in_it_is_one_until_the_reason_is_said(own: Filled) -> None:
    found = made(own, "contradictions")
    assert found[["kind", "subject"]].to_numpy().tolist() == [["far_from_what_stands_there", "33002"]]
    change(own[0], "update places set labelled_on = '2022-12-02' where place_id = 'p2'")  # not open yet
    assert made(own, "contradictions").empty


def test_what_stands_in_a_commune_is_not_to_be_opened_there(own: Filled) -> None:
    warehouse, _ = own
    lever = {"scope": "departement", "service": "france_services", "demarche_id": "", "threshold": 20, "rank": 1}
    gains = dict.fromkeys(
        ("inhabitants_gained", "inhabitants_gained_alone", "inhabitants_gained_together", "guarantee"), 1.0
    )
    rows = [
        lever | gains | {"move": move, "insee": insee, "place_id": None, "window": None}
        # 33002 has one, 23 minutes from its inhabitants; 33003 has none
        for move, insee in (
            ("new_place", "33001"),
            ("new_place", "33002"),
            ("new_place", "33003"),
            ("bus_stop", "33001"),
        )
    ]
    warehouse.replace("levers", SLOT, filled("levers", pd.DataFrame(rows)))
    found = made(own, "contradictions").set_index("kind")
    assert found.loc[["opening_what_stands_there"], "subject"].tolist() == ["33001"]


def test_what_a_person_may_yet_recognise_is_not_absent(own: Filled) -> None:
    """The survey's fifth house and the listed bus may be one: neither is said to be missing on the other's side."""
    kinds = made(own, "discrepancies").set_index("place_id")["kind"]
    assert (kinds.get("p5"), kinds.get("p3")) == ("only_in_survey", "label_not_in_survey")
    own[0].replace("link_pairs", SLOT, pd.DataFrame([PAIR | BOTH, PAIR | MERGED]))
    told = made(own, "discrepancies")
    assert not {"p5", "p3"} & set(told["place_id"])
    assert "p1" in set(told["place_id"])  # merged long since: nothing waits there
    assert made(own, "int_pairs_waiting")[["place_id", "other_place_id"]].to_numpy().tolist() == [["p5", "p3"]]
    assert "absent_while_waiting" not in set(made(own, "contradictions")["kind"])


@pytest.mark.parametrize(
    ("decision", "score", "left"), [("different", 1.0, 0), ("related", 1.0, 0), ("related", 0.8, 1)]
)
def test_what_a_person_said_of_one_record_is_not_asked_of_another_of_the_same_places(
    own: Filled, decision: str, score: float, left: int
) -> None:
    members = own[0].read("place_members")
    again = members[members["source_id"] == "3"].assign(source="annuaire", source_id="n3")
    own[0].replace("place_members", SLOT, pd.concat([members, again], ignore_index=True)[[*again][2:]])
    other = {"right_source": "annuaire", "right_id": "n3", "decision": decision, "score": score}
    own[0].replace("link_pairs", SLOT, pd.DataFrame([PAIR | BOTH, PAIR | BOTH | other]))
    assert len(made(own, "int_pairs_waiting")) == left


def test_a_row_of_the_list_that_is_in_no_place_is_one(own: Filled) -> None:
    change(own[0], "delete from place_members where source = 'france_services' and source_id = '3'")
    found = made(own, "contradictions").set_index("kind")
    assert found.loc[["listed_and_nowhere"], "subject"].tolist() == ["3"]


def test_a_row_of_the_list_without_a_commune_is_listed_apart_and_counted_with_the_others(own: Filled) -> None:
    change(own[0], "delete from place_members where source = 'france_services' and source_id = '3'")
    change(own[0], "update national_places set insee = null, name = 'Bus' where source_id = '3'")
    assert "listed_and_nowhere" not in set(made(own, "contradictions")["kind"])
    assert made(own, "unplaced_rows")[["source", "source_id", "name"]].to_numpy().tolist() == [
        ["france_services", "3", "Bus"]
    ]
    figure = figures(own).loc[("france_services", "")]
    assert (figure["value"], figure["n"], figure["missing"]) == (3, 3, pytest.approx(1 / 3))


@pytest.mark.parametrize(
    "kind", ["far_from_what_stands_there", "opening_what_stands_there", "absent_while_waiting", "listed_and_nowhere"]
)
def test_each_kind_stops_the_slot_and_says_which(kind: str) -> None:
    rows = pd.DataFrame([{"departement": DEPARTEMENT, "kind": kind, "subject": subject} for subject in "abcdefg"])
    (stopping,) = [verdict for verdict in judge("contradictions", rows, [DEPARTEMENT]) if verdict.stops]
    assert stopping.sentence().endswith("Ce n’est pas le cas de 7 sur 7\u00a0: a, b, c, d, e….")


def test_who_is_too_far_at_any_speed_comes_before_who_may_be_near(own: Filled) -> None:
    """33002, 600 inhabitants, is within twenty minutes if 20 % faster; 33003, 400, is not; 33004 is not computed."""
    change(own[0], "update access_minutes set minutes = 40, minutes_low = 33, minutes_high = 50 where insee = '33003'")
    gaps = made(own, "gaps").sort_values("rank")
    assert gaps[["insee", "certain"]].to_numpy().tolist() == [["33003", True], ["33002", False], ["33004", False]]
    change(own[0], "update access_minutes set minutes = null, minutes_low = null where insee = '33003'")
    gaps = made(own, "gaps").sort_values("rank")
    assert gaps[["insee", "certain"]].to_numpy().tolist() == [["33002", False], ["33003", True], ["33004", False]]
