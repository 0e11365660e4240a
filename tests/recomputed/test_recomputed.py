"""Real surveys and real national lists, from the deposit to the dossier: what each step leaves, and that each figure is right.

Six départements are run once. What their packs and the nation's publish is what plain arithmetic finds in the raw files.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.coverage.simulator import class_ends, tenths
from fs_pipeline.editions.edition import EDITIONS
from fs_pipeline.national.france_services_kind import ALSO_GOES_OUT, BY_FORMAT, BY_NAME, NO_COUNTER, UNSURE
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.shipped import load_territory
from tests.recomputed.figures import FIGURES, LIST_HOURS, NATION, SURVEY_FIGURES, SURVEYS, Land, Pair, far_communes
from tests.recomputed.raw import Raw
from tests.recomputed.real_run import CAMPAIGN, ROOT, RealRun, run_real
from tests.simulated import THRESHOLDS, page_finds
from tests.unit.release.exported import (
    refused_by_data_inclusion,
    refused_by_frictionless,
    refused_by_mediation_numerique,
    rows,
)

DEPARTEMENTS = ("13", "33", "64", "75", "973", "974")
pytestmark = pytest.mark.data

KINDS = {
    "by-name": ("name", BY_NAME),
    "by-format": ("format", BY_FORMAT),
    "without-address": ("no_address", NO_COUNTER),
    "also-goes-out": ("also_goes_out", ALSO_GOES_OUT),
    "unsure": ("unsure", UNSURE),
}


@pytest.fixture(scope="module")
def run(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealRun:
    """One run, for all that is asked here: it takes two minutes."""
    return run_real(real_data, tmp_path_factory.mktemp("real"), DEPARTEMENTS, SURVEYS)


@pytest.fixture(scope="module")
def lands(run: RealRun) -> Mapping[str, Land]:
    """Each of the six, and under FR the nation's pack beside the six together."""
    return run.lands


def _agree(pair: Pair, land: Land) -> None:
    recomputed, published = (figure(land) for figure in pair)
    if isinstance(recomputed, float | list):
        assert published == pytest.approx(recomputed, rel=1e-9), (recomputed, published)
    else:
        assert published == recomputed


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param(code, name, id=f"{code}-{name}")
        for code in DEPARTEMENTS
        for name in FIGURES
        if not name.startswith("open-") or code in LIST_HOURS
    ],
)
def test_a_figure_of_a_departement_is_what_the_raw_files_give(lands: Mapping[str, Land], code: str, name: str) -> None:
    _agree(FIGURES[name], lands[code])


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_the_web_map_tries_moves_from_the_figures_that_are_published(lands: Mapping[str, Land], code: str) -> None:
    if shutil.which("node") is None:
        pytest.skip("Node is absent")
    pack = lands[code].pack
    page = pack.read("carte.html")
    assert page is not None
    assert code != "33" or len(page) <= 2_000_000  # to be sent by mail
    embedded = re.search(r'id="donnees">(.*?)</script>', page.decode(), re.DOTALL)
    assert embedded is not None
    (found,) = page_finds(json.loads(embedded[1])["simulation"], [{"closed": [], "opened": [], "stops": []}])
    assert found["within"] == pytest.approx([pack.access("population_within", threshold) for threshold in THRESHOLDS])
    minutes = pack.table("minutes.parquet", service="france_services").sort_values("insee")["minutes"]
    assert found["communes"] == tenths(minutes.to_numpy(), class_ends(THRESHOLDS)[:-1]).tolist()


@pytest.mark.parametrize("name", SURVEY_FIGURES)
def test_a_figure_of_a_survey_is_what_its_rows_give(lands: Mapping[str, Land], name: str) -> None:
    _agree(SURVEY_FIGURES[name], lands[name.partition("-")[0]])


@pytest.mark.parametrize("name", [pytest.param(name, id=f"FR-{name}") for name in NATION])
def test_a_figure_of_the_nation_is_what_the_raw_files_give(lands: Mapping[str, Land], name: str) -> None:
    _agree(NATION[name], lands["FR"])


@pytest.fixture(scope="module")
def decided(real_data: Path) -> dict[str, int]:
    """How many rows of the list the pipeline decided how."""
    path = real_data / "national" / "france-services-2022-12-01.csv"
    return read_snapshot("france_services", path, load_territory()).decided


@pytest.mark.parametrize("name", [pytest.param(name, id=f"FR-kinds-{name}") for name in KINDS])
def test_rows_of_the_list_are_counters_or_buses_by_the_rule_that_is_said(
    decided: dict[str, int], real_data: Path, name: str
) -> None:
    rule, reason = KINDS[name]
    listed = Raw(real_data, ROOT / "fs_pipeline" / "data").listed
    assert decided.get(reason, 0) == (listed["by"] == rule).sum()


def test_gironde_has_43_france_services_marseille_16_points_and_aix_is_not_far(lands: Mapping[str, Land]) -> None:
    assert lands["33"].pack.figure("france_services") == 43
    assert len(lands["13"].pack.table("points-depart.csv", insee="13055")) == 16
    assert "13001" not in far_communes(lands["13"])


def test_each_demarche_of_the_published_list_is_followed_or_left_out_once(lands: Mapping[str, Land]) -> None:
    raw = lands["33"].raw
    listed = pd.read_csv(raw.data / "reference" / "teleservices-2020-11.csv", dtype=str)["id"]
    followed, left_out = raw.fact("demarches.csv"), raw.fact("demarches_left_out.csv")
    ours = [*followed.loc[followed["listed_on"] == "2020-11", "demarche_id"], *left_out["demarche_id"]]
    assert sorted(ours) == sorted(listed)
    said = f"{len(listed) - len(left_out)} démarches suivies sur les {len(listed)} de la liste"
    assert all(lands[code].pack.says(said) for code in DEPARTEMENTS)


def test_what_is_recomputed_owes_nothing_to_what_it_judges() -> None:
    for name in ("raw.py", "ways.py", "recompute.py", "lists.py", "published.py", "figures.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
        assert not [module for module in imported if module.startswith("fs_pipeline")], name


def read(pipeline: Pipeline, table: str, departement: str) -> pd.DataFrame:
    key = {"campaign": CAMPAIGN, "departement": departement}
    models = pipeline.project.models
    return pipeline.warehouse.read(models[table].table if table in models else table, key)


def test_each_survey_goes_from_the_file_to_the_dossier(run: RealRun) -> None:
    pipeline = run.pipeline
    publications = pipeline.warehouse.read("publications", {"campaign": CAMPAIGN, "edition": "internal"})
    for departement in SURVEYS:
        (path,) = publications.loc[publications["departement"] == departement, "path"]
        names = {name.rpartition("/")[2] for name in pipeline.files.list(path)}
        assert {"carte.html", "dossier.pdf", "dossier.html", "lieux.parquet", "communes.parquet"} <= names


def test_rows_of_the_five_other_departements_are_set_aside_and_reported(run: RealRun) -> None:
    pipeline = run.pipeline
    problems = read(pipeline, "problems", "13")
    aside = problems[problems["rule"] == "row_of_another_departement"]
    assert len(aside) > 500
    assert set(read(pipeline, "survey_places", "13")["insee"].dropna().str[:2]) == {"13"}


def test_the_survey_and_the_official_list_are_told_apart_and_brought_together(run: RealRun) -> None:
    pipeline = run.pipeline
    places = read(pipeline, "places", "33")
    both = places[(places["in_survey"] == True) & (places["in_france_services"] == True)]  # noqa: E712
    assert len(both) >= 10
    assert (places["in_france_services"] == True).sum() == 42  # noqa: E712  # rows of the list in Gironde
    assert places["place_id"].is_unique


@pytest.mark.parametrize("departement", ["13", "33", "64"])
def test_a_clerk_is_asked_of_few_pairs_and_only_of_likely_ones(run: RealRun, departement: str) -> None:
    pipeline = run.pipeline
    pairs = read(pipeline, "link_pairs", departement)
    asked = pairs[pairs["decision"] == "review"]
    assert len(asked) <= 0.15 * len(read(pipeline, "survey_places", departement))
    assert asked["score"].min() >= 0.1


def test_travel_times_without_roads_are_said_to_be_estimated(run: RealRun) -> None:
    pipeline = run.pipeline
    for departement in SURVEYS:
        figures = read(pipeline, "indicators", departement).set_index(["key", "dimension"])
        near = figures.loc[("population_within", "threshold=20")]
        assert "estimé" in near["method"]
        assert 0.5 < near["value"] <= figures.loc[("population_within", "threshold=30"), "value"] <= 1
        assert "1er décembre 2022" in near["sources"]


def test_a_list_whose_date_nobody_gave_says_so(run: RealRun) -> None:
    pipeline = run.pipeline
    figures = read(pipeline, "indicators", "33").set_index("dimension")
    assert figures.loc["operator=france_travail", "sources"] == "Agences France Travail (date inconnue)"


def test_a_survey_without_demarches_confirms_nothing_by_silence(run: RealRun) -> None:
    pipeline = run.pipeline
    figures = read(pipeline, "indicators", "33").set_index("key")
    assert pd.isna(figures.loc["demarches_confirmed", "value"])
    assert figures.loc["demarches_confirmed", "reason"]


@pytest.mark.soak
def test_the_shares_of_all_101_departements_are_what_the_raw_files_give(real_data: Path, tmp_path: Path) -> None:
    whole = run_real(real_data, tmp_path, load_territory().departement_codes, {}).lands
    for name in ("share-20", "share-30", "base", "not-computed"):
        _agree(NATION[name], whole["FR"])
    for code in whole.keys() - {"FR"}:
        for name in (
            "list-rows",
            "list-buses",
            "share-20",
            "share-20-low",
            "share-20-high",
            "share-30",
            "far-communes",
        ):
            _agree(FIGURES[name], whole[code])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_real_exports_are_what_the_official_schemas_accept(
    run: RealRun, tmp_path: Path, departement: str, edition: str
):
    key = {"campaign": CAMPAIGN, "departement": departement, "edition": edition}
    (folder,) = run.pipeline.warehouse.read("publications", key)["path"]
    files = {name.removeprefix(f"{folder}/"): run.pipeline.files.read(name) for name in run.pipeline.files.list(folder)}
    exported = {
        name.removeprefix("exports/"): content for name, content in files.items() if name.startswith("exports/")
    }
    assert len(rows(exported["data-inclusion-structures.json"])) > 10
    assert refused_by_data_inclusion(exported) == []
    if shutil.which("node"):
        assert refused_by_mediation_numerique(exported["mediation-numerique.json"], tmp_path) == []
    assert refused_by_frictionless(files, tmp_path) == []
