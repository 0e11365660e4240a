"""Desired against done: what changed is due and says why, what nothing touched is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.assets.comparisons import figures_beside
from fs_pipeline.assets.due import CUT_OFF, NEVER, UNKNOWN, due_slots, interrupt, synthesis_is_due
from fs_pipeline.assets.inputs import AROUND, PARTS, inputs_around, own_inputs
from fs_pipeline.assets.inputs import BESIDE as BESIDE_ITS_OWN
from fs_pipeline.assets.synthesis import NATIONAL_BRIEF
from fs_pipeline.coverage.beside import compared_keys
from fs_pipeline.partitions import ACCESS, PLACES, PUBLICATION
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.declared import declaration
from fs_pipeline.warehouse.fingerprint import slot_fingerprints
from fs_pipeline.warehouse.status import INTERRUPTED, NATION, say
from fs_pipeline.warehouse.turns import end_turns, forget, note_around, note_beside, stand, take_turns, turns_of
from tests.rows import filled

CAMPAIGN, BEFORE = "2022-12", "2020-10"
OWN, BESIDE, FAR = "33", "24", "59"  # the Dordogne touches the Gironde, the Nord does not
ALL = [BESIDE, OWN, FAR]
STAGE = "reconciliation/places"


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    made = Pipeline(Settings.at(tmp_path))
    put(made, "campaigns", {"campaign": CAMPAIGN, "reference_date": "2022-12-01"})
    source(made, "france_services", "a")
    source(made, "communes", "c")
    for code in ALL:
        made.deposits.write(f"{CAMPAIGN}/{code}/enquete.csv", b"a")
        listed(made, code, "10 rue des Tilleuls")
        place(made, code, "Mairie")
    return made


def put(pipeline: Pipeline, table: str, *rows: dict[str, object], **key: object) -> None:
    texts = {column.name: "x" for column in declaration(table).columns if column.tests and column.type == "text"}
    blank = {name: value for name, value in texts.items() if name not in key}
    pipeline.warehouse.replace(table, key, filled(table, pd.DataFrame([blank | row for row in rows])))


def source(pipeline: Pipeline, name: str, sha256: str) -> None:
    row = {"campaign": CAMPAIGN, "source": name, "title": name, "sha256": sha256, "state": "taken"}
    put(pipeline, "campaign_sources", row, campaign=CAMPAIGN, source=name)


def listed(pipeline: Pipeline, code: str, address: str, on: str = "2022-12-01") -> None:
    row = {"source": "france_services", "source_id": f"{code}-1", "name": "Maison", "address": address}
    put(pipeline, "national_places", row | {"snapshot_date": on}, campaign=CAMPAIGN, departement=code)


def place(pipeline: Pipeline, code: str, name: str, at: int = 1) -> None:
    """A place, and the word of the stage that made it, at some turn."""
    row = {"place_id": f"{code}-a", "name": name, "kind": "fixed", "in_survey": True, "in_france_services": True}
    put(pipeline, "places", row, campaign=CAMPAIGN, departement=code)
    said = {"campaign": CAMPAIGN, "departement": code, "stage": STAGE, "state": "good", "turn": at, "message": None}
    with pipeline.warehouse.writing() as connection:
        say(pipeline.warehouse, [said], {}, connection)


def figures(pipeline: Pipeline, code: str, value: float) -> None:
    """A figure of a département that may be compared."""
    table = pipeline.project["indicators"].table
    row = {"campaign": CAMPAIGN, "departement": code, "key": compared_keys()[0], "value": value}
    with pipeline.warehouse.writing() as connection:
        connection.execute(table.delete())
        connection.execute(table.insert(), {column.name: row.get(column.name) for column in table.c})


def run(
    pipeline: Pipeline, code: str = OWN, name: str = "run", *, stands: bool = True, ends: bool = True
) -> dict[str, str]:
    """What a run of a slot writes of itself."""
    rests_on = own_inputs(pipeline, CAMPAIGN, [code])
    turns = take_turns(pipeline.warehouse, CAMPAIGN, [code], name, rests_on)
    with pipeline.warehouse.writing() as connection:
        if stands:
            stand(connection, CAMPAIGN, turns)
            note_around(connection, CAMPAIGN, inputs_around(pipeline, CAMPAIGN, [code]), turns)
            note_beside(connection, CAMPAIGN, {code: figures_beside(pipeline, CAMPAIGN)}, turns)
        if ends:
            end_turns(connection, CAMPAIGN, turns)
    return rests_on


def why(pipeline: Pipeline, code: str = OWN) -> tuple[str, ...]:
    due = due_slots(pipeline, CAMPAIGN, [code])
    return due[code].why if due else ()


def test_what_was_never_run_is_due_and_once_run_is_not(pipeline: Pipeline) -> None:
    assert why(pipeline) == (NEVER,)
    run(pipeline)
    assert why(pipeline) == ()
    assert why(Pipeline(pipeline.settings)) == ()  # whoever looks finds the same, whatever they remember
    assert list(due_slots(pipeline, CAMPAIGN, ALL)) == [BESIDE, FAR]


CHANGES: dict[str, tuple[Callable[[Pipeline], object], str]] = {
    "a file": (lambda it: it.deposits.write(f"{CAMPAIGN}/33/autre.csv", b"b"), PARTS["folder"]),
    "a file that is taken away": (lambda it: it.deposits.delete(f"{CAMPAIGN}/33/enquete.csv"), PARTS["folder"]),
    "a list": (
        lambda it: (listed(it, OWN, "11 rue des Tilleuls"), source(it, "france_services", "b")),
        PARTS["lists"],
    ),
    "the communes": (lambda it: source(it, "communes", "d"), PARTS["reference"]),
    "the day": (
        lambda it: put(it, "campaigns", {"campaign": CAMPAIGN, "reference_date": "2023-01-15"}),
        PARTS["campaign"],
    ),
    "a ruling": (
        lambda it: put(it, "rulings", {"ruling_id": "r", "departement": OWN, "decision": "same"}, departement=OWN),
        PARTS["rulings"],
    ),
    "a release": (
        lambda it: put(it, "releases", {"departement": OWN, "insee": "33063", "field": "name", "value": "a"}),
        PARTS["releases"],
    ),
    "a neighbour": (lambda it: place(it, BESIDE, "Mairie annexe", 2), AROUND),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_touches_a_slot_makes_it_due_and_says_what_it_is(pipeline: Pipeline, change: str) -> None:
    run(pipeline)
    do, said = CHANGES[change]
    do(pipeline)
    assert why(pipeline) == (said,)
    before = due_slots(pipeline, CAMPAIGN, [OWN])[OWN].rests_on
    run(pipeline, name="again")
    assert why(pipeline) == ()
    pipeline.deposits.write(f"{CAMPAIGN}/33/encore.csv", b"c")
    assert due_slots(pipeline, CAMPAIGN, [OWN])[OWN].rests_on != before


def test_what_changed_beside_a_slot_leaves_its_places(pipeline: Pipeline) -> None:
    run(pipeline)
    place(pipeline, BESIDE, "Mairie annexe", 2)
    assert due_slots(pipeline, CAMPAIGN, [OWN])[OWN].part == ACCESS
    pipeline.deposits.write(f"{CAMPAIGN}/33/autre.csv", b"b")
    assert due_slots(pipeline, CAMPAIGN, [OWN])[OWN].part == PLACES


def test_the_figures_of_others_count_for_whoever_asks(pipeline: Pipeline) -> None:
    figures(pipeline, FAR, 0.5)
    run(pipeline)
    assert due_slots(pipeline, CAMPAIGN, [OWN], beside=True) == {}
    figures(pipeline, FAR, 0.75)
    assert why(pipeline) == ()
    due = due_slots(pipeline, CAMPAIGN, [OWN], beside=True)[OWN]
    assert (due.why, due.part) == ((BESIDE_ITS_OWN,), PUBLICATION)


def test_a_turn_whose_minutes_are_made_again_is_cut_off_until_it_has_ended_again(pipeline: Pipeline) -> None:
    run(pipeline)
    turns = turns_of(pipeline.warehouse, CAMPAIGN, [OWN], "a later run of the minutes")
    with pipeline.warehouse.writing() as connection:
        note_around(connection, CAMPAIGN, inputs_around(pipeline, CAMPAIGN, [OWN]), turns)
    assert why(pipeline) == (CUT_OFF,)
    with pipeline.warehouse.writing() as connection:
        end_turns(connection, CAMPAIGN, turns)
    assert why(pipeline) == ()


LEAVES: dict[str, Callable[[Pipeline], object]] = {
    "another's file": lambda it: it.deposits.write(f"{CAMPAIGN}/24/autre.csv", b"b"),
    "another campaign's": lambda it: it.deposits.write(f"{BEFORE}/33/enquete.csv", b"b"),
    "noise": lambda it: it.deposits.write(f"{CAMPAIGN}/33/~$enquete.xlsx", b"b"),
    "a list elsewhere": lambda it: (listed(it, FAR, "1 rue Neuve"), source(it, "france_services", "b")),
    "only a list's date": lambda it: (
        listed(it, OWN, "10 rue des Tilleuls", "2022-12-31"),
        source(it, "france_services", "b"),
    ),
    "another's ruling": lambda it: put(
        it, "rulings", {"ruling_id": "r", "departement": FAR, "decision": "same"}, departement=FAR
    ),
    "a place far away": lambda it: place(it, FAR, "Mairie annexe", 2),
    "a neighbour made again, the same": lambda it: place(it, BESIDE, "Mairie", 2),
}


@pytest.mark.parametrize("change", LEAVES)
def test_what_does_not_touch_a_slot_leaves_it(pipeline: Pipeline, change: str) -> None:
    run(pipeline)
    LEAVES[change](pipeline)
    assert why(pipeline) == ()


def test_a_run_that_was_cut_off_once_it_wrote_is_due_even_where_nothing_changed(pipeline: Pipeline) -> None:
    run(pipeline, ends=False)
    assert why(pipeline) == (CUT_OFF,)
    run(pipeline, name="again")
    assert why(pipeline) == ()
    run(pipeline, name="later", ends=False)
    assert why(pipeline) == (CUT_OFF,)


def test_a_refused_file_is_not_asked_about_again_until_it_changes(pipeline: Pipeline) -> None:
    run(pipeline, stands=False)
    assert why(pipeline) == ()
    pipeline.deposits.write(f"{CAMPAIGN}/33/enquete.csv", b"mended")
    assert why(pipeline) == (PARTS["folder"],)


def test_what_a_machine_failed_is_due_again(pipeline: Pipeline) -> None:
    run(pipeline)
    turns = take_turns(pipeline.warehouse, CAMPAIGN, [OWN], "run")
    with pipeline.warehouse.writing() as connection:
        forget(connection, CAMPAIGN, turns)
    assert why(pipeline) == (UNKNOWN,)


def test_the_campaign_before_is_what_changes_are_told_from(pipeline: Pipeline) -> None:
    put(
        pipeline,
        "campaigns",
        {"campaign": CAMPAIGN, "reference_date": "2022-12-01"},
        {"campaign": BEFORE, "reference_date": "2020-10-01"},
    )
    run(pipeline)
    turns = take_turns(pipeline.warehouse, BEFORE, [OWN], "earlier", {OWN: "{}"})
    with pipeline.warehouse.writing() as connection:
        stand(connection, BEFORE, turns)
        end_turns(connection, BEFORE, turns)
    assert why(pipeline) == (PARTS["earlier"],)


def test_where_a_run_was_cut_off_the_stages_of_before_say_so(pipeline: Pipeline) -> None:
    run(pipeline, name="first")
    run(pipeline, name="second", ends=False)
    assert interrupt(pipeline.warehouse, "first") == []
    assert [slot.departement for slot in interrupt(pipeline.warehouse, "second")] == [OWN]
    status = pipeline.warehouse.read("slot_status", {"departement": OWN}).iloc[0]
    assert (status["state"], status["turn"]) == (INTERRUPTED, 1)
    assert status["last_good_at"] is not None
    other = pipeline.warehouse.read("slot_status", {"departement": BESIDE}).iloc[0]
    assert other["state"] == "good"


def test_the_national_brief_is_due_once_a_slot_ran_after_it(pipeline: Pipeline) -> None:
    assert synthesis_is_due(pipeline.warehouse, CAMPAIGN)
    said = {"campaign": CAMPAIGN, "departement": NATION, "stage": NATIONAL_BRIEF.to_user_string(), "state": "good"}
    with pipeline.warehouse.writing() as connection:
        fingerprints = slot_fingerprints(pipeline.warehouse, CAMPAIGN, [NATION], connection)
        say(pipeline.warehouse, [said | {"turn": None, "message": None}], fingerprints, connection)
    assert not synthesis_is_due(pipeline.warehouse, CAMPAIGN)
    run(pipeline)
    assert synthesis_is_due(pipeline.warehouse, CAMPAIGN)
