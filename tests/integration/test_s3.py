"""The same store on S3: written whole, listed, deleted; snapshots, deposits and retention over it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import boto3
import pandas as pd
import pytest

from fs_pipeline.backup.checking import faults_of_home
from fs_pipeline.backup.restoring import restore
from fs_pipeline.backup.saving import back_up
from fs_pipeline.deposits.incoming import sort_out
from fs_pipeline.deposits.keeping import Deposit
from fs_pipeline.deposits.retention import purge
from fs_pipeline.http.snapshots import Ask, serve
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore

DAY = datetime.date(2022, 12, 15)


@pytest.fixture
def store(bucket: str) -> FileStore:
    return FileStore(f"{bucket}/fs")


def test_a_file_is_written_whole_listed_and_deleted(store: FileStore) -> None:
    store.write("layers/2022-12/33/places.parquet", b"one")
    store.write("layers/2022-12/33/places.parquet", b"two")
    assert store.read("layers/2022-12/33/places.parquet") == b"two"
    assert store.list("layers") == ["layers/2022-12/33/places.parquet"]
    assert store.exists("layers/2022-12/33/places.parquet")
    with store.local("layers/2022-12/33/places.parquet") as path:
        assert path.read_bytes() == b"two"
    store.delete("layers/2022-12/33/places.parquet")
    store.delete("layers/2022-12/33/places.parquet")
    assert store.list("") == []
    with pytest.raises(FileNotFoundError):
        store.read("layers/2022-12/33/places.parquet")


def test_what_another_process_wrote_is_seen_at_the_next_look(store: FileStore) -> None:
    assert store.list("2022-12") == []
    bucket, _, root = store.url.removeprefix("s3://").partition("/")
    for name in ("a.xlsx", "b.xlsx"):
        boto3.client("s3").put_object(Bucket=bucket, Key=f"{root}/2022-12/33/{name}", Body=b"rows")
        assert store.exists(f"2022-12/33/{name}")
        assert store.list("2022-12")[-1] == f"2022-12/33/{name}"


def test_snapshots_are_kept_and_the_last_good_one_serves(store: FileStore, tmp_path: Path) -> None:
    good, empty = tmp_path / "liste-2022-11-01.csv", tmp_path / "liste-2022-12-01.csv"
    good.write_text("id\n1\n2\n")
    empty.write_text("id\n")

    def served(file: Path, day: str):  # type: ignore[no-untyped-def]
        ask = Ask(source="liste", title="Liste", location=str(file), as_of=day)
        return serve(ask, store, lambda path: len(path.read_text().split()) - 1, reference_date=DAY, today=DAY)

    first = served(good, "2022-11-01")
    again = served(empty, "2022-12-01")
    assert again.snapshot == first.snapshot
    assert "aucune ligne" in str(again.message)


def test_a_deposit_past_its_retention_date_is_deleted(store: FileStore, tmp_path: Path) -> None:
    warehouse = Warehouse(f"sqlite:///{tmp_path / 'warehouse.db'}")
    drop = FileStore(f"{store.url}/drop")
    deposit = Deposit("2019-01", "33", "enquete.xlsx", b"rows")
    store.write(deposit.path, deposit.content)
    drop.write("2019-01/33/enquete.xlsx", deposit.content)
    row = deposit.row(datetime.datetime(2019, 1, 1), "accepted", "1")
    warehouse.upsert("deposits", pd.DataFrame([row]))
    done = purge(warehouse, store, drop, DAY)
    assert (done.files, done.dropped) == ((deposit.path,), ("2019-01/33/enquete.xlsx",))
    assert store.list("") == []


def test_odd_keys_of_a_drop_folder_are_seen_and_hold_up_no_other(store: FileStore) -> None:
    bucket, _, root = store.url.removeprefix("s3://").partition("/")
    odd = ("é\u202e.csv", "a+b&c=d?#%20.csv", "sub/deeper.csv", "x" * 300 + ".csv", ".DS_Store", "plain.csv")
    for name in (*odd, ""):
        boto3.client("s3").put_object(Bucket=bucket, Key=f"{root}/2022-12/33/{name}", Body=b"rows")
    boto3.client("s3").put_object(Bucket=bucket, Key=f"{root}/2022-12//33/a.csv", Body=b"rows")
    entries = {entry.path.removeprefix("2022-12/33/"): entry for entry in store.look("2022-12/33")}
    assert {name: entry.kind for name, entry in entries.items()} == {
        name.partition("/")[0]: "folder" if "/" in name else "file" for name in odd
    }
    for entry in entries.values():
        if entry.kind == "file":
            assert store.read_untrusted(entry, 100) == b"rows"
    found = sort_out(entries.values())
    assert list(found.refused) == ["sub"]
    assert {"a+b&c=d_#%20.csv", "é.csv", "plain.csv"} < set(found.surveys)
    seen = [entry.path for entry in store.look("", deep=3) if entry.path.startswith("2022-12/33/")]
    assert seen == sorted(f"2022-12/33/{name}" for name in entries)


def test_a_backup_of_a_bucket_is_restored_over_a_dirty_one(store: FileStore, tmp_path: Path) -> None:
    url = store.url.removesuffix("/fs")
    settings = replace(Settings.at(tmp_path / "home"), files_url=store.url, deposits_url=f"{url}/drop")
    drop = FileStore(settings.deposits_url)
    warehouse = Warehouse(settings.database_url)
    warehouse.upsert(
        "campaigns", pd.DataFrame([{"campaign": "2022-12", "reference_date": "2022-12-01", "deadline": None}])
    )
    deposit = Deposit("2022-12", "33", "enquete.csv", b"Nom\n")
    store.write(deposit.path, deposit.content)
    drop.write("2022-12/33/enquete.csv", deposit.content)
    row = deposit.row(datetime.datetime(2022, 12, 10, tzinfo=datetime.UTC), "accepted", "1")
    warehouse.upsert("deposits", pd.DataFrame([row]))
    warehouse.dispose()
    made = back_up(settings, tmp_path / "backups")
    store.write(deposit.path, b"another")
    store.write("publications/of/nobody", b"x")
    drop.delete("2022-12/33/enquete.csv")
    assert faults_of_home(settings) == [f"le dépôt « {deposit.path.rpartition('/')[0]} » a changé"]
    restore(settings, made.folder)
    assert (store.list(""), store.read(deposit.path)) == ([deposit.path], deposit.content)
    assert drop.list("") == ["2022-12/33/enquete.csv"]
    assert faults_of_home(settings) == []
