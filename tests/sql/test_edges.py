"""Exactly twenty minutes, a commune whose inhabitants nobody counted, a place without a point, a list with two entries."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import text

from fs_pipeline.warehouse.engine import Warehouse
from tests.rows import filled
from tests.sql.conftest import Filled
from tests.sql.small_slot import BY_LABEL, CAMPAIGN, CONFIRMED, DEPARTEMENT, OUTSIDE, make

SLOT = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}


def change(warehouse: Warehouse, statement: str, **values: object) -> None:
    with warehouse.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount > 0


def made(own: Filled, model: str) -> pd.DataFrame:
    """The model's rows of the slot, made again."""
    warehouse, project = own
    make(warehouse, project)
    rows = warehouse.read(project[model].table)
    return rows[rows["departement"] == DEPARTEMENT]


def figures(own: Filled) -> pd.DataFrame:
    return made(own, "indicators").set_index(["key", "dimension"])


@pytest.mark.parametrize(
    ("minutes", "near", "far"), [(19.9, 1, 1), (20.0, 1, 1), (20.1, 0, 1), (30.0, 0, 1), (30.1, 0, 0)]
)
def test_exactly_as_many_minutes_are_near(own: Filled, minutes: float, near: int, far: int) -> None:
    everywhere = "update access_minutes set minutes = :m, minutes_low = :m, minutes_high = :m, method = 'estimated'"
    change(own[0], everywhere, m=minutes)
    shares = made(own, "access_shares").set_index("threshold")
    for name in ("share", "share_low", "share_high"):
        assert shares[name].to_dict() == {20: near, 30: far}
    coverage = made(own, "coverage").set_index(["insee", "demarche_id"])
    for insee, demarche, verdict in (
        ("33001", CONFIRMED, "confirmed"), ("33003", BY_LABEL, "by_label"), ("33003", OUTSIDE, "orientation"),
        ("33001", OUTSIDE, "unknown"),
    ):  # fmt: skip
        expected = [verdict if reach else "uncovered" for reach in (near, far)]
        assert coverage.loc[(insee, demarche), ["verdict_near", "verdict_far"]].tolist() == expected
    gaps = made(own, "gaps")
    assert len(gaps) == (0 if near else 4)


def test_inhabitants_that_nobody_counted_weigh_nothing_and_hide_no_figure(own: Filled) -> None:
    for table in ("communes", "demand_points"):
        change(own[0], f"update {table} set population = null where insee = '33001'")
    shares = made(own, "access_shares").set_index("threshold")
    assert shares["population"].tolist() == [1000, 1000]
    assert shares["share"].to_dict() == {20: 0.0, 30: 0.6}
    assert shares["points"].tolist() == [4, 4]
    demarche = made(own, "demarche_shares")
    assert (demarche.groupby(["demarche_id", "threshold"])["population"].sum() == 1000).all()
    counted = made(own, "access_consistency")
    whole = counted["figure"].str.startswith(("demarche:", "label"))
    assert (counted.loc[whole, "population_counted"] == 1000).all()
    assert (counted["population"] == 1000).all()


def test_of_gaps_with_the_same_minutes_the_largest_is_first_and_who_was_reached_goes_before(own: Filled) -> None:
    change(own[0], "update access_minutes set minutes = 40, method = 'estimated'")
    change(own[0], "update access_minutes set minutes = null where insee = '33001'")
    assert made(own, "gaps").sort_values("rank")["insee"].tolist() == ["33002", "33003", "33004", "33001"]


def test_who_was_not_computed_is_in_no_share_and_is_said_to_be_missing(own: Filled) -> None:
    for table in ("communes", "demand_points"):
        change(own[0], f"update {table} set population = 500 where insee = '33004'")
    shares = made(own, "access_shares").set_index("threshold")
    assert shares["population"].tolist() == [2500, 2500]
    assert shares["population_not_computed"].tolist() == [500, 500]
    assert shares[["share", "share_low", "share_high"]].loc[30].tolist() == [0.8, 0.8, 0.8]
    told = made(own, "demarche_shares").set_index(["demarche_id", "threshold", "verdict"]).sort_index()
    assert told.loc[(BY_LABEL, 30, "by_label"), "share"] == 0.8  # by the label alone: the same figure has the same base
    assert told.loc[(BY_LABEL, 30, "not_computed"), "population"] == 500
    assert pd.isna(told.loc[(BY_LABEL, 30, "not_computed"), "share"])
    mean = figures(own).loc[("demarche_coverage", "threshold=20;verdict=by_label"), "value"]
    assert mean == pytest.approx(told.xs(("by_label", 20), level=("verdict", "threshold"))["share"].mean())
    figure = figures(own).loc[("population_within", "threshold=20")]
    assert figure[["value", "n", "missing", "rank"]].tolist() == [0.5, 2000, 0.2, 1]
    change(own[0], "update access_minutes set minutes = null, method = 'not_computed'")
    shares = made(own, "access_shares").set_index("threshold")
    assert shares["share"].isna().all()
    assert set(shares["method"]) == {"not_computed"}
    figure = figures(own).loc[("population_within", "threshold=20")]
    assert figure["reason"] == "aucun temps de trajet ne peut être calculé"
    assert figure["missing"] == 1
    mean = figures(own).loc[("demarche_coverage", "threshold=20;verdict=by_label")]
    assert (pd.isna(mean["value"]), mean["reason"]) == (True, "aucun temps de trajet ne peut être calculé")


@pytest.mark.parametrize(
    ("level", "evidence"),
    [
        ("appointment", "confirmed"),
        ("information", "orientation"),
        ("none", "none"),
        (None, "unknown"),
        ("?", "unknown"),
    ],
)
def test_a_level_that_nobody_knows_confirms_nothing_and_denies_nothing(
    own: Filled, level: str | None, evidence: str
) -> None:
    change(
        own[0], "update survey_demarches set level = :level where demarche_id = :which", level=level, which=CONFIRMED
    )
    found = made(own, "int_place_demarches").set_index(["place_id", "demarche_id"])
    assert found.loc[("p1", CONFIRMED), "evidence"] == evidence
    assert found.loc[("p1", CONFIRMED), "statements"] == 2


def test_a_place_without_a_point_serves_nobody(own: Filled) -> None:
    change(own[0], "update places set latitude = null where place_id = 'p1'")
    change(own[0], "update places set longitude = null where place_id = 'p2'")
    assert not {"p1", "p2"} & set(made(own, "int_place_services")["place_id"])
    assert figures(own).loc[("france_services", ""), "missing"] == pytest.approx(2 / 3)


def test_a_place_whose_kind_nobody_said_stands_still(own: Filled) -> None:
    change(own[0], "update places set kind = null")
    services = made(own, "int_place_services")
    assert len(services[services["place_id"] == "p1"]) == 2  # its label, and what it confirms
    change(own[0], "update places set kind = 'itinerant'")
    assert len(made(own, "int_place_services")) == 3  # three labels, nothing confirmed on the road


def test_an_operator_s_own_list_goes_before_the_directory(own: Filled) -> None:
    warehouse, _ = own
    base = {"snapshot_date": "2022-12-01", "kind": "fixed", "source": "annuaire"}
    rows = [
        base | {"source_id": f"{operator}{number}", "operator": operator}
        for operator, number in (("la_poste", 1), ("cnaf", 1), ("cnaf", 2), (None, 1))
    ]
    listed = warehouse.read("national_places", SLOT).drop(columns=list(SLOT))
    more = [base | {"source": "mediation_numerique", "source_id": "m", "operator": "cnaf"}]
    more += [base | {"source": "la_poste", "source_id": "n", "operator": None}]
    warehouse.replace("national_places", SLOT, pd.concat([listed, pd.DataFrame(rows + more, dtype=object)]))
    counters = made(own, "int_operator_counters").set_index("operator")
    assert counters["counters"].to_dict() == {"la_poste": 1, "cnaf": 2}
    assert counters["source"].to_dict() == {"la_poste": "la_poste", "cnaf": "annuaire"}
    assert figures(own).loc[("operator_counters", "operator=cnaf"), ["value", "sources"]].tolist() == [2, "annuaire"]


@pytest.mark.parametrize(
    ("said", "differs"), [("+33556000001", False), ("+33556000009", False), ("+33556000005", True)]
)
def test_a_survey_that_says_what_one_of_two_entries_says_does_not_differ(own: Filled, said: str, differs: bool) -> None:
    warehouse, _ = own
    rows = [
        {"place_id": "p1", "field": "phone", "value": value, "compared": value, "source": source, "source_id": source_id,
         "wins": False, "why": "w"}
        for value, source, source_id in (
            ("+33556000009", "france_services", "1"), ("+33556000001", "france_services", "2"), (said, "survey", "s"),
        )
    ]  # fmt: skip
    warehouse.replace("place_values", SLOT, filled("place_values", pd.DataFrame(rows)))
    found = made(own, "discrepancies").set_index("field")
    assert ("phone" in found.index) == differs
    if differs:
        assert found.loc["phone", ["survey_value", "national_value"]].tolist() == [said, "+33556000001"]


def test_a_difference_is_told_of_what_the_list_and_the_survey_both_speak_of(own: Filled) -> None:
    warehouse, _ = own
    change(warehouse, "update survey_places set opening_hours = 'off' where survey_place_id = 'd1:Lieux:6'")
    change(warehouse, "update places set name = null where place_id = 'p3'")
    found = made(own, "discrepancies").set_index("place_id")
    assert found.loc["p5", "kind"] == "only_in_survey"  # closed too, but of no list from which to take it
    assert found.loc["p3", "name"] == "p3"
    change(warehouse, "update survey_places set opening_hours = 'closed' where survey_place_id = 'd1:Lieux:4'")
    told = made(own, "discrepancies")
    assert told.loc[told["place_id"] == "p1", "kind"].tolist() == ["closed_or_moved"]  # its hours are not asked about
    change(warehouse, "update places set service_type = 'mairie' where place_id = 'p5'")
    assert "only_in_survey" not in set(made(own, "discrepancies")["kind"])


def test_without_the_national_list_nothing_is_counted_of_it_and_the_reason_is_said(own: Filled) -> None:
    change(own[0], "update campaign_sources set as_of = null, state = 'absent' where source = 'france_services'")
    assert made(own, "discrepancies")["source_date"].isna().all()
    absent = "la liste nationale est absente"
    said = figures(own)
    for key in ("france_services", "survey_and_list", "demarches_by_label", "discrepancies"):
        assert said.loc[(key, ""), ["value_or_reason", "reason"]].tolist() == [absent, absent], key
        assert pd.isna(said.loc[(key, ""), "value"])
    assert said.loc[("france_services", "kind=itinerant"), "reason"] == absent
    assert said.loc[("survey_places", ""), "value"] == 3
    assert "Liste des France services" not in said["sources"].str.cat()
    slot = made(own, "int_slots").iloc[0]
    assert slot["trust_sources"] == f"{slot['survey_source']} ; {slot['population_source']}"


def test_without_a_survey_its_figures_have_a_reason_and_the_others_stand(own: Filled) -> None:
    change(own[0], "update deposits set verdict = 'refused'")
    slot = made(own, "int_slots").iloc[0]
    assert slot["deposits"] == 0
    assert slot["survey_source"] is None
    assert slot["trust_sources"] == f"{slot['list_source']} ; {slot['population_source']}"
    none = "aucune enquête n’a été déposée"
    said = figures(own)
    for key in ("survey_places", "survey_and_list", "demarches_confirmed", "discrepancies"):
        assert said.loc[(key, ""), ["value_or_reason", "reason"]].tolist() == [none, none], key
    assert said.loc[("demarche_coverage", "threshold=20;verdict=confirmed"), "reason"] == none
    assert said.loc[("france_services", ""), ["value", "value_or_reason"]].tolist() == [3, "computed"]


def test_what_a_figure_counts_and_what_it_lacks(own: Filled) -> None:
    said = figures(own)
    for key, dimension, value, n in (
        ("france_services", "", 3, 3), ("france_services", "kind=itinerant", 1, 3), ("survey_places", "", 3, 3),
        ("survey_and_list", "", 2 / 3, 3), ("discrepancies", "", 4, 4), ("operator_counters", "operator=la_poste", 1, 1),
    ):  # fmt: skip
        assert said.loc[(key, dimension), ["value", "n"]].tolist() == pytest.approx([value, n]), key
    by_label = said.loc[("demarches_by_label", "")]
    due = made(own, "int_label_demarches")
    assert by_label["value"] == due["by_label"].sum()
    assert by_label["n"] == len(due)
    shares = made(own, "demarche_shares")
    near = shares[(shares["threshold"] == 20) & (shares["verdict"] == "by_label")]
    mean = said.loc[("demarche_coverage", "threshold=20;verdict=by_label")]
    assert mean["value"] == pytest.approx(near["share"].mean())
    order = ["population_within", "population_within", "france_services", "survey_places", "demarches_confirmed"]
    assert said.sort_values("rank").index.get_level_values("key")[:5].tolist() == order


def test_the_cockpit_counts_what_waits_and_says_what_failed(own: Filled) -> None:
    warehouse, _ = own
    pair = {
        "left_source": "survey",
        "left_id": "d1:Lieux:6",
        "right_source": "france_services",
        "score": 0.5,
        "reason": "r",
    }
    pairs = [
        pair | {"right_id": own, "decision": decision}
        for own, decision in (("2", "review"), ("3", "review"), ("1", "match"))
    ]
    warehouse.replace("link_pairs", SLOT, filled("link_pairs", pd.DataFrame(pairs)))
    row = made_overview(own)
    assert row[["to_review", "errors", "warnings", "deposits", "discrepancies", "survey_places"]].tolist() == [
        2,
        1,
        2,
        1,
        2,
        3,
    ]
    assert row[["share_near", "share_far", "population", "method"]].tolist() == [0.5, 0.8, 2000, "estimated"]
    assert row["demarches_confirmed"] == 1
    assert row["state"] == "nothing"
    for states, said in (("good",), "good"), (("good", "incomplete"), "good"), (("good", "failed"), "failed"):
        rows = [
            {**SLOT, "stage": f"s{n}", "state": state, "updated_at": "2022-12-01"} for n, state in enumerate(states)
        ]
        warehouse.replace("slot_status", {}, filled("slot_status", pd.DataFrame(rows)))
        assert made_overview(own)["state"] == said


def made_overview(own: Filled) -> pd.Series:
    warehouse, project = own
    make(warehouse, project)
    return warehouse.read(project["slot_overview"].table).set_index("territory").loc[DEPARTEMENT]


def test_a_departement_of_which_nothing_is_known_is_in_the_cockpit_all_the_same(own: Filled) -> None:
    warehouse, project = own
    for table in ("access_minutes", "problems", "link_pairs", "deposits", "national_places"):
        warehouse.replace(table, {"campaign": CAMPAIGN}, pd.DataFrame())
    row = made_overview(own)
    assert row[["deposits", "errors", "warnings", "france_services", "to_review", "discrepancies"]].tolist() == [0] * 6
    assert not row["handed_in"]
    assert row["method"] == "not_computed"
    nation = warehouse.read(project["national_indicators"].table).set_index("key")
    for key in ("announced_france_services", "announced_per_departement", "territories_over_twenty", "france_services"):
        assert nation.loc[key, "reason"] == "la liste nationale est absente"
        assert pd.isna(nation.loc[key, "value"])
    assert nation.loc["surveys_handed_in", ["value", "n"]].tolist() == [0, 1]


def test_what_is_checked_of_shares_is_what_the_shares_say(own: Filled) -> None:
    found = made(own, "access_consistency")
    shares = ["share_near", "share_far", "confirmed_near", "confirmed_or_label_near", "population_counted"]
    label = found[found["figure"] == "france_services"]
    assert label[["share_near", "share_far", "population_counted"]].to_numpy().tolist() == [[0.5, 0.8, 2000]]
    covered = found[found["figure"] == "coverage"].set_index("demarche_id")
    assert covered.loc[CONFIRMED, shares].tolist() == [0.8, 0.8, 0.3, 0.8, 2000]
    assert covered.loc[BY_LABEL, shares].tolist() == [0.5, 0.8, 0.0, 0.5, 2000]
    assert covered.loc[OUTSIDE, shares].tolist() == [0.2, 0.2, 0.0, 0.0, 2000]
