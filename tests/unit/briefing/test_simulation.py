"""The simulator's page finds of any set of moves what the pipeline finds; its numbers are those that the levers give."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from fs_pipeline.briefing.simulation import simulation
from fs_pipeline.coverage.longer_hours import WINDOWS
from fs_pipeline.editions.edition import Edition
from tests.simulated import THRESHOLDS, Country, Moves, country, page_finds
from tests.unit.briefing.sample import tiny_tables

FEW, MANY = 15, 200
WHOLE = ("within", "gained", "lost", "byStop")


@pytest.fixture(scope="module", params=["33", "59"])
def land(request: pytest.FixtureRequest, real_data: Path) -> Country:
    if shutil.which("node") is None:
        pytest.skip("Node is absent")
    return country(real_data, request.param)


def whole(value: float) -> int:
    return math.floor(value + 0.5 + 1e-6)


@pytest.mark.data
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.soak)])
def test_the_page_finds_of_any_moves_what_the_pipeline_finds(land: Country, count: int) -> None:
    sets = land.random_sets(count)
    moved = dict.fromkeys(WHOLE, 0)
    for moves, found in zip(sets, page_finds(land.page, sets), strict=True):
        expected = land.pipeline_finds(moves)
        for name in WHOLE:
            assert [*map(whole, found[name])] == [*map(whole, expected[name])], (name, moves)
            moved[name] += any(expected[name])
        for one in found["demarches"]:
            for name, values in expected["demarches"].items():
                assert [*map(whole, one[name])] == [*map(whole, values)], (name, moves)
        assert found["tenths"] == expected["tenths"], moves
        assert found["communes"] == expected["communes"], moves
    assert moved["within"] == count
    assert moved["lost"] > 0
    assert (moved["gained"] > 0) == bool(land.gaining)


@pytest.mark.data
def test_the_page_gives_of_a_lever_the_number_that_the_lever_gives(land: Country) -> None:
    levers = land.tables["levers"]
    levers = levers[levers["scope"] == "departement"]
    houses, rooms = (list(map(land.house_ids.__getitem__, land.page[name])) for name in ("houseOf", "roomOf"))
    longer = [(houses[house], window) for house, window in land.page["longer"]]
    kinds = {  # what the page calls a move, its number there, and the figure
        "new_place": ("opened", lambda row: land.halls.insee.index(row["insee"]), "gained"),
        "bus_stop": ("stops", lambda row: land.halls.insee.index(row["insee"]), "byStop"),
        "open_demarche": ("demarches", lambda row: {"demarche": 0, "room": rooms.index(row["place_id"])}, "gained"),
        "longer_hours": (
            "hours",
            lambda row: longer.index((row["place_id"], [*WINDOWS].index(row["window"]))),
            "hours",
        ),
    }
    sets: list[Moves] = []
    expected: list[tuple[str, str, int, float]] = []
    for (move, threshold), rows in levers.groupby(["move", "threshold"]):
        kind, number, figure = kinds[str(move)]
        together: list[Any] = []
        for row in rows.sort_values("rank").to_dict("records"):
            together = [*together, number(row)]
            for chosen, gained in (
                ([together[-1]], "inhabitants_gained_alone"),
                (together, "inhabitants_gained_together"),
            ):
                sets.append({"closed": [], "opened": [], "stops": [], kind: chosen})
                expected.append((kind, figure, THRESHOLDS.index(threshold), row[gained]))
    for found, (kind, figure, at, gained) in zip(page_finds(land.page, sets), expected, strict=True):
        one = found["demarches"][0] if kind == "demarches" else found
        assert whole(one[figure][at]) == whole(gained)
    assert {"hours", "demarches"} <= {kind for kind, *_ in expected}


def edited(column: str, value: object, edition: Edition = "partners") -> dict[str, Any] | None:
    """What the page of an edition embeds where one fixed house has another value, or the places around another column."""
    tables = tiny_tables()
    if column == "codes":
        rows = tables.simulator
        first = rows.index[(rows["kind"] == "around") & (rows["site"] != "")][0]
        tables = tables.having(simulator=rows.assign(codes=rows["codes"].where(rows.index != first, value)))
    else:
        house = tables.simulator.loc[tables.simulator["kind"] == "house", "site"].iloc[0]
        places = tables.places
        tables = tables.having(
            places=places.assign(**{column: places[column].where(places["place_id"] != house, value)})
        )
    let_out = tables.let_out(edition)
    labels = {one: one for one in let_out.simulator.loc[let_out.simulator["kind"] == "around", "site"] if one}
    found = simulation(let_out, let_out.places["place_id"].tolist(), let_out.communes["insee"].tolist(), labels)
    return None if found is None else dict(found.data)


def test_no_minutes_are_given_to_a_house_whose_street_is_withheld() -> None:
    assert edited("address", "12 rue des Tilleuls") is not None
    assert edited("address_extra", "Espace Zqavo") is not None
    assert edited("address", "4 impasse Zqavo", "internal") is not None
    assert edited("address", "4 impasse Zqavo") is None


def test_partners_are_given_no_minutes_to_what_places_around_confirm() -> None:
    minutes = "!#"
    inside, outside, nowhere = (edited("codes", *one) for one in ((minutes, "internal"), (minutes,), ("",)))
    assert inside is not None
    assert outside is not None
    assert nowhere is not None
    assert len(inside["demarches"]) == len(nowhere["demarches"]) == len(outside["demarches"]) + 1
    assert not any(one["around"] for one in outside["demarches"])
