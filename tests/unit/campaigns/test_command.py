"""What somebody types to decide of a campaign, and what they are answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fs_pipeline.campaigns.register import open_by_run
from fs_pipeline.cli import main
from fs_pipeline.export import Export
from fs_pipeline.report import RunReport, print_report
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FS_HOME", str(tmp_path / "fs"))


def typed(text: str, *more: str) -> int:
    return main(["campaign", *text.split(), *more])


def test_a_campaign_is_opened_advanced_and_closed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("open 2022-12 --by SGAR --date 2022-12-01") == 0
    assert typed("advance 2022-12 --by SGAR --date 2023-01-15 --source la_poste --reason", "liste  corrigée") == 0
    assert typed("close 2022-12 --by", "la préfète") == 0
    assert "ouverte au 01/12/2022" in capsys.readouterr().out
    assert typed("show 2022-12") == 0
    told = capsys.readouterr().out
    assert "au 15/01/2023" in told
    assert "SGAR : avancée au 15/01/2023 pour la_poste — liste corrigée" in told
    assert "la préfète : close" in told
    assert typed("show 2022-12 --json -") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["reference_date"]) == ("closed", "2023-01-15")
    assert [one["kind"] for one in shown["decisions"]] == ["open", "advance", "close"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("open 2022-12 --by SGAR", "déjà ouverte"),
        ("advance 2022-12 --by SGAR --reason x --date 2022-11-30", "ne recule pas"),
        ("advance 2023-12 --by SGAR --reason x", "n’est pas ouverte"),
        ("close 2023-12 --by SGAR", "n’est pas ouverte"),
        ("show 2023-12", "pas encore ouverte"),
    ],
)
def test_what_the_campaign_s_state_does_not_allow_is_refused_in_one_line(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("open 2022-12 --by SGAR --date 2022-12-01")
    assert typed(text) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("open 2022-13 --by SGAR", "n’est pas une campagne"),
        ("open 2022-12 --by SGAR --date 2022-02-30", "n’est pas une date"),
        ("open 2022-12 --by SGAR --date 2999-01-01", "n’est pas encore venu"),
        ("advance 2022-12 --by SGAR --reason x --source poste", "« poste » n’existe pas"),
    ],
)
def test_what_is_mistyped_is_bad_use(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(text) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("text", ["open 2022-12", "advance 2022-12 --by SGAR", "close 2022-12"])
def test_nobody_decides_without_a_name_nor_advances_without_a_reason(text: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        typed(text)
    assert stopped.value.code == 2
    assert typed(*["open 2022-12 --by"], " ") == 2


def test_without_an_installation_nothing_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FS_HOME")
    monkeypatch.chdir(tmp_path)
    assert typed("advance 2022-12 --by SGAR --reason x") == 2
    assert "FS_HOME=out/var" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_the_table_at_the_end_of_a_run_says_that_sources_toml_gives_another_day_and_what_would_move_the_campaign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text("campaign_reference_date = 2023-01-15\n[sources]\n", encoding="utf-8")
    pipeline = Pipeline(Settings.at(tmp_path / "fs", sources_path=sources))
    open_by_run(pipeline.warehouse, "2022-12", day="2022-12-01", run="r")
    print_report(pipeline, RunReport("2022-12", ()), Export([], [], []), tmp_path)
    told = " ".join(capsys.readouterr().out.split())
    assert "sources.toml dit 15/01/2023, la campagne 2022-12 reste au 01/12/2022" in told
    assert "fs-pipeline campaign advance 2022-12 --date 2023-01-15" in told
