"""A browser where Chromium is installed; else these tests are skipped and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fs_pipeline.briefing.pack import pack
from fs_pipeline.cartography.layers import Layers
from tests.unit.briefing.sample import tiny_contours, tiny_tables

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("FS_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    path = _chromium()
    if path is None:
        pytest.skip("Chromium is absent (set FS_CHROMIUM to its path)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the dossier's page and the map of the made-up slot, as published."""
    folder = tmp_path_factory.mktemp("pages")
    tables = tiny_tables()
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    for name, content in pack(tables, "internal", drawn).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def public_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web map of the same slot for everyone."""
    tables = tiny_tables().let_out("public")
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    file = tmp_path_factory.mktemp("public") / "carte.html"
    file.write_bytes(pack(tables, "public", drawn)["carte.html"])
    return file
