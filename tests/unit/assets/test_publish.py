"""A slot's tables become layers, maps, dossiers and three editions; same tables, same bytes; a failure is its own."""

import datetime
import re
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from sqlalchemy import Boolean, Column, Float, MetaData, String, Table

from fs_pipeline.assets import publish as publish_module
from fs_pipeline.assets.outcomes import SlotIncomplete, SlotSuperseded
from fs_pipeline.assets.publish import JUDGED, MARTS, STORED, publish_assets, publish_slot, slot_tables
from fs_pipeline.briefing.pdf import write_pdf
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.editions.edition import EDITIONS
from fs_pipeline.partitions import Slot, slot_partitions
from fs_pipeline.report import RunReport, read_failures
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.territory.model import Territory
from fs_pipeline.warehouse.declared import ColumnSpec, ModelSpec
from fs_pipeline.warehouse.models import Model, Project
from fs_pipeline.warehouse.tables import index_by_slot
from fs_pipeline.warehouse.turns import Turn, stand, take_turns
from tests.rows import filled
from tests.unit.briefing.sample import campaign_sources, tiny_tables

CAMPAIGN = "2022-11"
SLOTS = [Slot(CAMPAIGN, code) for code in ("98", "99")]


def mart(name: str, frame: pd.DataFrame) -> Model:
    kinds = {"b": Boolean, "f": Float, "i": Float}
    columns = [Column(column, kinds.get(frame[column].dtype.kind, String)) for column in frame]
    slot = [Column("campaign", String), Column("departement", String)]
    table = Table(name, MetaData(), *slot, *columns)
    index_by_slot(table)
    spec = ModelSpec(
        name=name,
        description="",
        owner="data",
        partition="slot",
        grain=[],
        columns=[ColumnSpec(name=column, type="text", description="") for column in table.columns.keys()],  # noqa: SIM118
    )
    return Model(spec, "marts", "", (), (), table)


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """Two fictional départements with the same sample rows in every table."""
    tables = tiny_tables()
    territory = Territory.from_frames(
        pd.DataFrame(
            [
                {
                    "code": slot.departement,
                    "name": "Val-d’Ambre",
                    "region_name": "Exercice",
                    "kind": "departement",
                    "epsg": 2154,
                }
                for slot in SLOTS
            ]
        ),
        tables.communes,
    )
    opened = Pipeline(Settings.at(tmp_path), load_territory=lambda: territory, fictional=True)
    nobody_asked = pd.DataFrame(columns=["place_id", "other_place_id"], dtype=object)
    empty = dict.fromkeys(JUDGED, pd.DataFrame()) | {"int_pairs_waiting": nobody_asked}
    marts = {name: mart(name, frame) for name, frame in (tables.tables | empty).items() if name in (*MARTS, *JUDGED)}
    opened.__dict__["project"] = Project(marts, {})
    warehouse = opened.warehouse
    warehouse.upsert(
        "campaigns", pd.DataFrame([{"campaign": CAMPAIGN, "reference_date": "2022-11-15", "deadline": None}])
    )
    warehouse.replace("communes", {}, filled("communes", tables.communes.assign(vintage="2026")))
    warehouse.upsert("campaign_sources", filled("campaign_sources", campaign_sources().assign(campaign=CAMPAIGN)))
    from_a_deposit = {"survey_actors", "survey_meeting", "survey_rounds"}
    for slot in SLOTS:
        key = {"campaign": slot.campaign, "departement": slot.departement}
        for name in MARTS:
            warehouse.replace(opened.project[name].table, key, (tables.tables | empty)[name])
        for name in STORED:
            frame = tables.tables.get(name, pd.DataFrame())
            if len(frame):
                given = frame.assign(deposit_id="d") if name in from_a_deposit else frame
                warehouse.replace(name, key, filled(name, given))
    return opened


@pytest.fixture
def instance(tmp_path: Path) -> dg.DagsterInstance:
    (tmp_path / "dagster").mkdir()
    opened = dg.DagsterInstance.local_temp(str(tmp_path / "dagster"))
    opened.add_dynamic_partitions("campaign", [CAMPAIGN])
    return opened


def run(pipeline: Pipeline, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = dg.Definitions(
        assets=publish_assets(pipeline.project, slot_partitions([slot.departement for slot in SLOTS])),
        jobs=[dg.define_asset_job("slots", executor_def=dg.in_process_executor)],
        resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(pipeline)},
    ).resolve_job_def("slots")
    tags = {
        "dagster/asset_partition_range_start": SLOTS[0].key,
        "dagster/asset_partition_range_end": SLOTS[-1].key,
    }
    return job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)


def test_a_range_run_publishes_three_editions_of_every_slot(pipeline: Pipeline, instance: dg.DagsterInstance) -> None:
    assert run(pipeline, instance).success
    published = pipeline.warehouse.read("publications")
    assert len(published) == 6
    for path in published["path"]:
        names = {file.rpartition("/")[2] for file in pipeline.files.list(path)}
        assert {
            "carte.html",
            "carte.png",
            "dossier.pdf",
            "dossier.html",
            "dossier.docx",
            "affirmations.json",
            "lieux.parquet",
            "communes.parquet",
            "lieux.csv",
        } <= names
    assert pipeline.files.exists(f"layers/{CAMPAIGN}/99/communes.parquet")


def test_the_same_tables_give_the_same_bytes(pipeline: Pipeline) -> None:
    slot = SLOTS[0]
    fingerprint = publish_slot(pipeline, slot, lambda _: None, Turn())
    before = {path: pipeline.files.read(path) for path in pipeline.files.list("publications")}
    reversed_rows = pipeline.warehouse.read("places", {"departement": slot.departement}).iloc[::-1]
    pipeline.warehouse.replace("places", {"campaign": CAMPAIGN, "departement": slot.departement}, reversed_rows)
    pipeline.warehouse.replace("publications", {}, pd.DataFrame())  # so that it is written again
    assert publish_slot(pipeline, slot, lambda _: None, Turn()) == fingerprint
    assert {path: pipeline.files.read(path) for path in pipeline.files.list("publications")} == before


def test_a_version_that_stands_is_not_written_again_but_becomes_the_newest(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = SLOTS[0]
    publish_slot(pipeline, slot, lambda _: None, Turn())
    before = pipeline.warehouse.read("publications")

    def must_not(*_: object) -> None:
        raise AssertionError("a version that stands was written again")

    monkeypatch.setattr(publish_module, "write_version", must_not)
    publish_slot(pipeline, slot, lambda _: None, Turn())
    after = pipeline.warehouse.read("publications")
    assert set(after["path"]) == set(before["path"])
    assert after["published_at"].min() > before["published_at"].max()


def test_other_contours_are_another_version(pipeline: Pipeline) -> None:
    from tests.unit.briefing.sample import tiny_contours

    slot = SLOTS[0]
    assert publish_slot(pipeline, slot, lambda _: None, Turn()) != publish_slot(
        pipeline, slot, lambda _: tiny_contours(), Turn()
    )


def test_another_value_is_another_version_and_the_first_one_stays(pipeline: Pipeline) -> None:
    slot = SLOTS[0]
    first = publish_slot(pipeline, slot, lambda _: None, Turn())
    places = pipeline.warehouse.read("places", {"departement": slot.departement})
    key = {"campaign": CAMPAIGN, "departement": slot.departement}
    pipeline.warehouse.replace("places", key, places.assign(name="Renommé"))
    second = publish_slot(pipeline, slot, lambda _: None, Turn())
    assert second != first
    folders = {path.split("/")[4] for path in pipeline.files.list("publications")}
    assert folders == {first, second}


def shown(result: dg.ExecuteInProcessResult) -> list[str]:
    """The départements that Dagster shows of a run that did not go well in all of them, each with its reason."""
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    lines = (failure.step_failure_data.user_failure_data.description or "").splitlines()
    assert all(line.startswith(f"{CAMPAIGN} ") and len(line) > 20 for line in lines)
    return [line.removeprefix(f"{CAMPAIGN} ")[:2] for line in lines]


def test_a_slot_that_breaks_leaves_the_other_published(
    pipeline: Pipeline, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(pipeline, instance).success
    before = pipeline.warehouse.read("publications", {"departement": "98"})

    def broken(pipeline: Pipeline, slot: Slot, shapes: object) -> object:
        if slot.departement == "98":
            raise RuntimeError("boom")
        return slot_tables(pipeline, slot)  # with no shapes in this test

    monkeypatch.setattr(publish_module, "slot_tables", broken)
    assert shown(run(pipeline, instance)) == ["98"]
    status = pipeline.warehouse.read("slot_status").set_index("departement")["state"]
    assert status.to_dict() == {"98": "failed", "99": "good"}
    assert pipeline.warehouse.read("publications", {"departement": "98"}).equals(before)
    monkeypatch.undo()
    assert run(pipeline, instance).success  # its own failure does not hold a slot back for ever
    assert set(pipeline.warehouse.read("slot_status")["state"]) == {"good"}


def test_a_run_that_was_overtaken_publishes_nothing_and_leaves_nothing_behind(pipeline: Pipeline) -> None:
    slot = SLOTS[0]
    publish_slot(pipeline, slot, lambda _: None, Turn())
    before = pipeline.warehouse.read("publications"), pipeline.files.list("publications"), pipeline.files.list("layers")
    (newer,) = take_turns(pipeline.warehouse, CAMPAIGN, [slot.departement], "newer").values()
    with pipeline.warehouse.writing() as connection:
        stand(connection, CAMPAIGN, {slot.departement: newer})
    key = {"campaign": CAMPAIGN, "departement": slot.departement}
    places = pipeline.warehouse.read("places", key)
    pipeline.warehouse.replace("places", key, places.assign(name="Renommé"))
    with pytest.raises(SlotSuperseded):
        publish_slot(pipeline, slot, lambda _: None, Turn())
    after = pipeline.warehouse.read("publications"), pipeline.files.list("publications"), pipeline.files.list("layers")
    pd.testing.assert_frame_equal(after[0], before[0])
    assert after[1:] == before[1:]
    publish_slot(pipeline, slot, lambda _: None, newer)
    assert len(pipeline.warehouse.read("publications")) == 6


# --- one file's failure is its own

MAKERS = {
    "dossier.pdf": "fs_pipeline.briefing.pack.write_pdf",
    "dossier.html": "fs_pipeline.briefing.pack.write_html",
    "dossier.docx": "fs_pipeline.briefing.pack.write_docx",
    "annexes.xlsx": "fs_pipeline.briefing.pack.write_annex",
    "carte.html": "fs_pipeline.briefing.pack.write_map_page",
    "carte-web/index.html": "fs_pipeline.briefing.pack.write_web_map",
    "affirmations.json": "fs_pipeline.briefing.pack.write_claims",
    "carte.png": "fs_pipeline.briefing.pack.write_image",
    "lieux.parquet": "fs_pipeline.release.tables.geoparquet",
    "lieux.csv": "fs_pipeline.release.tables.csv",
    "carte-heures.svg": "fs_pipeline.assets.publish.draw_hour_maps",
}
ALIKE = {
    "carte-web/index.html": r"carte-web/.*",
    "lieux.parquet": r"(lieux|communes)\.parquet",
    "lieux.csv": r".*\.csv",
}  # made by the same function


def boom(*_: object, **__: object) -> bytes:
    raise RuntimeError("boom")


def files_of(pipeline: Pipeline, edition: str) -> set[str]:
    published = pipeline.warehouse.read("publications", {"departement": "98", "edition": edition})
    newest = published.sort_values("published_at")["path"].iloc[-1]
    return {path.removeprefix(f"{newest}/") for path in pipeline.files.list(newest)}


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_that_cannot_be_made_withholds_no_other_and_is_said(
    name: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    whole = {edition: files_of(pipeline, edition) for edition in EDITIONS}
    pipeline.warehouse.replace("publications", {}, pd.DataFrame())
    for path in pipeline.files.list("publications"):
        pipeline.files.delete(path)
    monkeypatch.setattr(MAKERS[name], boom)
    with pytest.raises(SlotIncomplete, match=re.escape(name)):
        publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    gone = re.compile(ALIKE.get(name, re.escape(name)))
    for edition in EDITIONS:
        kept = {file for file in whole[edition] if not gone.fullmatch(file)}
        assert files_of(pipeline, edition) == kept | {"A-LIRE.txt"}
    note = next(path for path in pipeline.files.list("publications") if path.endswith("A-LIRE.txt"))
    assert f"- {name}\n" in pipeline.files.read(note).decode()


def test_a_version_that_lacks_a_file_is_made_again_until_it_is_whole(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MAKERS["dossier.pdf"], boom)
    for _ in range(2):
        with pytest.raises(SlotIncomplete, match=r"dossier\.pdf"):
            publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    monkeypatch.undo()
    publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    assert "dossier.pdf" in files_of(pipeline, "public")
    assert "A-LIRE.txt" not in files_of(pipeline, "public")


def test_slot_status_says_what_lacks_and_where_the_last_good_one_is(
    pipeline: Pipeline, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(pipeline, instance).success
    key = {"campaign": CAMPAIGN, "departement": "98"}
    pipeline.warehouse.replace("places", key, pipeline.warehouse.read("places", key).assign(name="Renommé"))
    monkeypatch.setattr(
        MAKERS["dossier.pdf"],
        lambda brief, drawn: boom() if brief.departement == "98" else write_pdf(brief, drawn),
    )
    assert shown(run(pipeline, instance)) == ["98"]
    status = pipeline.warehouse.read("slot_status").drop_duplicates("departement").set_index("departement")
    assert status["state"].to_dict() == {"98": "incomplete", "99": "good"}
    message = status.loc["98", "message"]
    today = datetime.datetime.now(datetime.UTC).strftime("%d/%m/%Y")
    assert message.startswith("Publié avec réserve : il manque dossier.pdf. ")
    assert f"dossier.pdf : version du {today}" in message
    report = RunReport(CAMPAIGN, ("98", "99"))
    read_failures(pipeline, report)
    assert (report.incomplete, report.failed_slots, report.succeeded) == ({"98": message}, {}, False)
    # The last good dossier is still where its own version is.
    kept = pipeline.warehouse.read("publications", {"departement": "98", "edition": "public"})["path"]
    assert sorted(pipeline.files.exists(f"{path}/dossier.pdf") for path in kept) == [False, True]


def test_an_edition_that_cannot_be_chosen_keeps_its_last_version_and_the_others_go_out(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    key = {"campaign": CAMPAIGN, "departement": "98"}
    pipeline.warehouse.replace("places", key, pipeline.warehouse.read("places", key).assign(name="Renommé"))
    chosen = SlotTables.let_out
    monkeypatch.setattr(
        SlotTables, "let_out", lambda self, edition: boom() if edition == "public" else chosen(self, edition)
    )
    with pytest.raises(SlotIncomplete, match=r"tout \(édition publique\)"):
        publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    published = pipeline.warehouse.read("publications", {"departement": "98"})["edition"].value_counts()
    assert published.to_dict() == {"internal": 2, "partners": 2, "public": 1}


def test_a_map_that_cannot_be_drawn_leaves_a_sentence_in_its_place(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fs_pipeline.briefing.pack.draw_map", boom)
    with pytest.raises(SlotIncomplete, match=r"il manque carte\.png\. "):
        publish_slot(pipeline, SLOTS[0], lambda _: None, Turn())
    path = pipeline.warehouse.read("publications", {"edition": "internal"})["path"].iloc[0]
    assert "La carte n’a pas pu être dessinée" in pipeline.files.read(f"{path}/dossier.html").decode()
    assert pipeline.files.read(f"{path}/dossier.pdf").startswith(b"%PDF")


def test_nothing_that_can_be_made_is_no_version_and_the_last_one_stands(
    pipeline: Pipeline, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(pipeline, instance).success
    before = pipeline.warehouse.read("publications")
    key = {"campaign": CAMPAIGN, "departement": "98"}
    pipeline.warehouse.replace("places", key, pipeline.warehouse.read("places", key).assign(name="Renommé"))
    monkeypatch.setattr(SlotTables, "let_out", boom)
    assert shown(run(pipeline, instance)) == ["98"]
    assert pipeline.warehouse.read("publications", {"departement": "98"}).equals(
        before[before["departement"] == "98"].reset_index(drop=True)
    )
    assert pipeline.warehouse.read("slot_status", {"departement": "98"})["state"].unique().tolist() == ["failed"]
