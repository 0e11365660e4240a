"""A clerk answers a question in ``rapprochements.csv``, and the next map follows; the question is not asked again."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import pytest

from fs_pipeline.cli import main
from fs_pipeline.linkage.questions import DECISION

CAMPAIGN, DEPARTEMENT = "2022-12", "33"
SURVEY = """Nom;Type;Adresse;Code postal;Commune;Téléphone;Courriel;Latitude;Longitude
Espace Zorglubine;Centre social;12 rue de la République;33400;Talence;05 36 49 00 01;accueil@zorglubine.example;44,8063;-0,5900
Maison Quatrebarbine;Centre social;12 rue de la République;33400;Talence;05 36 49 00 01;accueil@zorglubine.example;44,8063;-0,5900
Médiathèque du Lac;Médiathèque;3 place du Marché;33600;Pessac;05 36 49 00 02;;44,8056;-0,6310
"""
pytestmark = pytest.mark.data


def questions(out: Path) -> list[dict[str, str]]:
    path = out / CAMPAIGN / DEPARTEMENT / "internal" / "rapprochements.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_map_follows_the_answer_and_nobody_asks_again(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, survey, sources = real_data / "reference", tmp_path / "enquete.csv", tmp_path / "sources.toml"
    taken = {"communes": "communes-cog-2026.csv.gz", "contours": "communes-contours-2018.parquet"}
    absent = ("france_services", "la_poste", "france_travail", "annuaire", "roads")
    lines = [f'{key} = "{reference / name}"' for key, name in taken.items()] + [f'{key} = ""' for key in absent]
    sources.write_text("\n".join(["campaign_reference_date = 2022-12-01", "[sources]", *lines]))
    survey.write_text(SURVEY, encoding="utf-8")
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    out = tmp_path / "out"
    asked = ["run", "--campaign", CAMPAIGN, "--department", DEPARTEMENT, "--sources", str(sources), "--out", str(out)]
    assert main([*asked, "--survey", str(survey)]) == 0
    (question,) = questions(out)
    assert {question["left_name"], question["right_name"]} == {"Espace Zorglubine", "Maison Quatrebarbine"}
    assert question["left_source"] == question["right_source"] == "Enquête"
    drawn = gpd.read_parquet(out / CAMPAIGN / DEPARTEMENT / "internal" / "lieux.parquet")
    filled = tmp_path / "rapprochements.csv"
    with filled.open("w", encoding="cp1252", errors="replace", newline="") as file:  # as a spreadsheet saves it
        writer = csv.DictWriter(file, list(question), delimiter=";")
        writer.writeheader()
        writer.writerow(question | {DECISION: "même lieu"})
    assert main(["rulings", "import", str(filled), "--by", "Préfecture de la Gironde"]) == 0
    assert main(asked) == 0
    again = gpd.read_parquet(out / CAMPAIGN / DEPARTEMENT / "internal" / "lieux.parquet")
    assert len(again) == len(drawn) - 1
    assert questions(out) == []
    assert not list((out / CAMPAIGN / DEPARTEMENT / "public").glob("*rapprochements*"))
