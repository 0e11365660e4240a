"""A campaign whose line of thresholds.csv says 15 and 40 minutes: its figures are counted so, and all it publishes says so."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pandas as pd
import pypdfium2
import pytest

from fs_pipeline import data
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import generate
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.integration.access_answer import STATED_DEMARCHES, access_answer

NEAR, FAR = 15, 40
OTHER = re.compile(
    r"\b(?:20|30)(?:\s|&nbsp;)?minutes|(?:à|limite des) (?:20|30)(?:\s|&nbsp;)?min\b|threshold=(?:20|30)"
)
TEXTS = (".csv", ".html", ".svg")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """The rehearsal, played with one line more."""
    out = tmp_path_factory.mktemp("thresholds")
    shipped, lines = data.path, out / "thresholds.csv"
    known = shipped("thresholds.csv").read_text(encoding="utf-8")
    lines.write_text(f"{known}{NEAR},{FAR},2022-12-01,2022-12-31,essai\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "path", lambda name: lines if name == "thresholds.csv" else shipped(name))
        data.read_csv.cache_clear()
        rehearsal = generate(out / "entrees")
        opened = Pipeline(
            Settings.at(out / "var", sources_path=rehearsal.sources_path),
            load_territory=lambda: rehearsal.territory,
            fictional=True,
        )
        slot = Slot(rehearsal.campaign, rehearsal.departement)
        for survey in rehearsal.deposits:
            deposit(opened, slot, survey)
        materialise(opened, slot.campaign, [slot.departement])
        yield opened
    data.read_csv.cache_clear()


@pytest.fixture(scope="module")
def published(pipeline: Pipeline) -> dict[str, bytes]:
    return {path: pipeline.files.read(path) for path in pipeline.files.list("publications")}


def text_of(path: str, content: bytes) -> str:
    if path.endswith(".pdf"):
        return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return content.decode() if path.endswith(TEXTS) else ""


def test_the_verdicts_are_those_of_that_line(pipeline: Pipeline) -> None:
    coverage = pipeline.warehouse.read(pipeline.project["coverage"].table)
    answer = access_answer(NEAR)
    names = answer.names_of(pipeline.warehouse.read("demand_points"))
    coverage = coverage.assign(point=coverage["point_id"].map(names)).set_index(["point", "demarche_id"])
    expected = {
        (point, code): answer.verdict_near(point, code)
        for point in answer.population
        for code in STATED_DEMARCHES.values()
    }
    assert {key: coverage.loc[key, "verdict_near"] for key in expected} == expected
    assert any(access_answer(20).verdict_near(*key) != verdict for key, verdict in expected.items())


def test_every_sentence_says_that_line_and_none_another(published: dict[str, bytes]) -> None:
    said = {path: text_of(path, content) for path, content in published.items()}
    assert {path: OTHER.findall(text) for path, text in said.items() if OTHER.search(text)} == {}
    for name in ("00/public/", "FR/public/"):
        for kind in (".html", ".pdf"):
            whole = " ".join(text for path, text in said.items() if name in path and path.endswith(kind))
            assert re.search(rf"\b{NEAR}(\s|&nbsp;)min", whole), (name, kind)
            assert re.search(rf"\b{FAR}(\s|&nbsp;)min", whole), (name, kind)


def test_no_column_bears_a_number_and_every_threshold_is_of_that_line(published: dict[str, bytes]) -> None:
    tables = {
        path: pd.read_csv(io.BytesIO(content), sep=None, engine="python")
        if path.endswith(".csv")
        else pd.read_parquet(io.BytesIO(content))
        for path, content in published.items()
        if path.endswith((".csv", ".parquet"))
    }
    named = {column for table in tables.values() for column in table.columns if re.search(r"_\d\d$", column)}
    assert named == {"aged_65", "aged_80"}
    counted = {int(value) for table in tables.values() if "threshold" in table for value in table["threshold"]}
    assert counted == {NEAR, FAR}
    classes = {name for table in tables.values() if "minutes_class" in table for name in table["minutes_class"]}
    assert classes <= {f"0-{NEAR}", f"{NEAR}-{FAR}", f"{FAR}+", "not_computed"}
