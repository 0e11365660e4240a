"""What a slot's results were made from, whatever came before it."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.fingerprint import slot_fingerprint
from tests.rows import filled


def hand_in(warehouse: Warehouse, content: str, minute: int, verdict: str = "accepted") -> str:
    row = {
        "campaign": "2022-12", "departement": "33", "deposit_id": content, "filename": "enquete.csv", "verdict": verdict,
        "path": content, "received_at": f"2022-12-01T10:{minute:02}:00+00:00", "sha256": content, "retention_until": "2025-12-01",
    }  # fmt: skip
    warehouse.upsert("deposits", filled("deposits", pd.DataFrame([row])))
    return slot_fingerprint(warehouse, "2022-12", "33")


def test_a_file_that_comes_back_gives_what_it_gave_and_a_refused_one_changes_nothing(warehouse: Warehouse) -> None:
    nothing = slot_fingerprint(warehouse, "2022-12", "33")
    first = hand_in(warehouse, "a", 1)
    second = hand_in(warehouse, "b", 2)
    assert len({nothing, first, second}) == 3
    assert hand_in(warehouse, "letter", 3, "refused") == second
    assert hand_in(warehouse, "a", 4) == first
