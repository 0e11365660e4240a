"""Real surveys and real national lists, from the deposit to the dossier, as `fs-pipeline run` does it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.partitions import Slot
from fs_pipeline.report import RunReport
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings

CAMPAIGN = "2022-12"
SURVEYS = {
    "13": "provence-alpes-cote-d-azur.csv",
    "33": "33-gironde.xlsx",
    "64": "64-pyrenees-atlantiques.csv",
}
SOURCES = {
    "france_services": "national/france-services-2022-12-01.csv",
    "la_poste": "national/la-poste-points-de-contact-2016-08.csv",
    "france_travail": "national/france-travail-agences.csv",
    "annuaire": "national/annuaire-administration-2019.csv.gz",
    "communes": "reference/communes-cog-2026.csv.gz",
    "contours": "reference/communes-contours-2018.parquet",
}
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def run(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pipeline, RunReport]:
    folder = tmp_path_factory.mktemp("real")
    lines = [f'{key} = "{real_data / path}"' for key, path in SOURCES.items()]
    sources = folder / "sources.toml"
    sources.write_text("campaign_reference_date = 2022-12-01\n[sources]\n" + "\n".join(lines) + '\nroads = ""\n')
    pipeline = Pipeline(Settings.at(folder / "home", sources_path=sources))
    for departement, name in SURVEYS.items():
        deposit(pipeline, Slot(CAMPAIGN, departement), real_data / "surveys" / name)
    return pipeline, materialise(pipeline, CAMPAIGN, tuple(SURVEYS))


def read(pipeline: Pipeline, table: str, departement: str) -> pd.DataFrame:
    key = {"campaign": CAMPAIGN, "departement": departement}
    models = pipeline.project.models
    return pipeline.warehouse.read(models[table].table if table in models else table, key)


def test_three_departements_go_from_the_file_to_the_dossier(run: tuple[Pipeline, RunReport]) -> None:
    pipeline, report = run
    assert report.succeeded, (report.broken_steps, report.failed_slots)
    publications = pipeline.warehouse.read("publications", {"campaign": CAMPAIGN, "edition": "internal"})
    for departement in SURVEYS:
        (path,) = publications.loc[publications["departement"] == departement, "path"]
        names = {name.rpartition("/")[2] for name in pipeline.files.list(path)}
        assert {"carte.html", "dossier.pdf", "dossier.html", "lieux.parquet", "communes.parquet"} <= names


def test_rows_of_the_five_other_departements_are_set_aside_and_reported(run: tuple[Pipeline, RunReport]) -> None:
    pipeline, _ = run
    problems = read(pipeline, "problems", "13")
    aside = problems[problems["rule"] == "row_of_another_departement"]
    assert len(aside) > 500
    assert set(read(pipeline, "survey_places", "13")["insee"].dropna().str[:2]) == {"13"}


def test_the_survey_and_the_official_list_are_told_apart_and_brought_together(run: tuple[Pipeline, RunReport]) -> None:
    pipeline, _ = run
    places = read(pipeline, "places", "33")
    both = places[(places["in_survey"] == True) & (places["in_france_services"] == True)]  # noqa: E712
    assert len(both) >= 10
    assert (places["in_france_services"] == True).sum() == 42  # noqa: E712  # rows of the list in Gironde
    assert places["place_id"].is_unique


@pytest.mark.parametrize("departement", ["13", "33", "64"])
def test_a_clerk_is_asked_of_few_pairs_and_only_of_likely_ones(
    run: tuple[Pipeline, RunReport], departement: str
) -> None:
    pipeline, _ = run
    pairs = read(pipeline, "link_pairs", departement)
    asked = pairs[pairs["decision"] == "review"]
    assert len(asked) <= 0.15 * len(read(pipeline, "survey_places", departement))
    assert asked["score"].min() >= 0.1


def test_travel_times_without_roads_are_said_to_be_estimated(run: tuple[Pipeline, RunReport]) -> None:
    pipeline, _ = run
    for departement in SURVEYS:
        figures = read(pipeline, "indicators", departement).set_index(["key", "dimension"])
        near = figures.loc[("population_within", "threshold=20")]
        assert "estimé" in near["method"]
        assert 0.5 < near["value"] < figures.loc[("population_within", "threshold=30"), "value"] <= 1
        assert "1er décembre 2022" in near["sources"]


def test_a_list_whose_date_nobody_gave_says_so(run: tuple[Pipeline, RunReport]) -> None:
    pipeline, _ = run
    figures = read(pipeline, "indicators", "33").set_index("dimension")
    assert figures.loc["operator=france_travail", "sources"] == "Agences France Travail (date inconnue)"


def test_a_survey_without_demarches_confirms_nothing_by_silence(run: tuple[Pipeline, RunReport]) -> None:
    pipeline, _ = run
    figures = read(pipeline, "indicators", "33").set_index("key")
    assert pd.isna(figures.loc["demarches_confirmed", "value"])
    assert figures.loc["demarches_confirmed", "reason"]
