"""Bytes come back as they were written, by any fsspec URL."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fs_pipeline.warehouse.files import FileStore


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "files") if request.param == "folder" else f"memory://{tmp_path.name}")


def test_bytes_and_their_digest(store: FileStore) -> None:
    assert store.write("a/b.bin", b"x") == hashlib.sha256(b"x").hexdigest()
    store.write("a/b.bin", b"y")
    assert store.read("a/b.bin") == b"y"
    assert store.list("a") == ["a/b.bin"]
    with store.local("a/b.bin") as path:
        assert path.read_bytes() == b"y"


def test_an_absent_folder_lists_nothing_and_an_absent_file_says_so(store: FileStore) -> None:
    assert store.list("nowhere") == []
    assert not store.exists("nowhere/x")
    with pytest.raises(FileNotFoundError):
        store.read("nowhere/x")


def test_a_local_file_is_put_whole(store: FileStore, tmp_path: Path) -> None:
    file = tmp_path / "roads.pbf"
    file.write_bytes(b"x" * 1_000_000)
    store.put("snapshots/roads/a.pbf", file)
    assert store.read("snapshots/roads/a.pbf") == file.read_bytes()
    assert store.list("snapshots") == ["snapshots/roads/a.pbf"]
