"""`demo --out` replaces a rehearsal, and nothing else."""

from __future__ import annotations

import pytest

from fs_pipeline.cli import main
from fs_pipeline.run import UnusableRequest, clear_rehearsal

NAMES = ("entrees", "var", "2022-12")


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("kind", ["a folder of work", "a hidden file", "a link to a folder", "a file", "a forged mark"])
def test_what_no_rehearsal_wrote_is_not_touched(tmp_path, capsys, kind):
    out, work = tmp_path / "out", tmp_path / "work"
    (work / "var").mkdir(parents=True)
    (work / "var" / "these.docx").write_bytes(b"years of work")
    if kind == "a link to a folder":
        (work / ".fs-pipeline-demo").write_text("")
        out.symlink_to(work)
    elif kind == "a file":
        out.write_bytes(b"years of work")
    elif kind == "a folder of work":
        out = work
    else:
        out.mkdir()
        (out / "var").mkdir()
        if kind == "a hidden file":
            (out / ".hidden").write_bytes(b"x")
        else:
            (out / ".fs-pipeline-demo").symlink_to(work / "var" / "these.docx")
    before = tree(tmp_path)
    assert main(["demo", "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--out" in error
    assert tree(tmp_path) == before


def test_the_folder_one_stands_in_is_not_touched_unless_it_is_empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    clear_rehearsal(Path(), NAMES)
    assert tree(tmp_path) == [".fs-pipeline-demo"]
    (tmp_path / ".fs-pipeline-demo").unlink()
    (tmp_path / "mine").write_text("x")
    with pytest.raises(UnusableRequest, match="rien n’y est touché"):
        clear_rehearsal(Path(), NAMES)


def test_of_a_rehearsal_its_own_folders_go_and_what_somebody_added_stays(tmp_path):
    out, elsewhere = tmp_path / "demo", tmp_path / "elsewhere"
    clear_rehearsal(out, NAMES)
    (out / "var" / "files").mkdir(parents=True)
    (elsewhere / "kept").mkdir(parents=True)
    (out / "var" / "files" / "link").symlink_to(elsewhere)
    (out / "2022-12").symlink_to(elsewhere)
    (out / "notes.txt").write_text("mine")
    clear_rehearsal(out, NAMES)
    assert tree(out) == [".fs-pipeline-demo", "notes.txt"]
    assert (elsewhere / "kept").is_dir()
