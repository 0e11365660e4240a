"""The simulator's page finds of any set of moves what the pipeline finds; its numbers are those that the levers give."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from fs_pipeline.coverage.longer_hours import WINDOWS
from tests.simulated import THRESHOLDS, Country, Moves, country, page_finds

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
