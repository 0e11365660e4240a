"""Surveys that once broke the dossier go from the command line to what is published, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from fs_pipeline.cli import main
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

CAMPAIGN, DEPARTEMENT = "2022-12", "33"
SURVEYS = ("01b-puce-word-reunion.xlsx", "01c-lettres-perdues.xlsx", "07-surrogats.json")
MADE = {"carte.html", "carte.png", "dossier.html", "dossier.pdf", "lieux.parquet", "communes.parquet", "lieux.csv"}


@pytest.mark.data
def test_bullets_of_word_lost_letters_and_halves_of_characters_are_published_whole(
    cases: Path, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FS_HOME", raising=False)
    folder, out = real_data / "reference", tmp_path / "out"
    sources = tmp_path / "sources.toml"  # no list of places: what is published is the surveys' own
    taken = {"communes": "communes-cog-2026.csv.gz", "contours": "communes-contours-2018.parquet"}
    absent = ["france_services", "la_poste", "france_travail", "annuaire", "roads"]
    lines = [f'{key} = "{folder / name}"' for key, name in taken.items()] + [f'{key} = ""' for key in absent]
    sources.write_text("\n".join(["campaign_reference_date = 2022-12-01", "[sources]", *lines]))
    surveys = [option for name in SURVEYS for option in ("--survey", str(cases / "hostile" / name))]
    asked = ["--campaign", CAMPAIGN, "--department", DEPARTEMENT, "--sources", str(sources), "--out", str(out)]
    assert main(["run", *asked, *surveys]) == 0, capsys.readouterr()
    for edition in ("internal", "partners", "public"):
        written = {path.name for path in (out / CAMPAIGN / DEPARTEMENT / edition).iterdir()}
        assert written >= MADE
        assert "A-LIRE.txt" not in written
    warehouse = Pipeline(Settings.at(out / "var")).warehouse
    assert set(warehouse.read("deposits")["filename"]) == set(SURVEYS)
    assert "refused" not in set(warehouse.read("deposits")["verdict"])
    assert set(warehouse.read("slot_status", {"departement": DEPARTEMENT})["state"]) == {"good"}
    said = warehouse.read("survey_meeting")["decisions"].dropna().to_list()
    warehouse.dispose()
    dossier = (out / CAMPAIGN / DEPARTEMENT / "internal" / "dossier.html").read_text(encoding="utf-8")
    assert "\uf0b7" not in dossier
    assert "\ufffd" not in dossier
    assert any("•" in text for text in said)
