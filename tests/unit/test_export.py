"""What a run hands over is of one version: no file of an older one stands beside it, and nobody else's file is touched."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.cartography import web_libraries
from fs_pipeline.export import LIST, Export, export
from fs_pipeline.report import RunReport, print_report
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

CAMPAIGN, DEPARTEMENT = "2022-12", "33"
WHOLE = {"dossier.pdf": b"%PDF one", "dossier.html": b"<p>one", "tables/lieux.csv": b"one"}
LACKING = {"dossier.html": b"<p>two", "tables/lieux.csv": b"two", "A-LIRE.txt": b"il y manque dossier.pdf"}


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(Settings.at(tmp_path / "home"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def publish(pipeline: Pipeline, version: str, files: dict[str, bytes]) -> None:
    folder = f"publications/{CAMPAIGN}/{DEPARTEMENT}/public/{version}"
    for name, content in files.items():
        pipeline.files.write(f"{folder}/{name}", content)
    row = {"campaign": CAMPAIGN, "departement": DEPARTEMENT, "edition": "public", "path": folder}
    rows = pd.DataFrame([row | {"fingerprint": version, "published_at": f"2022-12-{version}"}])
    pipeline.warehouse.upsert("publications", rows)


def hand_over(pipeline: Pipeline, out: Path) -> Export:
    return export(pipeline, CAMPAIGN, [DEPARTEMENT], out)


def handed_over(out: Path) -> dict[str, bytes]:
    folder = out / CAMPAIGN / DEPARTEMENT / "public"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_that_a_version_lacks_does_not_stay_from_the_one_before(pipeline, out):
    publish(pipeline, "01", WHOLE)
    assert not hand_over(pipeline, out).removed
    publish(pipeline, "02", LACKING)
    assert [path.name for path in hand_over(pipeline, out).removed] == ["dossier.pdf"]
    assert handed_over(out) == LACKING
    publish(pipeline, "03", WHOLE)
    assert [path.name for path in hand_over(pipeline, out).removed] == ["A-LIRE.txt"]
    assert handed_over(out) == WHOLE


@pytest.mark.parametrize("whose", ["changed since", "somebody's own", "a link", "of no list"])
def test_what_is_not_ours_stays_and_is_said(pipeline, out, capsys, whose):
    publish(pipeline, "01", WHOLE)
    hand_over(pipeline, out)
    path = out / CAMPAIGN / DEPARTEMENT / "public" / ("notes.txt" if whose == "somebody's own" else "dossier.pdf")
    if whose == "a link":
        (out / "elsewhere.pdf").write_bytes(WHOLE["dossier.pdf"])
        path.unlink()
        path.symlink_to(out / "elsewhere.pdf")
    elif whose == "of no list":
        (out / LIST).unlink()
    else:
        path.write_bytes(b"annotated by hand")
    before = path.read_bytes()
    publish(pipeline, "02", LACKING)
    exported = hand_over(pipeline, out)
    assert path.read_bytes() == before
    assert path in exported.strange
    assert path not in exported.removed
    print_report(pipeline, RunReport(CAMPAIGN, (DEPARTEMENT,)), exported, out)
    assert "Laissé en place, mais pas de cette version" in capsys.readouterr().out


def test_what_is_removed_is_said_in_the_table_of_the_run(pipeline, out, capsys):
    publish(pipeline, "01", WHOLE)
    hand_over(pipeline, out)
    publish(pipeline, "02", LACKING)
    print_report(pipeline, RunReport(CAMPAIGN, (DEPARTEMENT,)), hand_over(pipeline, out), out)
    said = capsys.readouterr().out
    assert "Fichiers d’une version précédente retirés │ 1" in said
    assert "Retiré, car d’une version précédente" in said


def test_a_departement_that_was_not_asked_keeps_its_files_and_its_place_in_the_list(pipeline, out):
    publish(pipeline, "01", WHOLE)
    hand_over(pipeline, out)
    export(pipeline, CAMPAIGN, ["64"], out)
    assert handed_over(out) == WHOLE
    publish(pipeline, "02", LACKING)
    hand_over(pipeline, out)
    assert handed_over(out) == LACKING


def test_a_list_that_somebody_forged_leads_nowhere_else(pipeline, out):
    import hashlib

    out.mkdir()
    work = out.parent / "these.docx"
    work.write_bytes(b"years of work")
    digest = hashlib.sha256(b"years of work").hexdigest()
    (out / LIST).write_text(f"{digest}  ../these.docx\n{digest}  {work}\nnonsense\n")
    publish(pipeline, "01", WHOLE)
    assert not hand_over(pipeline, out).removed
    assert work.is_file()


def test_every_web_map_has_its_library_beside_it_and_the_disk_holds_it_once(pipeline, out):
    publish(pipeline, "01", WHOLE | {"carte-web/index.html": b"<p>", "carte-web/carte.pmtiles": b"PMTiles"})
    assert not hand_over(pipeline, out).strange
    files = handed_over(out)
    assert {name: files[f"carte-web/{name}"] for name in web_libraries.files()} == web_libraries.files()
    publish(pipeline, "02", LACKING)
    assert {path.name for path in hand_over(pipeline, out).removed} >= {"index.html", *web_libraries.files()}
    assert handed_over(out) == LACKING


def test_two_web_maps_share_one_file_on_the_disk(pipeline, out):
    for edition in ("public", "internal"):
        folder = f"publications/{CAMPAIGN}/{DEPARTEMENT}/{edition}/01"
        pipeline.files.write(f"{folder}/carte-web/index.html", b"<p>")
        row = {"campaign": CAMPAIGN, "departement": DEPARTEMENT, "edition": edition, "path": folder}
        rows = pd.DataFrame([row | {"fingerprint": "01", "published_at": "2022-12-01"}])
        pipeline.warehouse.upsert("publications", rows)
    hand_over(pipeline, out)
    one, other = (out / CAMPAIGN / DEPARTEMENT / edition / "carte-web" for edition in ("public", "internal"))
    assert (one / "maplibre-gl.js").samefile(other / "maplibre-gl.js")
    assert not (one / "index.html").samefile(other / "index.html")
