"""Deposits are kept as they came until their retention date, and not after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.cli import main
from fs_pipeline.deposits.keeping import RETENTION, Deposit
from fs_pipeline.deposits.retention import Purge, plan, purge
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore
from tests.rows import filled

OLD = datetime(2020, 1, 15, 9, 30)
END = OLD.date() + RETENTION


class Home:
    """A warehouse, a store and a drop folder, into which a test hands surveys."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Warehouse(f"sqlite:///{folder / 'warehouse.db'}")
        self.files, self.drop = FileStore(str(folder / "files")), FileStore(str(folder / "deposits"))

    def hand_in(self, received: datetime, filename: str = "enquete.xlsx", content: bytes = b"rows") -> Deposit:
        deposit = Deposit("2020-01", "33", filename, content)
        where = f"2020-01/33/{filename}"
        self.drop.write(where, content)
        self.files.write(deposit.path, content)
        for ending in (".json", ".annote.xlsx"):
            self.files.write(f"feedback/{where}{ending}", b"what was read")
        self.warehouse.upsert("deposits", pd.DataFrame([deposit.row(received, "accepted", "1")]))
        problem = {"rule": "phone_length", "severity": "error", "message": "Trop court.", "value": "06 39 98"}
        key = {"campaign": "2020-01", "departement": "33", "deposit_id": deposit.deposit_id}
        self.warehouse.replace("problems", key, filled("problems", pd.DataFrame([problem | key])))
        return deposit

    def purge(self, today: date) -> Purge:
        return purge(self.warehouse, self.files, self.drop, today)

    def left(self) -> list[str]:
        return [*self.files.list(""), *self.drop.list("")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_on_its_retention_date_a_deposit_is_still_there(home):
    home.hand_in(OLD)
    before = home.left()
    assert len(before) == 4
    assert home.purge(END).deposits.empty
    assert home.left() == before


def test_the_day_after_it_is_deleted_everywhere_and_its_trace_is_kept(home):
    deposit = home.hand_in(OLD)
    done = home.purge(END + timedelta(days=1))
    assert (len(done.deposits), len(done.files), done.dropped) == (1, 3, ("2020-01/33/enquete.xlsx",))
    assert home.left() == []
    assert home.warehouse.read("problems").empty
    (trace,) = home.warehouse.read("deposits").to_dict("records")
    assert (trace["sha256"], trace["verdict"], trace["path"]) == (deposit.sha256, "accepted", "")


def test_a_younger_version_of_the_same_file_keeps_its_bytes_and_its_feedback(home):
    home.hand_in(OLD)
    younger = home.hand_in(OLD + timedelta(days=30), content=b"corrected rows")
    home.purge(END + timedelta(days=1))
    assert home.left() == [
        younger.path,
        "feedback/2020-01/33/enquete.xlsx.annote.xlsx",
        "feedback/2020-01/33/enquete.xlsx.json",
        "2020-01/33/enquete.xlsx",
    ]
    assert home.warehouse.read("problems")["deposit_id"].tolist() == [younger.deposit_id]


def test_a_plan_deletes_nothing(home):
    home.hand_in(OLD)
    before = home.left()
    planned = plan(home.warehouse, home.files, home.drop, END + timedelta(days=1))
    assert len(planned.deposits) == 1
    assert home.left() == before


def test_a_purge_that_was_interrupted_is_finished_by_the_next(home):
    deposit = home.hand_in(OLD)
    home.files.delete(deposit.path)
    home.purge(END + timedelta(days=1))
    assert home.left() == []
    assert home.purge(END + timedelta(days=2)).deposits.empty


def test_the_command_says_what_it_deletes_and_does_it_only_when_asked(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FS_HOME", str(tmp_path))
    for name in ("FS_DATABASE_URL", "FS_FILES_URL", "FS_DEPOSITS_URL", "FS_SOURCES"):
        monkeypatch.delenv(name, raising=False)
    home.hand_in(OLD)
    assert main(["purge", "--dry-run"]) == 0
    assert "fichiers à supprimer : 4" in capsys.readouterr().out
    assert len(home.left()) == 4
    assert main(["purge"]) == 0
    assert "2020-01 33 enquete.xlsx : conservé jusqu’au 2023-01-14" in capsys.readouterr().out
    assert home.left() == []
