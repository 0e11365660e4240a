"""The ledger of what was deleted: lines that name nobody, in several files, of which none may be lost in silence."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.deposits.erasures import Ledger, UnreadableLedger
from fs_pipeline.deposits.keeping import Deposit
from fs_pipeline.deposits.retention import purge
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore


def rows(*names: str) -> pd.DataFrame:
    received = datetime(2022, 1, 15)
    return pd.DataFrame(
        [Deposit("2022-12", "33", name, name.encode()).row(received, "accepted", "1") for name in names]
    )


def test_a_line_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "beside" / "erasures.jsonl"
    assert Ledger((path,)).note(rows("marie-durand.xlsx"), "request") == []
    (line,) = path.read_text().splitlines()
    assert set(json.loads(line)) == {"at", "erasure_id", "why", "deposit_id", "campaign", "departement", "sha256"}
    assert "durand" not in line
    assert path.stat().st_mode & 0o077 == 0


def test_each_file_is_brought_to_what_any_of_them_says(tmp_path: Path) -> None:
    home, beside = Ledger((tmp_path / "a",)), Ledger((tmp_path / "b",))
    home.note(rows("1.csv"), "retention")
    beside.note(rows("2.csv"), "request")
    both = Ledger((*home.paths, *beside.paths, tmp_path / "new"))
    both.even()
    both.even()
    assert len(both.read()) == 2
    for path in both.paths:
        assert Ledger((path,)).read() == both.read()


def test_a_line_that_was_cut_short_is_told_and_spoils_none_after_it(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    ledger = Ledger((path,))
    ledger.note(rows("1.csv"), "request")
    path.write_bytes(path.read_bytes()[:-20])
    ledger.note(rows("2.csv"), "request")
    with pytest.raises(UnreadableLedger, match="abîmé à la ligne 1"):
        ledger.read()
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    assert len(ledger.read()) == 1


def test_nothing_counts_as_deleted_until_every_ledger_says_so(tmp_path: Path) -> None:
    warehouse = Warehouse(f"sqlite:///{tmp_path / 'warehouse.db'}")
    files, drop = FileStore(str(tmp_path / "files")), FileStore(str(tmp_path / "drop"))
    warehouse.upsert("deposits", rows("1.csv"))
    (tmp_path / "beside").write_text("a file where a disk is not mounted")
    ledger = Ledger((tmp_path / "home.jsonl", tmp_path / "beside" / "erasures.jsonl"))
    ids = warehouse.read("deposits")["deposit_id"].tolist()
    assert set(purge(warehouse, files, drop, None, asked=ids, ledger=ledger).failed) == {str(ledger.paths[1])}
    assert warehouse.read("deposits")["path"].tolist() != [""]
    (tmp_path / "beside").unlink()
    assert purge(warehouse, files, drop, None, asked=ids, ledger=ledger).failed == ()
    assert warehouse.read("deposits")["path"].tolist() == [""]
    assert {one.deposit_id for one in Ledger(ledger.paths[1:]).read()} == set(ids)
