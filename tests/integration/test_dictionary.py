"""The data dictionary says what the code does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_dictionary", ROOT / "tools" / "build_dictionary.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_tables_and_models_are_now(tool: ModuleType) -> None:
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run: python tools/build_dictionary.py"


def test_a_column_that_nobody_described_stops_the_tool(tool: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("table,column,meaning_fr\n,insee,Code de la commune.\n,old,Rien.\n")
    words = tool.Meanings(tmp_path / "words.csv")
    assert words.of("communes", "insee") == "Code de la commune."
    with pytest.raises(tool.Undescribed, match=r"nothing is called \.old"):
        words.complain()
    words.of("communes", "beds")
    with pytest.raises(tool.Undescribed, match=r"no meaning for communes\.beds"):
        words.complain()
