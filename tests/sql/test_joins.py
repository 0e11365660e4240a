"""What joins keep: a row without a counterpart, the one of several that speaks, the line that is in force."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.rows import filled as whole_rows
from tests.sql.conftest import Filled
from tests.sql.small_slot import BY_LABEL, CONFIRMED, DEPARTEMENT, make
from tests.sql.test_edges import SLOT, change, figures, made


def test_an_absent_source_is_known_and_has_no_line(own: Filled) -> None:
    lines = made(own, "int_campaign_sources").set_index("source")["line"]
    assert lines["annuaire"] is None
    assert lines["la_poste"] == "Points de contact de La Poste (15 août 2016)"
    assert lines["france_services"] == "Liste des France services (1er décembre 2022)"
    change(own[0], "update campaign_sources set as_of = null where source = 'la_poste'")
    undated = made(own, "int_campaign_sources").set_index("source")["line"]["la_poste"]
    assert undated.startswith("Points de contact de La Poste (")
    assert "2016" not in undated


def test_a_slot_without_a_place_says_of_help_what_its_deposit_says(own: Filled) -> None:
    own[0].replace("places", SLOT, pd.DataFrame())
    assert made(own, "int_help_said")["help_said"].tolist() == ["silent"]
    said = figures(own)
    assert said.loc[("demarches_by_label", ""), ["value", "value_or_reason"]].tolist() == [0, "computed"]
    assert said.loc[("discrepancies", ""), "value"] == 0
    change(own[0], "update deposits set verdict = 'refused'")
    assert made(own, "int_help_said")["help_said"].tolist() == ["no_survey"]


def test_a_bus_in_no_known_commune_may_be_the_survey_s(own: Filled) -> None:
    change(own[0], "update places set kind = 'itinerant' where place_id in ('p3', 'p5')")
    for lost in ("p3", "p5"):
        change(own[0], "update places set insee = '33999' where place_id = :lost", lost=lost)
        assert made(own, "discrepancies").set_index("place_id").loc["p3", "kind"] == "perhaps_in_survey"


def test_a_survey_whose_place_nobody_named_is_told_by_its_identifier(own: Filled) -> None:
    change(own[0], "update places set kind = 'itinerant' where place_id in ('p3', 'p5')")
    change(own[0], "update survey_places set name = null where survey_place_id = 'd1:Lieux:6'")
    assert made(own, "discrepancies").set_index("place_id").loc["p3", "host"] == "p5"


def test_a_list_without_a_date_differs_all_the_same(own: Filled) -> None:
    sources = own[0].read("campaign_sources")
    own[0].replace("campaign_sources", {}, sources[sources["source"] != "france_services"])
    told = made(own, "discrepancies")
    assert len(told) == 4
    assert told["source_date"].isna().all()


def test_who_was_not_computed_is_counted_in_what_is_checked(own: Filled) -> None:
    for table in ("communes", "demand_points"):
        change(own[0], f"update {table} set population = 500 where insee = '33004'")
    checked = made(own, "access_consistency")
    label = checked[checked["figure"].isin(["france_services", "coverage"])]
    assert set(label["population_counted"]) == {2500}
    assert set(label["population"]) == {2500}
    covered = checked[checked["figure"] == "coverage"].set_index("demarche_id")
    assert covered.loc[BY_LABEL, ["share_near", "confirmed_or_label_near"]].tolist() == [0.4, 0.4]


def test_a_commune_exactly_at_the_threshold_of_its_own_house_has_it(own: Filled) -> None:
    change(own[0], "update access_minutes set minutes = 20 where insee = '33001' and service = 'france_services'")
    gains = dict.fromkeys(
        ("inhabitants_gained", "inhabitants_gained_alone", "inhabitants_gained_together", "guarantee"), 1.0
    )
    lever = {"scope": "departement", "service": "france_services", "demarche_id": "", "threshold": 20, "rank": 1}
    rows = pd.DataFrame([lever | gains | {"move": "bus_stop", "insee": "33001"}])
    own[0].replace("levers", SLOT, whole_rows("levers", rows))
    found = made(own, "contradictions").set_index("kind")["subject"]
    assert found["opening_what_stands_there"] == "33001"
    change(own[0], "update access_minutes set minutes = 20.5 where insee = '33001' and service = 'france_services'")
    found = made(own, "contradictions")
    assert "opening_what_stands_there" not in set(found["kind"])
    assert {"33001", "33002"} == set(found.query("kind == 'far_from_what_stands_there'")["subject"])


def test_a_place_that_helps_in_general_and_whose_kind_nobody_said_stands_still(own: Filled) -> None:
    warehouse, _ = own
    change(warehouse, "update survey_places set general_help = 'yes' where survey_place_id = 'd1:Lieux:7'")
    change(warehouse, "update places set kind = null where place_id = 'p2'")
    helping = made(own, "int_place_services").query("service == 'general'")
    assert helping["place_id"].tolist() == ["p2"]
    assert helping["demarche_id"].tolist() == [""]
    change(warehouse, "update places set kind = 'itinerant' where place_id = 'p2'")
    assert made(own, "int_place_services").query("service == 'general'").empty


@pytest.mark.parametrize(
    ("first", "second", "spoken"),
    [
        # the row of the labelled house speaks for the place, however old it is
        (("1", "2020-01-01", "france_services"), ("2", "2022-01-01", "mairie"), "1"),
        # then the latest, and a date before none
        (("1", "2022-01-02", "mairie"), ("2", "2022-01-01", "mairie"), "1"),
        (("1", "2022-01-01", "mairie"), ("2", None, "mairie"), "1"),
        # then the first in order of what they say
        (("1", "2022-01-01", "mairie"), ("2", "2022-01-01", "mairie"), "1"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_of_several_rows_of_the_survey_one_speaks_for_the_place(
    own: Filled,
    first: tuple[str, str | None, str],
    second: tuple[str, str | None, str],
    spoken: str,
    swapped: bool,
) -> None:
    said, other = (first, second) if not swapped else (second, first)
    rows = []
    for source_id, (value, date, service_type) in zip(("d1:Lieux:4", "d1:Lieux:5"), (said, other), strict=True):
        rows.append({"source": "survey", "source_id": source_id, "value": value, "source_date": date})
        change(
            own[0],
            "update survey_places set service_type = :type where survey_place_id = :which",
            type=service_type,
            which=source_id,
        )
    rows += [
        {"source": "france_services", "source_id": "1", "value": "9", "source_date": "2022-12-01"},
        {"source": "annuaire", "source_id": "a", "value": "0", "source_date": "2022-12-02"},
    ]
    values = pd.DataFrame(rows).assign(place_id="p1", field="phone", wins=False, why="w")
    own[0].replace("place_values", SLOT, whole_rows("place_values", values.assign(compared=values["value"])))
    (side,) = made(own, "int_place_sides").to_dict("records")
    dates = {first[0]: first[1], second[0]: second[1]}
    assert (side["survey_value"], side["survey_date"]) == (spoken, dates[spoken])
    assert (side["national_value"], side["same"]) == ("9", False)


def test_the_threshold_in_force_is_the_one_that_began_last(own: Filled) -> None:
    change(
        own[0],
        "insert into thresholds (near_minutes, far_minutes, valid_from, valid_to, source)"
        " values ('10', '24', '2022-06-01', null, 's'), ('15', '40', '2022-12-02', null, 's'),"
        " ('5', '6', '2020-01-01', '2022-11-30', 's')",
    )
    slot = made(own, "int_slots").iloc[0]
    assert slot[["near_minutes", "far_minutes"]].tolist() == [10, 24]
    assert made(own, "access_shares")["threshold"].drop_duplicates().tolist() == [10, 24]


def test_a_deposit_that_was_refused_is_no_survey_and_the_vintage_is_the_latest(own: Filled) -> None:
    change(own[0], "update communes set vintage = '2025' where insee = '33002'")
    slot = made(own, "int_slots").iloc[0]
    assert slot["deposits"] == 1
    assert "2026" in slot["population_source"]
    assert made(own, "int_slots")["departement"].tolist() == [DEPARTEMENT]


def test_a_demarche_denied_by_one_row_and_confirmed_by_another_of_the_same_place_is_confirmed(own: Filled) -> None:
    change(own[0], "update survey_demarches set level = 'none' where \"row\" = 2")
    found = made(own, "int_place_demarches").set_index(["place_id", "demarche_id"])
    assert found.loc[("p1", CONFIRMED), ["evidence", "level"]].tolist() == ["confirmed", "accompaniment"]


def test_of_two_hosts_one_is_named_and_a_row_of_the_same_place_hosts_nothing(own: Filled) -> None:
    pair = {
        "left_source": "survey",
        "right_source": "france_services",
        "score": 0.5,
        "reason": "r",
        "decision": "related",
    }
    pairs = [
        pair | {"left_id": left, "right_id": right}
        for left, right in (("d1:Lieux:6", "3"), ("d1:Lieux:7", "3"), ("d1:Lieux:5", "1"))
    ]
    own[0].replace("link_pairs", SLOT, pd.DataFrame(pairs))
    hosts = made(own, "int_hosts")
    assert sorted(hosts[["place_id", "host_place_id", "host"]].to_numpy().tolist()) == [
        ["p3", "p2", "FS deux"],
        ["p3", "p5", "FS cinq"],
    ]
    change(own[0], "update places set insee = '33004' where place_id = 'p5'")
    change(own[0], "update places set service_type = 'mairie' where place_id in ('p2', 'p5')")
    told = made(own, "discrepancies").set_index("place_id")
    assert told.loc["p3", ["kind", "host"]].tolist() == ["host_in_survey", "FS cinq"]
    change(own[0], "update survey_places set name = null where survey_place_id = 'd1:Lieux:6'")
    assert made(own, "int_hosts")["host"].tolist() == ["FS deux"]
    for column, other in (("left_source", "annuaire"), ("right_source", "la_poste")):
        own[0].replace("link_pairs", SLOT, pd.DataFrame([pairs[0] | {column: other}]))
        assert made(own, "int_hosts").empty


def test_a_statement_of_no_place_or_of_no_demarche_states_nothing(own: Filled) -> None:
    assert len(made(own, "stg_survey_demarches")) == 4  # the fifth names no place
    change(own[0], 'update survey_demarches set demarche_id = null where "row" = 3')
    assert made(own, "stg_survey_demarches")["row_number"].tolist() == [2, 4, 5]


def test_each_sentence_of_a_figure_is_whole_where_it_has_nothing_to_fill_in(own: Filled) -> None:
    for name in ("indicators", "national_indicators"):
        make(*own)
        told = own[0].read(own[1][name].table)
        assert told[["key", "dimension", "label", "method", "sources", "unit"]].notna().all().all(), name


def test_help_in_general_has_a_mean_or_the_reason_why_not(own: Filled) -> None:
    change(own[0], "update survey_places set general_help = 'yes'")
    key = ("demarche_coverage", "threshold=20;verdict=general")
    assert figures(own).loc[key, "value_or_reason"] == "computed"
    change(own[0], "update access_minutes set minutes = null, method = 'not_computed'")
    assert figures(own).loc[key, "reason"] == "aucun temps de trajet ne peut être calculé"
    for table in ("communes", "demand_points"):
        change(own[0], f"update {table} set population = null")
    assert figures(own).loc[key, "reason"] == "aucune population n’est connue"
