"""Records of a survey and of national lists become places: gathered, their values chosen, under an id they keep."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fs_pipeline.linkage.rulings import new_ruling
from tests.unit.linkage.places import LISTED_ROWS, SURVEY_ROWS, national, survey


def by_source(tables):  # type: ignore[no-untyped-def]
    members = tables["place_members"]
    return dict(zip(zip(members["source"], members["source_id"], strict=True), members["place_id"], strict=True))


def test_two_rows_of_one_house_and_its_entry_in_the_list_are_one_place(department):
    tables = department().settle(survey(), national())
    place = by_source(tables)
    assert place["survey", "d:0"] == place["survey", "d:1"] == place["france_services", "101"]
    row = tables["places"].set_index("place_id").loc[place["france_services", "101"]]
    assert row["in_survey"]
    assert row["in_france_services"]
    assert row["name"] == "France services Bordeaux Bastide"


def test_rows_that_a_clerk_numbered_on_one_street_stay_apart_and_are_asked_about(department):
    house = {"insee": "33063", "commune": "Bordeaux", "phone": "+33556490001", "opening_hours": "Mo-Fr 09:00-12:00"}
    rows = [
        house | {"name": f"France services de Bordeaux {n}", "address": f"{n} rue de la Mairie",
                 "service_type": "france_services"}
        for n in (2, 8, 14, 20)
    ]  # fmt: skip
    gironde = department()
    place = by_source(gironde.settle(survey(rows), national([])))
    assert len(set(place.values())) == len(rows)
    assert set(gironde.pairs["decision"]) == {"review"}


def test_a_house_is_not_the_town_hall_that_houses_it(department):
    tables = department().settle(survey(), national())
    place = by_source(tables)
    assert place["survey", "d:2"] == place["annuaire", "mairie-33036-01"] != place["france_services", "102"]
    places = tables["places"].set_index("place_id")
    assert places.loc[place["france_services", "102"], "host_place_id"] == place["survey", "d:2"]
    assert not places.loc[place["france_services", "102"], "in_survey"]


def test_a_post_office_stands_alone_and_a_town_hall_that_nobody_names_does_not(department):
    place = by_source(department().settle(survey(), national()))
    assert ("la_poste", "12345A") in place
    assert ("annuaire", "mairie-33002-01") not in place


def test_exactly_one_value_wins_a_field_and_the_losers_are_kept_with_their_reason(department):
    values = department().settle(survey(), national())["place_values"]
    assert (values.groupby(["place_id", "field"])["wins"].sum() == 1).all()
    hours = values[(values["field"] == "opening_hours") & (values["source"] == "france_services")]
    assert not hours["wins"].any()
    assert hours["why"].str.len().gt(0).all()


def test_the_label_s_date_is_no_freshness(department):
    """The list of 2019 labelled the house last month: the survey of 2022 is still fresher."""
    tables = department().settle(survey(), national(date="2019-06-01"))
    values = tables["place_values"]
    address = values[(values["field"] == "address") & values["wins"]].set_index("place_id")["source"]
    assert address[by_source(tables)["france_services", "101"]] == "survey"


def test_case_and_abbreviations_are_no_disagreement(department):
    tables = department().settle(survey(), national())
    values = tables["place_values"]
    place = by_source(tables)["france_services", "101"]
    address = values[(values["place_id"] == place) & (values["field"] == "address")]
    assert address["value"].nunique() == 3
    assert address["compared"].nunique() == 1


def test_a_rerun_gives_the_same_ids_and_makes_no_alias(department):
    gironde = department()
    first = gironde.settle(survey(), national())
    second = gironde.settle(survey(), national())
    assert by_source(first) == by_source(second)
    assert gironde.aliases.empty


def test_a_place_keeps_its_id_when_it_changes_its_name_in_the_next_campaign(department):
    gironde = department()
    alone = [SURVEY_ROWS[3]]
    before = by_source(gironde.settle(survey(alone), national([]), "2022-06"))
    renamed = [SURVEY_ROWS[3] | {"name": "Bibliothèque-médiathèque Jaurès"}]
    after = by_source(gironde.settle(survey(renamed), national([]), "2022-12"))
    assert after["survey", "d:0"] == before["survey", "d:0"]


def test_two_places_found_to_be_one_leave_an_alias_and_the_dead_id_is_never_given_again(department):
    gironde = department()
    apart = gironde.settle(survey([SURVEY_ROWS[3]]), national([LISTED_ROWS[0]]), "2022-06")
    ids = set(apart["places"]["place_id"])
    records = {"source": "survey"} | SURVEY_ROWS[3], LISTED_ROWS[0]
    keys = gironde.registry.set_index("source")["source_key"]
    gironde.rulings = pd.DataFrame(
        [
            new_ruling(
                records[0] | {"source_key": keys["survey"]},
                records[1] | {"source_key": "101"},
                "same",
                departement="33",
                decided_by="préfecture",
                decided_on="2022-07-01",
            )
        ]
    )
    joined = gironde.settle(survey([SURVEY_ROWS[3]]), national([LISTED_ROWS[0]]), "2022-12")
    assert len(joined["places"]) == 1
    (kept,) = joined["places"]["place_id"]
    assert list(gironde.aliases["why"]) == ["merge"]
    assert {kept, *gironde.aliases["alias"]} == ids
    gironde.rulings = gironde.rulings.iloc[:0]
    parted = gironde.settle(survey([SURVEY_ROWS[3]]), national([LISTED_ROWS[0]]), "2023-06")
    assert kept in set(parted["places"]["place_id"])
    assert not set(gironde.aliases.loc[gironde.aliases["why"] == "merge", "alias"]) & set(parted["places"]["place_id"])
    assert "split" in set(gironde.aliases["why"])


# Last first turns every pair round, which is what a choice by place would show; the rest are drawn.
@example(SURVEY_ROWS[::-1], LISTED_ROWS[::-1])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(SURVEY_ROWS), st.permutations(LISTED_ROWS))
def test_the_order_of_the_input_changes_no_place_and_no_id(department, surveyed, listed):
    def shape(tables):  # type: ignore[no-untyped-def]
        places = tables["places"].drop(columns=["latitude", "longitude"]).sort_values("place_id")
        return places.astype(str).to_dict("records")

    expected = shape(department().settle(survey(), national()))
    assert shape(department().settle(survey(list(surveyed)), national(list(listed)))) == expected
