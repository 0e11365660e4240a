"""The nation's brief is published after the slots, whole or saying why a figure is missing."""

from pathlib import Path

import pandas as pd
import pypdfium2
import pytest

from fs_pipeline.assets.synthesis import publish_nation
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.materialising import materialise
from tests.rows import filled

CAMPAIGN = "2022-12"


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    sources = tmp_path / "sources.toml"
    sources.write_text('[sources]\ncontours = ""\n', encoding="utf-8")
    opened = Pipeline(Settings.at(tmp_path / "var", sources_path=sources))
    opened.warehouse.upsert(
        "campaigns", filled("campaigns", pd.DataFrame([{"campaign": CAMPAIGN, "reference_date": "2022-12-01"}]))
    )
    return opened


def said(pipeline: Pipeline, edition: str) -> str:
    path = pipeline.warehouse.read("publications", {"departement": "FR", "edition": edition})["path"].iloc[0]
    document = pypdfium2.PdfDocument(pipeline.files.read(f"{path}/dossier.pdf"))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_a_campaign_without_anything_lists_the_101_departements_and_says_why(pipeline: Pipeline) -> None:
    publish_nation(pipeline, CAMPAIGN)
    text = said(pipeline, "internal")
    assert "Aucun indicateur national" in text
    assert "n = 101 départements" in text.replace("\u00a0", " ")
    assert "Territoire de Belfort" in text


def test_the_announcements_figures_come_from_the_list(pipeline: Pipeline) -> None:
    listed = pd.DataFrame(
        [
            {"departement": "01", "source": "france_services", "source_id": str(n), "snapshot_date": "2022-12-01",
             "labelled_on": "2021-01-01" if n < 3 else "2022-06-01", "name": f"Lieu {n}"}
            for n in range(5)
        ],
        dtype=object,
    )  # fmt: skip
    pipeline.warehouse.replace(
        "national_places", {"campaign": CAMPAIGN, "source": "france_services"}, filled("national_places", listed)
    )
    for model in pipeline.project:
        if model.spec.partition == "campaign":
            materialise(pipeline.warehouse, pipeline.project, model.name, CAMPAIGN)
    publish_nation(pipeline, CAMPAIGN)
    text = said(pipeline, "public")
    assert "3 France services labellisées au 31 janvier 2022" in text
    assert "non calculé agents formés" in text
    assert "aucune source ouverte ne les compte" in text


def test_published_again_it_is_the_same_version(pipeline: Pipeline) -> None:
    first = publish_nation(pipeline, CAMPAIGN)
    before = {path: pipeline.files.read(path) for path in pipeline.files.list("publications")}
    assert publish_nation(pipeline, CAMPAIGN) == first
    assert {path: pipeline.files.read(path) for path in pipeline.files.list("publications")} == before
    assert len(pipeline.warehouse.read("publications")) == 3
