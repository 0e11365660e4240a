"""What the web map says of a démarche, commune by commune: the page's own file reads what the pipeline found."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pandas as pd
import pytest

from fs_pipeline import french
from fs_pipeline.access.services import CONFIRMED
from fs_pipeline.briefing.map_help import help_data, tenths_shown
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.once import Once
from fs_pipeline.coverage.simulator import class_ends
from fs_pipeline.editions.hidden_minutes import KEPT_INSIDE
from tests.simulated import TEMPLATES
from tests.unit.briefing.sample import THRESHOLDS, tiny_tables

_RUN = """
const Help = require(process.argv[1]);
const {table, row, written, only, classes} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const view = Help.view(table, classes, row, written, only);
const near = written.map((_, n) => view.within && view.within.near(n));
process.stdout.write(JSON.stringify({communes: view.communes, near}));
"""
CLASSES = [["m1", 100], ["m2", 200], ["m3", 300], ["m4", 450]]
DEMARCHE = "R100"


def page_says(tables: SlotTables, demarche: str = DEMARCHE, *, only: bool = False) -> dict[str, Any]:
    """What help.js finds: the words and look of each commune, and which are near."""
    if shutil.which("node") is None:
        pytest.skip("Node is absent")
    insees = tables.communes["insee"].tolist()
    data = help_data(tables, insees, [demarche], Once())
    written = [{"words": "1 min", "look": "m1"} for _ in insees]
    given = {"table": data, "row": data["rows"][0], "written": written, "only": only, "classes": CLASSES}  # type: ignore[index]
    run = subprocess.run(
        ["node", "-e", _RUN, str(TEMPLATES / "help.js")],  # whichever is on the path
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def confirmed(tables: SlotTables) -> pd.DataFrame:
    rows = tables.int_commune_minutes
    return rows[(rows["service"] == CONFIRMED) & (rows["demarche_id"] == DEMARCHE)].reset_index(drop=True)


def test_confirmed_help_is_told_in_the_minutes_that_are_published():
    tables = tiny_tables()
    told = page_says(tables, only=True)
    minutes = confirmed(tables)["minutes"]
    ends = class_ends(THRESHOLDS)
    assert [one["words"] for one in told["communes"]] == [
        f"{french.minutes(value, ends)}, aide confirmée" for value in minutes
    ]
    assert told["near"] == (minutes <= 20).tolist()


def test_what_the_label_alone_implies_is_told_apart():
    tables = tiny_tables()
    label = tables.int_commune_minutes.query("service == 'france_services'")["minutes"].to_numpy()
    alone = confirmed(tables)["minutes"].to_numpy()
    assert (label < alone).any()
    for one, by_label in zip(page_says(tables)["communes"], label < alone, strict=True):
        assert ("by-label" in one["look"]) == by_label
        assert ("par le label (confirmée\u00a0: " in one["words"]) == by_label


def test_a_demarche_that_nobody_confirms_rests_on_the_label_or_on_nothing():
    tables = tiny_tables()
    nobody = tables.int_commune_minutes.query("service == 'france_services'")
    silent = tables.having(access_minutes=nobody, int_commune_minutes=nobody)
    assert {one["look"] for one in page_says(silent)["communes"]} == {"m1 by-label"}
    assert {one["words"] for one in page_says(silent)["communes"]} == {"1 min, par le label seul"}
    outside = silent.having(demarches=silent.demarches.assign(operator="douanes"))
    assert {one["words"] for one in page_says(outside)["communes"]} == {"aucun lieu ne confirme cette aide"}
    assert {one["look"] for one in page_says(outside)["communes"]} == {"none"}


def test_minutes_that_are_kept_inside_are_said_to_be_and_hatched():
    tables = tiny_tables()
    rows = tables.int_commune_minutes
    first = (rows["demarche_id"] == DEMARCHE) & (rows["insee"] == rows["insee"].iloc[0])
    kept = rows.assign(
        minutes=rows["minutes"].where(~first), reason=rows["reason"].astype(object).where(~first, KEPT_INSIDE)
    )
    hidden = tables.having(access_minutes=kept, int_commune_minutes=kept)
    for only in (False, True):
        one = page_says(hidden, only=only)["communes"][0]
        assert one == {"words": KEPT_INSIDE, "look": "none"}


def test_minutes_stay_on_their_side_of_a_limit_however_they_are_rounded():
    shown = tenths_shown(pd.Series([20.0, 20.02, 20.4, 20.6, 9.5, float("nan")]).to_numpy(), [10, 20])
    assert shown.tolist() == [200, 201, 204, 210, 100, 0]
