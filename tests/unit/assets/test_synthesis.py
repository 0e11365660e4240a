"""The nation's brief is published after the slots, whole or saying why a figure is missing."""

from pathlib import Path

import pandas as pd
import pypdfium2
import pytest

from fs_pipeline.assets.synthesis import publish_nation
from fs_pipeline.cartography.layers import Layers, geoparquet
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.materialising import materialise
from tests.rows import filled
from tests.unit.briefing.sample import tiny_contours, tiny_tables

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


def publish_layers(pipeline: Pipeline, departement: str, version: str) -> None:
    """Layers of a made-up slot, as its two editions hold them: the public one lacks the last place."""
    tables = tiny_tables()
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    rows = []
    for edition, places in (("internal", drawn["places"]), ("public", drawn["places"].iloc[:-1])):
        folder = f"publications/{CAMPAIGN}/{departement}/{edition}/{version}"
        pipeline.files.write(f"{folder}/lieux.parquet", geoparquet(places))
        pipeline.files.write(f"{folder}/communes.parquet", geoparquet(drawn["communes"]))
        rows.append({"campaign": CAMPAIGN, "departement": departement, "edition": edition, "path": folder}
                    | {"fingerprint": version, "published_at": f"2022-12-{version}"})  # fmt: skip
    pipeline.warehouse.upsert("publications", pd.DataFrame(rows))


def web_map(pipeline: Pipeline, edition: str) -> str:
    published = pipeline.warehouse.read("publications", {"departement": "FR", "edition": edition})
    newest = published.sort_values("published_at")["path"].iloc[-1]
    assert pipeline.files.read(f"{newest}/carte-web/carte.pmtiles").startswith(b"PMTiles\x03")
    return pipeline.files.read(f"{newest}/carte-web/index.html").decode()


def test_the_nation_s_map_shows_each_edition_what_its_own_departements_published(pipeline: Pipeline) -> None:
    publish_layers(pipeline, "01", "02")
    publish_nation(pipeline, CAMPAIGN)
    *shown, last = tiny_tables().places.sort_values("place_id")["name"]
    inside, outside, none = (web_map(pipeline, edition) for edition in ("internal", "public", "partners"))
    assert last in inside
    assert last not in outside
    assert all(name in outside for name in shown)
    assert not any(name in none for name in (*shown, last))
    assert "en blanc\u00a0: 100\u00a0départements" in outside
    assert "en blanc\u00a0: 101\u00a0départements" in none


def test_what_a_departement_publishes_anew_is_a_new_version_of_the_nation(pipeline: Pipeline) -> None:
    publish_layers(pipeline, "01", "02")
    first = publish_nation(pipeline, CAMPAIGN)
    assert publish_nation(pipeline, CAMPAIGN) == first
    publish_layers(pipeline, "01", "03")
    assert publish_nation(pipeline, CAMPAIGN) != first


def test_a_departement_whose_layers_could_not_be_made_is_white(pipeline: Pipeline) -> None:
    publish_layers(pipeline, "01", "02")
    publish_layers(pipeline, "02", "02")
    pipeline.files.delete(f"publications/{CAMPAIGN}/02/public/02/communes.parquet")
    publish_nation(pipeline, CAMPAIGN)
    assert '<option value="01">' in web_map(pipeline, "public")
    assert '<option value="02">' not in web_map(pipeline, "public")
    assert '<option value="02">' in web_map(pipeline, "internal")
