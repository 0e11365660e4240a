"""Nobody else of the machine looks into an installation, and no password is printed."""

from __future__ import annotations

import logging
import stat

import pytest

from fs_pipeline.cli import main
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings, shown
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.home import keep_private


def rights(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_is_made_for_its_owner_alone_and_so_is_its_database(tmp_path):
    home = tmp_path / "out" / "var"
    Pipeline(Settings.at(home)).warehouse.dispose()
    assert rights(home) == 0o700
    assert rights(home / "warehouse.db") == 0o600


def test_whatever_is_opened_first_the_home_is_closed(tmp_path):
    for name in ("files", "deposits"):
        getattr(Pipeline(Settings.at(tmp_path / name)), name).write("a/b", b"x")
        assert rights(tmp_path / name) == 0o700


@pytest.mark.parametrize("before", [0o755, 0o750, 0o777])
def test_a_home_that_was_open_is_closed_and_said(tmp_path, caplog, before):
    (tmp_path / "files").mkdir()
    tmp_path.chmod(before)
    with caplog.at_level(logging.WARNING):
        keep_private(tmp_path)
        keep_private(tmp_path)
    assert rights(tmp_path) == 0o700
    assert [record.message for record in caplog.records] == [
        f"« {tmp_path} » était ouvert à d’autres comptes (droits {before:o}) : il ne l’est plus."
    ]


@pytest.mark.parametrize(("mode", "name"), [(0o755, "rapport.docx"), (0o1777, "files")])
def test_a_folder_that_holds_other_things_keeps_its_rights_and_what_is_ours_is_closed(tmp_path, caplog, mode, name):
    (tmp_path / name).mkdir()
    tmp_path.chmod(mode)
    with caplog.at_level(logging.WARNING):
        keep_private(tmp_path)
    assert rights(tmp_path) == mode
    assert rights(tmp_path / "cache") == 0o700
    assert "donnez un dossier à part" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://fs:hunter2@127.0.0.1:1/fs",
        "postgresql+psycopg://127.0.0.1:1/fs?user=fs&password=hunter2",
        "postgresql+psycopg://fs:hunter2@@127.0.0.1:port/fs",
        "mysql://fs:hunter2@127.0.0.1/fs",
        "hunter2",
    ],
)
def test_a_database_that_cannot_be_opened_is_one_line_without_its_password(tmp_path, monkeypatch, capsys, url):
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FS_DATABASE_URL", url)
    assert main(["purge", "--dry-run"]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "hunter2" not in said.err + said.out


def test_what_is_no_database_is_said_so(tmp_path, monkeypatch, capsys):
    (tmp_path / "warehouse.db").write_text("no database at all, but long enough to be looked at " * 40)
    monkeypatch.setenv("FS_HOME", str(tmp_path))
    monkeypatch.delenv("FS_DATABASE_URL", raising=False)
    assert main(["purge"]) == 2
    assert "ne peut pas être ouverte" in capsys.readouterr().err


def test_no_password_is_in_what_is_printed_of_the_settings(tmp_path):
    url = "s3://key:hunter2@bucket/fs"
    settings = Settings(tmp_path, f"{url}/1", f"{url}/2", f"{url}/3", None, None, "https://fs:hunter2@geo.example/")
    assert "hunter2" not in repr(settings) + repr(Pipeline(settings)) + repr(FileStore(url)) + shown(url)
    assert shown(url) == "s3://bucket/fs"
    assert shown("depots/2022") == "depots/2022"


def test_a_database_kept_in_memory_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Warehouse("sqlite:///:memory:").dispose()
    assert list(tmp_path.iterdir()) == []
