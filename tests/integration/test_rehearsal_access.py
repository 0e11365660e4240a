"""The fictional département's known answer on access, met exactly by a run: minutes, verdicts, hours, best lever."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, Service, rows_by_service
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import generate
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.integration.access_answer import DAYS, STATED_DEMARCHES, access_answer

NEAR = 20


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    out = tmp_path_factory.mktemp("rehearsal")
    rehearsal = generate(out / "entrees")
    pipeline = Pipeline(
        Settings.at(out / "var", sources_path=rehearsal.sources_path),
        load_territory=lambda: rehearsal.territory,
        fictional=True,
    )
    slot = Slot(rehearsal.campaign, rehearsal.departement)
    for survey in rehearsal.deposits:
        deposit(pipeline, slot, survey)
    materialise(pipeline, slot.campaign, [slot.departement])
    key = {"campaign": slot.campaign, "departement": slot.departement}
    names = ("access_minutes", "coverage_by_hour", "gap_areas", "levers", "access_method", "places", "demand_points")
    found = {name: pipeline.warehouse.read(name, key) for name in names}
    for model in ("coverage", "access_shares"):
        found[model] = pipeline.warehouse.read(pipeline.project[model].table, key)
    return found


def minutes_of(tables: dict[str, pd.DataFrame], service: Service) -> dict[str, float | None]:
    rows, name = tables["access_minutes"], access_answer(NEAR).names_of(tables["demand_points"])
    rows = rows.iloc[rows_by_service(rows)[service]]
    return {
        name[point]: None if pd.isna(time) else time
        for point, time in zip(rows["point_id"], rows["minutes"], strict=True)
    }


def agree(found: dict[str, float | None], known: dict[str, float | None]) -> None:
    assert set(found) == set(known)
    for insee, time in known.items():
        assert (found[insee] is None) == (time is None), insee
        assert time is None or found[insee] == pytest.approx(time, abs=1e-3), insee


def test_the_answer_is_not_trivial():
    answer = access_answer(NEAR)
    times = [time for time in answer.label_minutes.values() if time is not None]
    assert len(times) == len(answer.homes) - 1  # the island
    assert sum(time > NEAR for time in times) >= 5
    verdicts = {answer.verdict_near(insee, code) for insee in answer.homes for code in STATED_DEMARCHES.values()}
    assert verdicts == {"confirmed", "by_label", "general", "uncovered", "not_computed"}
    origins = {home.origin for home in answer.homes.values()}
    assert origins == {"town_hall", "former_commune", "squares"}


def test_people_start_from_their_town_hall_from_those_merged_into_it_or_from_their_squares(tables):
    names, homes, points = (
        access_answer(NEAR).names_of(tables["demand_points"]),
        access_answer(NEAR).homes,
        tables["demand_points"],
    )
    assert sorted(names.values()) == sorted(homes)
    for point, origin, people in zip(points["point_id"], points["origin"], points["population"], strict=True):
        home = homes[names[point]]
        assert origin == home.origin, point
        assert people == pytest.approx(home.people), point


def test_minutes_are_met_to_a_thousandth(tables):
    agree(minutes_of(tables, FRANCE_SERVICES), access_answer(NEAR).label_minutes)
    for code in STATED_DEMARCHES.values():
        agree(minutes_of(tables, Service(CONFIRMED, code)), access_answer(NEAR).confirmed_minutes(code))
    agree(minutes_of(tables, Service("general")), access_answer(NEAR).general_minutes)


def test_every_verdict_is_met(tables):
    coverage = tables["coverage"].set_index(["point_id", "demarche_id"])["verdict_near"]
    for point, name in access_answer(NEAR).names_of(tables["demand_points"]).items():
        for code in STATED_DEMARCHES.values():
            assert coverage[point, code] == access_answer(NEAR).verdict_near(name, code), (point, code)


def test_every_hour_of_odd_and_even_weeks_is_met(tables):
    rows = tables["coverage_by_hour"]
    rows = rows[(rows["service"] == FRANCE_SERVICES.kind) & (rows["threshold"] == NEAR) & (rows["period"] == "usual")]
    keyed = rows.set_index(["week_parity", "weekday", "hour"])
    for parity, french in (("odd", "impaire"), ("even", "paire")):
        for day, code in DAYS.items():
            for hour in range(8, 20):
                fixed, with_buses = access_answer(NEAR).share_at(french, day, hour)
                row = keyed.loc[(parity, code, hour)]
                assert row["share"] == pytest.approx(fixed, abs=1e-9), (parity, day, hour)
                assert row["share_with_buses"] == pytest.approx(with_buses, abs=1e-9), (parity, day, hour)
                assert row["share_unknown"] == 0


def test_the_best_lever_is_met(tables):
    gained, town, others = access_answer(NEAR).best_new_place
    row = best(tables, "new_place", FRANCE_SERVICES)
    assert (row["inhabitants_gained"], row["insee"]) == (pytest.approx(gained), town)
    assert {*(row["alternatives"] or "").split()} <= others
    assert bool(others) == bool(row["alternatives"])


def best(tables: dict[str, pd.DataFrame], move: str, service: Service) -> pd.Series:
    levers = tables["levers"]
    levers = levers.iloc[rows_by_service(levers)[service]]
    chosen = (levers["move"] == move) & (levers["threshold"] == NEAR)
    rows = levers[chosen & (levers["scope"] == "departement") & (levers["rank"] == 1)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_best_longer_hours_are_met(tables):
    gained, moves = access_answer(NEAR).best_longer_hours
    row = best(tables, "longer_hours", FRANCE_SERVICES)
    names = tables["places"].set_index("place_id")["name"]
    assert row["inhabitant_hours"] == pytest.approx(gained)
    assert row["inhabitant_hours"] == pytest.approx(row["inhabitants_gained"] * row["hours_a_week"])
    assert (names[row["place_id"]], row["window"]) in moves


@pytest.mark.parametrize("demarche", sorted(STATED_DEMARCHES.values()))
def test_the_best_place_to_open_a_demarche_is_met(tables, demarche):
    gained, places = access_answer(NEAR).best_place_for(demarche)
    row = best(tables, "open_demarche", Service(CONFIRMED, demarche))
    assert row["inhabitants_gained"] == pytest.approx(gained)
    assert tables["places"].set_index("place_id")["name"][row["place_id"]] in places


def test_gaps_hold_whoever_lives_too_far_once(tables):
    known = access_answer(NEAR)
    far = known.far_communes
    gaps = tables["gap_areas"]
    gaps = gaps[(gaps["service"] == FRANCE_SERVICES.kind) & (gaps["threshold"] == NEAR)]
    members = " ".join(gaps["insees"]).split()
    assert sorted(members) == sorted(far)
    assert gaps["population"].sum() == pytest.approx(sum(far.values()))


def test_the_method_card_says_the_network_and_who_was_left_out(tables):
    card = tables["access_method"].set_index("key")["value_fr"]
    assert "routes-val-d-ambre" in card["network"]
    assert card["error"].startswith("mesuré ici")
    assert card["not_computed"].startswith("214\u00a0habitants, 1\u00a0point de départ")
