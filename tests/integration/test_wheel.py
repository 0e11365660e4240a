"""The wheel holds all it needs: SQL models, reviewed data, templates, and runs away from the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("fs_pipeline", "dbt_like_sql", "requirements", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / "src" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / "src" / name)
    _run(["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(folder / "src")], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel alone; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def _run(arguments: list[str], where: Path, path: Path | None = None, text: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=where,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_file_of_the_packages_that_is_tracked_is_in_the_wheel(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "fs_pipeline", "dbt_like_sql"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if tracked.returncode != 0:
        pytest.skip("not a clone")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    missing = [name for name in tracked.stdout.splitlines() if name not in packed and (ROOT / name).exists()]
    assert missing == []


def test_the_models_and_the_declared_sources_are_read_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json, fs_pipeline, dbt_like_sql;"
        "from fs_pipeline.national.sources import SOURCES;"
        "from fs_pipeline.warehouse.models import load_project;"
        "print(json.dumps([fs_pipeline.__file__, dbt_like_sql.__file__, len(load_project().models), len(SOURCES)]))"
    )
    package, models, count, sources = json.loads(_run(["-c", code], tmp_path, installed))
    assert Path(package).is_relative_to(installed)
    assert Path(models).is_relative_to(installed)
    assert count == len(list((ROOT / "dbt_like_sql").glob("*/*.sql")))
    assert sources >= 6


def test_a_command_runs_from_the_wheel_in_any_folder(installed: Path, tmp_path: Path) -> None:
    said = _run(["-m", "fs_pipeline.cli", "normalise", "hours"], tmp_path, installed, "9h-12h et 14h-16h30\n")
    assert json.loads(said)["value"] == "09:00-12:00,14:00-16:30"


def test_the_orchestrator_s_definitions_load_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "from fs_pipeline.definitions import build_defs;"
        "print(sorted(job.name for job in build_defs().get_repository_def().get_all_jobs()))"
    )
    said = _run(["-c", code], tmp_path, installed)
    for name in ("reference", "national", "slots", "synthesis", "retention"):
        assert f"'{name}'" in said
