"""What docs/security.md says is tested is tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = sorted(
    set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_the_security_document_names_exists(file: str, test: str) -> None:
    assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8")


def test_the_security_document_names_a_requirement_and_a_test_on_every_row() -> None:
    lines = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| ") and not line.startswith("| menace")]
    asked = r"(\d+\.\d+\.\d+|V\d+)"  # a requirement, or a chapter where none is the test's own
    assert len(rows) > 30
    assert [row for row in rows if len(row) != 4 or not re.fullmatch(rf"{asked}(, {asked})*", row[1])] == []
    assert [row for row in rows if "`tests/" not in row[2]] == []
