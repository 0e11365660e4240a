"""Help that a survey declares in general: where it ranks, whom it serves, and which of four cases a survey is."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES, Service, rows_by_service
from fs_pipeline.demarches.catalogue import demarches
from tests.rows import filled as whole_rows
from tests.sql.conftest import Filled
from tests.sql.small_slot import BY_LABEL, CAMPAIGN, CONFIRMED, DEPARTEMENT, OUTSIDE, make

SLOT = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
# p2 is labelled and says nothing of any démarche; p5 is not, orients for OUTSIDE and denies BY_LABEL.
SAID_BY = {"p2": "d1:Lieux:7", "p5": "d1:Lieux:6"}
EVERY = Service("general")


def say(own: Filled, **said: str) -> None:
    """Have the survey say of each place how much it helps in general, and make the models again."""
    warehouse, project = own
    codes = {SAID_BY[place]: code for place, code in said.items()}
    declared = warehouse.read("survey_places", SLOT)
    declared = declared.assign(general_help=declared["survey_place_id"].map(codes).astype(object))
    warehouse.replace("survey_places", SLOT, declared.drop(columns=[*SLOT]))
    make(warehouse, project)


def read(own: Filled, name: str) -> pd.DataFrame:
    warehouse, project = own
    return warehouse.read(project[name].table)


def with_minutes(own: Filled, *more: tuple[str, Service, float | None]) -> pd.DataFrame:
    """``coverage`` by commune and démarche once these minutes are added to those of the slot."""
    warehouse, project = own
    rows = pd.DataFrame(
        [
            {"point_id": insee, "insee": insee, **service.columns, "minutes": minutes, "method": "estimated"}
            for insee, service, minutes in more
        ]
    )
    known = warehouse.read("access_minutes", SLOT).drop(columns=[*SLOT])
    warehouse.replace("access_minutes", SLOT, pd.concat([known, whole_rows("access_minutes", rows)[known.columns]]))
    make(warehouse, project)
    return read(own, "coverage").set_index(["insee", "demarche_id"])


def test_it_ranks_below_what_is_said_of_the_demarche_and_below_the_label(own: Filled) -> None:
    say(own, p2="yes", p5="often")
    evidence = read(own, "demarche_matrix").set_index(["place_id", "demarche_id"])["evidence"]
    assert evidence[[("p5", OUTSIDE), ("p5", BY_LABEL), ("p5", CONFIRMED)]].tolist() == [
        "orientation",
        "none",
        "general",
    ]
    assert evidence[[("p2", BY_LABEL), ("p2", OUTSIDE)]].tolist() == ["by_label", "general"]
    assert evidence[[("p1", CONFIRMED), ("p1", OUTSIDE)]].tolist() == ["confirmed", "unknown"]


@pytest.mark.parametrize(
    ("code", "helps"), [("yes", True), ("often", True), ("sometimes", True), ("rarely", False), ("no", False)]
)
def test_help_that_is_rare_or_denied_is_none_that_one_can_count_on(own: Filled, code: str, helps: bool) -> None:
    say(own, p2=code)
    assert (read(own, "int_general_help")["place_id"].tolist() == ["p2"]) == helps
    assert ("general" in set(read(own, "demarche_matrix")["evidence"])) == helps


def test_a_place_serves_every_demarche_at_once_or_each_but_those_it_denies(own: Filled) -> None:
    say(own, p2="sometimes", p5="yes")
    services = read(own, "int_place_services")
    assert set(rows_by_service(services[services["place_id"] == "p2"])) == {FRANCE_SERVICES, EVERY}
    of_five = {
        one.demarche_id for one in rows_by_service(services[services["place_id"] == "p5"]) if one.kind == "general"
    }
    assert of_five == set(demarches("2022-12-01")["demarche_id"]) - {OUTSIDE, BY_LABEL}


def test_the_verdict_is_that_of_the_nearest_that_helps_with_the_demarche(own: Filled) -> None:
    near = with_minutes(
        own,
        ("33001", EVERY, 8.0),
        ("33002", EVERY, 25.0),
        ("33002", Service("general", OUTSIDE), 15.0),
        ("33003", EVERY, 18.0),
        ("33003", Service("general", BY_LABEL), 28.0),
    )
    verdicts = near[["verdict_near", "verdict_far"]].apply(tuple, axis=1)
    assert verdicts["33001", OUTSIDE] == ("general", "general")
    assert verdicts["33001", BY_LABEL] == ("by_label", "by_label")
    assert verdicts["33002", CONFIRMED] == ("confirmed", "confirmed")
    assert verdicts["33002", OUTSIDE] == ("general", "general")
    assert verdicts["33002", BY_LABEL] == ("uncovered", "by_label")
    assert verdicts["33003", OUTSIDE] == ("general", "general")  # though a place 12 minutes away directs elsewhere
    assert near.loc[("33003", OUTSIDE), "minutes"] == 18.0
    assert near.loc[("33003", BY_LABEL), "minutes"] == 18.0
    assert near.loc[("33002", OUTSIDE), "minutes"] == 15.0
    shares = read(own, "demarche_shares").set_index(["demarche_id", "threshold", "verdict"]).sort_index()["share"]
    assert shares[OUTSIDE, 20, "general"] == 1.0
    assert shares[BY_LABEL, 20].dropna().to_dict() == {
        "confirmed": 0.0, "by_label": 0.5, "general": 0.2, "orientation": 0.0, "uncovered": 0.3, "unknown": 0.0,
    }  # fmt: skip
    gaps = read(own, "gaps").set_index("insee")
    assert gaps.loc["33003", "general_far"] == len(demarches("2022-12-01"))


REASONS = {
    "no_survey": "aucune enquête n’a été déposée",
    "silent": "l’enquête ne dit rien de l’aide aux démarches",
    "general": "l’enquête dit quels lieux aident, sans dire pour quelles démarches",
}


@pytest.mark.parametrize("case", ["no_survey", "silent", "general", "by_demarche"])
def test_four_cases_are_told_apart(own: Filled, case: str) -> None:
    warehouse = own[0]
    if case == "no_survey":
        warehouse.replace("deposits", {}, pd.DataFrame())
    if case != "by_demarche":
        warehouse.replace("survey_demarches", {"campaign": CAMPAIGN}, pd.DataFrame())
    say(own, **({"p5": "often"} if case == "general" else {}))
    figures = read(own, "indicators").set_index(["key", "dimension"])["reason"]
    confirmed = figures[("demarche_coverage", "threshold=20;verdict=confirmed")]
    general = figures[("demarche_coverage", "threshold=20;verdict=general")]
    assert figures[("demarches_confirmed", "")] == confirmed
    assert (confirmed, general) == (REASONS.get(case), REASONS[case] if case in {"no_survey", "silent"} else None)
    assert read(own, "slot_overview").set_index("territory").loc[DEPARTEMENT, "help_said"] == case
