"""Surveys that once broke the dossier go from the command line to what is published, whole; what is released goes out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from fs_pipeline.cli import main
from fs_pipeline.settings import Settings
from fs_pipeline.tabular.formulas import as_meant
from fs_pipeline.warehouse.engine import Warehouse

CAMPAIGN, DEPARTEMENT = "2022-12", "33"
HOSTILE = ("01b-puce-word-reunion.xlsx", "01c-lettres-perdues.xlsx", "07-surrogats.json")
MADE = {"carte.html", "carte.png", "dossier.html", "dossier.pdf", "lieux.parquet", "communes.parquet", "lieux.csv"}
SURVEY = """Nom;Type;Adresse;Code postal;Commune
Espace Zorglubine;Mairie;1 rue de la Paix;33400;Talence
Espace Quatrebarbine;Mairie;1 rue de la Paix;33600;Pessac
"""
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def asked(cases: Path, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What `run` is asked; it has run once."""
    folder, reference = tmp_path_factory.mktemp("hostile"), real_data / "reference"
    taken = {"communes": "communes-cog-2026.csv.gz", "contours": "communes-contours-2018.parquet"}
    absent = ("france_services", "la_poste", "france_travail", "annuaire", "roads")  # what comes out is the surveys'
    lines = [f'{key} = "{reference / name}"' for key, name in taken.items()] + [f'{key} = ""' for key in absent]
    sources, survey = folder / "sources.toml", folder / "enquete.csv"
    sources.write_text("\n".join(["campaign_reference_date = 2022-12-01", "[sources]", *lines]))
    survey.write_text(SURVEY, encoding="utf-8")
    surveys = [
        option
        for path in (survey, *(cases / "hostile" / name for name in HOSTILE))
        for option in ("--survey", str(path))
    ]
    where = [
        "--campaign",
        CAMPAIGN,
        "--department",
        DEPARTEMENT,
        "--sources",
        str(sources),
        "--out",
        str(folder / "out"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FS_HOME", raising=False)
        assert main(["run", *where, *surveys]) == 0
        yield where


def folder_of(asked: list[str], edition: str) -> Path:
    return Path(asked[-1]) / CAMPAIGN / DEPARTEMENT / edition


def names_in(asked: list[str], edition: str) -> set[str]:
    with (folder_of(asked, edition) / "lieux.csv").open(encoding="utf-8", newline="") as file:
        return {as_meant(row["name"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize("edition", ["internal", "partners", "public"])
def test_bullets_of_word_lost_letters_and_halves_of_characters_are_published_whole(
    asked: list[str], edition: str
) -> None:
    written = {path.name for path in folder_of(asked, edition).iterdir()}
    assert written >= MADE
    assert "A-LIRE.txt" not in written
    page = (folder_of(asked, edition) / "dossier.html").read_text(encoding="utf-8")
    assert "\uf0b7" not in page
    assert "\ufffd" not in page


def test_each_was_read_and_the_departement_is_good(asked: list[str]) -> None:
    warehouse = Warehouse(Settings.at(Path(asked[-1]) / "var").database_url)
    deposits = warehouse.read("deposits")
    assert {*HOSTILE, "enquete.csv"} == set(deposits["filename"])
    assert "refused" not in set(deposits["verdict"])
    assert set(warehouse.read("slot_status", {"departement": DEPARTEMENT})["state"]) == {"good"}
    assert any("•" in text for text in warehouse.read("survey_meeting")["decisions"].dropna())
    warehouse.dispose()


def test_a_name_that_the_prefecture_releases_is_read_after_the_next_run_and_no_other(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"Espace Zorglubine", "Espace Quatrebarbine"} <= names_in(asked, "internal")
    before = names_in(asked, "public")
    assert not before & {"Espace Zorglubine", "Espace Quatrebarbine"}
    with (folder_of(asked, "internal") / "a-liberer.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = {"release": "oui", "decided_by": "Préfecture de la Gironde", "decided_on": "2022-12-02"}
    filled = tmp_path / "a-liberer.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | (said if row["value"] == "Espace Zorglubine" else {}) for row in rows)
    monkeypatch.setenv("FS_HOME", str(Path(asked[-1]) / "var"))
    assert main(["releases", "import", str(filled)]) == 0
    monkeypatch.delenv("FS_HOME")
    assert main(["run", *asked]) == 0
    for edition in ("public", "partners"):
        assert names_in(asked, edition) & {"Espace Zorglubine", "Espace Quatrebarbine"} == {"Espace Zorglubine"}
    still = (folder_of(asked, "internal") / "a-liberer.csv").read_text(encoding="utf-8")
    assert "Quatrebarbine" in still
    assert "Zorglubine" not in still
