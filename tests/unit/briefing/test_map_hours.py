"""When the web map says that a place is open: as its hours say, and unknown is never closed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pandas as pd
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.map_hours import hours_data
from fs_pipeline.briefing.slot import SlotTables, records
from fs_pipeline.french import DAYS
from tests.simulated import TEMPLATES
from tests.unit.briefing.sample import hour, tiny_tables

_RUN = """
const Hours = require(process.argv[1]);
const {table, asked} = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((at) => {
  const states = table.of.map((_, n) => Hours.state(table, n, at));
  return [states.join(""), Hours.sentence(table, at, states)];
})));
"""


def page_says(tables: SlotTables, *asked: tuple[int, int], kept: frozenset[str] = frozenset()) -> list[list[str]]:
    """What hours.js finds at each day (a number) and hour: a letter a place, and the sentence."""
    if shutil.which("node") is None:
        pytest.skip("Node is absent")
    rows = records(tables.places, "place_id", "opening_hours", "week_parity", "itinerant", "in_survey")
    table = hours_data(tables, rows, {place_id: frozenset({"opening_hours"}) for place_id in kept})
    run = subprocess.run(
        ["node", "-e", _RUN, str(TEMPLATES / "hours.js")],  # whichever is on the path
        input=json.dumps({"table": table, "asked": [{"day": day, "hour": at} for day, at in asked]}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told: list[list[str]] = json.loads(run.stdout)
    return told


def opening(*hours: str | None, **more: object) -> SlotTables:
    """The places of the made-up slot, open at these hours."""
    places = tiny_tables().places.iloc[: len(hours)]
    return tiny_tables(places=places.assign(opening_hours=[*hours], **more))


def test_a_place_is_open_closed_by_appointment_or_unknown():
    tables = opening("Mo-Fr 09:00-12:00", 'Mo 09:00-12:00 "sur rendez-vous"', None)
    (monday, said), (noon, _), (sunday, closed) = page_says(tables, (0, 9), (0, 12), (6, 9))
    assert (monday, noon, sunday) == ("oru", "ccu", "ccu")
    assert (
        said == "Lundi à 9\u00a0h\u00a0: 2 lieux ouverts sur 3, dont 1 sur rendez-vous\u202f; 1 aux horaires inconnus."
    )
    assert closed.startswith("Dimanche à 9\u00a0h\u00a0: 0 lieu ouvert sur 3")


def test_hours_that_are_kept_are_neither_unknown_nor_closed():
    tables = opening("Mo 09:00-12:00", "Mo 09:00-12:00")
    ((states, said),) = page_says(tables, (0, 9), kept=frozenset({tables.places["place_id"].iloc[0]}))
    assert states == "ko"
    assert "1 aux horaires réservés" in said


def test_odd_and_even_weeks_are_apart_only_where_something_differs():
    same = opening("Mo 09:00-12:00")
    assert len(hours_data(same, _rows(same), {})["days"]) == 7  # type: ignore[arg-type]
    apart = opening("Mo 09:00-12:00", week_parity="odd")
    found = hours_data(apart, _rows(apart), {})
    assert found["days"][0] == "lundi, semaines impaires"  # type: ignore[index]
    assert [states for states, _ in page_says(apart, (0, 9), (7, 9))] == ["o", "c"]


def test_a_bus_that_a_list_alone_knows_is_nowhere_for_sure():
    tables = opening("Mo 09:00-12:00", itinerant=True, in_survey=False)
    assert page_says(tables, (0, 9))[0][0] == "u"


def test_the_share_that_is_said_is_the_one_that_is_published():
    rows = [hour("every", day, at, 0.45, 0.5, 0.03) for day in DAYS for at in range(8, 20)]
    tables = opening("Mo 09:00-12:00").having(coverage_by_hour=pd.DataFrame(rows))
    assert set(tables.coverage_by_hour["service"]) == {FRANCE_SERVICES.kind}
    ((_, said),) = page_says(tables, (1, 14))
    assert "À 20\u00a0minutes ou moins d’une France services fixe ouverte\u00a0: 45\u202f% des habitants" in said
    assert "3\u202f% près de lieux aux horaires inconnus seulement" in said


def _rows(tables: SlotTables) -> list[dict[str, object]]:
    return records(tables.places, "place_id", "opening_hours", "week_parity", "itinerant", "in_survey")
