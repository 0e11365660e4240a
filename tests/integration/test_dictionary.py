"""The data dictionary says what the code does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from fs_pipeline.warehouse.declared import declared_tables

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


def test_every_table_and_column_has_a_french_meaning() -> None:
    for spec in declared_tables().values():
        for name, meaning in ((spec.name, spec.description), *((c.name, c.description) for c in spec.columns)):
            assert meaning.endswith((".", "…")), f"{spec.name}.{name}: {meaning}"
