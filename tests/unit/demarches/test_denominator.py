"""Each démarche of the published list is followed, or left out for a reason that is told."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from fs_pipeline.briefing.chapter_matrix import followed
from fs_pipeline.data import read_csv
from fs_pipeline.demarches.denominator import denominator

ROOT = Path(__file__).resolve().parents[3]
FOLLOWED = {row["demarche_id"] for row in read_csv("demarches.csv") if row["listed_on"] == "2020-11"}
LEFT_OUT = {row["demarche_id"]: row for row in read_csv("demarches_left_out.csv")}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_demarches", ROOT / "tools" / "build_demarches.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_of_the_511_is_followed_or_left_out_and_never_both(real_data: Path):
    with (real_data / "reference" / "teleservices-2020-11.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {row["id"]: row["title"] for row in csv.DictReader(file)}
    assert len(published) == 511
    assert set(published) == FOLLOWED | set(LEFT_OUT)
    assert not FOLLOWED & set(LEFT_OUT)
    assert {one: row["title"] for one, row in LEFT_OUT.items()} == {one: published[one] for one in LEFT_OUT}


def test_a_reason_is_known_and_what_is_the_same_is_followed():
    assert len(LEFT_OUT) == len(read_csv("demarches_left_out.csv"))
    assert {row["reason"] for row in LEFT_OUT.values()} == {row["reason"] for row in read_csv("left_out_reasons.csv")}
    assert {row["same_as"] for row in LEFT_OUT.values()} - {""} <= FOLLOWED
    alike = {row["demarche_id"] for row in LEFT_OUT.values() if row["reason"] in {"duplicate", "variant"}}
    assert all(LEFT_OUT[one]["same_as"] for one in alike)


def test_the_demarche_at_the_mdph_is_followed_once_and_not_by_departement():
    local = [row for row in LEFT_OUT.values() if "Handicap (AAH, PCH" in row["title"]]
    assert len(local) > 20
    assert {(row["reason"], row["same_as"]) for row in local} == {("local", "R48844")}


def test_the_brief_and_the_method_say_how_many_are_followed_of_how_many():
    known = denominator()
    assert (known.followed, known.listed, known.listed_on) == (len(FOLLOWED), 511, "2020-11")
    assert [reason.count for reason in known.left_out] == sorted(
        (reason.count for reason in known.left_out), reverse=True
    )
    said = " ".join(followed().split())
    assert said.startswith("149 démarches suivies sur les 511 de la liste en ligne de novembre 2020")
    assert "362 laissées de côté" in said
    page = " ".join((ROOT / "docs" / "methods.md").read_text(encoding="utf-8").split())
    assert said in page
    for reason in known.left_out:
        assert f"| {reason.sentence} | {reason.count} |" in page


@pytest.mark.parametrize(
    ("selection", "left_out", "wrong"),
    [
        (["R1"], [("R2", "local", "R1")], []),
        (["R1"], [], ["R2: in the list, in neither reviewed file"]),
        (["R1", "R2"], [("R2", "local", "")], ["R2: 2 times in the reviewed files"]),
        (["R1", "R2", "R3"], [], ["R3: not in the list"]),
        (["R1"], [("R2", "later", "")], ["R2: unknown reason 'later'"]),
        (["R1"], [("R2", "local", "R2")], ["R2: same_as R2 is not in the selection"]),
    ],
)
def test_the_tool_stops_where_the_files_and_the_list_differ(tool: ModuleType, selection, left_out, wrong):
    rows = [dict(zip(("demarche_id", "reason", "same_as"), row, strict=True)) for row in left_out]
    chosen = [{"demarche_id": one} for one in selection]
    assert list(tool.what_is_wrong(["R1", "R2"], chosen, rows, {"local"})) == wrong


@pytest.fixture
def copied(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the tool reads and writes: a copy of the shipped files, but for the one that it makes whole."""
    for name in ("hosts.csv", "left_out_reasons.csv", "demarches.csv"):
        (tmp_path / name).write_bytes((tool.DATA / name).read_bytes())
    monkeypatch.setattr(tool, "DATA", tmp_path)
    return tmp_path


def test_the_tool_writes_the_shipped_files_again(tool: ModuleType, copied: Path, real_data: Path):
    tool.main(str(real_data / "reference" / "teleservices-2020-11.csv"), "2020-11")
    for name in ("demarches.csv", "demarches_left_out.csv"):
        assert (copied / name).read_bytes() == (ROOT / "fs_pipeline" / "data" / name).read_bytes()


def test_the_tool_keeps_the_dates_that_people_wrote_and_what_no_list_names(
    tool: ModuleType, copied: Path, real_data: Path
):
    catalogue = copied / "demarches.csv"
    head, first, *rest = catalogue.read_text(encoding="utf-8").splitlines()
    dated = first.replace(",2020-11,,,", ",2020-11,2021-01-01,2026-12-31,")
    assert dated != first
    more = "R90001,Déclarer un emploi,Emploi,argent-impots,,https://a.example/,2027-01,2027-01-01,,essai"
    written = "\n".join([head, dated, *rest, more]) + "\n"
    catalogue.write_text(written, encoding="utf-8")
    tool.main(str(real_data / "reference" / "teleservices-2020-11.csv"), "2020-11")
    assert catalogue.read_text(encoding="utf-8") == written
