"""What a command writes takes a name whole or not at all, and never the place of what it reads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fs_pipeline.cli import main
from fs_pipeline.outputs import first_read, written_whole

CSV = "Nom;Adresse;Code postal;Commune\nMairie;1 rue du Port;20000;Ajaccio\n"
LIST = "id,name,commune\na,Mairie,Ajaccio\n"


@pytest.fixture
def survey(tmp_path):
    path = tmp_path / "enquete.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def write_half(path, error):
    with written_whole(path) as aside:
        aside.write_text("half")
        raise error


def test_what_fails_midway_leaves_what_stood_and_no_rest(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write_half(path, KeyboardInterrupt())
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_with_the_name_that_was_asked_for(tmp_path):
    with pytest.raises(OSError, match=r"out\.csv"):
        write_half(tmp_path / "out.csv", OSError(28, "No space left on device"))
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link_and_rights_stay_what_they_were(tmp_path):
    target, link = tmp_path / "kept" / "out.csv", tmp_path / "out.csv"
    target.parent.mkdir()
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)
    with written_whole(link) as aside:
        aside.write_text("after")
    assert link.is_symlink()
    assert target.read_text() == "after"
    assert target.stat().st_mode & 0o777 == 0o640


def test_what_is_no_file_is_written_to_as_it_is(survey):
    command = [sys.executable, "-m", "fs_pipeline.cli", "check", survey, "--csv", "/dev/stdout"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("\ufeff")
    assert "1 lieu lu" in done.stdout


@pytest.mark.parametrize("kind", ["itself", "symbolic link", "hard link", "by another way"])
@pytest.mark.parametrize("option", ["--annotated", "--csv", "--json"])
def test_a_check_never_writes_over_the_file_it_reads(tmp_path, capsys, survey, kind, option):
    out = tmp_path / "out.xlsx"
    if kind == "symbolic link":
        out.symlink_to(survey)
    elif kind == "hard link":
        out.hardlink_to(survey)
    else:
        out = survey if kind == "itself" else tmp_path / "nowhere" / ".." / survey.name
        (tmp_path / "nowhere").mkdir(exist_ok=True)
    assert main(["check", str(survey), option, str(out)]) == 2
    assert "serait écrit sur un fichier donné" in capsys.readouterr().err
    assert survey.read_text(encoding="utf-8") == CSV


def test_two_outputs_are_not_written_at_one_place(tmp_path, survey):
    out = str(tmp_path / "out")
    assert main(["check", str(survey), "--csv", out, "--json", out]) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("more", [["--within"], ["right.csv"]])
def test_linking_never_writes_over_a_list(tmp_path, monkeypatch, more):
    monkeypatch.chdir(tmp_path)
    for name in ("left.csv", "right.csv"):
        (tmp_path / name).write_text(LIST)
    assert main(["link", "left.csv", *more, "--out", "left.csv"]) == 2
    assert (tmp_path / "left.csv").read_text() == LIST


@pytest.mark.parametrize("over", ["places.csv", "demand.csv", "roads.npz"])
def test_minutes_are_never_written_over_what_they_are_made_from(tmp_path, monkeypatch, over):
    monkeypatch.chdir(tmp_path)
    names = ("places.csv", "demand.csv", "roads.npz")
    for name in names:
        (tmp_path / name).write_text("before")
    files = ["--places", names[0], "--demand", names[1], "--roads", names[2]]
    assert main(["access", *files, "--out", over]) == 2
    assert (tmp_path / over).read_text() == "before"


def test_a_template_that_somebody_fills_in_is_not_replaced_by_an_empty_one(tmp_path, capsys):
    out = tmp_path / "modele.xlsx"
    assert main(["template", "--out", str(out)]) == 0
    assert main(["template", "--out", str(out)]) == 0  # still as it was written
    out.write_bytes(out.read_bytes() + b"filled in")
    filled = out.read_bytes()
    assert main(["template", "--out", str(out)]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert out.read_bytes() == filled


def test_what_does_not_exist_yet_is_compared_by_where_it_would_be(tmp_path):
    inside = tmp_path / "a" / ".." / "b.csv"
    assert first_read([inside, tmp_path / "b.csv"], []) == tmp_path / "b.csv"
    assert first_read([tmp_path / "a.csv", tmp_path / "b.csv"], [tmp_path / "c.csv"]) is None
