"""The marts of a slot counted by hand, and the same rows on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlglot
from sqlglot import exp

from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT, Service, rows_by_service
from fs_pipeline.data import read_csv
from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from fs_pipeline.warehouse.models import load_project
from tests.sql.conftest import Filled
from tests.sql.small_slot import BY_LABEL, CAMPAIGN, CONFIRMED, DEPARTEMENT, OUTSIDE, fill


def read(filled: Filled, name: str) -> pd.DataFrame:
    warehouse, project = filled
    return warehouse.read(project[name].table)


def test_the_label_confirms_nothing_and_silence_is_unknown(filled: Filled) -> None:
    matrix = read(filled, "demarche_matrix").set_index(["place_id", "demarche_id"])
    assert matrix.loc[("p1", CONFIRMED), ["evidence", "level"]].tolist() == ["confirmed", "accompaniment"]
    assert matrix.loc[("p1", BY_LABEL), "evidence"] == "by_label"
    assert matrix.loc[("p1", OUTSIDE), "evidence"] == "unknown"
    assert matrix.loc[("p5", OUTSIDE), "evidence"] == "orientation"
    assert matrix.loc[("p5", BY_LABEL), "evidence"] == "none"
    assert matrix.loc[("p5", CONFIRMED), "evidence"] == "unknown"
    assert "p6" not in matrix.index.get_level_values("place_id")


def test_a_bus_serves_nobody_between_its_stops(filled: Filled) -> None:
    services = read(filled, "int_place_services")
    assert list(rows_by_service(services[services["place_id"] == "p3"])) == [ITINERANT]
    assert list(rows_by_service(services[services["place_id"] == "p1"])) == [
        Service("confirmed", CONFIRMED),
        FRANCE_SERVICES,
    ]


def test_shares_weigh_inhabitants_and_set_apart_what_was_not_computed(filled: Filled) -> None:
    shares = read(filled, "access_shares").set_index("threshold")
    assert shares["population"].tolist() == [2000, 2000]
    assert shares["population_within"].to_dict() == {20: 1000, 30: 1600}
    assert shares["population_unreached"].tolist() == [400, 400]
    assert shares["points_not_computed"].tolist() == [1, 1]
    assert shares.loc[20, ["share", "share_low", "share_high"]].tolist() == [0.5, 0.5, 0.8]
    assert set(shares["method"]) == {"estimated"}


def test_each_commune_and_demarche_has_its_best_verdict(filled: Filled) -> None:
    coverage = read(filled, "coverage").set_index(["insee", "demarche_id"])
    assert coverage.loc[("33001", CONFIRMED), ["verdict_near", "verdict_far"]].tolist() == ["by_label", "confirmed"]
    assert coverage.loc[("33002", CONFIRMED), ["verdict_near", "verdict_far"]].tolist() == ["confirmed", "confirmed"]
    assert coverage.loc[("33002", BY_LABEL), ["verdict_near", "verdict_far"]].tolist() == ["uncovered", "by_label"]
    assert coverage.loc[("33003", OUTSIDE), ["verdict_near", "verdict_far"]].tolist() == ["orientation", "orientation"]
    assert coverage.loc[("33001", OUTSIDE), "verdict_near"] == "unknown"
    assert coverage.loc[("33004", CONFIRMED), "verdict_near"] == "not_computed"


def test_shares_of_a_demarche_lose_nobody(filled: Filled) -> None:
    shares = read(filled, "demarche_shares")
    assert (shares.groupby(["demarche_id", "threshold"])["population"].sum() == 2000).all()
    rows = shares[(shares["demarche_id"] == CONFIRMED) & (shares["threshold"] == 20)].set_index("verdict")
    assert rows["share"].dropna().to_dict() == {
        "confirmed": 0.3,
        "by_label": 0.5,
        "general": 0.0,
        "orientation": 0.0,
        "uncovered": 0.2,
        "unknown": 0.0,
    }


def test_gaps_rank_inhabitants_and_keep_who_was_not_computed(filled: Filled) -> None:
    gaps = read(filled, "gaps").sort_values("rank")
    assert gaps["insee"].tolist() == ["33002", "33003", "33004"]
    assert gaps["reason"].tolist() == [None, None, "aucune route"]
    catalogue = len(read(filled, "int_label_demarches"))
    counts = ["confirmed_far", "by_label_far", "general_far", "orientation_far", "uncovered_far", "unknown_far"]
    assert (gaps[counts].sum(axis=1) == catalogue).all()


def test_each_difference_has_one_act(filled: Filled) -> None:
    found = read(filled, "discrepancies")
    assert sorted(zip(found["kind"], found["place_id"], found["field"], strict=True), key=str) == [
        ("closed_or_moved", "p2", None),
        ("label_not_in_survey", "p3", None),
        ("only_in_survey", "p5", None),
        ("value_differs", "p1", "hours"),
    ]
    assert found["action"].str.len().min() > 10
    assert set(found["source_date"]) == {"2022-12-01"}


def test_every_figure_has_a_value_or_a_reason_and_its_sources(filled: Filled) -> None:
    figures = read(filled, "indicators").set_index(["key", "dimension"])
    assert figures["value_or_reason"].notna().all()
    assert figures["sources"].str.len().min() > 3
    assert figures.loc[("france_services", ""), "value"] == 3
    assert figures.loc[("survey_places", ""), "value"] == 3
    assert figures.loc[("demarches_confirmed", ""), ["value", "n"]].tolist() == [1, len(demarches("2022-12-01"))]
    assert "1er décembre 2022" in figures.loc[("france_services", ""), "sources"]
    assert figures.loc[("operator_counters", "operator=la_poste"), "sources"] == (
        "Points de contact de La Poste (15 août 2016)"
    )
    assert figures.loc[("non_recours", ""), "value"] != figures.loc[("non_recours", ""), "value"]


def test_without_a_survey_nothing_is_said_to_differ(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    warehouse.replace("deposits", {}, pd.DataFrame())
    warehouse.replace("survey_places", {"campaign": CAMPAIGN}, pd.DataFrame())
    for table in ("place_members", "place_values"):
        warehouse.replace(table, {"campaign": CAMPAIGN, "source": "survey"}, pd.DataFrame())
    places = warehouse.read("places").assign(in_survey=False)
    warehouse.replace("places", {"campaign": CAMPAIGN}, places)
    for model in project:
        materialise(warehouse, project, model.name, CAMPAIGN, [DEPARTEMENT])
    assert warehouse.read(project["discrepancies"].table).empty
    figures = warehouse.read(project["indicators"].table).set_index("key")
    assert figures.loc["discrepancies", "reason"] == "aucune enquête n’a été déposée"


def test_a_survey_that_is_silent_on_demarches_confirms_none_and_denies_none(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    warehouse.replace("survey_demarches", {"campaign": CAMPAIGN}, pd.DataFrame())
    for model in project:
        materialise(warehouse, project, model.name, CAMPAIGN, [DEPARTEMENT])
    figures = warehouse.read(project["indicators"].table).set_index(["key", "dimension"])
    for key in (("demarches_confirmed", ""), ("demarche_coverage", "threshold=20;verdict=confirmed")):
        assert figures.loc[key, "reason"] == "l’enquête ne dit rien de l’aide aux démarches"
        assert pd.isna(figures.loc[key, "value"])
    assert figures.loc[("demarche_coverage", "threshold=20;verdict=by_label"), "value"] > 0


def test_the_cockpit_lists_a_collectivite_apart(filled: Filled) -> None:
    overview = read(filled, "slot_overview").set_index("territory")
    assert overview["apart"].to_dict() == {"33": False, "978": True}
    assert overview.loc["33", ["handed_in", "errors", "warnings", "france_services"]].tolist() == [True, 1, 2, 3]


def test_the_announcement_s_own_figures_are_recomputed(filled: Filled) -> None:
    figures = read(filled, "national_indicators").set_index("key")
    assert figures.loc["announced_france_services", ["value", "n", "missing"]].tolist() == [2, 4, 0.25]
    assert figures.loc["announced_per_departement", "value"] == 1
    assert figures.loc["territories_over_twenty", "value"] == 0
    assert figures.loc["announced_agents", "reason"] == "aucune source ouverte ne les compte"
    assert figures.loc["bundle_operators", "value"] == 9


def test_both_databases_give_the_same_rows(tmp_path: Path, postgres_url: str) -> None:
    def rows(url: str) -> Iterator[tuple[str, list[str]]]:
        warehouse = Warehouse(url)
        project = fill(warehouse)
        for model in project:
            frame = warehouse.read(model.table)
            yield model.name, sorted(map(repr, frame.itertuples(index=False, name=None)))
        warehouse.dispose()

    assert dict(rows(f"sqlite:///{tmp_path / 'w.db'}")) == dict(rows(postgres_url))


@pytest.mark.parametrize("name", list(load_project().models))
def test_no_union_matches_columns_by_their_place(name: str) -> None:
    tree = sqlglot.parse_one(load_project()[name].sql)
    starred = [union for union in tree.find_all(exp.Union) for side in (union.left, union.right) if side.is_star]
    assert starred == []


def literals(name: str) -> Iterator[exp.Literal]:
    """The texts that a model's SQL holds itself."""
    tree = sqlglot.parse_one(load_project()[name].sql, read="postgres")
    return (literal for literal in tree.find_all(exp.Literal) if literal.is_string)


@pytest.mark.parametrize("name", list(load_project().models))
def test_no_model_holds_a_sentence(name: str) -> None:
    """What a person reads is in a seed, where it can be corrected by who knows no SQL."""
    said = [literal.this for literal in literals(name)]
    assert [text for text in said if not text.isascii() or re.search(r"[A-Za-z]{2,}\W*\s\W*[A-Za-z]{2,}", text)] == []


@pytest.mark.parametrize(
    ("name", "part", "words", "level"),
    [
        ("indicators", "figure", "indicator_words.csv", "departement"),
        ("national_indicators", "figure", "indicator_words.csv", "nation"),
        ("discrepancies", "kind", "discrepancy_words.csv", None),
    ],
)
def test_each_part_has_its_words_and_no_words_are_of_nothing(
    name: str, part: str, words: str, level: str | None
) -> None:
    named = {literal.this for literal in literals(name) if literal.parent.alias_or_name == part}
    assert named == {row[part] for row in read_csv(words) if level in {None, row.get("territory_level")}}


def test_each_reason_is_given_somewhere() -> None:
    given = {literal.this for name in ("indicators", "national_indicators") for literal in literals(name)}
    assert {row["reason"] for row in read_csv("indicator_reasons.csv")} <= given


def test_nothing_is_left_to_fill_in_a_sentence(filled: Filled) -> None:
    for name in ("indicators", "national_indicators", "int_slots", "int_campaign_sources"):
        texts = read(filled, name).select_dtypes(exclude="number").stack()
        assert not texts.astype(str).str.contains(r"[{}]").any(), name


def test_a_share_says_its_minutes_and_how_they_were_found(filled: Filled) -> None:
    figures = read(filled, "indicators").set_index("dimension")
    who = "des habitants dont le trajet est calculé"
    assert figures.loc["threshold=20", "label"] == f"{who} à 20 minutes ou moins d’une France services fixe"
    assert figures.loc["threshold=30", "label"] == f"{who} à 30 minutes ou moins d’une France services fixe"
    assert figures.loc["threshold=20", "method"].startswith("temps estimé à vol d’oiseau")


def test_a_figure_without_its_list_says_so_and_has_no_value(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    sources = warehouse.read("campaign_sources")
    warehouse.replace("campaign_sources", {}, sources[sources["source"] != "france_services"])
    for model in project:
        materialise(warehouse, project, model.name, CAMPAIGN, [DEPARTEMENT])
    figures = warehouse.read(project["indicators"].table).set_index(["key", "dimension"])
    row = figures.loc[("survey_and_list", "")]
    assert (row["value_or_reason"], row["sources"]) == (
        "la liste nationale est absente",
        "Enquête de la préfecture (campagne 2022-12) ; liste absente",
    )
    assert pd.isna(row["value"])
    assert figures.loc[("france_services", ""), "sources"] == "aucune"


def test_the_cockpit_and_the_checks_read_the_shares_that_are_published(filled: Filled) -> None:
    shares = read(filled, "access_shares").set_index("threshold")["share"].to_dict()
    (row,) = read(filled, "int_access_shares_pivoted").to_dict("records")
    assert {20: row["share_near"], 30: row["share_far"]} == shares
    assert read(filled, "slot_overview").set_index("territory").loc[
        DEPARTEMENT, ["share_near", "share_far"]
    ].tolist() == [
        shares[20],
        shares[30],
    ]
