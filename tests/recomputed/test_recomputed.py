"""What the packs of six départements and of the nation publish is what plain arithmetic finds in the raw files."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.national.france_services_kind import ALSO_GOES_OUT, BY_FORMAT, BY_NAME, NO_COUNTER, UNSURE
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from fs_pipeline.territory.shipped import load_territory
from tests.recomputed import recompute
from tests.recomputed.figures import FIGURES, LIST_HOURS, NATION, SURVEY_FIGURES, SURVEYS, Land, Pair, far_communes
from tests.recomputed.published import Pack
from tests.recomputed.raw import Raw

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = "2022-12"
DEPARTEMENTS = ("13", "33", "64", "75", "973", "974")
pytestmark = pytest.mark.data


KINDS = {
    "by-name": ("name", BY_NAME),
    "by-format": ("format", BY_FORMAT),
    "without-address": ("no_address", NO_COUNTER),
    "also-goes-out": ("also_goes_out", ALSO_GOES_OUT),
    "unsure": ("unsure", UNSURE),
}


@pytest.fixture(scope="session")
def lands(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Land]:
    """Each of the six, and under FR the nation's pack beside the six together; all from one run."""
    return _lands(real_data, tmp_path_factory.mktemp("recomputed"), DEPARTEMENTS, SURVEYS)


def _lands(real_data: Path, folder: Path, codes: Sequence[str], surveys: Mapping[str, str]) -> dict[str, Land]:
    """Run `codes` as `fs-pipeline run` does, with the sources of examples/, and recompute beside it."""
    shipped = (ROOT / "examples" / "sources-shared.toml").read_text(encoding="utf-8")
    sources = folder / "sources.toml"
    sources.write_text(shipped.replace("../../shared/data", str(real_data)), encoding="utf-8")
    pipeline = Pipeline(Settings.at(folder / "home", sources_path=sources))
    for departement, name in surveys.items():
        deposit(pipeline, Slot(CAMPAIGN, departement), real_data / "surveys" / name)
    report = materialise(pipeline, CAMPAIGN, codes)
    assert report.succeeded, (report.broken_steps, report.failed_slots)
    packs = {code: _pack(pipeline, code) for code in (*codes, "FR")}
    raw = Raw(real_data, ROOT / "fs_pipeline" / "data")
    moved = {
        str(place["local_id"]): (place["longitude"], place["latitude"])
        for code in surveys
        for place in packs[code].table("lieux.csv", in_survey=True, in_france_services=True).to_dict("records")
    }
    places = recompute.houses(raw, moved)
    found = recompute.answers(raw, places, codes)
    own = {code: found[found["departement"] == code] for code in codes} | {"FR": found}
    return {code: Land(code, raw, places, own[code], packs[code], {*moved}) for code in own}


def _pack(pipeline: Pipeline, code: str) -> Pack:
    key = {"campaign": CAMPAIGN, "departement": code, "edition": "internal"}
    (folder,) = pipeline.warehouse.read("publications", key)["path"]

    def read(name: str) -> bytes | None:
        path = f"{folder}/{name}"
        return pipeline.files.read(path) if pipeline.files.exists(path) else None

    return Pack(read)


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
def test_a_figure_of_a_departement_is_what_the_raw_files_give(lands: dict[str, Land], code: str, name: str) -> None:
    _agree(FIGURES[name], lands[code])


@pytest.mark.parametrize("name", SURVEY_FIGURES)
def test_a_figure_of_a_survey_is_what_its_rows_give(lands: dict[str, Land], name: str) -> None:
    _agree(SURVEY_FIGURES[name], lands[name.partition("-")[0]])


@pytest.mark.parametrize("name", [pytest.param(name, id=f"FR-{name}") for name in NATION])
def test_a_figure_of_the_nation_is_what_the_raw_files_give(lands: dict[str, Land], name: str) -> None:
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


def test_gironde_has_43_france_services_and_bouches_du_rhone_does_not_list_aix(lands: dict[str, Land]) -> None:
    assert lands["33"].pack.figure("france_services") == 43
    assert "13001" not in far_communes(lands["13"])


def test_each_demarche_of_the_published_list_is_followed_or_left_out_once(lands: dict[str, Land]) -> None:
    raw = lands["33"].raw
    listed = pd.read_csv(raw.data / "reference" / "teleservices-2020-11.csv", dtype=str)["id"]
    followed, left_out = raw.fact("demarches.csv"), raw.fact("demarches_left_out.csv")
    ours = [*followed.loc[followed["listed_on"] == "2020-11", "demarche_id"], *left_out["demarche_id"]]
    assert sorted(ours) == sorted(listed)
    said = f"{len(listed) - len(left_out)} démarches suivies sur les {len(listed)} de la liste"
    assert all(lands[code].pack.says(said) for code in DEPARTEMENTS)


def test_what_is_recomputed_owes_nothing_to_what_it_judges() -> None:
    for name in ("raw.py", "recompute.py", "lists.py", "published.py", "figures.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
        assert not [module for module in imported if module.startswith("fs_pipeline")], name


@pytest.mark.soak
def test_the_shares_of_all_101_departements_are_what_the_raw_files_give(real_data: Path, tmp_path: Path) -> None:
    whole = _lands(real_data, tmp_path, load_territory().departement_codes, {})
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
