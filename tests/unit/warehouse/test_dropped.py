"""A folder that others write into is looked at whatever lies there, and nothing of it is trusted."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from fs_pipeline.warehouse.dropped import Entry, NotTaken, digest
from fs_pipeline.warehouse.files import FileStore

LATIN = os.fsdecode(b"2022-12/33/enqu\xeate.csv")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "drop"))


@pytest.fixture
def slot(tmp_path: Path) -> Path:
    folder = tmp_path / "drop" / "2022-12" / "33"
    folder.mkdir(parents=True)
    return folder


def test_each_thing_is_seen_as_what_it_is_itself(store, slot, tmp_path):
    (slot / "a.csv").write_bytes(b"rows")
    Path(os.fsdecode(os.fsencode(slot) + b"/enqu\xeate.csv")).write_bytes(b"rows")
    (slot / "dangling.csv").symlink_to("nowhere")
    (slot / "outside.csv").symlink_to("/etc/hostname")
    (slot / "folder.csv" / "deeper").mkdir(parents=True)
    os.mkfifo(slot / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(slot / "s"))
    kinds = {entry.path: entry.kind for entry in store.look("2022-12/33")}
    assert kinds == {
        "2022-12/33/a.csv": "file",
        LATIN: "file",
        "2022-12/33/dangling.csv": "link",
        "2022-12/33/outside.csv": "link",
        "2022-12/33/folder.csv": "folder",
        "2022-12/33/pipe.csv": "other",
        "2022-12/33/s": "other",
    }
    assert {entry.path: entry.kind for entry in store.look("", deep=3)} == kinds
    assert len(digest(store.look("", deep=3))) == 16


def test_an_absent_folder_holds_nothing_and_a_file_in_its_place_is_said(store, tmp_path):
    assert store.look("", deep=3) == []
    (tmp_path / "drop" / "2022-12").mkdir(parents=True)
    (tmp_path / "drop" / "2022-12" / "33").write_bytes(b"")
    assert store.look("2022-12/33") == [Entry("2022-12/33", "unreadable")]
    assert store.look("", deep=3) == []


def test_a_folder_that_is_a_link_is_not_entered(store, slot, tmp_path):
    (slot.parent / "84").symlink_to("/etc")
    (slot.parent.parent / "2023-01").symlink_to("/")
    (slot / "a.csv").write_bytes(b"rows")
    assert [(entry.path, entry.kind) for entry in store.look("", deep=3)] == [
        ("2022-12/33/a.csv", "file"),
        ("2022-12/84", "link"),
        ("2023-01", "link"),
    ]


def test_a_mount_that_fails_takes_nothing_else_with_it(store, slot, monkeypatch):
    (slot / "a.csv").write_bytes(b"rows")
    (slot.parent / "84").mkdir()
    scandir = os.scandir

    def failing(path):
        if str(path).endswith("84"):
            raise OSError(5, "Input/output error")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    assert [(entry.path, entry.kind) for entry in store.look("", deep=3)] == [
        ("2022-12/33/a.csv", "file"),
        ("2022-12/84", "unreadable"),
    ]


def test_a_remote_store_that_does_not_answer_is_said_and_raises_nothing(monkeypatch):
    store = FileStore("memory://silent")

    def silent(*_, **__):
        raise ConnectionError("no route")

    monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.find", silent)
    assert store.look("", deep=3) == [Entry("", "unreadable")]


def test_a_digest_changes_with_what_lies_there(store, slot):
    seen = {digest(store.look("2022-12/33"))}
    (slot / "a.csv").write_bytes(b"rows")
    seen.add(digest(store.look("2022-12/33")))
    (slot / "a.csv").write_bytes(b"more rows")
    seen.add(digest(store.look("2022-12/33")))
    (slot / "a.csv").unlink()
    assert digest(store.look("2022-12/33")) in seen
    assert len(seen) == 3


def test_keys_of_a_remote_store_are_seen_as_people_see_folders():
    store = FileStore("memory://keys")
    for path in ("2022-12/33/a.csv", "2022-12/33/sub/b.csv", "2022-12/33/sub/deeper/c.csv", "2022-12/lost.csv"):
        store.write(path, b"rows")
    seen = {(entry.path, entry.kind) for entry in store.look("", deep=3)}
    assert seen == {("2022-12/33/a.csv", "file"), ("2022-12/33/sub", "folder")}
    (entry,) = [entry for entry in store.look("2022-12/33") if entry.kind == "file"]
    assert store.read_untrusted(entry, 10) == b"rows"
    with pytest.raises(NotTaken, match="too_large"):
        store.read_untrusted(entry, 3)


def only(store: FileStore) -> Entry:
    (entry,) = store.look("2022-12/33")
    return entry


def test_three_gigabytes_are_refused_before_anything_is_read(store, slot, monkeypatch):
    with (slot / "a.csv").open("wb") as file:
        file.truncate(3 << 30)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(NotTaken, match="too_large"):
        store.read_untrusted(only(store), 60 << 20)


@pytest.mark.parametrize(("becomes", "code"), [("link", "link"), ("pipe", "no_file"), ("folder", "no_file")])
def test_what_is_changed_into_something_else_after_the_look_is_not_followed(store, slot, becomes, code):
    file = slot / "a.csv"
    file.write_bytes(b"rows")
    entry = only(store)
    file.unlink()
    if becomes == "link":
        file.symlink_to("/etc/hostname")
    elif becomes == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    with pytest.raises(NotTaken, match=code):
        store.read_untrusted(entry, 100)


def test_what_has_gone_away_after_the_look_is_absent(store, slot):
    (slot / "a.csv").write_bytes(b"rows")
    entry = only(store)
    (slot / "a.csv").unlink()
    with pytest.raises(FileNotFoundError):
        store.read_untrusted(entry, 100)


def test_what_grows_past_the_limit_after_the_look_is_too_large(store, slot):
    (slot / "a.csv").write_bytes(b"rows")
    entry = only(store)
    (slot / "a.csv").write_bytes(b"rows" * 100)
    with pytest.raises(NotTaken, match="too_large"):
        store.read_untrusted(entry, 100)


def test_what_is_written_to_while_it_is_read_is_still_arriving(store, slot):
    file = slot / "a.csv"
    file.write_bytes(b"x" * (20 << 20))
    entry, stop = only(store), threading.Event()

    def write() -> None:
        with file.open("ab") as stream:
            while not stop.is_set():
                stream.write(b"x" * 1000)
                stream.flush()

    writing = threading.Thread(target=write)
    writing.start()

    def read_on() -> None:
        for _ in range(20):
            store.read_untrusted(entry, 60 << 20)

    try:
        with pytest.raises(NotTaken, match=r"arriving|too_large"):
            read_on()
    finally:
        stop.set()
        writing.join()


def test_a_disk_that_fails_and_rights_that_lack_are_told_apart(store, slot, monkeypatch):
    (slot / "a.csv").write_bytes(b"rows")
    entry = only(store)
    for error, code in ((PermissionError(13, "x"), "no_right"), (OSError(5, "x"), "unreadable_now")):

        def failing(*_, error=error):
            raise error

        monkeypatch.setattr(os, "open", failing)
        with pytest.raises(NotTaken, match=code):
            store.read_untrusted(entry, 100)
