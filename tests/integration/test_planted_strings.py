"""Personal strings planted in every column of every table of a survey: none leaves, by no file, log or output.

The whole pipeline runs over the rehearsal's département, and everything that it wrote is searched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from fs_pipeline.export import export
from fs_pipeline.opendata.platform import Account, Platform
from fs_pipeline.opendata.sending import Receipts, send
from fs_pipeline.opendata.wanted import wanted
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import generate
from fs_pipeline.report import print_report
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.planted import KINDS, SHEETS, Planted, found_in, planted_survey
from tests.unit.opendata.site import KEY, ORGANIZATION, site

SEED = 20221201
_OUT, _DAGSTER = "out", "home/dagster"


@dataclass(frozen=True)
class Run:
    """What was planted, where the run wrote, and what it printed."""

    planted: list[Planted]
    folder: Path
    printed: str


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("planted")
    capture = pytest.MonkeyPatch()
    capture.setenv("FS_HOME", str(folder / "home"))
    printed = folder / "printed.txt"
    try:
        planted = _run(folder, printed)
    finally:
        capture.undo()
    return Run(planted, folder, printed.read_text(encoding="utf-8"))


def _run(folder: Path, printed: Path) -> list[Planted]:
    import contextlib

    rehearsal = generate(folder / "rehearsal")
    pipeline = Pipeline(
        Settings.at(folder / "home", sources_path=rehearsal.sources_path), load_territory=lambda: rehearsal.territory
    )
    slot = Slot(rehearsal.campaign, rehearsal.departement)
    communes = [
        commune
        for insee in rehearsal.territory.communes["insee"]
        if (commune := rehearsal.territory.commune(insee)) and commune.latitude is not None
    ]
    survey = folder / "enquete-plantee.xlsx"
    planted = planted_survey(survey, communes, SEED)
    deposit(pipeline, slot, survey)
    with (
        printed.open("w", encoding="utf-8") as stream,
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(stream),
    ):
        report = materialise(pipeline, slot.campaign, [slot.departement])
        exported = export(pipeline, slot.campaign, [slot.departement], folder / _OUT)
        print_report(pipeline, report, exported, folder / _OUT)
    assert report.succeeded, (report.failed_slots, report.broken_steps)
    return planted


def found(run: Run, below: str) -> dict[str, list[Planted]]:
    """What of the planted stands in each file below a folder."""
    paths = [path for path in sorted((run.folder / below).rglob("*")) if path.is_file()]
    assert paths, below
    return {
        str(path.relative_to(run.folder / below)): there
        for path in paths
        if (there := found_in(path.read_bytes(), path.name, run.planted))
    }


def told(where: dict[str, list[Planted]]) -> str:
    """Where, how many, and of which kinds and columns: never the strings themselves."""
    return "\n".join(
        f"{name}: {len(there)} {Counter((one.kind, one.table, one.field) for one in there).most_common(6)}"
        for name, there in where.items()
    )


def test_a_string_of_every_kind_stands_in_every_column_of_every_table(run: Run) -> None:
    from fs_pipeline.survey.fields import fields_of

    columns = {(table, field.name) for table in SHEETS for field in fields_of(table)}
    assert {(one.table, one.field, one.kind) for one in run.planted} >= {
        (*column, kind) for column in columns for kind in KINDS
    }
    assert len(run.planted) > 737


def test_the_internal_edition_and_the_answer_to_the_prefecture_hold_them(run: Run) -> None:
    """The search finds: what the prefecture wrote comes back to it."""
    internal = {one.key for there in found(run, f"{_OUT}/2022-12/00/internal").values() for one in there}
    answered = {one.key for there in found(run, f"{_OUT}/2022-12/00/retour").values() for one in there}
    assert len(internal) > len(run.planted) / 4
    assert len(answered) > len(run.planted) / 2


def test_the_search_finds_inside_tiles(run: Run) -> None:
    tiles = found(run, f"{_OUT}/2022-12/00/internal/carte-web")["carte.pmtiles"]
    assert {one.table for one in tiles} >= {"places", "rounds"}


@pytest.mark.parametrize("edition", ["public", "partners"])
def test_no_planted_string_is_in_any_file_that_leaves(run: Run, edition: str) -> None:
    assert (run.folder / _OUT / "2022-12" / "00" / edition / "carte-web" / "carte.pmtiles").is_file()
    for territory in ("00", "FR"):
        assert (run.folder / _OUT / "2022-12" / territory / edition / "affirmations.json").is_file()
        leaked = found(run, f"{_OUT}/2022-12/{territory}/{edition}")
        assert not leaked, told(leaked)


def test_no_planted_string_is_in_what_data_gouv_is_sent(run: Run) -> None:
    pipeline = Pipeline(Settings.at(run.folder / "home"))
    public = run.folder / _OUT / "2022-12" / "00" / "public"
    contents = {path.relative_to(public).as_posix(): path.read_bytes() for path in public.rglob("*") if path.is_file()}
    with site() as stand_in:
        account = Account(stand_in.url, ORGANIZATION, KEY)
        send(wanted("00", "2022-12", contents), contents, Platform(account), Receipts(pipeline.warehouse, "00"))
        sent = {name: content for name, (_, content) in stand_in.shown().items()}
        told_of = b"".join(request.body for request in stand_in.written if not request.path.endswith("/upload/"))
    assert {"lieux.csv", "dossier.pdf", "exports/carte.gpkg"} <= set(sent)
    leaked = {name: there for name, content in sent.items() if (there := found_in(content, name, run.planted))}
    assert not leaked, told(leaked)
    assert not found_in(told_of, "requests.json", run.planted)


def test_no_planted_string_is_in_the_event_log(run: Run) -> None:
    leaked = found(run, _DAGSTER)
    assert not leaked, told(leaked)


def test_no_planted_string_is_printed(run: Run) -> None:
    leaked = found_in(run.printed.encode(), "printed.txt", run.planted)
    assert "Campagne 2022-12" in run.printed
    assert not leaked, told({"printed": leaked})
