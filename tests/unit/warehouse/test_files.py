"""Bytes come back as they were written, by any fsspec URL."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fs_pipeline.warehouse.files import FileStore, PathOutsideStore


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


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "a/..", "..", "a/./b", "a\0b"])
def test_a_path_that_would_leave_the_store_is_refused_by_every_way_in(
    store: FileStore, tmp_path: Path, path: str
) -> None:
    file = tmp_path / "outside"
    file.write_bytes(b"x")
    for use in (
        lambda: store.write(path, b"x"),
        lambda: store.put(path, file),
        lambda: store.read(path),
        lambda: store.exists(path),
        lambda: store.delete(path),
        lambda: store.list(path),
        lambda: store.look(path),
    ):
        with pytest.raises(PathOutsideStore, match="not a path inside"):
            use()
    with pytest.raises(PathOutsideStore), store.local(path):
        pass
    assert sorted(found.name for found in tmp_path.iterdir()) == ["outside"]


def test_a_name_with_dots_is_a_name(store: FileStore) -> None:
    store.write("a/..b", b"x")
    store.write("a/b..", b"y")
    assert store.list("a") == ["a/..b", "a/b.."]
