"""The web map's search, as the page runs it: names are found however people write them."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from fs_pipeline.territory.shipped import load_territory
from tests.simulated import TEMPLATES

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is absent")

_RUN = """
const Search = require(process.argv[1]);
const {names, asked} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const entries = names.map(Search.plain);
process.stdout.write(JSON.stringify(asked.map((one) => Search.find(entries, one).map((n) => names[n]))));
"""
NAMES = [
    "Saint-Émilion 33330",
    "Saint-Germain-d’Esteuil 33340",
    "Le Haillan 33185",
    "L’Isle-d’Abeau 38080",
    "Sainte-Œuvre 99000",
    "Bazas 33430",
    "Saint-Bazasse 33431",
    "Estaing 12190",
]


def found(asked: list[str], names: list[str] = NAMES) -> list[list[str]]:
    """What search.js finds of each."""
    run = subprocess.run(
        ["node", "-e", _RUN, str(TEMPLATES / "search.js")],  # whichever is on the path
        input=json.dumps({"names": names, "asked": asked}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told: list[list[str]] = json.loads(run.stdout)
    return told


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("st emilion", "Saint-Émilion 33330"),
        ("SAINT-EMILION", "Saint-Émilion 33330"),
        ("St. Émil", "Saint-Émilion 33330"),
        ("33330", "Saint-Émilion 33330"),
        ("emilion", "Saint-Émilion 33330"),
        ("saint germain d esteuil", "Saint-Germain-d’Esteuil 33340"),
        ("st germain d'esteuil", "Saint-Germain-d’Esteuil 33340"),
        ("lehaillan", "Le Haillan 33185"),
        ("isle d abeau", "L’Isle-d’Abeau 38080"),
        ("ste oeuvre", "Sainte-Œuvre 99000"),
    ],
)
def test_a_name_is_found_however_it_is_written(asked: str, name: str) -> None:
    assert found([asked])[0] == [name]


def test_a_whole_name_comes_before_those_that_begin_or_hold_it() -> None:
    assert found(["bazas"]) == [["Bazas 33430", "Saint-Bazasse 33431"]]


def test_st_is_saint_and_no_beginning_of_other_words_alone() -> None:
    assert found(["st"])[0] == [NAMES[0], NAMES[1], NAMES[4], NAMES[6]]
    assert found(["esta"]) == [["Estaing 12190"]]


def test_nothing_asked_and_nothing_alike_find_nothing() -> None:
    assert found(["", "  -", "zzz"]) == [[], [], []]


def test_every_commune_of_france_is_found_in_capitals_without_its_hyphens_and_accents() -> None:
    names = load_territory().communes["name"].sample(400, random_state=1).tolist()
    asked = [name.upper().replace("-", " ").replace("’", "'") for name in names]
    bare = [one.replace("SAINT ", "ST ") for one in asked]
    assert all(name in told for name, told in zip(names, found(asked, names), strict=True))
    assert all(name in told for name, told in zip(names, found(bare, names), strict=True))
